package document

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/mockserver/fastcheck"
)

// sample is a schema of the document, with one of its examples.
type sample struct {
	name    string
	schema  *openapi3.Schema
	request bool
	text    []byte
}

// samples returns the examples of replies, events and requests in JSON.
func samples(t testing.TB) []sample {
	t.Helper()
	spec := embedded.Spec()
	var all []sample
	add := func(name string, schema *openapi3.Schema, request bool, values ...any) {
		for _, value := range values {
			text, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, sample{name, schema, request, text})
		}
	}
	examples := func(media *openapi3.MediaType) []any {
		values := []any{}
		for _, name := range slices.Sorted(maps.Keys(media.Examples)) {
			values = append(values, media.Examples[name].Value.Value)
		}
		if media.Example != nil {
			values = append(values, media.Example)
		}
		return values
	}
	for _, op := range spec.Operations {
		for _, status := range slices.Sorted(maps.Keys(op.Declared.Responses.Map())) {
			if media := op.Declared.Responses.Value(status).Value.Content.Get(jsonType); media != nil {
				add(op.ID+" "+status, media.Schema.Value, false, examples(media)...)
			}
		}
		if op.TakesBody() {
			media := op.Declared.RequestBody.Value.Content.Get(jsonType)
			add(op.ID, media.Schema.Value, true, examples(media)...)
		}
	}
	for _, e := range spec.Events {
		payload := e.Declared.RequestBody.Value.Content.Get(jsonType)
		for _, in := range e.Envelopes {
			if example := in.Schema.Example; example != nil {
				add(e.Type+" "+in.Name, in.Schema, false, example)
			}
		}
		add(e.Type, e.Envelopes[0].Schema, false, examples(payload)...)
	}
	return all
}

// The fast path is real: no example of the document has to ask.
func TestEveryExampleIsCertainlyValid(t *testing.T) {
	t.Parallel()
	kinds := map[bool]int{}
	for _, s := range samples(t) {
		kinds[s.request]++
		c := compile(s.schema)
		if s.request && !c.request.Value(decoded(s.text)) || !s.request && !c.fast.JSON(s.text) {
			t.Errorf("%s asks for %s", s.name, s.text)
		}
	}
	if kinds[false] < 400 || kinds[true] < 20 {
		t.Errorf("there are %v examples", kinds)
	}
}

// decoded returns a JSON text as a request is decoded, nil for other text.
func decoded(text []byte) (value any) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if decoder.Decode(&value) != nil {
		return nil
	}
	return value
}

// compiled is a schema as a message, and as a request.
type compiled struct {
	message
	request *fastcheck.Checker
}

func compile(schema *openapi3.Schema) compiled {
	messages := fastcheck.Compiler{Formats: fastFormats()}
	requests := fastcheck.Compiler{Formats: fastFormats(), Request: true}
	return compiled{message{schema, messages.Compile(schema)}, requests.Compile(schema)}
}

// verify fails if a checker is certain of a text, or of its value, and kin-openapi is not.
func (c compiled) verify(t *testing.T, text []byte) {
	t.Helper()
	if c.fast.JSON(text) {
		if err := c.ask(text); err != nil {
			t.Fatalf("certain of %q, which is refused (%s) by %s", text, err, shown(c.schema))
		}
	}
	if value := decoded(text); c.request.Value(value) {
		options := append(formats(), openapi3.VisitAsRequest())
		if err := c.schema.VisitJSON(apispec.Canonical(c.schema, value), options...); err != nil {
			t.Fatalf("certain of the value of %q, which is refused (%s) by %s", text, err, shown(c.schema))
		}
	}
}

func shown(schema *openapi3.Schema) string {
	text, err := schema.MarshalJSON()
	return fmt.Sprint(string(text), err)
}

// FuzzCertain compares the checkers with kin-openapi: over the document's own schemas with changed examples, and over
// schemas made of the keywords that the document uses, with values made for them. A checker may ask where kin-openapi
// accepts; it may never be certain where kin-openapi refuses. A run of 30 minutes made 768,538 executions, each with
// nine values as messages and as requests, and found no difference.
func FuzzCertain(f *testing.F) {
	var all []compiled
	known := map[*openapi3.Schema]bool{}
	for i, s := range samples(f) {
		all = append(all, compile(s.schema))
		if !known[s.schema] {
			f.Add(uint16(i), uint64(i), s.text)
		}
		known[s.schema] = true
	}
	f.Fuzz(func(t *testing.T, choice uint16, seed uint64, text []byte) {
		all[int(choice)%len(all)].verify(t, text)
		d := &draw{rand.New(rand.NewPCG(seed, 0))}
		made := compile(d.schema(0))
		for range 8 {
			made.verify(t, []byte(d.text(made.schema, 0)))
		}
	})
}

// draw makes schemas, and values for them, at random.
type draw struct{ *rand.Rand }

func (d *draw) one(of ...string) string { return of[d.IntN(len(of))] }

func (d *draw) chance(of int) bool { return d.IntN(of) == 0 }

// names are of fields; a text may have others.
var names = []string{"a", "b", "id", "é", `q"`, "\x7f", `\u0061`}

// accepts are entries of x-accepts.
var accepts = []any{
	"null", "text", "number", "object", "comma list", map[string]any{"male": 1.0}, map[string]any{"": nil},
}

func (d *draw) schema(depth int) *openapi3.Schema {
	s := &openapi3.Schema{Nullable: d.chance(5), ReadOnly: d.chance(9), WriteOnly: d.chance(9)}
	if d.chance(5) {
		s.Extensions = map[string]any{"x-accepts": []any{accepts[d.IntN(len(accepts))], accepts[d.IntN(len(accepts))]}}
	}
	kind := d.IntN(8)
	if depth > 3 {
		kind %= 5
	}
	switch kind {
	case 0, 1:
		d.textSchema(s)
	case 2:
		d.numberSchema(s)
	case 3:
		s.Type = &openapi3.Types{"boolean"}
		if d.chance(4) {
			s.Enum = []any{true}
		}
	case 4:
		if d.chance(2) {
			return &openapi3.Schema{}
		}
		s.Type = &openapi3.Types{"object"}
		s.AdditionalProperties.Has = new(true)
	case 5:
		s.Type = &openapi3.Types{"array"}
		s.Items = d.schema(depth + 1).NewRef()
		s.MinItems = uint64(d.IntN(2))
		if d.chance(2) {
			s.MaxItems = new(uint64(d.IntN(3)))
		}
	case 6:
		for range 1 + d.IntN(2) {
			s.AllOf = append(s.AllOf, d.schema(depth+1).NewRef())
		}
		if d.chance(3) {
			d.objectSchema(s, depth)
		}
	default:
		d.objectSchema(s, depth)
	}
	if d.chance(20) {
		s.AnyOf = openapi3.SchemaRefs{d.schema(depth + 1).NewRef()}
	}
	return s
}

func (d *draw) objectSchema(s *openapi3.Schema, depth int) {
	if !d.chance(4) {
		s.Type = &openapi3.Types{"object"}
	}
	s.Properties = openapi3.Schemas{}
	for range d.IntN(4) {
		s.Properties[d.one(names...)] = d.schema(depth + 1).NewRef()
	}
	for range d.IntN(3) {
		s.Required = append(s.Required, d.one(names...))
	}
	switch d.IntN(5) {
	case 1, 2:
		s.AdditionalProperties.Has = new(d.chance(2))
	case 3:
		s.AdditionalProperties.Schema = d.schema(depth + 1).NewRef()
	}
}

func (d *draw) textSchema(s *openapi3.Schema) {
	s.Type = &openapi3.Types{"string"}
	s.Pattern = d.one("", "", "", `^[0-9]+$`, `^(start|id)\.(asc|desc)$`, `^[^,/? \t]{1,8}$`, `^[^/\\\x00-\x1f\x7f]*$`,
		`b`, `^([A-Za-z0-9_.-]+\+([0-9a-f]{2}|user[0-9]+)|[^@\s]+@[^@\s]+)$`, `^[0-9]{1,7}(\.[0-9]{1,2})?$`,
		`^é?(a*)*$`, `^\u0041`)
	s.Format = d.one("", "", "", "date", "date-or-empty", "email-or-empty", "timezone-or-empty", "byte", "password")
	s.MinLength = uint64(d.IntN(3))
	if d.chance(3) {
		s.MaxLength = new(uint64(d.IntN(9)))
	}
	if d.chance(4) {
		s.Enum = []any{d.one(texts...), d.one(texts...), "12"}
	}
}

func (d *draw) numberSchema(s *openapi3.Schema) {
	s.Type = &openapi3.Types{d.one("integer", "number")}
	s.Format = d.one("", "", "int64", "int32", "float")
	if d.chance(3) {
		s.Min = new(float64(d.IntN(3)))
	}
	if d.chance(3) {
		s.Max = new(float64(d.IntN(200)))
	}
	if d.chance(4) {
		s.Enum = []any{1.0, 12, -2.5}
	}
}

var texts = []string{"", "12", "a", "é", "2024-02-29", "2023-02-29", "a@b.de", `"a b"@c.de`, "Europe/Berlin", "Local",
	"id.asc", "1.50", "male", "1", "ab_c+01", "aaaaaaaaaaaaaaaa", "aé", "a,b", `["a"]`, "\x7f", "0", "true"}

// text returns a JSON text for a schema, which mostly fits it.
func (d *draw) text(s *openapi3.Schema, depth int) string {
	if d.chance(12) {
		return d.one("null", "1e999", "1e2", `"x`, "{}", "[]", "1.0", `{"id":"7"}`, "12345678901234567890", "tru", "-0",
			"007", `"\ud800"`, `"\u00e9"`, "\"\xff\"", `"1\n"`, "", "[[[]]]", `{"a":1,"a":"b"}`, "1.", "\"\t\"", `"\x"`,
			"true x")
	}
	for len(s.AllOf) > 0 && depth < 9 && len(s.Properties) == 0 && d.chance(2) {
		s = s.AllOf[d.IntN(len(s.AllOf))].Value
	}
	switch {
	case s.Type.Is("string"):
		text, _ := json.Marshal(d.one(d.one(texts...), d.word()))
		return string(text)
	case s.Type.Is("integer"), s.Type.Is("number"):
		return d.one("1", "12", "0", "-1", "-2.5", "199", "3000000000", "0.5")
	case s.Type.Is("boolean"):
		return d.one("true", "false", "1")
	case s.Type.Is("array"):
		var items []string
		for range d.IntN(4) {
			items = append(items, d.text(s.Items.Value, depth+1))
		}
		return "[" + strings.Join(items, d.one(",", " , ")) + "]"
	case depth > 9:
		return "{}"
	}
	return d.objectText(s, depth)
}

// word returns a text that may be an address.
func (d *draw) word() (word string) {
	for range d.IntN(9) {
		word += d.one("a", "Z", "@", ".", "+", "-", "0", `"`, " ", "(", "b@", "é", "_", "/")
	}
	return word
}

func (d *draw) objectText(s *openapi3.Schema, depth int) string {
	var members []string
	declared := apispec.Properties(s)
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		if !d.chance(4) {
			members = append(members, fmt.Sprintf("%q:%s", name, d.text(declared[name].Value, depth+1)))
		}
	}
	if d.chance(4) {
		name := d.one("a", "b", "id", "é", `\u0061`, "new", "\xff", "")
		value := d.one("1", `"12"`, "null", "{}", "true")
		members = append(members, fmt.Sprintf(`"%s"%s%s`, name, d.one(":", " : "), value))
	}
	return "{" + strings.Join(members, ",") + "}"
}
