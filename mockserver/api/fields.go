package api

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// fields holds the fields of a request body. A field's key is its place: its path in the JSON object of openapi.yaml,
// with dots. A request may use any of VSee's spellings of a name.
type fields struct {
	body      *document.Body
	quick     []quickField // all fields, of a body decoded in one pass; else they are in values
	values    map[string]any
	sent      map[string]string // place → the name the request used
	items     map[string]int    // place of a list → how many items it has
	files     map[string]clinic.Upload
	fileBytes int                    // of all parts with a file name
	parts     map[string]map[int]any // place of a list with items sent one by one → item's number → item

	unknown map[string]*document.Unknown // by name; their values are dropped
	twice   document.Violations          // one for each name repeated in one JSON object
	broken  document.Violations
	form    bool            // the body is urlencoded: a plus means a blank
	refused map[string]bool // places with a violation: later ones at or below them are dropped
}

func newFields(body *document.Body) fields {
	return fields{
		body: body, values: map[string]any{}, sent: map[string]string{}, items: map[string]int{},
		files: map[string]clinic.Upload{}, parts: map[string]map[int]any{},
	}
}

// refuse notes a mistake in one field, so decoding goes on with the next field; or it notes a name that the operation
// does not know. It returns any other error.
func (f *fields) refuse(err error) error {
	var broken *document.Violation
	var unknown *document.Unknown
	switch {
	case errors.As(err, &unknown):
		if f.unknown == nil {
			f.unknown = map[string]*document.Unknown{}
		}
		f.unknown[unknown.Name] = unknown
		return nil
	case errors.As(err, &broken):
		f.broken = append(f.broken, broken)
		place, err := f.body.Place(broken.Field)
		if err != nil {
			place = broken.Field
		}
		if f.refused == nil {
			f.refused = map[string]bool{}
		}
		f.refused[place] = true
		return nil
	}
	return err
}

// refuseField notes a violation of a rule by a field.
func (f *fields) refuseField(field, rule string) error {
	return f.refuse(&document.Violation{Field: field, Rule: rule})
}

// sentTwice notes names repeated in one JSON object. field is the form field with the object, "" for the whole body. An
// empty name stands for a name that cannot be shown.
func (f *fields) sentTwice(field string, names []string) {
	for _, name := range names {
		switch {
		case name == "":
			f.twice = append(f.twice, &document.Violation{Field: field, Rule: "has a name twice in one JSON object"})
			continue
		case field != "":
			name = field + "." + name
		}
		f.twice = append(f.twice, &document.Violation{Field: name, Rule: "is sent twice in one JSON object"})
	}
}

// dotted turns the double underscores and the brackets of a name into dots.
func dotted(name string) string { return strings.ReplaceAll(unbracketed(name), "__", ".") }

// brackets are how PHP, Rails and jQuery write a nested name: insurance[primary][carrier_code].
var brackets = regexp.MustCompile(`^([^][]+)((?:\[[^][]+\])+)$`)

// unbracketed returns a name with dots in place of its brackets. A name with empty brackets, or with a bracket
// without a partner, stays as it is: no field has such a name.
func unbracketed(name string) string {
	parts := brackets.FindStringSubmatch(name)
	if parts == nil {
		return name
	}
	return parts[1] + strings.NewReplacer("[", ".", "]", "").Replace(parts[2])
}

func sorted[V any](m map[string]V) []string {
	if len(m) == 0 {
		return nil
	}
	return slices.Sorted(maps.Keys(m))
}

func (f *fields) addAll(object map[string]any) error {
	for _, name := range sorted(object) {
		if err := f.add(dotted(name), object[name]); err != nil {
			return err
		}
	}
	return nil
}

// add adds a field under its dotted name. It splits an object of the document into its fields. It ignores an unset
// value, and a value that fits the schema of a read-only field: a client may send back what it has read.
func (f *fields) add(name string, value any) error {
	if f.body.FitsReadOnly(name, value) || f.body.IsUnset(name, value) {
		return nil
	}
	if list, at, ok := f.item(name); ok {
		return f.addItem(list, at, value)
	}
	if object, ok := value.(map[string]any); ok && f.body.IsGroup(name) {
		for _, below := range sorted(object) {
			if err := f.add(name+"."+below, object[below]); err != nil {
				return err
			}
		}
		return nil
	}
	if list, ok := value.([]any); ok && f.body.IsList(name) {
		return f.addList(name, list)
	}
	place, err := f.body.Place(name)
	if err != nil {
		return f.refuse(err)
	}
	if strings.Count(name, ".") >= maxDepth {
		return &bodyError{fmt.Sprintf("a field's name has more than %d parts", maxDepth)}
	}
	if number, ok := value.(json.Number); ok {
		value = f.body.Number(place, number)
	}
	if value, err = f.body.Normalize(name, value); err != nil {
		return f.refuse(err)
	}
	if _, file := f.files[place]; file {
		return f.refuseField(name, "is sent more than once")
	}
	if before, twice := f.values[place]; twice && !reflect.DeepEqual(before, value) {
		return f.refuseContradiction(name, place)
	}
	f.values[place], f.sent[place] = value, name
	f.count(place)
	return nil
}

// refuseContradiction refuses a field sent before with another value, under this name or under another spelling of it.
func (f *fields) refuseContradiction(name, place string) error {
	rule := "is sent more than once, with different values"
	if before := f.sent[place]; before != name {
		rule = fmt.Sprintf("is another spelling of %s, which is sent with a different value: send one of the two", before)
	}
	return f.refuseField(name, rule)
}

func (f *fields) addList(name string, list []any) error {
	if err := f.body.CheckLength(name, len(list)); err != nil {
		return f.refuse(err)
	}
	f.items[name] = max(f.items[name], len(list))
	for i, item := range list {
		if err := f.add(fmt.Sprintf("%s.%d", name, i), item); err != nil {
			return err
		}
	}
	return nil
}

// count raises the noted length of a list if place is within an item of it: "list.2.name" means at least 3 items.
func (f *fields) count(place string) {
	list, rest, _ := strings.Cut(place, ".")
	if !f.body.IsList(list) {
		return
	}
	number, _, _ := strings.Cut(rest, ".")
	n, _ := strconv.Atoi(number) // the document has only numbers there
	f.items[list] = max(f.items[list], n+1)
}

// listed replaces each object that stands for a list, with the item numbers as names, by a list. A missing item becomes
// an empty object.
func (f *fields) listed(object map[string]any) {
	for name, n := range f.items {
		named, _ := object[name].(map[string]any)
		list := make([]any, n)
		for i := range list {
			list[i] = map[string]any{}
			if item, ok := named[strconv.Itoa(i)]; ok {
				list[i] = item
			}
		}
		object[name] = list
	}
}

// validate builds the JSON object from the fields, validates it against the document, and sorts all violations. It
// drops a violation that only follows from a field already refused.
func (f *fields) validate() {
	object := map[string]any{}
	f.join()
	for _, place := range sorted(f.values) {
		if !put(object, strings.Split(place, "."), f.values[place]) {
			_ = f.refuseField(f.sent[place], "is sent both as a value and as an object: send one of the two")
		}
	}
	f.listed(object)
	for _, v := range f.body.Check(object) {
		if f.isRefused(v.Field) || f.hasRefused(v) {
			continue
		}
		v.Field = cmp.Or(f.sent[v.Field], v.Field)
		v.Rule += f.hint(v.Field)
		f.broken = append(f.broken, v)
	}
	for _, v := range f.twice {
		if !f.isUnknown(v.Field) {
			f.broken = append(f.broken, v)
		}
	}
	for _, v := range f.broken {
		withhold(v)
	}
	f.broken.Sort()
}

// withhold shortens a violation's Field until it looks like a name. Callers may choose names within their own fields,
// so such a name may hold private data.
func withhold(v *document.Violation) {
	if v.Field == "" || document.LooksLikeName(v.Field) {
		return
	}
	for v.Field != "" && !document.LooksLikeName(v.Field) {
		v.Field = v.Field[:max(0, strings.LastIndexByte(v.Field, '.'))]
	}
	v.Rule = "has a field that " + v.Rule
}

// isRefused reports whether a violation exists for a place, or for an object or list around it.
func (f *fields) isRefused(place string) bool {
	for refused := range f.refused {
		if place == refused || strings.HasPrefix(place, refused+".") {
			return true
		}
	}
	return false
}

// hasRefused reports whether v says that an object is missing although the request sent a part of it, which was
// refused.
func (f *fields) hasRefused(v *document.Violation) bool {
	for refused := range f.refused {
		if v.IsMissing() && strings.HasPrefix(refused, v.Field+".") {
			return true
		}
	}
	return false
}

// isUnknown reports whether a name is unknown to the operation, or is a part of an unknown one.
func (f *fields) isUnknown(name string) bool {
	for at := len(name); at > 0; at = strings.LastIndexByte(name[:at], '.') {
		if f.unknown[name[:at]] != nil {
			return true
		}
	}
	return false
}

// maxExplained limits how many unknown names of a body are compared with the known names, to suggest the nearest.
const maxExplained = 100

// unknowns returns the names unknown to the operation, sorted.
func (f *fields) unknowns() []*document.Unknown {
	all := make([]*document.Unknown, 0, len(f.unknown))
	for i, name := range sorted(f.unknown) {
		if i < maxExplained {
			f.body.Explain(f.unknown[name])
		}
		all = append(all, f.unknown[name])
	}
	return all
}

// put sets a field in a tree of objects. It returns false, and leaves the field unset, if the path runs through a value
// or already ends in one.
func put(object map[string]any, path []string, value any) bool {
	for _, name := range path[:len(path)-1] {
		if object[name] == nil {
			object[name] = map[string]any{}
		}
		below, ok := object[name].(map[string]any)
		if !ok {
			return false
		}
		object = below
	}
	last := path[len(path)-1]
	if _, taken := object[last]; taken {
		return false
	}
	object[last] = value
	return true
}

// hint returns advice to append to the refusal of a field, or "". It recognizes two mistakes. Quotation marks around
// the value come from the guide's curl lines, where a shell removes them. A blank in an email address of a form comes
// from an unencoded plus sign.
func (f *fields) hint(name string) string {
	for place, sent := range f.sent {
		value, _ := f.values[place].(string)
		switch {
		case sent != name:
		case len(value) > 1 && value[0] == '"' && value[len(value)-1] == '"':
			return " (the value has quotation marks around it: leave them out)"
		case f.form && strings.Contains(value, " ") && strings.Contains(value, "@"):
			return " (the value has a blank, and + means a blank in a form: send + as %2B)"
		}
	}
	return ""
}
