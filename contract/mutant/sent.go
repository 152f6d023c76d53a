package mutant

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// before returns a lie that changes the requests of an operation.
func before(operation string, f func(m *memory, c call) call) lie {
	return func(m *memory, c call, ask func(call) reply) reply {
		if c.operation == operation {
			c = f(m, c)
		}
		return ask(c)
	}
}

// refusing returns a lie that refuses the matching requests.
func refusing(status int, fits func(c call) bool) lie {
	return func(_ *memory, c call, ask func(call) reply) reply {
		if !fits(c) {
			return ask(c)
		}
		return reply{
			status: status, header: http.Header{"Content-Type": {"application/json"}},
			body: encode(map[string]any{"code": status, "message": "no"}),
		}
	}
}

// requestField is a documented field of a request.
type requestField struct {
	name, pointer string // the pointer is that of the reply
	free, needed  bool   // any text; no request is taken without it
	text          bool   // any characters, and so no id and no number
	requirement.Evidence
}

// is reports whether a name is that of the field, or of one inside it: extra has fields of any name.
func (f requestField) is(name string) bool {
	return name == f.name || strings.HasPrefix(name, f.name+".")
}

// meets is the traffic with the field, a word of traffic.
func (f requestField) meets() string {
	if f.name == "extra" {
		return "200"
	}
	return f.name
}

// chosen are the last parts of the names of fields with a choice; those of noReply are in no reply.
var (
	chosen = strings.Fields(`type gender guarantor_gender dob guarantor_dob respparty responsible_party card_type consent
		extra disable_emails room_code eligibility card_front card_back timezone carrier_code insurer_code member_id
		refresh_token category file`)
	noReply = strings.Fields("disable_emails room_code password email_token refresh_token card_front card_back file")
	needed  = strings.Fields("first_name last_name code type card_type member_id insurer_code subscriber_number " +
		"username name file")
)

// ledger is the evidence of openapi.yaml.
var ledger = sync.OnceValue(func() []apispec.Known { return embedded.Spec().EvidenceTable() })

// requestFields are the fields of the requests of an operation, from the ledger of openapi.yaml.
func requestFields(o apispec.Operation) []requestField {
	var all []requestField
	whole := o.ID == "submitClaim" || o.ID == "login" || o.ID == "refreshToken" // it takes no request without a field
	for _, known := range ledger() {
		for _, f := range known.Fields {
			if known.Kind != "operation" || known.Name != o.ID || f.Part != "request" {
				continue
			}
			name := strings.ReplaceAll(f.Name, "[]", "")
			last := lastPart(name)
			pointer := "/data/" + strings.ReplaceAll(strings.Replace(name, "insurances.", "*.", 1), ".", "/")
			switch {
			case last == "type":
				pointer = "/data/token/user_type"
			case slices.Contains(noReply, last), o.ID == "searchAvailability":
				pointer = ""
			case strings.HasPrefix(name, "slot_"):
				pointer = "/data/" + last[len("slot_"):]
			}
			if pointer != "" && gradeShown(o, pointer) == "" {
				pointer = cmp.Or(shownAs(o, last), pointer)
			}
			free := !whole && !slices.Contains(chosen, last)
			all = append(all, requestField{
				name, pointer, free, whole || slices.Contains(needed, last) && o.ID != "updateMe",
				free && isPlain(o, name), requirement.Evidence(f.Grade),
			})
		}
	}
	return all
}

// isPlain reports whether openapi.yaml has a field as a text of any characters: no id, no number and no choice.
func isPlain(o apispec.Operation, name string) bool {
	if name == "id" || strings.HasSuffix(name, "_id") || hidden.MatchString(o.ID+" "+name) {
		return false
	}
	for _, content := range o.Declared.RequestBody.Value.Content {
		p := content.Schema.Value.Properties[name]
		if p == nil {
			continue
		}
		if form, err := regexp.Compile(p.Value.Pattern); !p.Value.Type.Is("string") || len(p.Value.Enum) > 0 ||
			err == nil && !form.MatchString(" two  words ") {
			return false
		}
	}
	return true
}

func lastPart(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// choices are the values of the sent fields with a choice.
func choices(name string) []any {
	switch lastPart(name) {
	case "gender", "guarantor_gender":
		return []any{"1", "2"}
	case "respparty", "responsible_party":
		return []any{"self", "child", "spouse", "other"}
	case "type":
		return []any{"200", "400"}
	case "timezone":
		return []any{"Asia/Bangkok", "Europe/Paris"}
	case "consent":
		return []any{"true", "false"}
	}
	return nil
}

// otherChoice returns another value of a field for the same JSON type.
func otherChoice(name string, value any) any {
	switch value := value.(type) {
	case bool:
		return !value
	case json.Number:
		if len(choices(name)) == 2 {
			return json.Number(map[bool]string{true: "2", false: "1"}[value == "1"])
		}
	case string:
		if value == "male" || value == "female" {
			return map[bool]string{true: "female", false: "male"}[value == "male"]
		}
		return another(choices(name), value)
	}
	return another(nil, value)
}

// sentMutants treat a field of a request wrongly.
func sentMutants() []Mutant {
	var all []Mutant
	for _, o := range embedded.Spec().Operations {
		fields := requestFields(o)
		if slices.ContainsFunc(fields, func(f requestField) bool { return f.text && f.name != "code" }) {
			all = append(all, distorted(o, fields)...)
		}
		for _, f := range fields {
			for _, w := range ways(o.ID, f) {
				sentence := fmt.Sprintf("The field %s of %s is %s.", f.name, o.ID, w.sentence)
				place := Place{Pointer: f.pointer, Kinds: sent, Follow: w.follow}
				sent := of(o, "sent/"+f.name+"/"+w.name, sentence, place, w.meets, w.lie)
				all = append(all, sent.graded(f.Evidence).graded(gradeShown(o, f.pointer)))
			}
		}
	}
	return all
}

// gradeShown is the grade of a field in the successful replies of an operation, "" for none.
func gradeShown(o apispec.Operation, pointer string) requirement.Evidence {
	for _, f := range o.Fields(http.StatusOK) {
		if "/"+strings.Join(starred(f.Path), "/") == pointer {
			return gradeOf(extensions(f.Schemas)...)
		}
	}
	return ""
}

// shownAs is the pointer of the one field of a name in the successful replies of an operation, "" for none or several.
func shownAs(o apispec.Operation, name string) (pointer string) {
	for _, f := range o.Fields(http.StatusOK) {
		if f.Path[len(f.Path)-1] == name {
			if pointer != "" {
				return ""
			}
			pointer = "/" + strings.Join(starred(f.Path), "/")
		}
	}
	return pointer
}

// distorted are the mutants that distort all texts of a request, except codes.
func distorted(o apispec.Operation, fields []requestField) []Mutant {
	isText := func(name string) bool {
		return name != "code" && slices.ContainsFunc(fields, func(f requestField) bool { return f.text && f.name == name })
	}
	var all []Mutant
	for _, d := range distortions() {
		if d.name == "cut" {
			continue // nothing documents how long another text may be
		}
		tell := before(o.ID, func(_ *memory, c call) call {
			return c.edit(func(name, _ string, v any) (any, bool) {
				if text, is := v.(string); is && isText(name) {
					return d.apply(text), true
				}
				return v, true
			})
		})
		sentence := fmt.Sprintf("The texts of a request of %s are stored %s.", o.ID, d.sentence)
		place := Place{Pointer: "/data", Kinds: sent, Follow: []string{results, "eligibility.checked"}}
		all = append(all, of(o, "sent/texts/"+d.name, sentence, place, "200", tell))
	}
	return all
}

// way is a wrong treatment of a field of a request.
type way struct {
	name, sentence string
	lie            lie
	meets          string // the field that must be sent, or the status
	follow         []string
}

// follow are the operations with consequences of another value.
func (f requestField) follow(operation string) []string {
	byCard := []string{results, "eligibility.checked"} // an insurer knows a member by the card and the person
	switch {
	case f.name == "code", f.name == "email" && operation == "signOn":
		return []string{"*"} // it is another user
	case f.name == "type":
		return append(byCard, "searchUsers")
	}
	return byCard
}

// hidden are the fields that no reply shows, and those that a server takes and leaves. A server may refuse them.
var hidden = regexp.MustCompile(` (disable_emails|room_code|insurance\.card_.*|(insurances\.)?eligibility)$|` +
	`^searchAvailability location$|^closeVisit (completed_by|provider_id)$`)

// ways are the wrong treatments of a field.
func ways(operation string, f requestField) []way {
	follow := f.follow(operation)
	var all []way
	add := func(name, sentence string, tell lie) { all = append(all, way{name, sentence, tell, f.meets(), follow}) }
	value := func(g func(m *memory, v any) (any, bool)) lie {
		return before(operation, func(m *memory, c call) call {
			return c.edit(func(name, _ string, v any) (any, bool) {
				if f.is(name) && v != nil && v != "" {
					return g(m, v)
				}
				return v, true
			})
		})
	}
	text := func(g func(text string) string) lie {
		return value(func(_ *memory, v any) (any, bool) {
			if text, is := v.(string); is {
				return g(text), true
			}
			return v, true
		})
	}
	has := func(c call) bool { return slices.ContainsFunc(c.fields(), f.is) }
	add("refused", "refused", refusing(http.StatusBadRequest, has))
	if hidden.MatchString(operation + " " + f.name) {
		return all
	}
	add("altered", "stored with another value",
		value(func(_ *memory, v any) (any, bool) { return otherChoice(f.name, v), true }))
	if !f.needed {
		add("lost", "lost", value(func(*memory, any) (any, bool) { return nil, false }))
	}
	if f.free {
		for _, d := range distortions() {
			if blank := d.name == "trimmed" && !f.text; !blank && slices.Contains(strings.Fields(d.of), lastPart(f.name)) {
				add(d.name, "stored "+d.sentence, text(d.apply))
			}
		}
		add("of-another-user", "stored with the value of another user", value(func(m *memory, v any) (any, bool) {
			own := fmt.Sprint(v)
			if former := m.swapText(f.name, own); former != "" && former != own {
				return former, true
			}
			return another(nil, own), true
		}))
	}
	if strings.Contains(f.name, ".primary.") {
		add("on-the-other-card", "stored on the other card",
			before(operation, func(_ *memory, c call) call { return swapped(c, f.name) }))
	}
	if operation == "updateMe" && f.free {
		add("cleared", "cleared by an update without it",
			before(operation, func(_ *memory, c call) call { return cleared(c, f.name) }))
		all[len(all)-1].meets = "200"
	}
	return all
}

// swapped exchanges a field of the primary card with the same one of the secondary card.
func swapped(c call, name string) call {
	other := strings.Replace(name, ".primary.", ".secondary.", 1)
	one, hasOne := c.has(name)
	two, hasTwo := c.has(other)
	c = c.edit(func(n, _ string, v any) (any, bool) { return v, n != name && n != other })
	if hasOne {
		c = c.add(other, one)
	}
	if hasTwo {
		c = c.add(name, two)
	}
	return c
}

// cleared adds a field without a value, unless the request has it.
func cleared(c call, name string) call {
	if slices.Contains(c.fields(), name) {
		return c
	}
	return c.add(name, "")
}
