package clinic

import (
	"cmp"
	"context"
	"iter"
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

	caller *User // the owner of the token
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

// SearchUsers returns a page of the matching users, and the number of all matches. The token must be an admin's.
func (c *Clinic) SearchUsers(ctx context.Context, token string, s Search) ([]User, int, error) {
	s = s.lowerCased()
	var total int
	page, err := view(ctx, c, func(v View) ([]User, error) {
		caller, err := c.callerByToken(v, token)
		if err != nil {
			return nil, err
		}
		if !caller.admin {
			return nil, refuse(Forbidden, "only an admin of the clinic may search its users")
		}
		s.caller = caller.user
		found := ranking{field: s.Sort, descending: s.Descending, start: s.Start, limit: s.Limit}
		for user := range s.candidates(v) {
			if s.matches(c.account, user) {
				found.add(user)
			}
			if found.full() && s.isUnfiltered() {
				found.count = v.Users().Len()
				break
			}
		}
		total = found.count
		return found.page(v), nil
	})
	return page, total, err
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

// candidates returns users, oldest first. They include every user that the search matches, and may include others.
func (s *Search) candidates(v View) iter.Seq[UserSummary] {
	if len(s.IDs) > 0 {
		return usersByID(v, s.IDs)
	}
	for _, texts := range [][]string{s.Emails, s.FullNames, s.Texts} {
		if len(texts) > 0 {
			return v.SearchCandidates(texts...)
		}
	}
	return v.SearchCandidates()
}

// usersByID returns the users of these ids in the order of their creation, each once.
func usersByID(v View, ids []string) iter.Seq[UserSummary] {
	ids = slices.Clone(ids)
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	return func(yield func(UserSummary) bool) {
		for _, id := range slices.Compact(ids) {
			if user, ok := v.Users().Get(id); ok && !yield(user.Summary()) {
				return
			}
		}
	}
}

// isUnfiltered reports whether there is no filter.
func (s *Search) isUnfiltered() bool {
	return len(s.IDs)+len(s.FullNames)+len(s.Emails)+len(s.Texts)+len(s.Types)+len(s.Statuses)+len(s.Subtypes)+
		len(s.Accounts)+len(s.Admin)+len(s.Hidden)+len(s.Roles)+len(s.Rooms)+len(s.Groups)+len(s.Reaches) == 0
}

// matches reports whether a user of a clinic passes every filter.
func (s *Search) matches(account string, u UserSummary) bool {
	return allows(s.Types, u.Type) && allows(s.Statuses, Active) && allows(s.Subtypes, "") &&
		allows(s.Accounts, account) &&
		allows(s.Admin, u.Type == Admin) && allows(s.Hidden, false) && s.matchesAssignments(u) && s.matchesTexts(u)
}

// matchesAssignments reports whether a user passes the filters for assignments.
func (s *Search) matchesAssignments(u UserSummary) bool {
	return (len(s.Roles) == 0 || intersect(s.Roles, u.allRoles())) &&
		(len(s.Rooms) == 0 || intersect(s.Rooms, u.Assigned.Rooms)) &&
		(len(s.Groups) == 0 || intersect(s.Groups, u.Assigned.Groups)) &&
		(len(s.Reaches) == 0 || slices.ContainsFunc(s.Reaches, func(way Reach) bool { return way.reaches(s.caller, u) }))
}

// reaches reports whether a caller reaches a user in this way; see Reach.
func (way Reach) reaches(caller *User, u UserSummary) bool {
	if way == ByVisits {
		return slices.Contains(u.Assigned.Providers, caller.ID)
	}
	return len(caller.Assigned.Rooms) == 0 || intersect(caller.Assigned.Rooms, u.Assigned.Rooms)
}

// intersect reports whether two lists share a value.
func intersect(one, other []string) bool {
	return slices.ContainsFunc(one, func(text string) bool { return slices.Contains(other, text) })
}

// matchesTexts reports whether a user passes the filters for names and e-mail addresses.
func (s *Search) matchesTexts(u UserSummary) bool {
	return (len(s.Emails) == 0 || containsAny(s.Emails, u.Email)) &&
		(len(s.FullNames) == 0 || containsAny(s.FullNames, u.FullName())) &&
		(len(s.Texts) == 0 || containsAny(s.Texts, u.FullName()) || containsAny(s.Texts, u.Email))
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

// ranked is a user with the values to sort by.
type ranked struct {
	key string
	nth int // position among the added users, for a stable order
	id  string
}

// inOrder reports whether the users are added in the requested order.
func (r *ranking) inOrder() bool { return (r.field == "" || r.field == SortID) && !r.descending }

// full reports whether no user added from now on can be on the page.
func (r *ranking) full() bool { return r.inOrder() && len(r.first) == r.limit }

// minRanked is the least number of users added between two sorts.
const minRanked = 1_000

func (r *ranking) add(u UserSummary) {
	r.count++
	if r.inOrder() {
		if r.count > r.start && len(r.first) < r.limit {
			r.first = append(r.first, ranked{id: u.ID})
		}
		return
	}
	r.first = append(r.first, ranked{key: r.field.key(u), nth: r.count, id: u.ID})
	if most := r.start + r.limit; len(r.first) >= 2*most+minRanked {
		r.sort()
		r.first = r.first[:most]
	}
}

func (r *ranking) sort() {
	slices.SortFunc(r.first, func(a, b ranked) int {
		switch {
		case r.field == "" || r.field == SortID: // the newest first
			return b.nth - a.nth
		case r.descending:
			return cmp.Or(cmp.Compare(b.key, a.key), a.nth-b.nth)
		}
		return cmp.Or(cmp.Compare(a.key, b.key), a.nth-b.nth)
	})
}

func (r *ranking) page(v View) []User {
	first := r.first
	if !r.inOrder() {
		r.sort()
		first = r.first[min(r.start, len(r.first)):min(r.start+r.limit, len(r.first))]
	}
	page := make([]User, 0, len(first))
	for _, one := range first {
		user, _ := v.Users().Get(one.id)
		page = append(page, user)
	}
	return page
}

// key returns the value of a user to sort by.
func (f SortField) key(u UserSummary) string {
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
