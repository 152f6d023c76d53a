package specs

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

func searchSpecs(l *list) {
	foundSpecs(l)
	rowSpecs(l)
	pageSpecs(l)
	filterSpecs(l)
	searchLimitSpecs(l)
	assignedSpecs(l)
}

// search sends a search for users as the clinic's admin.
func (t *trial) search(query url.Values) reply {
	return t.Send(t.byAdmin(engine.Get("/users?" + query.Encode())))
}

// pair are two users whose e-mail addresses begin with a mark of their own.
type pair struct {
	mark          string
	first, second user // by their names, second comes first
}

func (t *trial) pair() pair {
	mark := engine.Unique()
	b, _ := reachable(mark, "Contract-b")
	a, _ := reachable(mark, "Contract-a")
	return pair{mark, t.named(b), t.named(a)}
}

// named signs a user on for a search by name. Without the name in the reply, the requirement is blocked.
func (t *trial) named(f form) user {
	r := t.Send(t.sso(f))
	u := t.signedOn(f, r)
	const rule = "first_name must be as sent"
	r.Need(r.Value("/data/first_name").Sent(f.Value("first_name"), rule), "/data/first_name", rule)
	return u
}

// foundIDs returns the ids of the rows of a search, nil when a row has none.
func foundIDs(r reply) []any {
	ids := r.Column("/data", "id")
	for _, id := range ids {
		if !r.Value("/data/*/id", id).Present("a row must have the user's id") {
			return nil
		}
	}
	return ids
}

// finds asserts that a search has found the users, in any order.
func finds(r reply, users ...user) bool {
	want := []any{}
	for _, u := range users {
		want = append(want, u.ID)
	}
	ids := foundIDs(r)
	return ids != nil && r.Value("/data/*/id", sorted(ids)).Equal(sorted(want),
		"the search must find the matching users and no others")
}

// hasFields asserts that each row of a search has the fields, and no others.
func hasFields(r reply, names ...string) {
	slices.Sort(names)
	for _, row := range r.List("/data") {
		got := []string{}
		object, _ := row.(map[string]any)
		for name := range object {
			got = append(got, name)
		}
		slices.Sort(got)
		r.Value("/data/*", strings.Join(got, ",")).Equal(strings.Join(names, ","),
			"a row must have the fields that the search asks for")
	}
}

// foundSpecs cover what a search returns of a user.
func foundSpecs(l *list) {
	l.add(documented, "FIND-001", "searchUsers",
		"GET /users finds a user by e-mail address, and returns email, id and full_name", func(t *trial) {
			f, email := reachable(engine.Unique(), "Contract")
			u := t.named(f)
			r := t.search(url.Values{"email": {email}})
			if finds(r, u) {
				r.Equal("/data/0/email", email, "the e-mail address must be the user's")
				r.Equal("/data/0/full_name", "Contract Patient", "the name must be the user's")
				hasFields(r, "email", "id", "full_name")
				r.Equal("/total_count", 1, "the count must be that of the matching users")
			}
		})
	l.add(documented, "FIND-005", "searchUsers",
		"GET /users returns the fields that the search asks for", func(t *trial) {
			p := t.pair()
			r := t.search(url.Values{"q": {p.mark}, "fields": {"id,username,first_name,last_name"}})
			ids := foundIDs(r)
			if ids != nil {
				hasFields(r, "id", "username", "first_name", "last_name")
			}
			for i, id := range ids {
				row := "/data/" + strconv.Itoa(i)
				if name := map[any]string{p.first.ID: "contract-b", p.second.ID: "contract-a"}[id]; name != "" {
					r.Equal(row+"/username", p.mark+"-"+name+"@example.com", "the username must be the user's")
					r.Equal(row+"/first_name", "C"+name[1:], "the first name must be the user's")
				}
			}
		})
}

// rowSpecs cover a row of a search beside the user, and after an update.
func rowSpecs(l *list) {
	for n, kind := range []int{400, 600} {
		l.add(inferred, "FIND-06"+string(rune('0'+n)), "searchUsers",
			fmt.Sprint("GET /users shows type, subtype and last login of a user of type ", kind), func(t *trial) {
				u := t.signOn(patientForm().With("type", strconv.Itoa(kind)))
				r := t.search(url.Values{"id": {u.ID}, "fields": {"id,type,subtype,last_login"}})
				if finds(r, u) {
					r.Equal("/data/0/type", kind, "the type must be that of the sign-on")
				}
			})
	}
	l.add(inferred, "FIND-041", "searchUsers",
		"GET /users shows each field of a user as GET /users/{id} does", func(t *trial) {
			f, email := reachable(engine.Unique(), "Contract")
			u := t.signOn(f.With("first_name", specialTexts()[0]))
			names := []string{"email", "id", "full_name", "username", "first_name", "last_name"}
			r := t.search(url.Values{"email": {email}, "fields": {strings.Join(names, ",") + ",type,subtype"}})
			if !finds(r, u) {
				return
			}
			byID := t.read(u)
			for _, name := range names {
				r.Value("/data/0/"+name).Same(byID.Value("/data/"+name), name+" must be that of the user")
			}
			if t.IsMock() {
				r = t.search(url.Values{"email": {email}, "fields": {"id,type,subtype,last_login"}})
				r.Equal("/data/0/last_login", t.Now().Unix(), "the last login must be the sign-on")
			}
			r.Equal("/data/0/type", 200, "the type must be that of a member")
			r.Equal("/data/0/subtype", "", "a member has no subtype")
		})
	l.add(inferred, "FIND-042", "searchUsers",
		"GET /users finds a user by the e-mail address of the last update, not by the former", func(t *trial) {
			f, former := reachable(engine.Unique(), "Contract")
			u := t.signOn(f)
			_, email := reachable(engine.Unique(), "Contract")
			written := form{{"email", email}}
			stored := t.ReadBack(t.update(u, engine.Multipart(written)), t.userWays(u), sentFields(written)...)
			if len(stored) > 0 && stored[0].Want == email {
				finds(t.search(url.Values{"email": {email}}), u)
				finds(t.search(url.Values{"email": {former}}))
			}
		})
	l.add(documented, "FIND-010", "getUser", "GET /users/{id} returns the clinic's own fields", func(t *trial) {
		f := patientForm().And("extra.contract_id", "contract-7")
		write := t.Send(t.sso(f))
		u := t.signedOn(f, write)
		t.ReadBack(write, []engine.Way{{Request: t.byAdmin(engine.Get("/users/" + u.ID)).About(u)}}, engine.Field{
			Pointer: "/data/extra/contract_id", Want: "contract-7", Rule: "the clinic's own field must be as sent",
		})
	})
}

// pageSpecs cover the order and the pages of a search.
func pageSpecs(l *list) {
	l.add(documented, "FIND-003", "searchUsers",
		"GET /users counts every match in total_count, on every page", func(t *trial) {
			p := t.pair()
			var seen []any
			var r reply
			for _, start := range []string{"0", "1"} {
				r = t.search(url.Values{"q": {p.mark}, "limit": {"1"}, "start": {start}})
				ids := foundIDs(r)
				if ids == nil {
					return
				}
				if slices.Contains(ids, any(p.first.ID)) || slices.Contains(ids, any(p.second.ID)) { // else it is another reply
					r.Equal("/total_count", 2, "the count must be that of the matching users, on every page")
				}
				seen = append(seen, ids...)
			}
			r.Value("/data/*/id", sorted(seen)).Equal(sorted([]any{p.first.ID, p.second.ID}),
				"the pages together must have each user once")
		})
	for _, c := range []struct {
		id, title string
		query     url.Values
		backwards bool
		evidence  requirement.Evidence
	}{
		{"FIND-004", "sort=full_name.asc", url.Values{"sort": {"full_name.asc"}}, false, documented},
		{"FIND-025", "sort[full_name]=asc", url.Values{"sort[full_name]": {"asc"}}, false, documented},
		{"FIND-026", "sort=full_name.desc", url.Values{"sort": {"full_name.desc"}}, true, inferred},
	} {
		l.add(c.evidence, c.id, "searchUsers", "GET /users sorts the users with "+c.title, func(t *trial) {
			p := t.pair()
			query := maps.Clone(c.query)
			query["q"] = []string{p.mark}
			want := []any{p.second.ID, p.first.ID}
			if c.backwards {
				slices.Reverse(want)
			}
			r := t.search(query)
			if ids := foundIDs(r); ids != nil {
				r.Value("/data/*/id", ids).Equal(want, "the users must come in the requested order")
			}
		})
	}
}

// filterSpecs cover the filters of a search.
func filterSpecs(l *list) {
	for _, c := range []struct {
		id, title string
		evidence  requirement.Evidence
		query     func(p pair) url.Values
		users     int // how many of the pair are found, the first one first
	}{
		{"FIND-002", "by q, a part of the e-mail address", documented, func(pair) url.Values { return url.Values{} }, 2},
		{"FIND-006", "by type, as one value", documented, func(pair) url.Values { return url.Values{"type": {"200"}} }, 2},
		{"FIND-007", "by type, as a list with commas", documented,
			func(pair) url.Values { return url.Values{"type": {"400,200"}} }, 2},
		{"FIND-043", "by id, as a list with commas", documented,
			func(p pair) url.Values { return url.Values{"id": {p.second.ID + "," + p.first.ID}} }, 2},
		{"FIND-008", "by type, as an array", documented, func(pair) url.Values {
			return url.Values{"type[]": {"400",
				"200"}}
		}, 2},
		{"FIND-009", "by another type, and finds none", documented,
			func(pair) url.Values { return url.Values{"type": {"400"}} }, 0},
		{"FIND-027", "by id", documented, func(p pair) url.Values { return url.Values{"id": {p.first.ID}} }, 1},
		{"FIND-028", "by full_name", documented,
			func(pair) url.Values { return url.Values{"full_name": {"Contract-b Patient"}} }, 1},
		{"FIND-029", "by status 20, active", documented, func(pair) url.Values { return url.Values{"status": {"20"}} }, 2},
		{"FIND-030", "by status 10, inactive, and finds none", documented,
			func(pair) url.Values { return url.Values{"status": {"10"}} }, 0},
		{"FIND-035", "by subtype, and finds none", documented,
			func(pair) url.Values { return url.Values{"subtype": {"482"}} }, 0},
		{"FIND-031", "by is_admin, and finds none", inferred,
			func(pair) url.Values { return url.Values{"is_admin": {"1"}} }, 0},
		{"FIND-036", "by is_hidden, and finds none", inferred,
			func(pair) url.Values { return url.Values{"is_hidden": {"1"}} }, 0},
		{"FIND-038", "by role, and finds none", documented,
			func(pair) url.Values { return url.Values{"role": {"scheduler"}} }, 0},
		{"FIND-039", "by room_code, and finds none", documented,
			func(pair) url.Values { return url.Values{"room_code": {"contract-room"}} }, 0},
		{"FIND-040", "by group, and finds none", documented,
			func(pair) url.Values { return url.Values{"group": {"contract-group"}} }, 0},
	} {
		l.add(c.evidence, c.id, "searchUsers", "GET /users filters "+c.title, func(t *trial) {
			p := t.pair()
			query := c.query(p)
			query["q"] = []string{p.mark}
			finds(t.search(query), []user{p.first, p.second}[:c.users]...)
		})
	}
	l.add(inferred, "FIND-032", "searchUsers", "GET /users filters by account_code, the clinic's own", func(t *trial) {
		p := t.pair()
		finds(t.search(url.Values{"q": {p.mark}, "account_code": {t.Clinic.AccountCode}}), p.first, p.second)
	})
}

// searchLimitSpecs cover both sides of the limits of a search, and wrong parameters.
func searchLimitSpecs(l *list) {
	for _, c := range []struct {
		id, title, query string
		evidence         requirement.Evidence
		of               result.Case
		want             int
	}{
		{"FIND-013", "refuses a text of two characters", "q=co&limit=1", inferred, result.Limit, 400},
		{"FIND-033", "accepts a text of three characters", "q=con&limit=1", documented, result.Limit, ok},
		{"FIND-015", "refuses a parameter with a mistyped name", "emial=contract", ours, result.BadField, 400},
		{"FIND-016", "refuses a type unknown for users", "type=999", ours, result.BadField, 400},
		{"FIND-017", "refuses to sort by a field that it cannot sort by", "sort=dob.asc", ours, result.BadField, 400},
		{"FIND-018", "refuses a page of more than 100", "limit=101", ours, result.Limit, 400},
		{"FIND-034", "accepts a page of 100", "limit=100", ours, result.Limit, ok},
		{"FIND-024", "refuses an ex_filter that is neither all nor my-patient", "ex_filter=mine", ours, result.BadField, 400},
	} {
		l.addSafe(c.evidence, c.id, "searchUsers", "GET /users "+c.title, func(t *trial) {
			name, _, _ := strings.Cut(c.query, "=")
			q := t.byAdmin(engine.Get("/users?"+c.query)).Status(c.of, c.want).Tests("/" + name)
			if r := t.Send(q); c.want == ok {
				r.Present("/total_count", "the search must count the matching users")
			} else {
				r.Refused()
			}
		})
	}
}

// assignedSpecs cover the filters whose values VSee names without naming a call to assign them: the mock's control
// API assigns them.
func assignedSpecs(l *list) {
	for _, c := range []struct {
		id, title, kind, filter, value string
		visit, shared                  bool // the value is the admin's id; the admin has it too
	}{
		{id: "FIND-019", title: "by role", kind: "roles", filter: "role", value: "scheduler"},
		{id: "FIND-020", title: "by the code of a room", kind: "rooms", filter: "room_code", value: "contract-room"},
		{id: "FIND-021", title: "by group", kind: "groups", filter: "group", value: "contract-group"},
		{id: "FIND-022", title: "by the admin's visits, as my-patient", kind: "providers", filter: "ex_filter",
			value: "my-patient", visit: true},
		{id: "FIND-023", title: "by the admin's rooms, as all", kind: "rooms", filter: "ex_filter", value: "all",
			shared: true},
	} {
		l.add(ours, c.id, "searchUsers", "GET /users filters "+c.title, func(t *trial) {
			p := t.pair()
			admin := t.search(url.Values{"is_admin": {"1"}}).NeedText("/data/0/id")
			text := c.value
			if c.visit {
				text = admin
			}
			t.assign(p.first.ID, c.kind, text)
			if c.shared {
				t.assign(admin, c.kind, text)
			}
			finds(t.search(url.Values{"q": {p.mark}, c.filter: {c.value}}), p.first)
		})
	}
}

// assign assigns a value of a kind to a user.
func (t *trial) assign(id, kind, text string) {
	one := []string{text}
	of := map[string]controlapi.Assignments{
		"roles": {Roles: one}, "rooms": {Rooms: one}, "groups": {Groups: one}, "providers": {Providers: one},
	}
	t.Control("assigning to a user", func(ctx context.Context, c *controlapi.Client, account string) error {
		return c.Assign(ctx, account, id, of[kind])
	})
}
