package mutant

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// damage is a change of one field.
type damage struct {
	name, sentence string
	kinds          []result.Kind
	apply          func(in map[string]any, name string)
}

// damages are the changes of a field with schemas.
func damages(schemas []*openapi3.Schema) []damage {
	kind, members, bad := "", []any(nil), any(nil)
	for _, s := range schemas {
		if types := s.Type.Slice(); len(types) > 0 && kind == "" {
			kind = types[0]
		}
		if len(s.Enum) > 0 {
			members = s.Enum
		}
		switch {
		case s.Format == "date":
			bad = "01/31/1986"
		case s.Pattern != "":
			bad = "%"
		}
	}
	all := []damage{
		{"missing", "is missing", gone, remove},
		{"null", "is null", either, change(func(any) any { return nil })},
		{"type", "is of another type", wrong, func(in map[string]any, name string) {
			if _, is := in[name]; !is {
				in[name] = untyped[kind]
			}
			change(retyped)(in, name)
		}},
		{"renamed", "has another name", append([]result.Kind{result.Undeclared}, gone...), rename},
	}
	if kind != "object" && kind != "array" && len(members) != 1 {
		all = append(all, damage{"value", "has another value", wrong, change(func(v any) any { return another(members, v) })})
	}
	if len(members) > 0 {
		bad = "undocumented"
		if kind == "integer" {
			bad = json.Number("99")
		}
	}
	if bad != nil {
		all = append(all, damage{"format", "has an undocumented form", wrong, change(func(any) any { return bad })})
	}
	return all
}

// untyped are values for fields without one, by their types. In another type, they are wrong.
var untyped = map[string]any{"string": "7", "integer": json.Number("7"), "boolean": true, "array": []any{}, "object": map[string]any{}}

// shownNever are the fields that no mock shows: only another type of theirs can be made.
var shownNever = regexp.MustCompile(`^/data/(preference|signup_step|rooms)$`)

// retyped returns a value of another JSON type with the same meaning.
func retyped(value any) any {
	switch value := value.(type) {
	case string:
		if isDigits(value) {
			return json.Number("1" + value)
		}
		return map[string]any{"value": value}
	case json.Number:
		return value.String()
	case bool:
		return map[bool]json.Number{true: "1", false: "0"}[value]
	}
	return "none"
}

// starred returns the path of a field with * for the items of lists.
func starred(path []string) []string {
	path = slices.Clone(path)
	for i, part := range path {
		if part == "0" {
			path[i] = "*"
		}
	}
	return path
}

// after returns a lie that changes the genuine replies of a status. The deliberate faults of a mock stay as they are.
func after(status int, f func(m *memory, c call, r *reply)) lie {
	return func(m *memory, c call, ask func(call) reply) reply {
		r := ask(c)
		if r.err == nil && r.status == status && r.header.Get("X-Mock-Fault") == "" {
			r.header = r.header.Clone()
			f(m, c, &r)
		}
		return r
	}
}

func onBody(status int, path []string, f func(in map[string]any, name string)) lie {
	return after(status, func(_ *memory, _ call, r *reply) { r.body = edited(r.body, path, f) })
}

// evidenceOf is the grade of a part of an operation: the weaker one of the two.
func evidenceOf(own string, schemas ...*openapi3.Schema) requirement.Evidence {
	grade := requirement.Evidence(own)
	for _, s := range schemas {
		if e, is := apispec.EvidenceOf(s.Extensions); is && grade != requirement.Ours {
			grade = requirement.Evidence(e.Grade)
		}
	}
	return grade
}

// follow are the operations that take a field of a reply for their requests.
func follow(operation, pointer string) []string {
	for _, in := range [][2]string{
		{"signOn", "/data/id"}, {"signOn", "/data/token"}, {"signOn", "/data"}, {"signOn", "/data/code"}, {"login", "/data"},
		{"refreshToken", "/data"}, {"submitClaim", "/data"}, {"startEligibilityCheck", "/data"}, {"listInsurers", "/data"},
	} {
		if in[0] == operation && (in[1] == pointer || in[1] == "/data/token" && within(pointer, in[1])) {
			return []string{"*"}
		}
	}
	return map[string][]string{
		"submitClaim /data/claim_id": {"*"}, "startEligibilityCheck /data/eligibility_id": {"*"},
		"login /data/token/token": {"*"}, "refreshToken /data/token/token": {"*"}, "login /data/id": {"*"},
		"listCards /data/*/card_front/fullpath": {"getFile", ""}, "saveCard /data/card_front/fullpath": {"getFile", ""},
		"getMe /data/id": {"updateMe", "getUser"},
	}[operation+" "+pointer]
}

// fieldMutants damage each field of each successful reply. Where operations share the schema of a field, the first has every
// damage and the others have two of them.
func fieldMutants() []Mutant {
	var all []Mutant
	shared := map[*openapi3.Schema]bool{}
	for _, o := range embedded.Spec().Operations {
		for _, f := range o.Fields(http.StatusOK) {
			path := starred(f.Path)
			pointer := "/" + strings.Join(path, "/")
			possible := damages(f.Schemas)
			if shared[f.Schemas[0]] {
				at := int(hash(o.ID + pointer))
				possible = []damage{possible[at%len(possible)], possible[(at+1)%len(possible)]}
			}
			if shownNever.MatchString(parent(pointer)) || shownNever.MatchString(parent(parent(pointer))) {
				continue
			}
			for _, d := range possible {
				meets := pointer
				if d.name == "type" {
					meets = parent(pointer)
				} else if shownNever.MatchString(pointer) {
					continue
				}
				all = append(all, Mutant{
					Name:     o.ID + pointer + "/" + d.name,
					Sentence: fmt.Sprintf("In a reply of %s, %s %s.", o.ID, pointer, d.sentence),
					Place:    Place{Operation: o.ID, Pointer: pointer, Kinds: d.kinds, Follow: follow(o.ID, pointer)},
					Evidence: evidenceOf(o.Grade, f.Schemas...), meets: o.ID + " " + meets,
					reply: onBody(http.StatusOK, path, d.apply),
				})
			}
		}
		for _, f := range o.Fields(http.StatusOK) {
			shared[f.Schemas[0]] = true
		}
	}
	return all
}

// listMutants change the items of each list in a successful reply.
func listMutants() []Mutant {
	var all []Mutant
	ways := []struct {
		name, sentence string
		apply          func(list []any) []any
	}{
		{"emptied", "has no items", func([]any) []any { return []any{} }},
		{"last-lost", "lacks its last item", func(l []any) []any { return l[:len(l)-1] }},
		{"reversed", "is in another order", func(l []any) []any { slices.Reverse(l); return l }},
		{"doubled", "has its first item twice", func(l []any) []any { return append(l, l[0]) }},
	}
	for _, o := range embedded.Spec().Operations {
		for _, f := range o.Fields(http.StatusOK) {
			if shownNever.MatchString("/"+strings.Join(f.Path, "/")) || !slices.Contains(f.Schemas[0].Type.Slice(), "array") {
				continue
			}
			path := starred(f.Path)
			for _, w := range ways {
				all = append(all, Mutant{
					Name:     o.ID + "/" + strings.Join(path, "/") + "/" + w.name,
					Sentence: fmt.Sprintf("In a reply of %s, the list /%s %s.", o.ID, strings.Join(path, "/"), w.sentence),
					Place:    Place{Operation: o.ID, Pointer: "/" + strings.Join(path, "/"), Kinds: either},
					Evidence: evidenceOf(o.Grade, f.Schemas...), meets: o.ID + " /" + strings.Join(path, "/"),
					reply: onBody(http.StatusOK, path, change(func(v any) any {
						if list, is := v.([]any); is && len(list) > 0 {
							return w.apply(list)
						}
						return v
					})),
				})
			}
		}
	}
	return all
}

func setHeader(name, value string) func(r *reply) {
	return func(r *reply) {
		r.header[name] = nil // otherwise the server makes up a content type
		if value != "" {
			r.header.Set(name, value)
		}
	}
}

// wholeMutants damage each successful reply as a whole.
func wholeMutants() []Mutant {
	const contentType = "Content-Type"
	ways := []struct {
		name, sentence, pointer string
		kinds                   []result.Kind
		apply                   func(r *reply)
	}{
		{"html", "says that it is HTML", contentType, []result.Kind{result.MediaType, result.Header}, setHeader(contentType, "text/html")},
		{"no-type", "has no Content-Type", contentType, []result.Kind{result.MediaType, result.Header}, setHeader(contentType, "")},
		{"charset", "says that its charset is Latin-1", contentType, []result.Kind{result.MediaType, result.Header}, setHeader(contentType, "application/json; charset=iso-8859-1")},
		{"notice", "begins with a notice of PHP", "", []result.Kind{result.MediaType}, func(r *reply) { r.body = append([]byte("<br />\n<b>Notice</b>\n"), r.body...) }},
		{"truncated", "ends in the middle", "", []result.Kind{result.MediaType}, func(r *reply) { r.body = r.body[:len(r.body)/2] }},
		{"empty", "has no body", "", []result.Kind{result.MediaType, result.Missing}, func(r *reply) { r.body = nil }},
		{"undeclared", "has an undeclared field", "/added", []result.Kind{result.Undeclared}, func(r *reply) {
			r.body = edited(r.body, []string{"added"}, func(in map[string]any, name string) { in[name] = true })
		}},
		{"unwrapped", "lacks the wrapper data", "/data", append([]result.Kind{result.Undeclared, result.Type, result.MediaType}, gone...), func(r *reply) {
			var v map[string]any
			if decode(r.body, &v) {
				r.body = encode(v["data"])
			}
		}},
		{"listed", "comes in a list", "", []result.Kind{result.Type, result.MediaType, result.Missing}, func(r *reply) { r.body = append(append([]byte("["), r.body...), ']') }},
	}
	var all []Mutant
	for _, o := range embedded.Spec().Operations {
		for _, w := range ways {
			if o.ID == "getFile" && w.name != "html" && w.name != "no-type" {
				continue
			}
			all = append(all, Mutant{
				Name: o.ID + "/" + w.name, Sentence: fmt.Sprintf("A successful reply of %s %s.", o.ID, w.sentence),
				Place:    Place{Operation: o.ID, Pointer: w.pointer, Kinds: w.kinds},
				Evidence: requirement.Evidence(o.Grade), meets: o.ID + " 200",
				reply: after(http.StatusOK, func(_ *memory, _ call, r *reply) { w.apply(r) }),
			})
		}
	}
	return all
}
