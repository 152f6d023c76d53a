package mutant

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

const (
	idHeader        = "Webhook-Id"
	timestampHeader = "Webhook-Timestamp"
	signatureHeader = "Webhook-Signature"
)

// telling is a lie that changes an event and signs it again: nothing but the change is wrong.
func telling(change func(m *memory, c call) call) lie {
	return func(m *memory, c call, ask func(call) reply) reply { return ask(signed(c, change(m, c))) }
}

// signed returns an event with valid signatures, where they were valid before its change.
func signed(before, c call) call {
	was := strings.Fields(before.header.Get(signatureHeader))
	for _, secret := range c.secrets {
		own, err := engine.Sign(secret, before.header, before.body)
		now, err2 := engine.Sign(secret, c.header, c.body)
		if at := slices.Index(was, own); err == nil && err2 == nil && at >= 0 {
			was[at] = now
		}
	}
	return c.with(signatureHeader, strings.Join(was, " "))
}

// eventFields are the fields of the payloads of an event, in all envelopes.
func eventFields(e apispec.Event) []apispec.Field {
	var fields []apispec.Field
	for _, envelope := range e.Envelopes {
		for _, f := range apispec.FieldsOf(envelope.Schema) {
			if !slices.ContainsFunc(fields, func(g apispec.Field) bool { return slices.Equal(f.Path, g.Path) }) {
				fields = append(fields, f)
			}
		}
	}
	return fields
}

// eventMutants send wrong events.
func eventMutants() []Mutant {
	var all []Mutant
	for _, e := range embedded.Spec().Events {
		add := func(name, sentence, pointer string, grade requirement.Evidence, kinds []result.Kind, tell lie) {
			all = append(all, Mutant{
				Name: e.Type + "/" + name, Sentence: fmt.Sprintf("An event %s %s.", e.Type, sentence),
				Place:    Place{Operation: e.Type, Pointer: pointer, Kinds: kinds},
				Evidence: grade, meets: e.Type, event: tell,
			})
			if e.Type != "eligibility.checked" {
				all[len(all)-1].Follow = []string{"eligibility.checked"} // for an event without a type
			}
		}
		for _, f := range eventFields(e) {
			path := starred(f.Path)
			pointer := "/" + strings.Join(path, "/")
			for _, d := range damages(f.Schemas) {
				if pointer == "/version" || pointer == "/clinic_code" { // of the other envelopes
					continue
				}
				if d.name == "null" && nullAlways.MatchString(e.Type+" "+pointer) {
					continue
				}
				grade := cmp.Or(gradeOf(extensions(f.Schemas)...), requirement.Evidence(e.Grade))
				kinds := append(slices.Clone(d.kinds), result.EventMissing, result.EventExtra)
				add(pointer[1:]+"/"+d.name, pointer+" "+d.sentence, pointer, grade, kinds,
					telling(func(_ *memory, c call) call { c.body = edited(c.body, path, d.apply); return c }))
			}
		}
		for _, w := range deliveries() {
			grade := requirement.Evidence(e.Grade)
			if w.ours {
				grade = requirement.Ours
			}
			add(w.name, w.sentence, w.pointer, grade, w.kinds, w.lie)
		}
	}
	return all
}

// delivery is a wrong way to send an event.
type delivery struct {
	name, sentence, pointer string
	ours                    bool
	kinds                   []result.Kind
	lie                     lie
}

// changed returns an event with a member of its data, or of itself, changed.
func changed(f func(m *memory, v any) any, path ...string) lie {
	return telling(func(m *memory, c call) call {
		c.body = edited(c.body, path, change(func(v any) any { return f(m, v) }))
		return c
	})
}

// again sends an accepted event a second time.
func again(change func(c call) call) lie {
	return func(_ *memory, c call, ask func(call) reply) reply {
		if r := ask(c); r.status != http.StatusOK {
			return r
		}
		return ask(signed(c, change(c)))
	}
}

// unless answers an event in place of the receiver, when there is an answer.
func unless(answer func(m *memory, c call) int) lie {
	return func(m *memory, c call, ask func(call) reply) reply {
		if status := answer(m, c); status != 0 {
			return reply{status: status}
		}
		return ask(c)
	}
}

// once sends an event, and takes a refusal for an acceptance.
func once(_ *memory, c call, ask func(call) reply) reply {
	ask(c)
	return reply{status: http.StatusOK}
}

func deliveries() []delivery {
	request := []result.Kind{
		result.EventRequest, result.Header, result.Value, result.Missing, result.MediaType, result.Format,
	}
	extra := []result.Kind{result.EventExtra, result.Value}
	missing := []result.Kind{result.EventMissing, result.Late, result.Value}
	whole := append(slices.Clone(either), result.MediaType, result.EventMissing, result.EventExtra)
	with := func(name, value string) lie {
		return func(_ *memory, c call, ask func(call) reply) reply { return ask(c.with(name, value)) }
	}
	body := func(f func(body []byte) []byte) lie {
		return telling(func(_ *memory, c call) call { c.body = f(c.body); return c })
	}
	return []delivery{
		{"put", "comes by PUT", "method", false, request, telling(func(_ *memory, c call) call {
			c.method = http.MethodPut
			return c
		})},
		{"text", "says that it is plain text", "Content-Type", false, request, with("Content-Type", "text/plain")},
		{"no-type", "has no Content-Type", "Content-Type", false, request, with("Content-Type", "")},
		{"list", "comes in a list", "", false, whole, body(func(b []byte) []byte {
			return slices.Concat([]byte("["), b, []byte("]"))
		})},
		{"undeclared", "has an undeclared field", "/added", false, []result.Kind{result.Undeclared}, body(added)},
		{"never", "never comes", "", false, missing, unless(func(*memory, call) int { return http.StatusOK })},
		{"twice", "comes twice", "", false, extra, again(func(c call) call { return c })},
		{"twice-new-id", "comes twice, with two ids", "", false, extra, again(func(c call) call {
			c.body = edited(c.body, []string{"id"}, change(func(v any) any { return another(nil, v) }))
			return c.with(idHeader, textAt(c.body, "id"))
		})},
		{"second-never", "does not come again about a user", "", false, missing, unless(func(m *memory, c call) int {
			return map[bool]int{true: http.StatusOK}[m.count(textAt(c.body, "data", "member_id")) > 1]
		})},
		{"late", "comes an hour late", "", false, missing, unless(func(m *memory, c call) int {
			// the sender tries again, later and later
			return map[bool]int{true: http.StatusServiceUnavailable}[m.count(textAt(c.body, "id")) <= 4]
		})},
		{"another-user", "is about another user", "/data/member_id", false, whole, changed(func(m *memory, v any) any {
			own := fmt.Sprint(v)
			if other := m.swapText("member", own); other != "" && other != own {
				return other
			}
			return rotated(own, 0)
		}, "data", "member_id")},
		{"unsigned", "has no signature", "webhook-signature", true, request, with(signatureHeader, "")},
		{"forged", "has a wrong signature", "webhook-signature", true, request,
			with(signatureHeader, "v1,"+strings.Repeat("A", 43)+"=")},
		{"no-id", "has no webhook-id", "", true, request, with(idHeader, "")},
		{"no-timestamp", "has no webhook-timestamp", "", true, request, with(timestampHeader, "")},
		{"no-retry", "does not come again when it was refused", "", true, missing, once},
	}
}
