package mockserver_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clearinghouse"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/store"
)

// manyUsers is the number of users in the clinic of BenchmarkSearch, beside its admin.
const manyUsers = 100_000

// assignedOf: one in so many users has a role, a room, a group and a visit with the admin.
const assignedOf = 50

// clinicOfManyUsers returns a clinic of many users, and all of them, oldest first.
func clinicOfManyUsers(b *testing.B) (*clinic.Clinic, []clinic.User) {
	b.Helper()
	c, err := clinic.NewDirectory(store.NewMemory(), clearinghouse.New(nil), clinic.Hooks{}).Create(b.Context(),
		clinic.Settings{
			AccountCode: "crowd", AdminToken: "admin", Clock: clinic.ClockSettings{Frozen: true},
		})
	if err != nil {
		b.Fatal(err)
	}
	kinds := []clinic.Type{clinic.Member, clinic.Member, clinic.Member, clinic.Provider}
	for n := range manyUsers {
		_, err := c.SignOn(b.Context(), clinic.SignOn{Code: fmt.Sprint(n), Type: kinds[n%len(kinds)],
			Patch: clinic.Patch{Fields: map[string]string{
				"first_name": fmt.Sprintf("First%d", (n*7919)%manyUsers), "last_name": fmt.Sprintf("Sample%d", n%1_000),
				"email": fmt.Sprintf("user-%d@example.com", n),
			}}})
		if err != nil {
			b.Fatal(err)
		}
		if n%assignedOf == 0 {
			assigned := []string{fmt.Sprint("part-", n%1_000)}
			admin := []string{"132406"}
			if err := c.Assign(b.Context(), fmt.Sprint(132407+n),
				clinic.NewAssignments{Roles: &assigned, Rooms: &assigned, Groups: &assigned, Providers: &admin}); err != nil {
				b.Fatal(err)
			}
		}
	}
	all, err := c.Users(b.Context(), clinic.Page{Limit: manyUsers + 1})
	if err != nil {
		b.Fatal(err)
	}
	slices.Reverse(all)
	return c, all
}

// BenchmarkSearch finds users among 100,000 of one clinic. For comparison it also runs each search as a plain linear
// scan: one look at every user in a slice, and a sort of all matches. `scan-ns/op` is the time of the scan, and
// `times-faster` the ratio of the scan's time to the search's.
func BenchmarkSearch(b *testing.B) {
	c, all := clinicOfManyUsers(b)
	everybody := func(*clinic.User) bool { return true }
	lower := strings.ToLower
	inOrder := func(*clinic.User) string { return "" }
	for _, bench := range []struct {
		name   string
		search clinic.Search
		wants  func(*clinic.User) bool
		key    func(*clinic.User) string
	}{
		{"no filter", clinic.Search{}, everybody, inOrder},
		{"no filter, the last page", clinic.Search{Start: manyUsers - 20}, everybody, inOrder},
		{"no filter, sorted", clinic.Search{Sort: clinic.SortFullName}, everybody,
			func(u *clinic.User) string { return lower(u.FullName()) }},
		{"type", clinic.Search{Types: []clinic.Type{clinic.Provider}},
			func(u *clinic.User) bool { return u.Type == clinic.Provider }, inOrder},
		{"role", clinic.Search{Roles: []string{"part-500"}},
			func(u *clinic.User) bool { return slices.Contains(u.Assigned.Roles, "part-500") }, inOrder},
		{"room, sorted", clinic.Search{Rooms: []string{"part-500"}, Sort: clinic.SortFullName}, func(u *clinic.User) bool {
			return slices.Contains(u.Assigned.Rooms, "part-500")
		}, func(u *clinic.User) string { return lower(u.FullName()) }},
		{"group and type", clinic.Search{Groups: []string{"part-500", "part-550"}, Types: []clinic.Type{clinic.Member}},
			func(u *clinic.User) bool {
				return u.Type == clinic.Member && (slices.Contains(u.Assigned.Groups, "part-500") ||
					slices.Contains(u.Assigned.Groups, "part-550"))
			}, inOrder},
		{"visit and q", clinic.Search{Reaches: []clinic.Reach{clinic.ByVisits}, Texts: []string{"sample100"}},
			func(u *clinic.User) bool {
				return slices.Contains(u.Assigned.Providers, "132406") && strings.Contains(lower(u.FullName()), "sample100")
			}, inOrder},
		{"all of an admin without rooms", clinic.Search{Reaches: []clinic.Reach{clinic.ByRooms}}, everybody, inOrder},
		{"id", clinic.Search{IDs: []string{"200000"}}, func(u *clinic.User) bool { return u.ID == "200000" }, inOrder},
		{"email of one user", clinic.Search{Emails: []string{"user-77777@"}}, func(u *clinic.User) bool {
			return strings.Contains(lower(u.Email), "user-77777@")
		}, inOrder},
		{"q of a hundred users", clinic.Search{Texts: []string{"sample123"}}, func(u *clinic.User) bool {
			return strings.Contains(lower(u.FullName()), "sample123") || strings.Contains(lower(u.Email), "sample123")
		}, inOrder},
		{"q of all users", clinic.Search{Texts: []string{"example"}}, func(u *clinic.User) bool {
			return strings.Contains(lower(u.FullName()), "example") || strings.Contains(lower(u.Email), "example")
		}, inOrder},
		{"full_name and type, sorted", clinic.Search{FullNames: []string{"sample42"}, Types: []clinic.Type{clinic.Member},
			Sort: clinic.SortEmail}, func(u *clinic.User) bool {
			return u.Type == clinic.Member && strings.Contains(lower(u.FullName()), "sample42")
		}, func(u *clinic.User) string { return lower(u.Email) }},
	} {
		b.Run(bench.name, func(b *testing.B) {
			bench.search.Limit = 20
			var found []clinic.User
			var total int
			for b.Loop() {
				var err error
				if found, total, err = c.Search(b.Context(), "admin", bench.search); err != nil {
					b.Fatal(err)
				}
			}
			took := b.Elapsed() / time.Duration(b.N)
			begun := time.Now()
			const scans = 5
			var plain []*clinic.User
			for range scans {
				plain = scan(all, bench.wants, bench.key)
			}
			scanned := time.Since(begun) / scans
			start := min(bench.search.Start, len(plain))
			if page := plain[start:min(start+20, len(plain))]; total != len(plain) || !slices.EqualFunc(found, page, sameUser) {
				b.Fatalf("the search finds %d users and the scan %d, or others", total, len(plain))
			}
			b.ReportMetric(float64(scanned.Nanoseconds()), "scan-ns/op")
			b.ReportMetric(float64(scanned)/float64(max(took, 1)), "times-faster")
		})
	}
}

// scan looks at each user, and sorts those it wants.
func scan(all []clinic.User, wants func(*clinic.User) bool, key func(*clinic.User) string) []*clinic.User {
	type keyed struct {
		key  string
		user *clinic.User
	}
	var rows []keyed
	for i := range all {
		if wants(&all[i]) {
			rows = append(rows, keyed{key(&all[i]), &all[i]})
		}
	}
	slices.SortStableFunc(rows, func(a, b keyed) int { return strings.Compare(a.key, b.key) })
	found := make([]*clinic.User, 0, len(rows))
	for _, row := range rows {
		found = append(found, row.user)
	}
	return found
}

func sameUser(a clinic.User, b *clinic.User) bool { return a.ID == b.ID }
