package document

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/scalar"
)

// spellings are the ways to write a value that mean another value, or no value.
type spellings struct {
	unset map[string]bool              // the places where an empty text counts as not sent
	dates map[string]bool              // the places of dates
	words map[string]map[string]string // a name in a request → a value → the value at the field's place
	typed map[string]*openapi3.Schema  // the places with a schema, for their other spellings
}

func newSpellings() spellings {
	return spellings{unset: map[string]bool{}, dates: map[string]bool{}, words: map[string]map[string]string{},
		typed: map[string]*openapi3.Schema{}}
}

func (s spellings) add(place string, schema *openapi3.Schema) {
	s.unset[place], _ = schema.Extensions[extUnset].(bool)
	s.typed[place] = schema
	s.dates[place] = strings.HasPrefix(schema.Format, "date") && !strings.HasPrefix(schema.Format, "date-time")
}

func (s spellings) addWords(name string, schema *openapi3.Schema) {
	words, _ := schema.Extensions[extWords].(map[string]any)
	if words == nil {
		return
	}
	s.words[name] = map[string]string{}
	for word, value := range words {
		s.words[name][word] = fmt.Sprint(value)
	}
}

// IsUnset reports whether a value under a name of a request means "not given": null in any field, and an empty text
// where the document has x-unset. Values within the caller's own objects may be null.
func (b *Body) IsUnset(name string, value any) bool {
	place, field := b.places[name]
	if value == nil {
		return field || b.IsGroup(name) || b.IsList(name) || b.IsFile(name) || b.readOnly[name] != nil
	}
	return value == "" && (b.unset[place] || b.words[name] != nil)
}

// yearFirst is a date with slashes, as one client writes it.
var yearFirst = regexp.MustCompile(`^([0-9]{4})/([0-9]{2})/([0-9]{2})$`)

// Normalize returns the value at a field's place for a value under a name of a request. A date with slashes gets its
// dashes, a word of x-words its value, and a spelling of x-accepts the type of its schema. It returns an error for
// another word of x-words. An empty text stays: a handler empties the field.
func (b *Body) Normalize(name string, value any) (any, error) {
	text, isText := value.(string)
	words := b.words[name]
	switch {
	case words != nil:
		plain, known := words[text]
		if !isText || !known {
			return nil, &Violation{Field: name, Rule: "must be " + scalar.JoinOr(slices.Sorted(maps.Keys(words)))}
		}
		return plain, nil
	case isText && b.dates[b.places[name]]:
		return yearFirst.ReplaceAllString(text, "$1-$2-$3"), nil
	case value != "" && b.typed[b.places[name]] != nil:
		return apispec.Canonical(b.typed[b.places[name]], value), nil
	}
	return value, nil
}

// TakesText reports whether a place takes text. A file's place does if the document allows the id of a stored image
// there as well.
func (b *Body) TakesText(place string) bool { return b.texts[place] }
