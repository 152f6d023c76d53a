package mutant

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/signature"
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
		own, err := signature.Of(secret, before.header, before.body)
		now, err2 := signature.Of(secret, c.header, c.body)
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
				if pointer == "/version" || pointer == "/clinic_code" {
					continue // of the other envelopes
				}
				add(pointer[1:]+"/"+d.name, pointer+" "+d.sentence, pointer, evidenceOf(e.Grade, f.Schemas...), append(slices.Clone(d.kinds), result.EventMissing, result.EventExtra),
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

func deliveries() []delivery {
	request := []result.Kind{result.EventRequest, result.Header, result.Value, result.Missing, result.MediaType}
	took := reply{status: http.StatusOK}
	with := func(name, value string) lie {
		return func(_ *memory, c call, ask func(call) reply) reply { return ask(c.with(name, value)) }
	}
	again := func(change func(c call) call) lie {
		return func(_ *memory, c call, ask func(call) reply) reply {
			if r := ask(c); r.status != http.StatusOK {
				return r
			}
			return ask(signed(c, change(c)))
		}
	}
	extra := []result.Kind{result.EventExtra, result.Value}
	missing := []result.Kind{result.EventMissing, result.Late}
	return []delivery{
		{"put", "comes by PUT", "method", false, request, telling(func(_ *memory, c call) call { c.method = http.MethodPut; return c })},
		{"text", "says that it is plain text", "Content-Type", false, request, with("Content-Type", "text/plain")},
		{"no-type", "has no Content-Type", "Content-Type", false, request, with("Content-Type", "")},
		{"form", "says that it is a form", "Content-Type", false, request, with("Content-Type", "application/x-www-form-urlencoded")},
		{"list", "comes in a list", "", false, append(slices.Clone(either), result.MediaType, result.EventMissing), telling(func(_ *memory, c call) call {
			c.body = append(append([]byte("["), c.body...), ']')
			return c
		})},
		{"undeclared", "has an undeclared field", "/added", false, []result.Kind{result.Undeclared}, telling(func(_ *memory, c call) call {
			c.body = edited(c.body, []string{"added"}, func(in map[string]any, name string) { in[name] = true })
			return c
		})},
		{"never", "never comes", "", false, missing, func(*memory, call, func(call) reply) reply { return took }},
		{"twice", "comes twice", "", false, extra, again(func(c call) call { return c })},
		{"twice-new-id", "comes twice, with two ids", "", false, extra, again(func(c call) call {
			c.body = edited(c.body, []string{"id"}, change(func(v any) any { return another(nil, v) }))
			return c.with(idHeader, textAt(c.body, "id"))
		})},
		{"second-never", "does not come after the first one about a user", "", false, missing, func(m *memory, c call, ask func(call) reply) reply {
			if m.count(textAt(c.body, "data", "member_id")) > 1 {
				return took
			}
			return ask(c)
		}},
		{"late", "comes an hour late", "", false, missing, func(m *memory, c call, ask func(call) reply) reply {
			if m.count(textAt(c.body, "id")) <= 4 { // the sender tries again, later and later
				return reply{status: http.StatusServiceUnavailable}
			}
			return ask(c)
		}},
		{"another-user", "is about another user", "/data/member_id", false, append(slices.Clone(wrong), result.EventMissing, result.EventExtra), telling(func(m *memory, c call) call {
			own := textAt(c.body, "data", "member_id")
			other := m.swapText("member", own)
			if other == "" || other == own {
				other = rotated(own, 0)
			}
			c.body = edited(c.body, []string{"data", "member_id"}, change(func(any) any { return other }))
			return c
		})},
		{"unsigned", "has no signature", "webhook-signature", true, request, with(signatureHeader, "")},
		{"forged", "has a wrong signature", "webhook-signature", true, request, with(signatureHeader, "v1,"+base64.StdEncoding.EncodeToString(make([]byte, sha256.Size)))},
		{"no-id", "has no webhook-id", "webhook-id", true, append(slices.Clone(request), result.Format), with(idHeader, "")},
		{"no-timestamp", "has no webhook-timestamp", "webhook-timestamp", true, request, with(timestampHeader, "")},
		{"no-retry", "does not come again when it was refused", "", true, append(slices.Clone(missing), result.Value), func(_ *memory, c call, ask func(call) reply) reply {
			ask(c)
			return took
		}},
	}
}
