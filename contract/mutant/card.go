package mutant

import (
	"net/http"
	"strings"
)

// cardMutants get insurance cards wrong: they save or return wrong cards, or wrong images of cards.
func cardMutants() []Mutant {
	all := []Mutant{
		{Name: "importCards/what was stored is not shown", Caught: by("CARD-002 CARD-003 CARD-006"), Operation: "importCards", reply: success("importCards", set("[]"), "data")},
		{Name: "importCards/only the first is stored", Caught: by("CARD-002"), Operation: "importCards", reply: detour("importCards", anything, only)},
		{Name: "importCards/what is not sent stays", Caught: by("CARD-003"), Operation: "importCards", Pointer: "/data/0/group_number", reply: groupStays},
		{Name: "importCards/half of what is refused is stored", Caught: by("CARD-016"), Operation: "importCards", reply: halfStored},
		{Name: "importCards/two of a type are taken", Caught: by("CARD-011 CARD-012"), Operation: "importCards", reply: madeUp("importCards", http.StatusBadRequest, many(`"card_type":"primary"`, 2))},
		{Name: "importCards/three are taken", Caught: by("CARD-012"), Operation: "importCards", reply: madeUp("importCards", http.StatusBadRequest, many(`"card_type"`, 3))},
		{Name: "getUser/a response outlives its number", Caught: by("CARD-018"), Operation: "getUser", reply: outlives("subscriber_number")},
		{Name: "getUser/a response outlives the responsible party", Caught: by("CARD-022"), Operation: "getUser", reply: outlives("responsible_party")},
		{Name: "getUser/a response outlives the birth date", Caught: by("CARD-022"), Operation: "getUser", reply: outlives("dob=")},
		{Name: "saveCard/nothing is stored", Caught: by("CARD-008 CARD-015 CARD-018 CARD-021"), Operation: "saveCard", reply: instead("saveCard")},
		{Name: "saveCard/a third type is taken", Caught: by("CARD-020"), Operation: "saveCard", reply: madeUp("saveCard", http.StatusBadRequest, under("/tertiary"))},
		{Name: "deleteCard/nothing is deleted", Caught: by("CARD-009"), Operation: "deleteCard", reply: detour("deleteCard", anything, func(c call) call { return c.get("/users/-/insurances") })},
		{Name: "deleteCard/both are deleted", Caught: by("CARD-009"), Operation: "deleteCard", reply: bothDeleted},
		{Name: "deleteCard/none is deleted", Caught: by("CARD-019"), Operation: "deleteCard", reply: madeUp("deleteCard", http.StatusNotFound, anything)},
		{Name: "getFile/another image", Caught: by("CARD-021"), Operation: "getFile", reply: changing("getFile", http.StatusOK, func(r *reply) { r.body = []byte("GIF89a") })},
		{Name: "getFile/another type", Caught: by("CARD-021"), Operation: "getFile", reply: changing("getFile", http.StatusOK, header("Content-Type", "image/png"))},
		{Name: "getFile/no image", Breaks: []string{"the content type must be image/gif or image/jpeg or image/png or image/webp"}, Caught: by("CARD-021"), Operation: "getFile", reply: changing("getFile", http.StatusOK, header("Content-Type", "text/html"))},
		{Name: "getFile/shown to another patient", Caught: by("CARD-021"), Operation: "getFile", reply: imageForAll},
	}
	for _, m := range []struct {
		operation, path, name, caught string
		edit                          edit
	}{
		{"importCards", "data/0/consent", "consent is not kept", "CARD-002 CARD-006", set("false")},
		{"importCards", "data/0/subscriber_number", "another number", "CARD-002 CARD-005 CARD-006", set(`"999"`)},
		{"importCards", "data/0/responsible_party", "another responsible party", "CARD-002 CARD-006", set(`"other"`)},
		{"listCards", "data", "none is shown", "CARD-002 CARD-006 CARD-008 CARD-009 CARD-010 CARD-013", set("[]")},
		{"listCards", "data", "one that nobody has stored", "CARD-001 CARD-016", put(func(list string) string {
			return strings.Replace(list, "[]", `[{"card_type":"secondary","consent":false}]`, 1)
		})},
		{"listCards", "data/0/insurer_code", "another insurer", "CARD-002 CARD-006 CARD-013", set(`"car7414"`)},
		{"listCards", "data/0/eligibility", "nothing of a check", "CARD-010", drop},
		{"listCards", "data/0/eligibility", "active without a check", "CARD-002 CARD-006 CARD-018 CARD-022", give(`{"status":"active"}`)},
		{"listCards", "data/0/eligibility/status", "the other status", "CARD-010", put(func(status string) string {
			return map[string]string{`"active"`: `"inactive"`, `"inactive"`: `"active"`}[status]
		})},
		{"getMe", "data/insurance/primary/carrier_code", "another carrier", "CARD-014 USER-003", set(`"car7414"`)},
		{"getMe", "data/insurance/patient/guarantor_name", "no guarantor", "CARD-014", drop},
		{"saveCard", "data/card_type", "the other card", "CARD-008", put(func(kind string) string {
			return map[string]string{`"primary"`: `"secondary"`, `"secondary"`: `"primary"`}[kind]
		})},
		{"saveCard", "data/subscriber_number", "what is not sent is lost", "CARD-015", drop},
		{"saveCard", "data/card_front/fullpath", "an image is elsewhere", "CARD-021", set(`"http://127.0.0.1:1/card.gif"`)},
	} {
		all = append(all, Mutant{
			Name: m.operation + "/" + m.name, Operation: m.operation, Caught: by(m.caught), Pointer: "/" + m.path,
			reply: success(m.operation, m.edit, strings.Split(m.path, "/")...),
		})
	}
	return all
}

// many matches a body with at least a number of occurrences of a text.
func many(text string, times int) func(call) bool {
	return func(c call) bool { return strings.Count(string(c.body), text) >= times }
}

// only returns a call whose body keeps the first of its cards, and no other.
func only(c call) call {
	c.body, _ = put(func(list string) string { return "[" + firstOf(list) + "]" })(c.body, "insurances")
	return c
}

// halfStored stores the first card of an import, even if the import as a whole is refused.
func halfStored(*memory) lie {
	return func(c call, on asks) (reply, error) {
		if c.operation() == "importCards" && many(`"card_type"`, 2)(c) {
			if r, err := on(only(c)); err != nil {
				return r, err
			}
		}
		return on(c)
	}
}

// groupStays shows the first group number of a user's first card when a later import has none.
func groupStays(m *memory) lie {
	return func(c call, on asks) (reply, error) {
		r, err := on(c)
		if err != nil || c.operation() != "importCards" || r.status != http.StatusOK {
			return r, err
		}
		key := "group of " + c.header.Get(tokenHeader)
		if said := r.text("data", "0", "group_number"); said != "" {
			m.first(key, said)
		} else if group := m.text(key); group != "" {
			r.body, _ = give(`"`+group+`"`)(r.body, "data", "0", "group_number")
		}
		return r, nil
	}
}

// outlives repeats an earlier response for a user after a change of the patient or the card. A body that contains
// change, after a response was shown, is such a change.
func outlives(change string) func(*memory) lie {
	return func(m *memory) lie {
		return func(c call, on asks) (reply, error) {
			r, err := on(c)
			if err != nil || r.status != http.StatusOK {
				return r, err
			}
			token := c.header.Get(tokenHeader)
			shown, changed := "shown to "+token, "changed by "+token
			if op := c.operation(); op == "saveCard" || op == "updateMe" {
				if m.text(shown) != "" && strings.Contains(string(c.body), change) {
					m.first(changed, "yes")
				}
				return r, nil
			}
			if c.operation() != "getUser" {
				return r, nil
			}
			if _, ok := find(r.body, "data", "user_data"); ok {
				m.first(shown, "a response")
			} else if m.text(changed) != "" {
				r.body, _ = give(`{"primary":{"eligibility_response":"Success"}}`)(r.body, "data", "user_data")
			}
			return r, nil
		}
	}
}

// bothDeleted deletes the other card too.
func bothDeleted(*memory) lie {
	return func(c call, on asks) (reply, error) {
		r, err := on(c)
		if err == nil && c.operation() == "deleteCard" && r.status == http.StatusOK {
			c.path = strings.NewReplacer("/primary", "/secondary", "/secondary", "/primary").Replace(c.path)
			return on(c)
		}
		return r, err
	}
}

// imageForAll shows each image, once any caller has seen it, to every caller.
func imageForAll(m *memory) lie {
	return func(c call, on asks) (reply, error) {
		r, err := on(c)
		switch key := "image at " + c.path; {
		case err != nil || c.operation() != "getFile":
		case r.status == http.StatusOK:
			m.first(key, string(r.body))
		case r.status == http.StatusForbidden && m.text(key) != "":
			return reply{http.StatusOK, http.Header{"Content-Type": {"image/gif"}}, []byte(m.text(key))}, nil
		}
		return r, err
	}
}
