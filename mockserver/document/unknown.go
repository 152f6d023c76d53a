package document

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/internal/suggest"
)

// Unknown is a name in a request that the operation does not declare: of a field, or of a parameter of the query.
type Unknown struct {
	Name    string     // with dots
	Open    bool       // the operation takes any name: this one is never refused
	Near    string     // the nearest declared name, probably the intended one; empty for none
	Typo    bool       // the name is within an edit or two of Near
	Refused *Violation // its violation; it repeats the name only if it looks like one
}

func (u *Unknown) Error() string { return u.Refused.Error() }

// suggestName completes an unknown name with the probably intended one: a similar known name, or the name of a field.
func (u *Unknown) suggestName(known, fields []string, document map[string]bool) {
	u.Near, u.Typo = mistyped(u.Name, known, document)
	if !u.Typo {
		u.Near, u.Typo = reworded(u.Name, known, document)
	}
	if u.Near == "" {
		u.Near = suggest.Name(u.Name, fields)
	}
	if u.Near != "" && (u.Typo || LooksLikeName(u.Name)) {
		u.Refused.Rule += " (did you mean " + u.Near + "?)"
	}
}

// ExplainMissing tells a caller who sent visit_id to an operation on visits that its field is id.
func (o *Operation) ExplainMissing(missing Violations, unknown []*Unknown) {
	resource, _, _ := strings.Cut(strings.TrimPrefix(o.Path, "/"), "/")
	for _, v := range missing {
		i := slices.IndexFunc(unknown, func(u *Unknown) bool {
			rest, ok := strings.CutSuffix(strings.ToLower(u.Name), v.Field)
			rest = strings.TrimSuffix(rest, "_")
			return ok && rest != "" && (rest+"s" == resource || !o.names[u.Name]) && LooksLikeName(u.Name)
		})
		if v.IsMissing() && i >= 0 {
			unknown[i].Near = v.Field
			v.Rule += ": send " + v.Field + " in place of " + unknown[i].Name
		}
	}
}

// LooksLikeName reports whether a text may be the name of a field, and so may be repeated to the caller. Any other
// text may be a value without its name.
func LooksLikeName(text string) bool {
	return len(text) <= maxName && fieldName.MatchString(text) && !HoldsToken(text)
}

// token matches a text of the form of VSee's tokens: 32 hex digits or more.
var token = regexp.MustCompile(`[0-9a-fA-F]{32,}`)

// HoldsToken reports whether a text in the place of a name may have a token in it: a body in a wrong encoding has
// values where names belong.
func HoldsToken(text string) bool { return token.MatchString(text) }

// mistyped takes a name for a typo and returns the known name it resembles, false for none. A typo is one edit away
// from a name of three to five letters, two from a longer one, without regard to case. Parts between dots found in
// both do not count. A name that the document has elsewhere is not mistyped: `status` is no `state`.
func mistyped(name string, known []string, document map[string]bool) (string, bool) {
	best, found := 3, ""
	for _, candidate := range known {
		if d := len(name) - len(candidate); d < -2 || d > 2 || strings.HasPrefix(name+".", candidate+".") {
			continue // a field of an object is no typo of the object
		}
		part, wanted := trimCommonParts(name, candidate)
		if document[part] || document[name] {
			continue
		}
		if d := suggest.Distance(part, wanted); d <= maxEdits(part, wanted) && d < best {
			best, found = d, candidate
		}
	}
	return found, found != ""
}

// maxEdits returns how many edits make a typo, rather than another word.
func maxEdits(a, b string) int {
	switch n := min(utf8.RuneCountInString(a), utf8.RuneCountInString(b)); {
	case n < 3:
		return 0
	case n < 6:
		return 1
	}
	return 2
}

// trimCommonParts returns two names without the parts, between dots, they have in common at both ends.
func trimCommonParts(a, b string) (string, string) {
	one, other := strings.Split(a, "."), strings.Split(b, ".")
	for len(one) > 1 && len(other) > 1 && one[0] == other[0] {
		one, other = one[1:], other[1:]
	}
	for len(one) > 1 && len(other) > 1 && one[len(one)-1] == other[len(other)-1] {
		one, other = one[:len(one)-1], other[:len(other)-1]
	}
	return strings.Join(one, "."), strings.Join(other, ".")
}

// namesOf returns the names of all fields and parameters of a document.
func namesOf(spec *openapi3.T) map[string]bool {
	names := map[string]bool{}
	for _, schema := range spec.Components.Schemas {
		addNames(names, schema, 0)
	}
	for _, path := range spec.Paths.Map() {
		for _, op := range path.Operations() {
			for _, p := range slices.Concat(path.Parameters, op.Parameters) {
				names[p.Value.Name] = true
			}
		}
	}
	return names
}

// maxNesting is the depth limit for reading schemas: a schema can contain itself.
const maxNesting = 8

func addNames(names map[string]bool, schema *openapi3.SchemaRef, depth int) {
	if schema == nil || schema.Value == nil || depth > maxNesting {
		return
	}
	for name, property := range schema.Value.Properties {
		names[name] = true
		also, _ := property.Value.Extensions[extAlso].([]any)
		for _, other := range also {
			if text, ok := other.(string); ok {
				names[text] = true
			}
		}
		if property.Ref == "" { // a schema with a name of its own has its turn
			addNames(names, property, depth+1)
		}
	}
	for _, part := range slices.Concat(schema.Value.AllOf, schema.Value.AnyOf, schema.Value.OneOf,
		openapi3.SchemaRefs{schema.Value.Items}) {
		if part != nil && part.Ref == "" {
			addNames(names, part, depth+1)
		}
	}
}

// Explain completes a name unknown to Place with the nearest declared one, if it is probably a typo.
func (b *Body) Explain(unknown *Unknown) {
	head, _, _ := strings.Cut(unknown.Name, ".")
	if near, typo := mistyped(head, b.open, b.names); typo { // one of the caller's own fields
		unknown.Near, unknown.Typo = near, true
		unknown.Refused.Rule += " (did you mean " + near + "?)"
		return
	}
	unknown.suggestName(b.known, b.fields, b.names)
}

// collectNames notes all names a request may use, except for the caller's own fields.
func (b *Body) collectNames() {
	b.fields = slices.Sorted(maps.Keys(b.places))
	b.known = slices.AppendSeq(slices.Concat(b.fields, b.groups, b.open), maps.Keys(b.lists))
	b.known = slices.AppendSeq(b.known, maps.Keys(b.files))
	slices.Sort(b.known)
	b.known = slices.Compact(b.known)
}
