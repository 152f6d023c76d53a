package document

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

// Body is the body of an operation's requests. However a request spells and encodes its fields, they become one JSON
// object, and this object is validated against the JSON schema of the document. A field's place is its path in the
// object, with dots: insurance.primary.carrier_code.
//
// An item of a list at the top of the object has its number for a name: insurances.0.card_type. A form may have
// fields for files, for which JSON has no type.
type Body struct {
	schema   *openapi3.Schema
	places   map[string]string           // a name in a request → the field's place
	texts    map[string]bool             // the places for text alone
	open     []string                    // open places: the caller names the fields in them
	any      bool                        // the whole body is open: every other name is a field of the caller's own
	groups   []string                    // places of objects
	lists    map[string]*openapi3.Schema // places of lists of objects
	plain    map[string]bool             // places of lists of other items than objects
	files    map[string]*openapi3.Schema // places of files
	readOnly map[string]*openapi3.Schema // read-only places: only replies have them
	spellings
	quick  quickBody
	known  []string        // all names, sorted: an unknown one may be a typo of one of them
	fields []string        // the fields without the files, sorted
	names  map[string]bool // the names of all fields and parameters of the document
}

func (l *loading) body(body *openapi3.RequestBody) (*Body, error) {
	media := body.Content.Get(jsonType)
	if media == nil {
		return nil, fmt.Errorf("it has no %s", jsonType)
	}
	b := &Body{
		schema: media.Schema.Value, names: l.names, places: map[string]string{}, texts: map[string]bool{},
		lists: map[string]*openapi3.Schema{}, plain: map[string]bool{}, files: map[string]*openapi3.Schema{},
		readOnly:  map[string]*openapi3.Schema{},
		spellings: newSpellings(),
	}
	b.addPlaces("", b.schema)
	b.any = b.schema.AdditionalProperties.Has != nil && *b.schema.AdditionalProperties.Has
	for _, name := range []string{multipartType, urlencodedType} {
		form := body.Content.Get(name)
		if form == nil {
			return nil, fmt.Errorf("it has no %s", name)
		}
		if err := b.addFormFields(form.Schema.Value); err != nil {
			return nil, fmt.Errorf("its %s: %w", name, err)
		}
	}
	b.collectNames()
	b.quick = newQuickBody(b, l.requests.Compile(b.schema))
	return b, nil
}

// addPlaces notes the places of a JSON schema.
func (b *Body) addPlaces(place string, schema *openapi3.Schema) {
	for name, property := range schema.Properties {
		at := strings.TrimPrefix(place+"."+name, ".")
		also, _ := property.Value.Extensions[extAlso].([]any)
		for _, other := range also {
			b.places[strings.TrimPrefix(fmt.Sprintf("%s.%s", place, other), ".")] = at
		}
		switch {
		case property.Value.ReadOnly:
			b.readOnly[at] = property.Value
		case isList(property.Value) && place == "":
			b.addListPlaces(at, property.Value)
		case !property.Value.Type.Is(openapi3.TypeObject):
			b.places[at] = at
			b.texts[at] = property.Value.Type.Is(openapi3.TypeString)
			b.plain[at] = property.Value.Type.Is(openapi3.TypeArray) && property.Value.Extensions["x-accepts"] == nil
			b.add(at, property.Value)
		case property.Value.AdditionalProperties.Has != nil && *property.Value.AdditionalProperties.Has:
			b.open = append(b.open, at)
		default:
			b.groups = append(b.groups, at)
			b.addPlaces(at, property.Value)
		}
	}
}

// formatFile is the format of a file's field.
const formatFile = "binary"

// isList reports whether a schema is of a list of objects with a limit.
func isList(s *openapi3.Schema) bool {
	return s.Type.Is(openapi3.TypeArray) && s.Items != nil && s.Items.Value.Type.Is(openapi3.TypeObject) &&
		s.MaxItems != nil
}

func (b *Body) addListPlaces(place string, list *openapi3.Schema) {
	b.lists[place] = list
	for i := range *list.MaxItems {
		at := fmt.Sprintf("%s.%d", place, i)
		b.groups = append(b.groups, at)
		b.addPlaces(at, list.Items.Value)
	}
}

// addFormFields notes the form's names of the places. Each place must have one, so a form can say all JSON can. A list
// has one name for the whole of it, as JSON.
func (b *Body) addFormFields(form *openapi3.Schema) error {
	named := map[string]bool{}
	for name, property := range apispec.Properties(form) {
		place := apispec.Text(property.Value.Extensions, extField)
		if place == "" {
			place = name
		}
		if property.Value.Format == formatFile {
			b.files[place], named[place] = property.Value, true
			continue
		}
		if b.lists[place] != nil {
			for at := range b.texts {
				named[at] = named[at] || strings.HasPrefix(at, place+".")
			}
			continue
		}
		if b.places[place] != place {
			return fmt.Errorf("%s has no place in the JSON schema", name)
		}
		named[place] = true
		b.addWords(name, property.Value)
		also, _ := property.Value.Extensions[extAlso].([]any)
		for _, other := range append(also, name) {
			b.places[fmt.Sprint(other)] = place
		}
	}
	for _, place := range b.places {
		if !named[place] {
			return fmt.Errorf("%s of the JSON schema has no field", place)
		}
	}
	return nil
}

// Place returns the place of a field under a name of a request. `__` in the name stands for a dot at the top. It
// returns an Unknown for a name unknown to the operation, and a Violation for a known name in a wrong use.
func (b *Body) Place(name string) (string, error) {
	if place, ok := b.places[name]; ok {
		return place, nil
	}
	for _, place := range b.open {
		if strings.HasPrefix(name, place+".") {
			return name, nil
		}
	}
	if b.files[name] != nil {
		return "", &Violation{Field: name, Rule: "must be a file: send it as one, in multipart/form-data"}
	}
	if schema := b.readOnly[name]; schema != nil {
		return "", &Violation{Field: name, Rule: apispec.Text(schema.Extensions, extRule)}
	}
	if list, _, _ := strings.Cut(name, "."); b.lists[list] != nil && !b.isItemField(list, name) {
		return "", &Violation{Field: list, Rule: apispec.Text(b.lists[list].Extensions, extRule)}
	}
	if b.IsGroup(name) {
		return "", &Violation{Field: name, Rule: "must be an object"}
	}
	if v := b.partViolation(name); v != nil {
		return "", v
	}
	if b.any {
		return name, nil
	}
	refused := &Violation{Field: name, Rule: "is not a field of this request"}
	if !LooksLikeName(name) { // it may be a value without its name
		refused = &Violation{Rule: "has a field with an invalid name"}
	}
	return "", &Unknown{Name: name, Refused: refused}
}

// partViolation returns the violation for a name with more parts than the field: the field has no parts.
func (b *Body) partViolation(name string) *Violation {
	name = name[:min(len(name), maxName)] // no field has a longer one
	for at := strings.LastIndexByte(name, '.'); at > 0; at = strings.LastIndexByte(name[:at], '.') {
		place, declared := b.places[name[:at]]
		switch {
		case declared && b.plain[place]:
			return &Violation{Field: name[:at], Rule: "must be a JSON list"}
		case declared:
			return &Violation{Field: name[:at], Rule: "must be a value, not an object"}
		}
	}
	return nil
}

// maxName and fieldName limit the names of fields, and so the names that an error may repeat to the caller.
const maxName = 64

var fieldName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)

// Places returns the places of all fields, sorted, except files and the caller's own fields. Read-only fields, which
// a client may send back, are among them.
func (b *Body) Places() []string {
	places := slices.Collect(maps.Values(b.places))
	for place := range b.readOnly {
		if b.files[place] == nil {
			places = append(places, place)
		}
	}
	slices.Sort(places)
	return slices.Compact(places)
}

// FitsReadOnly reports whether a value fits the schema of a read-only place. A client may send it back unchanged.
func (b *Body) FitsReadOnly(place string, value any) bool {
	schema := b.readOnly[place]
	if schema == nil || schema.VisitJSON(value, formats()...) != nil {
		return false
	}
	_, more := findUndeclared(schema, value, place)
	return !more
}

// Number returns the value of a JSON number at a place: its text as it is written if the place takes text alone, as
// VSee's callers mix the two; else the number, without a fraction or an exponent if it is whole.
func (b *Body) Number(place string, n json.Number) any {
	if b.texts[place] {
		return n.String()
	}
	if f, err := n.Float64(); err == nil && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return json.Number(strconv.FormatInt(int64(f), 10))
	}
	return n
}

// isItemField reports whether a name is an item of a list, or a field of an item.
func (b *Body) isItemField(list, name string) bool {
	return slices.ContainsFunc(b.groups, func(item string) bool {
		return strings.HasPrefix(item, list+".") && strings.HasPrefix(name+".", item+".")
	})
}

// IsFile reports whether a place is a file's.
func (b *Body) IsFile(place string) bool { return b.files[place] != nil }

// FileTypes returns the media types that a file may have, nil for any, and the rule to refuse others.
func (b *Body) FileTypes(place string) (types []string, rule string) {
	list, _ := b.files[place].Extensions[extTypes].([]any)
	for _, one := range list {
		types = append(types, fmt.Sprint(one))
	}
	return types, apispec.Text(b.files[place].Extensions, extRule)
}

// Files returns how many files a request may have.
func (b *Body) Files() int { return len(b.files) }

// IsList reports whether a name stands for a list of objects.
func (b *Body) IsList(name string) bool { return b.lists[name] != nil }

// CheckLength returns an error if a list may not have so many items.
func (b *Body) CheckLength(name string, items int) error {
	list := b.lists[name]
	if n := uint64(items); n < list.MinItems || n > *list.MaxItems { //nolint:gosec // a length
		return &Violation{Field: name, Rule: apispec.Text(list.Extensions, extRule)}
	}
	return nil
}

// IsGroup reports whether a name stands for an object rather than for a field.
func (b *Body) IsGroup(name string) bool {
	return slices.Contains(b.groups, name) || slices.Contains(b.open, name)
}

// IsPlainList reports whether a name stands for a list of items other than objects.
func (b *Body) IsPlainList(name string) bool { return b.plain[b.places[name]] }

// Check returns all violations of the document in a body, as JSON. Their fields are places, in order.
func (b *Body) Check(value map[string]any) Violations {
	if b.quick.whole.Value(value) {
		return nil
	}
	c := collector{options: append(formats(), openapi3.VisitAsRequest())}
	c.visit(b.schema, apispec.Canonical(b.schema, value), "")
	c.found.Sort()
	return c.found
}
