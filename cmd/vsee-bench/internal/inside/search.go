package inside

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/child"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// SearchOf says how many users a clinic has beside its admin, and how long each search is repeated.
type SearchOf struct {
	Users int           `json:"users"`
	For   time.Duration `json:"for"`
}

// Found is the CPU time of one search, and of a plain scan with the same result: one look at every user in a slice, and
// a sort of the matches.
type Found struct {
	Name   string        `json:"name"`
	Search time.Duration `json:"search"`
	Scan   time.Duration `json:"scan"`
}

const (
	searchAdmin = "clinic-0-admin" // the token of the clinic's admin
	adminID     = "132406"         // the first user of a clinic
	pageSize    = 20
	assigned    = 50 // one in so many users has a role, a room, a group and a visit with the admin
)

// MeasureSearch searches the users of one clinic.
func MeasureSearch(ctx context.Context, p SearchOf) (any, error) {
	c, all, err := crowd(ctx, p.Users)
	if err != nil {
		return nil, err
	}
	var found []Found
	for _, s := range searches(p.Users) {
		s.Limit = pageSize
		plain := s.scan(all)
		users, total, err := c.SearchUsers(ctx, searchAdmin, s.Search)
		if err != nil {
			return nil, err
		}
		page := plain[min(s.Start, len(plain)):min(s.Start+pageSize, len(plain))]
		same := func(a clinic.FoundUser, b *clinic.User) bool { return a.ID == b.ID }
		if total != len(plain) || !slices.EqualFunc(users, page, same) {
			return nil, fmt.Errorf("%s: the search finds %d users, the scan %d, or others", s.name, total, len(plain))
		}
		found = append(found, Found{
			Name:   s.name,
			Search: cheapest(p.For, func() { _, _, _ = c.SearchUsers(ctx, searchAdmin, s.Search) }),
			Scan:   cheapest(p.For, func() { s.scan(all) }),
		})
	}
	return found, nil
}

// cheapest returns the least CPU time of one call of f. It makes the calls in batches that are long enough to measure,
// for a period or for one batch. Other programs change the CPU time less than the time on the clock.
func cheapest(period time.Duration, f func()) time.Duration {
	const long = time.Millisecond
	least := time.Duration(math.MaxInt64)
	batch := 1
	for begun := time.Now(); time.Since(begun) < period || least == math.MaxInt64; {
		before, _ := child.OwnUsage() // it fails on no system
		for range batch {
			f()
		}
		after, _ := child.OwnUsage()
		if took := after.CPU - before.CPU; took >= long {
			least = min(least, took/time.Duration(batch))
		} else {
			batch *= 2
		}
	}
	return least
}

// crowd returns a clinic of many users, and all of them, oldest first.
func crowd(ctx context.Context, users int) (*clinic.Clinic, []clinic.User, error) {
	mock, err := newMock()
	if err != nil {
		return nil, nil, err
	}
	clinics, err := addClinics(ctx, mock, 1, clinic.Settings{Clock: clinic.ClockSettings{Frozen: true}})
	if err != nil {
		return nil, nil, err
	}
	c := clinics[0]
	kinds := []clinic.Type{clinic.Member, clinic.Member, clinic.Member, clinic.Provider}
	for n := range users {
		on, err := c.SignOn(ctx, clinic.SignOn{Code: fmt.Sprint(n), Type: kinds[n%len(kinds)],
			Patch: clinic.Patch{Fields: []clinic.Field{
				{"first_name", fmt.Sprintf("First%d", (n*7919)%users)}, {"last_name", fmt.Sprintf("Sample%d", n%1_000)},
				{"email", fmt.Sprintf("user-%d@example.com", n)},
			}}})
		if err != nil {
			return nil, nil, err
		}
		if n%assigned != 0 {
			continue
		}
		part, admin := []string{fmt.Sprint("part-", n%1_000)}, []string{adminID}
		if err := c.SetAssignments(ctx, on.User.ID,
			clinic.NewAssignments{Roles: &part, Rooms: &part, Groups: &part, Providers: &admin}); err != nil {
			return nil, nil, err
		}
	}
	all, err := c.Users(ctx, clinic.Page{Limit: users + 1})
	slices.Reverse(all)
	return c, all, err
}

// search is one search, and the same as a plain scan.
type search struct {
	name string
	clinic.Search
	matches func(*clinic.User) bool
	key     func(*clinic.User) string // nil for the order of the users
}

// scan looks at each user, and sorts the matches.
func (s search) scan(all []clinic.User) []*clinic.User {
	type keyed struct {
		key  string
		user *clinic.User
	}
	var rows []keyed
	for i := range all {
		if s.matches == nil || s.matches(&all[i]) {
			row := keyed{user: &all[i]}
			if s.key != nil {
				row.key = s.key(&all[i])
			}
			rows = append(rows, row)
		}
	}
	if s.key != nil {
		slices.SortStableFunc(rows, func(a, b keyed) int { return strings.Compare(a.key, b.key) })
	}
	found := make([]*clinic.User, 0, len(rows))
	for _, row := range rows {
		found = append(found, row.user)
	}
	return found
}

// searches returns the searches: each filter, and each order.
func searches(users int) []search {
	has := func(list func(*clinic.User) []string, names ...string) func(*clinic.User) bool {
		return func(u *clinic.User) bool {
			return slices.ContainsFunc(list(u), func(name string) bool { return slices.Contains(names, name) })
		}
	}
	contains := func(text func(*clinic.User) string, part string) func(*clinic.User) bool {
		return func(u *clinic.User) bool { return strings.Contains(strings.ToLower(text(u)), part) }
	}
	roles := func(u *clinic.User) []string { return u.Assigned.Roles }
	rooms := func(u *clinic.User) []string { return u.Assigned.Rooms }
	groups := func(u *clinic.User) []string { return u.Assigned.Groups }
	email := func(u *clinic.User) string { return u.Email }
	either := func(u *clinic.User) string { return u.FullName() + "\n" + u.Email }
	byName := func(u *clinic.User) string { return strings.ToLower(u.FullName()) }
	member := func(u *clinic.User) bool { return u.Type == clinic.Member }
	both := func(a, b func(*clinic.User) bool) func(*clinic.User) bool {
		return func(u *clinic.User) bool { return a(u) && b(u) }
	}
	part, few := []string{"part-500"}, []string{"part-500", "part-550"}
	middle := fmt.Sprintf("user-%d@", users*7/9)
	return []search{
		{"all users", clinic.Search{}, nil, nil},
		{"the last page", clinic.Search{Start: users - pageSize}, nil, nil},
		{"all, by name", clinic.Search{Sort: clinic.SortFullName}, nil, byName},
		{"type", clinic.Search{Types: []clinic.Type{clinic.Provider}},
			func(u *clinic.User) bool { return u.Type == clinic.Provider }, nil},
		{"no admin", clinic.Search{Admin: []bool{false}}, func(u *clinic.User) bool { return u.Type != clinic.Admin }, nil},
		{"types", clinic.Search{Types: []clinic.Type{clinic.Member, clinic.Provider}},
			func(u *clinic.User) bool { return u.Type == clinic.Member || u.Type == clinic.Provider }, nil},
		{"status and account", clinic.Search{Statuses: []int{clinic.Active}, Accounts: []string{"clinic-0"}}, nil, nil},
		{"role", clinic.Search{Roles: part}, has(roles, part...), nil},
		{"room, by name", clinic.Search{Rooms: part, Sort: clinic.SortFullName}, has(rooms, part...), byName},
		{"group and type", clinic.Search{Groups: few, Types: []clinic.Type{clinic.Member}},
			both(member, has(groups, few...)), nil},
		{"visit and text", clinic.Search{Reaches: []clinic.Reach{clinic.ByVisits}, Texts: []string{"sample100"}},
			both(has(func(u *clinic.User) []string { return u.Assigned.Providers }, adminID),
				contains(byName, "sample100")), nil},
		{"all of an admin", clinic.Search{Reaches: []clinic.Reach{clinic.ByRooms}}, nil, nil},
		{"id", clinic.Search{IDs: []string{adminID}}, func(u *clinic.User) bool { return u.ID == adminID }, nil},
		{"one email", clinic.Search{Emails: []string{middle}}, contains(email, middle), nil},
		{"text of a hundred", clinic.Search{Texts: []string{"sample123"}}, contains(either, "sample123"), nil},
		{"full name of a tenth", clinic.Search{FullNames: []string{"sample1"}}, contains(byName, "sample1"), nil},
		{"text of all", clinic.Search{Texts: []string{"example"}}, contains(either, "example"), nil},
		{"name and type, by email", clinic.Search{FullNames: []string{"sample42"},
			Types: []clinic.Type{clinic.Member}, Sort: clinic.SortEmail}, both(member, contains(byName, "sample42")),
			func(u *clinic.User) string { return strings.ToLower(u.Email) }},
	}
}
