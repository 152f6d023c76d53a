package clinic

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// Search selects users, and a page of the result. A user must match every filter. One matching value of a filter is
// enough, and a filter without values matches every user.
type Search struct {
	IDs       []string
	FullNames []string // parts of the full name, upper and lower case alike, as in the next two
	Emails    []string // parts of the e-mail address
	Texts     []string // parts of either
	Types     []Type
	Statuses  []int // every user is Active
	Subtypes  []string
	Accounts  []string // account codes
	Admin     []bool   // whether the user is of type Admin
	Hidden    []bool   // whether the user is hidden; no user is
	Roles     []string // roles of the user
	Rooms     []string // codes of the user's rooms
	Groups    []string // groups of the user
	Reaches   []Reach  // ways for the caller to reach the user

	Sort       SortField
	Descending bool
	Start      int // the number of matches to leave out
	Limit      int // the maximum number of users to return
}

// Reach is a way in which the searching user reaches another user (documented, as the values of ex_filter).
type Reach string

// The two ways. Only an admin can search, and an admin without assigned rooms is not restricted to any (ours).
const (
	ByRooms  Reach = "all"        // by rooms assigned to both
	ByVisits Reach = "my-patient" // by a visit between the two
)

// SortField is a field to sort users by. Users with equal values stay in the order of their creation, and so do all
// users when it is empty.
type SortField string

// The fields to sort users by; texts are compared without regard to upper and lower case.
const (
	SortID        SortField = "id"
	SortFullName  SortField = "full_name"
	SortFirstName SortField = "first_name"
	SortLastName  SortField = "last_name"
	SortEmail     SortField = "email"
	SortUsername  SortField = "username"
)

// Active is VSee's number of an active user's status. The users of the mock are all active.
const Active = 20

// FoundUser is a user found by a search, who must not be changed.
type FoundUser struct {
	*User
	LastLogin Moment // the last sign-on or login; 0 for none
}

// SearchUsers returns a page of the matching users and the number of all matches. The token must be an admin's.
func (c *Clinic) SearchUsers(ctx context.Context, token string, s Search) ([]FoundUser, int, error) {
	s = s.lowerCased()
	var total int
	page, err := view(ctx, c, func(v View) ([]FoundUser, error) {
		caller, err := c.callerByToken(v, token)
		if err != nil {
			return nil, err
		}
		if !caller.admin {
			return nil, refuse(Forbidden, "only an admin of the clinic may search its users")
		}
		if !s.allowsClinic(c.account) {
			return nil, nil
		}
		found := ranking{field: s.Sort, descending: s.Descending, start: s.Start, limit: s.Limit}
		users := v.FindUsers(s.marks(caller.user), s.narrowestTexts())
		if len(s.Emails)+len(s.FullNames)+len(s.Texts) == 0 && found.isByID() {
			total = users.Len()
			return foundUsers(v, found.pageOf(users)), nil
		}
		for n := range users.Len() {
			if user := users.At(n); s.matchesTexts(user) {
				found.add(user)
			}
		}
		total = found.count
		return foundUsers(v, found.page()), nil
	})
	return page, total, err
}

func foundUsers(v View, users []*User) []FoundUser {
	found := make([]FoundUser, 0, len(users))
	for _, u := range users {
		found = append(found, FoundUser{u, v.LastLogin(u.ID)})
	}
	return found
}

// lowerCased returns the search with its texts in lower case.
func (s Search) lowerCased() Search {
	for _, texts := range []*[]string{&s.FullNames, &s.Emails, &s.Texts} {
		*texts = slices.Clone(*texts)
		for i, text := range *texts {
			(*texts)[i] = strings.ToLower(text)
		}
	}
	return s
}

// allowsClinic reports whether a user can pass the filters that are the same for all users of a clinic.
func (s *Search) allowsClinic(account string) bool {
	return allows(s.Statuses, Active) && allows(s.Subtypes, "") && allows(s.Accounts, account) && allows(s.Hidden, false)
}

// marks returns the filters by marks. caller is the searching user.
func (s *Search) marks(caller *User) [][]Mark {
	var filters [][]Mark
	add := func(kind MarkKind, values ...string) {
		if len(values) == 0 {
			return
		}
		marks := make([]Mark, 0, len(values))
		for _, value := range values {
			marks = append(marks, Mark{kind, value})
		}
		filters = append(filters, marks)
	}
	add(MarkID, s.IDs...)
	add(MarkRole, s.Roles...)
	add(MarkRoom, s.Rooms...)
	add(MarkGroup, s.Groups...)
	if len(s.Types) > 0 {
		filters = append(filters, typeMarks(s.Types...))
	}
	if admins, others := allows(s.Admin, true), allows(s.Admin, false); !others {
		filters = append(filters, typeMarks(Admin))
	} else if !admins {
		filters = append(filters, typeMarks(Member, Provider, Guest))
	}
	if reached, some := s.reachMarks(caller); some {
		filters = append(filters, reached)
	}
	return filters
}

// reachMarks returns the marks of the users within the caller's reach, false for all users; see Reach.
func (s *Search) reachMarks(caller *User) (marks []Mark, some bool) {
	for _, way := range s.Reaches {
		switch {
		case way == ByVisits:
			marks = append(marks, Mark{MarkProvider, caller.ID})
		case len(caller.Assigned.Rooms) == 0:
			return nil, false
		default:
			for _, room := range caller.Assigned.Rooms {
				marks = append(marks, Mark{MarkRoom, room})
			}
		}
	}
	return marks, len(s.Reaches) > 0
}

// narrowestTexts returns the texts of one filter; nil without one.
func (s *Search) narrowestTexts() []string {
	for _, texts := range [][]string{s.Emails, s.FullNames, s.Texts} {
		if len(texts) > 0 {
			return texts
		}
	}
	return nil
}

// matchesTexts reports whether a user passes the filters for names and e-mail addresses.
func (s *Search) matchesTexts(u *User) bool {
	return (len(s.Emails) == 0 || containsAny(s.Emails, u.Email)) &&
		(len(s.FullNames) == 0 || containsAny(s.FullNames, u.FullName())) &&
		(len(s.Texts) == 0 || containsAny(s.Texts, u.Email) || containsAny(s.Texts, u.FullName()))
}

// allows reports whether a filter with these values lets a value pass.
func allows[T comparable](values []T, value T) bool {
	return len(values) == 0 || slices.Contains(values, value)
}

// containsAny reports whether a text contains one of the parts. The parts must be in lower case.
func containsAny(parts []string, text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
}

// ranking keeps one page of the sorted users. Users are added one by one, oldest first.
type ranking struct {
	field        SortField
	descending   bool
	start, limit int
	count        int      // of all added users
	first        []ranked // users that can be on the page or, unless the users come in order, before it
}

// ranked is a user with the value to sort by.
type ranked struct {
	key  string
	nth  int // position among the added users, for a stable order
	user *User
}

// isByID reports whether the order is that of the creation, or its reverse.
func (r *ranking) isByID() bool { return r.field == "" || r.field == SortID }

// inOrder reports whether the users are added in the requested order.
func (r *ranking) inOrder() bool { return r.isByID() && !r.descending }

// pageOf returns the page of users that all match, by id.
func (r *ranking) pageOf(users UserList) []*User {
	n := users.Len()
	start := min(r.start, n)
	page := make([]*User, min(r.limit, n-start))
	for i := range page {
		at := start + i
		if r.descending {
			at = n - 1 - at
		}
		page[i] = users.At(at)
	}
	return page
}

// minRanked is the least number of users added between two sorts.
const minRanked = 1_000

func (r *ranking) add(u *User) {
	r.count++
	if r.inOrder() && (r.count <= r.start || len(r.first) == r.limit) {
		return
	}
	r.first = append(r.first, ranked{key: r.field.key(u), nth: r.count, user: u})
	if most := r.start + r.limit; len(r.first) >= 2*most+minRanked {
		r.sort()
		r.first = r.first[:most]
	}
}

func (r *ranking) sort() {
	slices.SortFunc(r.first, func(a, b ranked) int {
		switch {
		case r.isByID(): // the newest first
			return b.nth - a.nth
		case r.descending:
			return cmp.Or(cmp.Compare(b.key, a.key), a.nth-b.nth)
		}
		return cmp.Or(cmp.Compare(a.key, b.key), a.nth-b.nth)
	})
}

func (r *ranking) page() []*User {
	first := r.first
	if !r.inOrder() {
		r.sort()
		first = r.first[min(r.start, len(r.first)):min(r.start+r.limit, len(r.first))]
	}
	page := make([]*User, 0, len(first))
	for _, one := range first {
		page = append(page, one.user)
	}
	return page
}

// key returns the value of a user to sort by.
func (f SortField) key(u *User) string {
	switch f {
	case SortFullName:
		return strings.ToLower(u.FullName())
	case SortFirstName:
		return strings.ToLower(u.FirstName)
	case SortLastName:
		return strings.ToLower(u.LastName)
	case SortEmail:
		return strings.ToLower(u.Email)
	case SortUsername:
		return strings.ToLower(u.Username)
	case SortID:
	}
	return ""
}
