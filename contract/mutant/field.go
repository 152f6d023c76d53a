package mutant

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/contract/result"
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
	var kinds []string
	for _, s := range schemas {
		kinds = append(kinds, s.Type.Slice()...)
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
	if len(kinds) > 0 {
		kind = kinds[0]
	}
	typed := retyped
	if len(kinds) == 0 || slices.Contains(kinds, "string") && slices.Contains(kinds, "integer") { // several are right
		typed = func(value any) any { return []any{value} }
	}
	all := []damage{
		{"missing", "is missing", gone, remove},
		{"null", "is null", either, change(func(any) any { return nil })},
		{"type", "is of another type", wrong, func(in map[string]any, name string) {
			if _, is := in[name]; !is {
				in[name] = untyped[kind]
			}
			change(typed)(in, name)
		}},
		{"renamed", "has another name", append([]result.Kind{result.Undeclared}, either...), rename},
	}
	if kind != "object" && kind != "array" && len(members) != 1 {
		other := change(func(v any) any {
			if v == nil {
				return untyped[kind]
			}
			return another(members, v)
		})
		all = append(all, damage{"value", "has another value", wrong, other})
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
var untyped = map[string]any{
	"string": "7", "integer": json.Number("7"), "boolean": true, "array": []any{}, "object": map[string]any{},
}

// shownNever are the fields that no mock shows, by operation: only another type of theirs can be made. A new visit was
// not entered and has no note, an e-consult has no provider and no call, and getRoom alone shows the rest of a room.
var shownNever = regexp.MustCompile(`^(` +
	`\S+ /data/(preference|signup_step|rooms|insurance/secondary/carrier_name_others)|` +
	`add\S+ /data/(related_walkin|related_walkin_id|postvisit/draft)|` +
	`add(Visit|EConsult) /data/related_appointment_id|add(Visit|WalkIn) /data/invoice_id|` +
	`addVisit /data/(invoice|expiry)|addEConsult /data/(provider|meeting|hosts/\*)|` +
	`getCurrentVisit /data/(related_walkin|related_walkin_id)|listVisits /data/\*/intake|` +
	`createRoom /data/(description|logo_url|specialties|payment/paymentCurrency)|` +
	`(create|get)Room /data/payment/consultations/\*/(currency|visible_to_patient)` +
	`)$`)

// nullAlways are the fields that every mock shows without a value, by operation, and the lists without an item.
var nullAlways = regexp.MustCompile(`/(specialty_id|guest_emails|guest_mobiles|more_provider_ids|reminder_time|` +
	`reminder_type|class_id|participants|group_chat_id|photo|remark|notify_list|pending_actions|prescriptions)$|` +
	`^add\S+ /data/(actual_start|actual_end|completed_by)$|^add(Visit|WalkIn) /data/state$|` +
	`^(getCurrentVisit|updateVisit|visit\.(created|updated)) /data/(actual_end|completed_by)$|` +
	`^visit\.created /data/actual_start$|^addEConsult /data/(hosts|host_ids)$|^createRoom /data/provider_ids$`)

// oneItem are the last names of lists with one item at most.
var oneItem = strings.Fields("clinics remarks hosts host_ids consultations specialties")

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

// extensions are those of schemas.
func extensions(schemas []*openapi3.Schema) (all []map[string]any) {
	for _, s := range schemas {
		all = append(all, s.Extensions)
	}
	return all
}

// follow are the operations that take a field of a reply for their requests.
func follow(operation, pointer string) []string {
	switch {
	case within(pointer, "/data/token") && operation == "signOn", pointer == "/data/id" && operation != "getUser",
		pointer == "/data/code" && operation == "signOn", pointer == "/data/claim_id", pointer == "/data/eligibility_id",
		pointer == "/data/token/token", pointer == "/data" && !strings.HasPrefix(operation, "get"):
		return []string{"*"}
	case strings.HasSuffix(pointer, "/fullpath"):
		return []string{"getFile", ""}
	}
	return nil
}

// fieldMutants damage each field of each successful reply. Where operations share the schema of a field, the first has
// every damage and the others have two of them.
func fieldMutants() []Mutant {
	var all []Mutant
	shared := map[*openapi3.Schema]bool{}
	for _, o := range embedded.Spec().Operations {
		for _, f := range o.Fields(http.StatusOK) {
			path := starred(f.Path)
			pointer := "/" + strings.Join(path, "/")
			possible := damages(f.Schemas)
			if shared[f.Schemas[0]] {
				n := int(hash(o.ID + pointer))
				possible = []damage{possible[n%len(possible)], possible[(n+1)%len(possible)]}
			}
			at := o.ID + " " + pointer
			if shownNever.MatchString(parent(at)) || shownNever.MatchString(parent(parent(at))) {
				continue
			}
			for _, d := range possible {
				meets := pointer
				if d.name == "type" {
					meets = parent(pointer)
				} else if shownNever.MatchString(at) || d.name == "null" && nullAlways.MatchString(at) {
					continue
				}
				sentence := fmt.Sprintf("In a reply of %s, %s %s.", o.ID, pointer, d.sentence)
				place := Place{Pointer: pointer, Kinds: d.kinds, Follow: follow(o.ID, pointer)}
				m := of(o, pointer[1:]+"/"+d.name, sentence, place, meets, onBody(http.StatusOK, path, d.apply))
				all = append(all, m.graded(gradeOf(extensions(f.Schemas)...)))
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
			path := starred(f.Path)
			at := o.ID + " /" + strings.Join(path, "/")
			if shownNever.MatchString(at) || shownNever.MatchString(parent(at)) || nullAlways.MatchString(at) ||
				!slices.Contains(f.Schemas[0].Type.Slice(), "array") {
				continue
			}
			for _, w := range ways {
				if w.name == "reversed" && slices.Contains(oneItem, f.Path[len(f.Path)-1]) {
					continue
				}
				edit := change(func(v any) any {
					if list, is := v.([]any); is && len(list) > 0 {
						return w.apply(list)
					}
					return v
				})
				pointer := "/" + strings.Join(path, "/")
				sentence := fmt.Sprintf("In a reply of %s, the list %s %s.", o.ID, pointer, w.sentence)
				place := Place{Pointer: pointer, Kinds: either}
				m := of(o, pointer[1:]+"/"+w.name, sentence, place, pointer, onBody(http.StatusOK, path, edit))
				all = append(all, m.graded(gradeOf(extensions(f.Schemas)...)))
			}
		}
	}
	return all
}

// typed returns a change of the Content-Type of a reply; "" for none.
func typed(value string) func(r *reply) {
	return func(r *reply) {
		r.header["Content-Type"] = nil // otherwise the server makes one up
		if value != "" {
			r.header.Set("Content-Type", value)
		}
	}
}

// wholeMutants damage each successful reply as a whole.
func wholeMutants() []Mutant {
	const contentType = "Content-Type"
	media := []result.Kind{result.MediaType, result.Header}
	noJSON := []result.Kind{result.MediaType, result.Missing, result.Type}
	wrap := func(before, after string) func(r *reply) {
		return func(r *reply) { r.body = slices.Concat([]byte(before), r.body, []byte(after)) }
	}
	ways := []struct {
		name, sentence, pointer string
		kinds                   []result.Kind
		apply                   func(r *reply)
	}{
		{"html", "says that it is HTML", contentType, media, typed("text/html")},
		{"no-type", "has no Content-Type", contentType, media, typed("")},
		{"charset", "says that its charset is Latin-1", contentType, media, typed("application/json; charset=iso-8859-1")},
		{"notice", "begins with a notice of PHP", "", noJSON, wrap("<br />\n<b>Notice</b>\n", "")},
		{"listed", "comes in a list", "", noJSON, wrap("[", "]")},
		{"truncated", "ends in the middle", "", noJSON, func(r *reply) { r.body = r.body[:len(r.body)/2] }},
		{"empty", "has no body", "", noJSON, func(r *reply) { r.body = nil }},
		{"undeclared", "has an undeclared field", "/added", []result.Kind{result.Undeclared}, func(r *reply) {
			r.body = added(r.body)
		}},
	}
	var all []Mutant
	for _, o := range embedded.Spec().Operations {
		for _, w := range ways {
			if o.ID != "getFile" || w.pointer == contentType && w.name != "charset" {
				tell := after(http.StatusOK, func(_ *memory, _ call, r *reply) { w.apply(r) })
				all = append(all, of(o, w.name, fmt.Sprintf("A successful reply of %s %s.", o.ID, w.sentence),
					Place{Pointer: w.pointer, Kinds: w.kinds}, "200", tell))
			}
		}
	}
	return all
}

// added returns a JSON object with an undeclared member.
func added(body []byte) []byte {
	return edited(body, []string{"added"}, func(in map[string]any, name string) { in[name] = true })
}
