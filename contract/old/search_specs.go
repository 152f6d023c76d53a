//go:build ignore

package contract

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// directorySpecs cover the users of a clinic, and the ways for them to log in.
func directorySpecs(t *target) {
	t.in("Users", func() { searchSpecs(t) })
	t.in("New user", func() { createdSpecs(t) })
	t.in("Login", func() { loginSpecs(t) })
	t.in("Account", func() { accountSpecs(t) })
}

// search sends a search for users as the clinic's admin.
func (w *world) search(query url.Values) response {
	GinkgoHelper()
	r := w.send(http.MethodGet, "/users?"+query.Encode(), payload{}, byToken(w.clinic.AdminToken))
	Expect(r.Status).To(Equal(ok), "the status of the search")
	return r
}

// column returns the values under a name in each row of a list.
func (r response) column(name string) []any {
	rows, _ := r.at("data").([]any)
	values := []any{}
	for _, row := range rows {
		object, _ := row.(map[string]any)
		values = append(values, object[name])
	}
	return values
}

// keys returns the names in each row of a list.
func (r response) keys() [][]string {
	rows, _ := r.at("data").([]any)
	var all [][]string
	for _, row := range rows {
		object, _ := row.(map[string]any)
		var names []string
		for name := range object {
			names = append(names, name)
		}
		all = append(all, names)
	}
	return all
}

// reachable returns the form of a user with an e-mail address, and the address.
func reachable(mark, firstName string) (form, string) {
	email := mark + "-" + strings.ToLower(firstName) + "@example.com"
	return append(form{{"first_name", firstName}}, somebody()[1:]...).and("email", email), email
}

func searchSpecs(t *target) {
	// two signs two users on. Their e-mail addresses begin with the returned mark.
	two := func(w *world) (mark string, first, second user) {
		GinkgoHelper()
		mark = unique()
		b, _ := reachable(mark, "Contract-b")
		a, _ := reachable(mark, "Contract-a")
		return mark, w.signOn(b), w.signOn(a)
	}
	t.require(required{
		id: "FIND-001", title: "are found by e-mail address, with email, id and full_name",
		level: must, operation: "searchUsers", effect: mutating, evidence: documented,
	}, func(w *world) {
		f, email := reachable(unique(), "Contract")
		u := w.signOn(f)
		r := w.search(url.Values{"email": {email}})
		Expect(r.column("id")).To(Equal([]any{u.id}), "the ids that are found")
		Expect(r.column("email")).To(Equal([]any{email}), "the e-mail addresses that are found")
		Expect(r.keys()).To(HaveExactElements(ConsistOf("email", "id", "full_name")), "the fields of a row")
		Expect(r.at("total_count")).To(BeEquivalentTo(1), "how many are found")
	})
	t.require(required{
		id: "FIND-002", title: "are found by q, which may be a part of the e-mail address",
		level: must, operation: "searchUsers", effect: mutating, evidence: documented,
	}, func(w *world) {
		mark, first, second := two(w)
		Expect(w.search(url.Values{"q": {mark}}).column("id")).To(ConsistOf(first.id, second.id), "the ids that are found")
	})
	t.require(required{
		id: "FIND-003", title: "are all counted who are found, on whichever page",
		level: must, operation: "searchUsers", effect: mutating, evidence: documented,
	}, func(w *world) {
		mark, first, second := two(w)
		var seen []any
		for _, start := range []string{"0", "1"} {
			r := w.search(url.Values{"q": {mark}, "limit": {"1"}, "start": {start}})
			Expect(r.at("total_count")).To(BeEquivalentTo(2), "how many are found on every page")
			seen = append(seen, r.column("id")...)
		}
		Expect(seen).To(ConsistOf(first.id, second.id), "the ids of all pages")
	})
	t.require(required{
		id: "FIND-004", title: "are sorted by full_name.asc",
		level: must, operation: "searchUsers", effect: mutating, evidence: documented,
	}, func(w *world) {
		mark, first, second := two(w)
		Expect(w.search(url.Values{"q": {mark}, "sort": {"full_name.asc"}}).column("id")).To(Equal([]any{second.id, first.id}), "the ids in the order of the names")
	})
	t.require(required{
		id: "FIND-005", title: "come with the fields that are asked for",
		level: must, operation: "searchUsers", effect: mutating, evidence: documented,
	}, func(w *world) {
		mark, _, _ := two(w)
		r := w.search(url.Values{"q": {mark}, "fields": {"id,username,first_name"}})
		Expect(r.keys()).To(HaveExactElements(ConsistOf("id", "username", "first_name"), ConsistOf("id", "username", "first_name")), "the fields of the rows")
	})
	for _, c := range []struct {
		id, title string
		types     url.Values
	}{
		{"FIND-006", "one value", url.Values{"type": {"200"}}},
		{"FIND-007", "a list with commas", url.Values{"type": {"200,400"}}},
		{"FIND-008", "an array", url.Values{"type[]": {"400", "200"}}},
	} {
		t.require(required{
			id: c.id, title: "are filtered by type, as " + c.title,
			level: must, operation: "searchUsers", effect: mutating, evidence: documented,
		}, func(w *world) {
			mark, first, second := two(w)
			c.types.Set("q", mark)
			Expect(w.search(c.types).column("id")).To(ConsistOf(first.id, second.id), "the ids that are found")
		})
	}
	t.require(required{
		id: "FIND-009", title: "of another type are not found",
		level: must, operation: "searchUsers", effect: mutating, evidence: documented,
	}, func(w *world) {
		mark, _, _ := two(w)
		Expect(w.search(url.Values{"q": {mark}, "type": {"400"}}).at("total_count")).To(BeEquivalentTo(0), "how many are found")
	})
	t.require(required{
		id: "FIND-010", title: "are returned with the clinic's own fields",
		level: must, operation: "getUser", effect: mutating, evidence: documented,
	}, func(w *world) {
		u := w.signOn(somebody().and("extra.contract_id", "contract-7"))
		r := w.send(http.MethodGet, "/users/"+u.id, payload{}, byToken(w.clinic.AdminToken))
		Expect(r.text("data", "extra", "contract_id")).To(Equal("contract-7"), "the clinic's own field")
	})
	t.require(required{
		id: "FIND-013", title: "are not found by a text of two characters",
		level: should, operation: "searchUsers", effect: safe, evidence: inferred,
	}, func(w *world) {
		refused(w.send(http.MethodGet, "/users?q=co&limit=1", payload{}, byToken(w.clinic.AdminToken)), http.StatusBadRequest)
	})
	for _, c := range [][3]string{
		{"FIND-015", "a parameter whose name is mistyped", "emial=contract"},
		{"FIND-016", "a type that users do not have", "type=999"},
		{"FIND-017", "a field that they cannot be sorted by", "sort=dob.asc"},
		{"FIND-018", "a page of more than 100", "limit=101"},
		{"FIND-024", "an ex_filter that is neither all nor my-patient", "ex_filter=mine"},
	} {
		t.require(required{
			id: c[0], title: "are not searched by " + c[1],
			level: may, operation: "searchUsers", effect: safe, evidence: ours,
		}, func(w *world) {
			refused(w.send(http.MethodGet, "/users?"+c[2], payload{}, byToken(w.clinic.AdminToken)), http.StatusBadRequest)
		})
	}
	assignedSpecs(t, two)
}

// assignedSpecs cover the filters whose values VSee names without naming a call to assign them: the mock's control
// API assigns them. two signs two users on and returns a mark to find both by.
func assignedSpecs(t *target, two func(w *world) (mark string, first, second user)) {
	assign := func(w *world, id, kind, text string) {
		GinkgoHelper()
		list := []string{text}
		of := map[string]controlapi.Assignments{
			"roles": {Roles: list}, "rooms": {Rooms: list}, "groups": {Groups: list}, "providers": {Providers: list},
		}
		Expect(w.control.Assign(w.ctx, w.clinic.AccountCode, id, of[kind])).To(Succeed(), "assigning %s to the user", kind)
	}
	admin := func(w *world) string {
		GinkgoHelper()
		ids := w.search(url.Values{"is_admin": {"1"}}).column("id")
		Expect(ids).NotTo(BeEmpty(), "the ids of the clinic's admins")
		return ids[0].(string)
	}
	for _, c := range []struct {
		id, title, kind, filter, value string
		visit, shared                  bool // the value is the admin's id; the admin has it too
	}{
		{id: "FIND-019", title: "by role", kind: "roles", filter: "role", value: "scheduler"},
		{id: "FIND-020", title: "by the code of a room", kind: "rooms", filter: "room_code", value: "contract-room"},
		{id: "FIND-021", title: "by group", kind: "groups", filter: "group", value: "contract-group"},
		{id: "FIND-022", title: "by the admin's visits, as my-patient", kind: "providers", filter: "ex_filter", value: "my-patient", visit: true},
		{id: "FIND-023", title: "by the admin's rooms, as all", kind: "rooms", filter: "ex_filter", value: "all", shared: true},
	} {
		t.require(required{
			id: c.id, title: "are filtered " + c.title,
			level: may, operation: "searchUsers", effect: mutating, evidence: ours,
		}, func(w *world) {
			mark, first, _ := two(w)
			text := c.value
			if c.visit {
				text = admin(w)
			}
			assign(w, first.id, c.kind, text)
			if c.shared {
				assign(w, admin(w), c.kind, text)
			}
			Expect(w.search(url.Values{"q": {mark}, c.filter: {c.value}}).column("id")).To(ConsistOf(first.id), "the ids that are found")
		})
	}
}

// createdSpecs cover an event that VSee names without describing its contents.
func createdSpecs(t *target) {
	asked := func(id, title string, body func(w *world)) {
		t.require(required{
			id: id, title: title, level: may, operation: "user.created", effect: mutating, evidence: ours, needs: []need{aReceiver},
		}, body)
		t.specs[len(t.specs)-1].setUp = []func(*controlapi.ClinicSettings){func(s *controlapi.ClinicSettings) { s.Webhook.Events = []string{"user.created"} }}
	}
	asked("MADE-001", "is told of by user.created, when the clinic asks for it", func(w *world) {
		u := w.signOn(somebody())
		w.pass(time.Second)
		told := w.events(u)
		Expect(told).To(HaveLen(1), "the events of the sign-on")
		Expect(told[0].Type).To(Equal("user.created"), "the type of the event")
		Expect(verify(told[0].Header, w.clinic.Webhook.Secret, told[0].Body)).To(Succeed(), "the signature of the event")
	})
	asked("MADE-002", "is told of once, however often they sign on", func(w *world) {
		f := somebody()
		w.signOn(f)
		u := w.signOn(f)
		w.pass(time.Second)
		Expect(w.events(u)).To(HaveLen(1), "the events of both sign-ons")
	})
	t.require(required{
		id: "MADE-003", title: "is not told of to a clinic that has not asked",
		level: may, operation: "user.created", effect: mutating, evidence: ours, needs: []need{aReceiver},
	}, func(w *world) {
		u := w.signOn(somebody())
		w.pass(time.Second)
		Expect(w.events(u)).To(BeEmpty(), "the events of the sign-on")
	})
}

// enterBy logs a user in, or refreshes their token.
func (w *world) enterBy(path string, f form) response {
	GinkgoHelper()
	r := w.send(http.MethodPost, path, asMultipart(f), map[string]string{"X-AccountCode": w.clinic.AccountCode})
	w.redactor.Hide(r.text("data", "token", "token"), r.text("data", "token", "refresh_token", "token"))
	return r
}

func loginSpecs(t *target) {
	// works requires a reply with a user and a token that works.
	works := func(w *world, r response, id string) {
		GinkgoHelper()
		Expect(r.Status).To(Equal(ok), "the status of the reply")
		Expect(w.send(http.MethodGet, "/me", payload{}, byToken(r.text("data", "token", "token"))).text("data", "id")).To(Equal(id), "the owner of the token")
	}
	t.require(required{
		id: "LOGIN-001", title: "refuses a username that nobody has",
		level: should, operation: "login", effect: mutating, evidence: inferred,
	}, func(w *world) {
		refused(w.enterBy("/users/login.json", form{{"username", unique()}, {"password", password}}), http.StatusUnauthorized)
	})
	t.require(required{
		id: "LOGIN-002", title: "takes username and password",
		level: may, operation: "login", effect: mutating, evidence: ours,
	}, func(w *world) {
		id, email := w.member()
		works(w, w.enterBy("/users/login.json", form{{"username", email}, {"password", password}}), id)
	})
	t.require(required{
		id: "LOGIN-003", title: "takes e-mail address and e-mail token",
		level: may, operation: "login", effect: mutating, evidence: ours,
	}, func(w *world) {
		id, email := w.member()
		works(w, w.enterBy("/users/login.json", form{{"email", email}, {"email_token", password}}), id)
	})
	t.require(required{
		id: "LOGIN-004", title: "says the same of a wrong password as of an unknown user",
		level: may, operation: "login", effect: mutating, evidence: ours,
	}, func(w *world) {
		_, email := w.member()
		wrong := w.enterBy("/users/login.json", form{{"username", email}, {"password", "contract-wrong"}})
		refused(wrong, http.StatusUnauthorized)
		Expect(w.enterBy("/users/login.json", form{{"username", unique()}, {"password", "contract-wrong"}}).Body).To(Equal(wrong.Body), "what is said of an unknown user, as of a wrong password")
	})
	t.require(required{
		id: "LOGIN-005", title: "refuses a username without a password",
		level: may, operation: "login", effect: safe, evidence: ours,
	}, func(w *world) {
		refused(w.enterBy("/users/login.json", form{{"username", unique()}}), http.StatusBadRequest)
	})
	t.require(required{
		id: "LOGIN-006", title: "can be renewed by its refresh token, once",
		level: may, operation: "refreshToken", effect: mutating, evidence: ours,
	}, func(w *world) {
		id, email := w.member()
		f := form{{"refresh_token", w.enterBy("/users/login.json", form{{"username", email}, {"password", password}}).text("data", "token", "refresh_token", "token")}}
		works(w, w.enterBy("/users/refresh_token", f), id)
		refused(w.enterBy("/users/refresh_token", f), http.StatusUnauthorized)
	})
	t.require(required{
		id: "LOGIN-007", title: "ends with a logout, and its refresh token with it",
		level: may, operation: "logout", effect: mutating, evidence: ours,
	}, func(w *world) {
		_, email := w.member()
		in := w.enterBy("/users/login.json", form{{"username", email}, {"password", password}})
		token := byToken(in.text("data", "token", "token"))
		Expect(w.send(http.MethodPost, "/users/logout", payload{}, token).Status).To(Equal(ok), "the status of the logout")
		refused(w.send(http.MethodGet, "/me", payload{}, token), http.StatusUnauthorized)
		refused(w.enterBy("/users/refresh_token", form{{"refresh_token", in.text("data", "token", "refresh_token", "token")}}), http.StatusUnauthorized)
	})
}

func accountSpecs(t *target) {
	t.require(required{
		id: "ACCT-001", title: "is shown to who has no token",
		level: must, operation: "getAccount", effect: safe, evidence: documented,
	}, func(w *world) {
		r := w.send(http.MethodGet, "/accounts/"+w.clinic.AccountCode+".json", payload{}, nil)
		Expect(r.Status).To(Equal(ok), "the status of the reply")
		Expect(r.text("data", "code")).To(Equal(w.clinic.AccountCode), "the account code")
	})
	t.require(required{
		id: "ACCT-002", title: "that nobody has is answered with 404",
		level: may, operation: "getAccount", effect: safe, evidence: ours,
	}, func(w *world) {
		refused(w.send(http.MethodGet, "/accounts/"+unique(), payload{}, nil), http.StatusNotFound)
	})
	t.require(required{
		id: "ACCT-003", title: "is listed among all",
		level: may, operation: "listAccounts", effect: safe, evidence: ours,
	}, func(w *world) {
		r := w.send(http.MethodGet, "/accounts?limit=1", payload{}, nil)
		Expect(r.Status).To(Equal(ok), "the status of the reply")
		Expect(r.column("code")).To(HaveLen(1), "the accounts of a page of one")
		Expect(r.at("total_count")).To(BeNumerically(">=", 1), "how many accounts there are")
	})
}
