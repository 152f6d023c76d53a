package store

import (
	"iter"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// gram is three consecutive bytes of a user's search text.
type gram uint32

const gramSize = 3

// index finds users by parts of their names and e-mail addresses. For each gram in these texts, it has the places of
// the users in their table, in order.
type index map[gram][]int32

// searchText returns the search text of a user: two parts, separated by a byte found in neither.
func searchText(u *clinic.User) string { return strings.ToLower(u.FullName() + "\x00" + u.Email) }

// grams returns the grams of a text, each once.
func grams(text string) []gram {
	all := make([]gram, 0, len(text))
	for i := gramSize; i <= len(text); i++ {
		all = append(all, gram(text[i-3])<<16|gram(text[i-2])<<8|gram(text[i-1]))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// update records a new search text for the user at a place.
func (x index) update(place int32, before, after string) {
	oldGrams, newGrams := grams(before), grams(after)
	for _, g := range oldGrams {
		if _, stays := slices.BinarySearch(newGrams, g); stays {
			continue
		}
		if at, found := slices.BinarySearch(x[g], place); found {
			x[g] = slices.Delete(x[g], at, at+1)
		}
	}
	for _, g := range newGrams {
		if at, found := slices.BinarySearch(x[g], place); !found {
			x[g] = slices.Insert(x[g], at, place)
		}
	}
}

// without returns the index after a removal of users: the places of those who stayed have changed.
func (x index) without(r removal[clinic.User], first int) index {
	const gone = -1
	places := slices.Repeat([]int32{gone}, r.looked) // the place now, by the place before less first
	for i, before := range r.stayed {
		places[before-first] = int32(first + len(r.removed) + i) //nolint:gosec // as in reindex
	}
	after := make(index, len(x))
	for g, before := range x {
		users := make([]int32, 0, len(before))
		for _, place := range before {
			if at := int(place) - first; at < r.looked {
				place = places[at]
			}
			if place != gone {
				users = append(users, place)
			}
		}
		if len(users) > 0 {
			after[g] = users
		}
	}
	return after
}

// candidates returns candidate places in order. They include every user with one of the texts. It returns false when
// the index cannot narrow the search, so that any user is a candidate.
func (x index) candidates(texts []string) ([]int32, bool) {
	var all []int32
	for _, text := range texts {
		some := grams(strings.ToLower(text))
		if len(some) == 0 {
			return nil, false
		}
		all = append(all, x.rarest(some)...)
	}
	if len(texts) > 1 {
		slices.Sort(all)
		all = slices.Compact(all)
	}
	return all, len(texts) > 0
}

// rarest returns the places of the gram with the fewest users.
func (x index) rarest(some []gram) []int32 {
	fewest := x[some[0]]
	for _, g := range some[1:] {
		if len(x[g]) < len(fewest) {
			fewest = x[g]
		}
	}
	return fewest
}

// SearchCandidates implements clinic.View.
func (s *clinicState) SearchCandidates(texts ...string) iter.Seq[clinic.UserSummary] {
	users := s.users.order
	if places, some := s.index.candidates(texts); some {
		users = make([]*clinic.User, len(places))
		for i, place := range places {
			users[i] = s.users.at(int(place))
		}
	}
	return func(yield func(clinic.UserSummary) bool) {
		for _, user := range users {
			if !yield(user.Summary()) {
				return
			}
		}
	}
}
