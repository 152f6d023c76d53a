package document

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/mockserver/fastcheck"
)

// quickBody is the compiled form of a body: a form whose fields are all certainly valid needs no second reading.
type quickBody struct {
	whole  *fastcheck.Checker
	fields map[string]*quickField // by the names that a form sends
	groups []*fastcheck.Checker   // the objects of the body; the first one is the whole
}

// quickField is a field of a form under one of its names.
type quickField struct {
	place  string
	check  *fastcheck.Checker
	parts  []quickPart
	unset  bool // an empty text counts as not sent
	date   bool
	isText bool
	schema *openapi3.Schema  // its other spellings
	values map[string]any    // the values of the texts known to be valid
	words  map[string]string // as of spellings
}

// quickPart is a member of a group, by their numbers.
type quickPart struct{ group, member int }

// maxGroups is the number of objects of a body for which a Quick has room.
const maxGroups = 8

// newQuickBody compiles a body. It leaves out the names that need more than a check of their value.
func newQuickBody(b *Body, whole *fastcheck.Checker) quickBody {
	q := quickBody{whole: whole, fields: map[string]*quickField{}, groups: []*fastcheck.Checker{whole}}
	numbers := map[string]int{"": 0}
	for _, name := range slices.Sorted(maps.Keys(b.places)) {
		place := b.places[name]
		list, _, _ := strings.Cut(place, ".")
		if b.lists[list] != nil || b.plain[place] || b.files[name] != nil || b.readOnly[name] != nil ||
			strings.Contains(name, "__") || strings.ContainsAny(name, "[]") || b.IsGroup(name) {
			continue
		}
		if f := q.field(b, name, numbers); f != nil {
			q.fields[name] = f
		}
	}
	return q
}

// field compiles a field, nil if its objects or its value must be asked about. numbers are of the groups, by place.
func (q *quickBody) field(b *Body, name string, numbers map[string]int) *quickField {
	place := b.places[name]
	f := &quickField{place: place, unset: b.unset[place] || b.words[name] != nil, date: b.dates[place],
		schema: b.typed[place], words: b.words[name], values: map[string]any{}}
	at, group := "", 0
	for part := range strings.SplitSeq(place, ".") {
		check, member := q.groups[group].Member(part)
		if check == nil {
			return nil
		}
		f.parts = append(f.parts, quickPart{group, member})
		at = strings.TrimPrefix(at+"."+part, ".")
		number, known := numbers[at]
		if !known && at != place {
			if len(q.groups) == maxGroups {
				return nil
			}
			number, numbers[at] = len(q.groups), len(q.groups)
			q.groups = append(q.groups, check)
		}
		group, f.check = number, check
	}
	if f.isText = f.schema.Type.Is(openapi3.TypeString); f.isText {
		return f
	}
	texts := []string{"0", "1", "false", "true"}
	for _, value := range f.schema.Enum {
		texts = append(texts, fmt.Sprint(value))
	}
	for _, text := range texts {
		if value := apispec.Canonical(f.schema, text); f.check.Value(value) {
			f.values[text] = value
		}
	}
	return f
}

// Quick collects the fields of a form, as long as all are certainly valid. Its zero value is of no use: see Body.Quick.
type Quick struct {
	body *quickBody
	sent [maxGroups]uint64
}

// Quick begins a form.
func (b *Body) Quick() Quick { return Quick{body: &b.quick} }

// Add returns the place of a field and its value, as Normalize does: said, unless the value is no text. The place is
// empty for a field that counts as not sent. It returns false for a field to be read by the other methods of Body.
func (q *Quick) Add(name, text string) (place, said string, value any, ok bool) {
	f := q.body.fields[name]
	switch {
	case f == nil || !utf8.ValidString(text) || f.date && strings.Contains(text, "/"):
		return "", "", nil, false
	case text == "" && f.unset:
		return "", "", nil, true
	case f.words != nil:
		text, ok = f.words[text]
		ok = ok && f.check.Text(text)
	case f.isText: // Canonical leaves a text that certainly fits
		ok = f.check.Text(text)
	case text == "":
		return "", "", nil, false
	default:
		if value, ok = f.values[text]; !ok { // the known values are valid
			value = apispec.Canonical(f.schema, text)
			ok = f.check.Value(value)
		}
	}
	if !ok {
		return "", "", nil, false
	}
	for _, part := range f.parts {
		q.sent[part.group] |= 1 << part.member
	}
	return f.place, text, value, true
}

// Complete reports whether all required fields have been added.
func (q *Quick) Complete() bool {
	for i, group := range q.body.groups {
		if (i == 0 || q.sent[i] != 0) && !group.Complete(q.sent[i]) {
			return false
		}
	}
	return true
}
