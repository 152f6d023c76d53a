package mutant

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// reads are the operations that read the data of one user, and the paths for it.
func reads() map[string]string {
	return map[string]string{"getMe": "/me", "getUser": "/users/-", "listCards": "/users/-/insurances"}
}

// ownerMutants show data of another user, or former data.
func ownerMutants() []Mutant {
	var all []Mutant
	grade := func(operation string) requirement.Evidence {
		o, _ := embedded.Spec().Operation(operation)
		return requirement.Evidence(o.Grade)
	}
	add := func(operation, name, sentence, pointer string, kinds []result.Kind, tell lie) {
		all = append(all, Mutant{
			Name: operation + "/" + name, Sentence: sentence, Place: Place{Operation: operation, Pointer: pointer, Kinds: kinds},
			Evidence: grade(operation), meets: operation + " 200", wide: true, reply: tell,
		})
	}
	for _, operation := range []string{"signOn", "getMe", "updateMe", "getUser", "listCards", "saveCard", "importCards", "deleteCard", "searchUsers", "listClaims", "getClaim"} {
		add(operation, "another-user", operation+" shows another user's data.", "/data", either, foreign(operation, 1))
		add(operation, "another-user-later", operation+" shows another user's data from the second reading on.", "/data", either, foreign(operation, 2))
	}
	for operation := range reads() {
		add(operation, "stale", operation+" shows the former data once after a write.", "/data", either, stale(operation, false, nil))
		add(operation, "delayed", operation+" shows a write after the next one.", "/data", either, stale(operation, true, nil))
		if operation == "listCards" {
			continue
		}
		update, _ := embedded.Spec().Operation("updateMe")
		for _, f := range requestFields(update) {
			if f.pointer != "" {
				add(operation, strings.TrimPrefix(f.pointer, "/")+"/stale", fmt.Sprintf("%s shows the former %s once after a write.", operation, f.pointer),
					f.pointer, either, stale(operation, false, strings.Split(f.pointer[1:], "/")))
			}
		}
	}
	slices.SortFunc(all, func(a, b Mutant) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// foreign gives the reply to another user in place of the right one, from the nth reading of a user on.
func foreign(operation string, n int) lie {
	return func(m *memory, c call, ask func(call) reply) reply {
		r := ask(c)
		if c.operation != operation || !r.ok() {
			return r
		}
		id := cmp.Or(m.userOf(c), textAt(r.body, "data", "code"))
		shown := m.credentials("shown")
		if !slices.Contains(shown, id) {
			m.learn("shown", id)
			m.keep("shown "+id, r.body)
		}
		if m.count("readings of "+id) < n {
			return r
		}
		o, _ := embedded.Spec().Operation(operation)
		r.body = o.Examples(http.StatusOK)[0]
		for _, other := range shown {
			if other != id {
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
		if !isRead && !slices.Contains(writes, c.operation) || c.header.Get(tokenHeader) == "" {
			return ask(c)
		}
		id := m.userOf(c)
		if id == "" {
			return ask(c)
		}
		if !isRead {
			read := strings.Replace(reads()[operation], "-", id, 1)
			if former := ask(c.get(read)); former.ok() {
				m.keep("former of "+id, former.body)
			}
			return ask(c)
		}
		r := ask(c)
		former := m.kept("former of " + id)
		if former == nil || !r.ok() {
			return r
		}
		if !always {
			m.keep("former of "+id, nil)
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
	shows := []string{"getUser", "getMe", "updateMe", "signOn", "login", "refreshToken", "eligibility.checked", "listCards", "importCards", "saveCard"}
	var all []Mutant
	add := func(name, text, other string) {
		from, to := encode(text), encode(other)
		swap := func(body []byte) []byte {
			return []byte(strings.ReplaceAll(string(body), `"eligibility_response":`+string(from), `"eligibility_response":`+string(to)))
		}
		all = append(all, Mutant{
			Name: "text/" + name, Sentence: fmt.Sprintf("The answer %q reads %q.", text, other),
			Place:    Place{Operation: "getUser", Pointer: "/data/user_data", Kinds: []result.Kind{result.Text, result.Value, result.Enum}, Same: shows},
			Evidence: requirement.Documented, meets: "eligibility.checked",
			reply: after(http.StatusOK, func(_ *memory, _ call, r *reply) { r.body = swap(r.body) }),
			event: telling(func(_ *memory, c call) call { c.body = swap(c.body); return c }),
		})
	}
	for _, r := range scenarios.Reasons() {
		other := r.Text + "."
		if r.Text != strings.ToLower(r.Text) && len(r.Text)%2 == 0 {
			other = strings.ToLower(r.Text)
		}
		add("reject-"+r.Code, r.Text, other)
	}
	add("success", "Success", "Eligible")
	return all
}

// otherMutants are those that no table gives.
func otherMutants() []Mutant {
	var all []Mutant
	add := func(operation, name, sentence, pointer, meets string, kinds []result.Kind, tell lie, same ...string) {
		o, _ := embedded.Spec().Operation(operation)
		all = append(all, Mutant{
			Name: operation + "/" + name, Sentence: sentence, Place: Place{Operation: operation, Pointer: pointer, Kinds: kinds, Same: same},
			Evidence: requirement.Evidence(o.Grade), meets: meets, wide: true, reply: tell,
		})
	}
	cards := []string{"saveCard", "importCards", "listCards", "deleteCard", "getUser", "getMe"}
	card := func(c call) string { return c.segments()[len(c.segments())-1] }
	loses := func(operation string, write func(c call) string) lie { // a write deletes the other card
		return func(m *memory, c call, ask func(call) reply) reply {
			r := ask(c)
			if c.operation == operation && r.ok() {
				if other := map[string]string{"primary": "secondary", "secondary": "primary"}[write(c)]; other != "" {
					gone := c.get("/users/" + m.userOf(c) + "/insurances/" + other)
					gone.method = http.MethodDelete
					ask(gone)
				}
			}
			return r
		}
	}
	add("saveCard", "loses-the-other", "Saving a card deletes the other card.", "", "saveCard 200", either, loses("saveCard", card), cards...)
	add("importCards", "loses-the-other", "Importing one card deletes the other card.", "", "importCards 200", either, loses("importCards", func(c call) string {
		if slices.Contains(c.fields(), "insurances.card_type") && strings.Count(string(c.body), "card_type") == 1 {
			text, _ := c.has("insurances.card_type")
			return text
		}
		return ""
	}), cards...)
	add("deleteCard", "loses-the-other", "Deleting a card deletes the other card.", "", "deleteCard 200", either, loses("deleteCard", card), cards...)
	add("deleteCard", "keeps-it", "A deleted card is still there.", "", "deleteCard 200", either, func(_ *memory, c call, ask func(call) reply) reply {
		if c.operation == "deleteCard" && slices.Contains([]string{"primary", "secondary"}, card(c)) {
			s := c.segments()
			return ask(c.get("/" + strings.Join(s[:len(s)-1], "/")))
		}
		return ask(c)
	}, "listCards")
	add("deleteCard", "other-card", "Deleting a card deletes the other one.", "", "deleteCard 200", either, before("deleteCard", func(_ *memory, c call) call {
		c.path = strings.NewReplacer("/primary", "/secondary", "/secondary", "/primary").Replace(c.path)
		return c
	}), append(cards, "")...)
	add("saveCard", "other-card", "A card is saved as the other one.", "", "saveCard 200", sent, before("saveCard", func(_ *memory, c call) call {
		c.path = strings.NewReplacer("/primary", "/secondary", "/secondary", "/primary").Replace(c.path)
		return c
	}), cards...)
	for operation, meets := range map[string]string{"startEligibilityCheck": "eligibility.checked", "submitClaim": "submitClaim 200"} {
		add(operation, "twice", operation+" is done twice.", "", meets, []result.Kind{result.EventExtra, result.Value, result.Status, result.LostWrite, result.Owner}, func(_ *memory, c call, ask func(call) reply) reply {
			if r := ask(c); c.operation != operation || !r.ok() {
				return r
			}
			return ask(c)
		}, "eligibility.checked", "claim.updated", "listClaims")
	}
	add("signOn", "always-new", "A second sign-on with a code makes another user.", "", "signOn 200", sent, before("signOn", func(m *memory, c call) call {
		code, has := c.has("code")
		if n := m.count(c.header.Get(accountHeader) + code); has && n > 1 {
			return c.edit(func(name, _ string, v any) (any, bool) {
				if name == "code" {
					return fmt.Sprintf("%v-%d", v, n), true
				}
				return v, true
			})
		}
		return c
	}))
	all[len(all)-1].Follow = []string{"*"}
	add("signOn", "ends-tokens", "A sign-on ends the user's former tokens.", "", "signOn 200", statuses, endsTokens, "getMe", "getUser", "updateMe")
	add("getUser", "no-admin", "getUser refuses the admin.", "", "getUser 200", statuses, func(m *memory, c call, ask func(call) reply) reply {
		r := ask(c)
		if c.operation == "getUser" && r.ok() && m.userOf(c.get("/me")) != textAt(r.body, "data", "id") {
			o, _ := embedded.Spec().Operation("getUser")
			r.header = r.header.Clone()
			turn(o, &r, http.StatusForbidden)
		}
		return r
	})
	add("getUser", "data/full_name/last-first", "The full name has the last name first.", "/data/full_name", "getUser 200", wrong, after(http.StatusOK, func(_ *memory, c call, r *reply) {
		if c.operation == "getUser" {
			r.body = edited(r.body, []string{"data", "full_name"}, change(func(any) any {
				return textAt(r.body, "data", "last_name") + " " + textAt(r.body, "data", "first_name")
			}))
		}
	}))
	add("searchUsers", "total_count/of-page", "total_count is that of the page.", "/total_count", "searchUsers 200", wrong, after(http.StatusOK, func(_ *memory, c call, r *reply) {
		var page struct{ Data []any }
		if c.operation == "searchUsers" && decode(r.body, &page) {
			r.body = edited(r.body, []string{"total_count"}, change(func(any) any { return len(page.Data) }))
		}
	}))
	add("getUser", "result-late", "A result is on the card a minute late.", "/data/user_data", "eligibility.checked", either, resultLate)
	for _, operation := range []string{"signOn", "login", "refreshToken"} {
		add(operation, "data/token/expiry/milliseconds", "The expiry of a token is in milliseconds.", "/data/token/expiry", operation+" 200", wrong, after(http.StatusOK, func(_ *memory, c call, r *reply) {
			if c.operation == operation {
				r.body = edited(r.body, []string{"data", "token", "expiry"}, change(func(v any) any { return fmt.Sprint(v) + "000" }))
				r.body = edited(r.body, []string{"data", "token", "expiry"}, change(func(v any) any {
					n, err := strconv.ParseInt(fmt.Sprint(v), 10, 64)
					if err != nil {
						return v
					}
					return n
				}))
			}
		}))
	}
	return all
}

// endsTokens refuses the former tokens of a user.
func endsTokens(m *memory, c call, ask func(call) reply) reply {
	if m.kept("ended "+c.header.Get(tokenHeader)) != nil {
		c = c.with(tokenHeader, strings.Repeat("0", 32))
	}
	r := ask(c)
	if c.operation == "signOn" && r.ok() {
		if former := m.swapText("token of "+textAt(r.body, "data", "id"), textAt(r.body, "data", "token", "token")); former != "" {
			m.keep("ended "+former, []byte{1})
		}
	}
	return r
}

// resultLate hides the first readings of a result.
func resultLate(m *memory, c call, ask func(call) reply) reply {
	r := ask(c)
	if c.operation != "getUser" || !r.ok() {
		return r
	}
	for _, card := range []string{"primary", "secondary"} {
		r.body = edited(r.body, []string{"data", "user_data", card, "eligibility_response"}, func(in map[string]any, name string) {
			if _, is := in[name]; is && m.count(textAt(r.body, "data", "id")+card) <= 30 {
				delete(in, name)
			}
		})
	}
	return r
}
