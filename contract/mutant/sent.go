package mutant

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

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
	requirement.Evidence
}

// requestFields are the fields of the requests of an operation, from the ledger of openapi.yaml.
func requestFields(o apispec.Operation) []requestField {
	var all []requestField
	for _, known := range embedded.Spec().Ledger() {
		if known.Kind != "operation" || known.Name != o.ID {
			continue
		}
		for _, f := range known.Fields {
			if f.Part != "request" {
				continue
			}
			pointer := "/data/" + strings.ReplaceAll(strings.TrimPrefix(strings.ReplaceAll(f.Name, "[]", ""), "insurances."), ".", "/")
			if o.ID == "importCards" {
				pointer = strings.Replace(pointer, "/data/", "/data/*/", 1)
			}
			switch f.Name {
			case "type":
				pointer = "/data/token/user_type"
			case "disable_emails", "room_code", "password", "email_token", "refresh_token":
				pointer = ""
			}
			last := f.Name[strings.LastIndexByte(f.Name, '.')+1:]
			choice := slices.Contains([]string{
				"type", "gender", "guarantor_gender", "dob", "guarantor_dob", "respparty", "responsible_party", "card_type", "consent", "extra",
				"disable_emails", "room_code", "eligibility", "card_front", "card_back", "timezone", "carrier_code", "insurer_code", "member_id", "refresh_token",
			}, last) || o.ID == "submitClaim" || o.ID == "login"
			needed := slices.Contains([]string{
				"first_name", "last_name", "code", "type", "card_type", "refresh_token", "member_id", "insurer_code", "subscriber_number", "username", "password",
			}, last) && o.ID != "updateMe" || strings.HasSuffix(last, "]") || o.ID == "submitClaim" || o.ID == "login"
			grade := requirement.Evidence(f.Grade)
			if o.Grade == string(requirement.Ours) {
				grade = requirement.Ours
			}
			all = append(all, requestField{strings.ReplaceAll(f.Name, "[]", ""), pointer, !choice, needed, grade})
		}
	}
	return all
}

// choices are the values of the sent fields with a choice.
func choices(name string) []any {
	switch name[strings.LastIndexByte(name, '.')+1:] {
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
		if slices.ContainsFunc(fields, func(f requestField) bool { return f.free }) {
			all = append(all, distorted(o, fields)...)
		}
		for _, f := range fields {
			for _, w := range ways(o.ID, f) {
				all = append(all, Mutant{
					Name:     fmt.Sprintf("%s/sent/%s/%s", o.ID, f.name, w.name),
					Sentence: fmt.Sprintf("The field %s of %s is %s.", f.name, o.ID, w.sentence),
					Place:    Place{Operation: o.ID, Pointer: f.pointer, Kinds: sent, Follow: w.follow},
					Evidence: f.Evidence, meets: o.ID + " " + w.meets, reply: w.lie,
				})
			}
		}
	}
	return all
}

// distorted are the mutants that distort all texts of a request.
func distorted(o apispec.Operation, fields []requestField) []Mutant {
	var all []Mutant
	for _, d := range distortions() {
		all = append(all, Mutant{
			Name: o.ID + "/sent/texts/" + d.name, Sentence: fmt.Sprintf("The texts of a request of %s are stored %s.", o.ID, d.sentence),
			Place:    Place{Operation: o.ID, Pointer: "/data", Kinds: sent, Follow: []string{results, "eligibility.checked"}},
			Evidence: requirement.Evidence(o.Grade), meets: o.ID + " 200", reply: before(o.ID, func(_ *memory, c call) call {
				return c.edit(func(name, _ string, v any) (any, bool) {
					if text, is := v.(string); is && slices.ContainsFunc(fields, func(f requestField) bool { return f.free && f.name == name && name != "code" }) {
						return d.apply(text), true
					}
					return v, true
				})
			}),
		})
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

// perField is how many distortions each field has on its own. All fields together have each of them.
const perField = 2

// hidden are the fields that no reply shows. A server may refuse them, or take them.
var hidden = regexp.MustCompile(`^(disable_emails|room_code|insurance\.card_.*)$`)

// ways are the wrong treatments of a field.
func ways(operation string, f requestField) []way {
	value := func(g func(m *memory, text string) string) lie {
		return before(operation, func(m *memory, c call) call {
			return c.edit(func(name, _ string, v any) (any, bool) {
				if text, is := v.(string); is && name == f.name && text != "" {
					return g(m, text), true
				}
				return v, true
			})
		})
	}
	all := []way{
		{"refused", "refused", refusing(http.StatusBadRequest, func(c call) bool { _, has := c.has(f.name); return c.operation == operation && has }), f.name, nil},
		{"altered", "stored with another value", before(operation, func(_ *memory, c call) call {
			return c.edit(func(name, _ string, v any) (any, bool) {
				if name == f.name && v != nil && v != "" {
					return otherChoice(f.name, v), true
				}
				return v, true
			})
		}), f.name, nil},
	}
	if hidden.MatchString(f.name) {
		return all[:1]
	}
	if !f.needed {
		all = append(all, way{"lost", "lost", before(operation, func(_ *memory, c call) call {
			return c.edit(func(name, _ string, v any) (any, bool) {
				return v, name != f.name && !strings.HasPrefix(name, f.name+".")
			})
		}), f.name, nil})
	}
	if f.free {
		at := int(hash(operation + f.name))
		for i := range distortions() {
			d := distortions()[(at+i)%len(distortions())]
			if i < perField || f.name == "email" || f.name == "code" {
				all = append(all, way{d.name, "stored " + d.sentence, value(func(_ *memory, text string) string { return d.apply(text) }), f.name, nil})
			}
		}
		all = append(all, way{"of-another-user", "stored with the value of another user", value(func(m *memory, text string) string {
			if former := m.swapText(f.name, text); former != "" {
				return former
			}
			return text
		}), f.name, nil})
	}
	if strings.Contains(f.name, ".primary.") {
		all = append(all, way{"on-the-other-card", "stored on the other card", before(operation, func(_ *memory, c call) call { return swapped(c, f.name) }), f.name, nil})
	}
	if operation == "updateMe" && f.free {
		all = append(all, way{"cleared", "cleared by an update without it", before(operation, func(_ *memory, c call) call { return cleared(c, f.name) }), "200", nil})
	}
	for i := range all {
		all[i].follow = []string{results, "eligibility.checked"} // an insurer knows a member by the card and the person
		if f.name == "code" || f.name == "email" && operation == "signOn" {
			all[i].follow = []string{"*"} // it is another user
		}
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
