package scenarios_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/invopop/jsonschema"

	"github.com/vsee-mock/vsee-mock/internal/rule"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// ours are the packages of the types, by the path from this one.
var ours = map[string]string{
	"github.com/vsee-mock/vsee-mock/scenarios":             "./",
	"github.com/vsee-mock/vsee-mock/internal/misbehaviour": "../internal/misbehaviour",
	"github.com/vsee-mock/vsee-mock/internal/scalar":       "../internal/scalar",
}

// makeSchema makes the schema of the language. The Go types give the keys and descriptions. This file adds the forms
// read by their UnmarshalYAML, and the rules.
func makeSchema(t *testing.T) []byte {
	t.Helper()
	forms := shortForms()
	r := jsonschema.Reflector{
		FieldNameTag: "yaml", ExpandedStruct: true, Anonymous: true,
		Mapper: func(of reflect.Type) *jsonschema.Schema {
			if forms[of.Name()] == nil || ours[of.PkgPath()] == "" {
				return nil
			}
			if of == reflect.TypeFor[scenarios.Count]() {
				count := *forms["Count"]
				return &count
			}
			return ref(of.Name())
		},
	}
	bases := slices.Sorted(maps.Keys(ours))
	for _, base := range bases {
		path := ours[base]
		if err := r.AddGoComments("github.com/vsee-mock/vsee-mock/scenarios", path); err != nil {
			t.Fatalf("%s: %s", base, err)
		}
	}
	s := r.Reflect(scenarios.Scenario{})
	s.ID, s.Title = scenarios.SchemaURL, "A scenario of vsee-mock"
	answer := r.Reflect(scenarios.Answer{})
	listedText := with("text", ref("EligibilityText"))
	listedText.Required = nil
	s.Definitions["AnswerFields"] = &jsonschema.Schema{
		Type: answer.Type, Properties: answer.Properties, AdditionalProperties: answer.AdditionalProperties,
	}
	s.Definitions["AnswerFields"].AllOf = []*jsonschema.Schema{{
		If: with("undocumented", &jsonschema.Schema{Const: true}), Else: listedText,
	}}
	s.Definitions["Chance"] = answer.Definitions["Chance"]
	s.Definitions["CallFields"] = s.Definitions["Call"]
	claim := r.Reflect(scenarios.Claim{})
	s.Definitions["ClaimFields"] = &jsonschema.Schema{
		Type: claim.Type, Properties: claim.Properties, AdditionalProperties: claim.AdditionalProperties,
	}
	visit := r.Reflect(scenarios.Visit{})
	s.Definitions["VisitFields"] = &jsonschema.Schema{
		Type: visit.Type, Properties: visit.Properties, AdditionalProperties: visit.AdditionalProperties,
	}
	forms["Visit"] = anyOf(texts("completed", "unanswered", "left", "cancelled", "missed"), ref("VisitFields"))
	s.Definitions["Adjustment"] = claim.Definitions["Adjustment"]
	forms["Claim"] = anyOf(claimOutcome(), pattern("^("+adjustment+"|"+rejection+")$"), ref("ClaimFields"))
	forms["Answer"] = anyOf(ref("EligibilityText"), texts("silent"), ref("AnswerFields"))
	forms["Call"] = anyOf(texts("check", "visit", "claim", "read"), ref("CallFields"))
	for name, form := range forms {
		if name == "Count" {
			continue // its schema is put in the places of use
		}
		for _, base := range bases {
			if text := r.CommentMap[base+"."+name]; text != "" {
				form.Description = text
			}
		}
		s.Definitions[name] = form
	}
	narrow(t, s)
	addRules(t, s)
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append([]byte(inTheFile.Replace(string(text))), '\n')
}

// inTheFile turns the words of a comment on a Go value into words about a file.
var inTheFile = strings.NewReplacer(
	"; nil once loaded", "", "; the text once loaded", "", "; nil:", "; left out:", "NoAnswer", "`no answer`",
)

const (
	amount = `([0-9]+(\.[0-9]*)?|\.[0-9]+)`
	days   = `[0-9]{1,5}d`
	span   = `(0|` + days + `|(` + days + `)?(` + amount + `(ns|us|µs|μs|ms|s|m|h))+)`
	// The code of a denied or partly paid claim, and the code of a rejected one.
	adjustment = `(CO|OA|PI|PR)-[A-Z]?[0-9]{1,3}`
	rejection  = `A[3-8]:[0-9]{1,3}`
)

// shortForms returns the schemas of types with a written form other than their fields.
func shortForms() map[string]*jsonschema.Schema {
	answers := oneOrList(ref("Answer"))
	return map[string]*jsonschema.Schema{
		"Text":            text(),
		"Count":           {Type: "integer", Minimum: "0", Maximum: "1000"},
		"Match":           oneOrList(ref("Text")),
		"Duration":        pattern("^" + span + "$"),
		"Duplicate":       duplicate(),
		"Zone":            {Type: "string"},
		"Nots":            oneOrList(ref("When")),
		"Range":           pattern("^" + span + `(\.\.` + span + ")?$"),
		"Hold":            anyOf(texts("next"), pattern("^"+span+"$")),
		"Latency":         pattern("^" + span + `((\.\.|~)` + span + ")?$"),
		"EligibilityText": eligibilityText(),
		"Answers":         anyOf(answers, hasCards(answers)),
		"Claims":          oneOrList(ref("Claim")),
		"OneAnswer":       anyOf(ref("Answer"), hasCards(ref("Answer"))),
		"Expect":          oneOrList(anyOf(ref("EligibilityText"), texts(scenarios.NoAnswer))),
	}
}

// text is the schema of a Text: YAML takes a number without quotation marks for a number.
func text() *jsonschema.Schema {
	one := uint64(1)
	return &jsonschema.Schema{MinLength: &one, Extras: map[string]any{"type": []string{"string", "number", "boolean"}}}
}

func eligibilityText() *jsonschema.Schema {
	all, codes, numbers := texts(scenarios.Success), []string{}, enum()
	for _, r := range scenarios.Reasons() {
		all.Enum = append(all.Enum, r.Text)
		code := ""
		for _, c := range r.Code {
			code += string(c)
			if c >= 'A' {
				code = code[:len(code)-1] + "[" + string(c) + strings.ToLower(string(c)) + "]"
			}
		}
		codes = append(codes, code)
		if n, err := strconv.Atoi(r.Code); err == nil {
			numbers.Enum = append(numbers.Enum, n)
		}
	}
	return anyOf(all, pattern("^("+strings.Join(codes, "|")+")$"), numbers)
}

func claimOutcome() *jsonschema.Schema {
	return texts("paid", "partly_paid", "denied", "rejected", "silent")
}

// duplicate is the schema of a Duplicate: a number of times, or its keys.
func duplicate() *jsonschema.Schema {
	keys := &jsonschema.Schema{
		Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema,
		Required: []string{"times"},
	}
	keys.Properties.Set("times", &jsonschema.Schema{Type: "integer", Minimum: "2", Maximum: "1000"})
	keys.Properties.Set("at_once", &jsonschema.Schema{Type: "boolean"})
	return anyOf(&jsonschema.Schema{Type: "integer", Minimum: "0", Maximum: "1000"}, keys)
}

func hasCards(answer *jsonschema.Schema) *jsonschema.Schema {
	one := uint64(1)
	s := &jsonschema.Schema{
		Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema,
		MinProperties: &one,
	}
	s.Properties.Set("primary", answer)
	s.Properties.Set("secondary", answer)
	return s
}

// narrow replaces the types of some keys by their short forms.
func narrow(t *testing.T, s *jsonschema.Schema) {
	t.Helper()
	for place, values := range map[string]*jsonschema.Schema{
		"AnswerFields.text": ref("Text"),
		".answer":           ref("OneAnswer"), ".claim": ref("Claim"), ".labels": listOf(ref("Text")),
	} {
		of, key, _ := strings.Cut(place, ".")
		within := s
		if of != "" {
			within = s.Definitions[of]
		}
		replace(t, within, key, values)
	}
}

// replace puts another schema in the place of a key's own, and keeps the key's description.
func replace(t *testing.T, s *jsonschema.Schema, key string, values *jsonschema.Schema) {
	t.Helper()
	was, ok := s.Properties.Get(key)
	if !ok {
		t.Fatalf("there is no %s", key)
	}
	said := *values
	said.Description = was.Description
	if said.MaxItems != nil {
		said.Type, said.Items = was.Type, was.Items
	}
	s.Properties.Set(key, &said)
}

// addRules adds the rules of each type of the language to the schema of its fields.
func addRules(t *testing.T, s *jsonschema.Schema) {
	t.Helper()
	forClaims, _ := s.Properties.Get("claim_webhook")
	for name, set := range scenarios.Rules() {
		fields := s.Definitions[name]
		switch name {
		case "Scenario":
			fields = s
		case "ClaimWebhook":
			fields = forClaims
		case "Answer", "Call", "Claim", "Visit":
			fields = s.Definitions[name+"Fields"]
		}
		if fields == nil {
			t.Fatalf("there is no %s", name)
		}
		for _, row := range set.Rows {
			addRule(t, fields, row, name == "When")
		}
	}
}

// addRule adds a row to the schema of its fields. isMatch is for fields with a list allowed for each value.
func addRule(t *testing.T, fields *jsonschema.Schema, row rule.Rule, isMatch bool) {
	t.Helper()
	if row.Required && !slices.Contains(fields.Required, row.Key) {
		fields.Required = append(fields.Required, row.Key)
	}
	test := schemaOf(t, row.Must.Schema)
	values := row.Value.Schema
	if each := row.Each.Schema; each != nil && isMatch {
		values = rule.Schema{"anyOf": []any{each, rule.Schema{"type": "array", "minItems": 1, "items": each}}}
	} else if each != nil {
		values = rule.Schema{"type": "array", "items": each}
	}
	switch form := schemaOf(t, values); {
	case form != nil && row.If.Schema == nil:
		replace(t, fields, row.Key, form)
		return
	case form != nil:
		test = with(row.Key, form)
		test.Required = nil
	}
	if test == nil {
		return
	}
	if condition := schemaOf(t, row.If.Schema); condition != nil {
		test = &jsonschema.Schema{If: condition, Then: test}
	}
	fields.AllOf = append(fields.AllOf, test)
}

// schemaOf returns the schema of a row as this library has it.
func schemaOf(t *testing.T, of rule.Schema) *jsonschema.Schema {
	t.Helper()
	if of == nil {
		return nil
	}
	text, err := json.Marshal(of)
	if err != nil {
		t.Fatal(err)
	}
	var s jsonschema.Schema
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	return &s
}

// with is the schema of an object with such a value under a key.
func with(key string, value *jsonschema.Schema) *jsonschema.Schema {
	s := &jsonschema.Schema{Properties: jsonschema.NewProperties(), Required: []string{key}}
	s.Properties.Set(key, value)
	return s
}

func ref(name string) *jsonschema.Schema { return &jsonschema.Schema{Ref: "#/$defs/" + name} }

func enum(values ...any) *jsonschema.Schema { return &jsonschema.Schema{Enum: values} }

func texts(values ...string) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "string"}
	for _, value := range values {
		s.Enum = append(s.Enum, value)
	}
	return s
}

func pattern(p string) *jsonschema.Schema { return &jsonschema.Schema{Type: "string", Pattern: p} }

func anyOf(forms ...*jsonschema.Schema) *jsonschema.Schema { return &jsonschema.Schema{AnyOf: forms} }

func listOf(item *jsonschema.Schema) *jsonschema.Schema {
	one := uint64(1)
	return &jsonschema.Schema{Type: "array", Items: item, MinItems: &one}
}

func oneOrList(item *jsonschema.Schema) *jsonschema.Schema { return anyOf(item, listOf(item)) }
