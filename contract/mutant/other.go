package mutant

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// reads are the operations that read the data of one user, and the paths for it.
func reads() map[string]string {
	return map[string]string{"getMe": "/me", "getUser": "/users/-", "listCards": "/users/-/insurances"}
}

// ownerMutants show data of another user, or former data.
func ownerMutants() []Mutant {
	var all []Mutant
	add := func(id, name, sentence, pointer string, tell lie) {
		m := of(operation(id), name, id+" shows "+sentence+".", Place{Pointer: pointer, Kinds: either}, "200", tell)
		m.wide = true
		all = append(all, m)
	}
	const shows = "signOn getMe updateMe getUser listCards saveCard importCards deleteCard searchUsers listClaims getClaim"
	for _, id := range strings.Fields(shows) {
		add(id, "another-user", "another user's data", "/data", foreign(id, 1))
		add(id, "another-user-later", "another user's data from the second reading on", "/data", foreign(id, 2))
	}
	for _, id := range slices.Sorted(maps.Keys(reads())) {
		add(id, "stale", "the former data once after a write", "/data", stale(id, false, nil))
		add(id, "delayed", "a write only after the next one", "/data", stale(id, true, nil))
		for _, f := range requestFields(operation("updateMe")) {
			if f.pointer != "" && id != "listCards" {
				add(id, f.pointer[1:]+"/stale", "the former "+f.pointer+" once after a write", f.pointer,
					stale(id, false, strings.Split(f.pointer[1:], "/")))
				all[len(all)-1] = all[len(all)-1].graded(gradeShown(operation(id), f.pointer))
			}
		}
	}
	return all
}

// foreign gives the reply to another user in place of the right one, from the nth reading of a user on.
func foreign(id string, n int) lie {
	return func(m *memory, c call, ask func(call) reply) reply {
		r := ask(c)
		if c.operation != id || !r.ok() {
			return r
		}
		user := cmp.Or(m.ofUser(c), textAt(r.body, "data", "code"))
		shown := m.credentials("shown")
		if !slices.Contains(shown, user) {
			m.learn("shown", user)
			m.keep("shown "+user, r.body)
		}
		if m.count("readings of "+user) < n {
			return r
		}
		r.body = operation(id).Examples(http.StatusOK)[0]
		for _, other := range shown {
			if other != user {
				r.body = m.kept("shown " + other)
			}
		}
		return r
	}
}

// stale shows the data from before a user's last write: once, or until the next write. path limits it to one field.
func stale(operation string, always bool, path []string) lie {
	writes := []string{"updateMe", "signOn", "saveCard", "importCards", "deleteCard"}
	return func(m *memory, c call, ask func(call) reply) reply {
		isRead := c.operation == operation
		if !isRead && !slices.Contains(writes, c.operation) || c.header.Get(engine.TokenHeader) == "" {
			return ask(c)
		}
		id, user := m.userOf(c), m.ofUser(c)
		if id == "" {
			return ask(c)
		}
		if !isRead {
			read := strings.Replace(reads()[operation], "-", id, 1)
			if former := ask(c.get(read)); former.ok() {
				m.keep("former of "+user, former.body)
			}
			return ask(c)
		}
		r := ask(c)
		former := m.kept("former of " + user)
		if former == nil || !r.ok() {
			return r
		}
		if !always {
			m.keep("former of "+user, nil)
		}
		if path == nil {
			r.body = former
			return r
		}
		var value any
		is := false
		edited(former, path, func(in map[string]any, name string) { value, is = in[name] })
		r.body = edited(r.body, path, func(in map[string]any, name string) {
			if in[name] = value; !is {
				delete(in, name)
			}
		})
		return r
	}
}

// textMutants word one of the documented texts of eligibility_response otherwise.
func textMutants() []Mutant {
	shows := strings.Fields("getMe updateMe signOn login refreshToken eligibility.checked listCards importCards saveCard")
	var all []Mutant
	add := func(name, text, other string) {
		swap := func(body []byte) []byte {
			at := []byte(`"eligibility_response":`)
			return bytes.ReplaceAll(body, append(at, encode(text)...), append(at, encode(other)...))
		}
		m := of(operation("getUser"), "text/"+name, fmt.Sprintf("The answer %q reads %q.", text, other),
			Place{Pointer: "/data/user_data", Kinds: []result.Kind{result.Text, result.Value, result.Enum}, Same: shows}, "",
			after(http.StatusOK, func(_ *memory, _ call, r *reply) { r.body = swap(r.body) }))
		m.meets = "eligibility.checked"
		m.event = telling(func(_ *memory, c call) call { c.body = swap(c.body); return c })
		all = append(all, m)
	}
	for _, r := range scenarios.Reasons() {
		other := r.Text + "."
		if len(r.Text)%2 == 0 && r.Text != strings.ToLower(r.Text) {
			other = strings.ToLower(r.Text)
		}
		add("reject-"+r.Code, r.Text, other)
	}
	add("success", "Success", "Eligible")
	return all
}

// where adds mutants that no table gives: they may look at the requests of all operations.
func where(all *[]Mutant) func(id, name, sentence, pointer, meets string, kinds []result.Kind, same string, tell lie) {
	return func(id, name, sentence, pointer, meets string, kinds []result.Kind, same string, tell lie) {
		m := of(operation(id), name, sentence, Place{Pointer: pointer, Kinds: kinds, Same: strings.Fields(same)}, "", tell)
		m.meets, m.wide = meets, true
		*all = append(*all, m)
	}
}

// writeMutants write more than they must, or less.
func writeMutants() []Mutant {
	var all []Mutant
	add := where(&all)
	const cards = "saveCard importCards listCards deleteCard getUser getMe"
	last := func(c call) string { return c.segments()[len(c.segments())-1] }
	imported := func(c call) string {
		text, _ := c.has("insurances.card_type")
		return map[bool]string{true: text}[bytes.Count(c.body, []byte("card_type")) == 1]
	}
	otherPath := func(_ *memory, c call) call {
		c.path = strings.NewReplacer("/primary", "/secondary", "/secondary", "/primary").Replace(c.path)
		return c
	}
	write := func(id, name, sentence, same string, tell lie) {
		add(id, name, sentence, "", id+" 200", sent, same, tell)
	}
	write("saveCard", "loses-the-other", "Saving a card deletes the other card.", cards, losing("saveCard", last))
	write("importCards", "loses-the-other", "Importing a card deletes the other.", cards, losing("importCards", imported))
	write("deleteCard", "loses-the-other", "Deleting a card deletes the other card.", cards, losing("deleteCard", last))
	write("deleteCard", "other-card", "Deleting a card deletes the other one.", cards, before("deleteCard", otherPath))
	write("saveCard", "other-card", "A card is saved as the other one.", cards, before("saveCard", otherPath))
	keep := func(_ *memory, c call) call {
		if kind := last(c); kind == "primary" || kind == "secondary" {
			return c.get("/" + strings.Join(c.segments()[:3], "/"))
		}
		return c
	}
	write("deleteCard", "keeps-it", "A deleted card is still there.", "listCards", before("deleteCard", keep))
	twice := []result.Kind{result.EventExtra, result.Value, result.Status, result.LostWrite, result.Owner}
	for _, id := range []string{"startEligibilityCheck", "submitClaim"} {
		same := "eligibility.checked claim.updated listClaims"
		again := func(_ *memory, c call, ask func(call) reply) reply {
			if r := ask(c); c.operation != id || !r.ok() {
				return r
			}
			return ask(c)
		}
		add(id, "twice", id+" is done twice.", "", id+" 200", twice, same, again)
	}
	newCode := func(m *memory, c call) call {
		code, has := c.has("code")
		if n := m.count(c.header.Get(engine.AccountHeader) + code); has && n > 1 {
			return c.edit(func(name, _ string, v any) (any, bool) {
				return map[bool]any{true: fmt.Sprintf("%v-%d", v, n), false: v}[name == "code"], true
			})
		}
		return c
	}
	write("signOn", "always-new", "A second sign-on with a code makes another user.", "", before("signOn", newCode))
	all[len(all)-1].Follow = []string{"*"}
	add("signOn", "ends-tokens", "A sign-on ends the user's former tokens.", "", "signOn 200", statuses,
		"getMe getUser updateMe", endsTokens)
	return all
}

// losing returns a lie: a write of one card deletes the other one. card is the kind of the written card, "" for both.
func losing(id string, card func(c call) string) lie {
	return func(m *memory, c call, ask func(call) reply) reply {
		r := ask(c)
		other := map[string]string{"primary": "secondary", "secondary": "primary"}[card(c)]
		if c.operation == id && r.ok() && other != "" {
			gone := c.get("/users/" + m.userOf(c) + "/insurances/" + other)
			gone.method = http.MethodDelete
			ask(gone)
		}
		return r
	}
}

// otherMutants are those of replies that no table gives.
func otherMutants() []Mutant {
	var all []Mutant
	add := where(&all)
	onReply := func(id string, f func(m *memory, c call, r *reply)) lie {
		return after(http.StatusOK, func(m *memory, c call, r *reply) {
			if c.operation == id {
				f(m, c, r)
			}
		})
	}
	value := func(id string, f func(r *reply, v any) any, path ...string) lie {
		return onReply(id, func(_ *memory, _ call, r *reply) {
			r.body = edited(r.body, path, change(func(v any) any { return f(r, v) }))
		})
	}
	noAdmin := onReply("getUser", func(m *memory, c call, r *reply) {
		if m.userOf(c.get("/me")) != textAt(r.body, "data", "id") {
			turn(operation("getUser"), r, http.StatusForbidden)
		}
	})
	add("getUser", "no-admin", "getUser refuses the admin.", "", "getUser 200", statuses, "", noAdmin)
	add("getUser", "data/full_name/last-first", "The full name has the last name first.", "/data/full_name",
		"getUser 200", wrong, "", value("getUser", func(r *reply, _ any) any {
			return textAt(r.body, "data", "last_name") + " " + textAt(r.body, "data", "first_name")
		}, "data", "full_name"))
	add("searchUsers", "total_count/of-page", "total_count is that of the page.", "/total_count", "searchUsers 200", wrong,
		"", value("searchUsers", func(r *reply, _ any) any {
			var page struct{ Data []any }
			decode(r.body, &page)
			return len(page.Data)
		}, "total_count"))
	for _, id := range []string{"signOn", "login", "refreshToken"} {
		add(id, "data/token/expiry/milliseconds", "The expiry of a token is in milliseconds.", "/data/token/expiry",
			id+" 200", wrong, "", value(id, func(_ *reply, v any) any {
				return json.Number(fmt.Sprint(v) + "000")
			}, "data", "token", "expiry"))
	}
	add("getUser", "result-late", "A result is on the card after thirty readings.", "/data/user_data",
		"eligibility.checked", either, "", onReply("getUser", func(m *memory, _ call, r *reply) {
			id := textAt(r.body, "data", "id")
			for _, card := range []string{"primary", "secondary"} {
				path := []string{"data", "user_data", card, "eligibility_response"}
				r.body = edited(r.body, path, func(in map[string]any, name string) {
					if _, is := in[name]; is && m.count(id+card) <= 30 {
						delete(in, name)
					}
				})
			}
		}))
	return all
}

// endsTokens refuses the former tokens of a user.
func endsTokens(m *memory, c call, ask func(call) reply) reply {
	if m.kept("ended "+c.header.Get(engine.TokenHeader)) != nil {
		c = c.with(engine.TokenHeader, strings.Repeat("0", 32))
	}
	r := ask(c)
	if c.operation == "signOn" && r.ok() {
		token := textAt(r.body, "data", "token", "token")
		if former := m.swapText("token of "+textAt(r.body, "data", "id"), token); former != "" {
			m.keep("ended "+former, []byte{1})
		}
	}
	return r
}
