package store

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// gram is three consecutive bytes of a user's search text.
type gram uint32

const gramSize = 3

// index finds users by parts of their names and e-mail addresses, and by their marks. For each gram in these texts and
// for each mark, it has the places of the users in their table, in order.
type index struct {
	grams map[gram][]int32
	marks map[clinic.Mark][]int32
}

func newIndex() index { return index{map[gram][]int32{}, map[clinic.Mark][]int32{}} }

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

// update records a new state of the user at a place, and reports whether the index has changed. An empty user stands
// for none.
func (x index) update(place int32, before, after *clinic.User) bool {
	sameText := before.FirstName == after.FirstName && before.LastName == after.LastName && before.Email == after.Email
	if !sameText {
		move(x.grams, place, grams(searchText(before)), grams(searchText(after)))
	}
	sameMarks := before.HasSameMarks(after)
	if !sameMarks {
		move(x.marks, place, before.Marks(), after.Marks())
	}
	return !sameText || !sameMarks
}

// move moves a place from some keys to others.
func move[K comparable](places map[K][]int32, place int32, from, to []K) {
	for _, key := range from {
		at, found := slices.BinarySearch(places[key], place)
		if found && !slices.Contains(to, key) {
			places[key] = slices.Delete(places[key], at, at+1)
		}
	}
	for _, key := range to {
		if at, found := slices.BinarySearch(places[key], place); !found {
			places[key] = slices.Insert(places[key], at, place)
		}
	}
}

// without returns the index after a removal of users: the places of those who stayed have changed.
func (x index) without(r removal[clinic.User], first int) index {
	const gone = -1
	places := slices.Repeat([]int32{gone}, r.looked) // the place now, by the place before less first
	for i, before := range r.stayed {
		places[before-first] = int32(first + len(r.removed) + i) //nolint:gosec // as in placeOf
	}
	now := func(place int32) int32 {
		if at := int(place) - first; at < r.looked {
			return places[at]
		}
		return place
	}
	return index{renumbered(x.grams, now), renumbered(x.marks, now)}
}

// renumbered returns lists with the places as they are now: negative for those that are gone.
func renumbered[K comparable](lists map[K][]int32, now func(int32) int32) map[K][]int32 {
	after := make(map[K][]int32, len(lists))
	for key, before := range lists {
		users := make([]int32, 0, len(before))
		for _, place := range before {
			if place = now(place); place >= 0 {
				users = append(users, place)
			}
		}
		if len(users) > 0 {
			after[key] = users
		}
	}
	return after
}

// withText returns places in order. They include every user with the text. It returns false when the text is too short
// for the index.
func (x index) withText(text string) ([]int32, bool) {
	some := grams(strings.ToLower(text))
	if len(some) == 0 {
		return nil, false
	}
	fewest := x.grams[some[0]]
	for _, g := range some[1:] {
		if len(x.grams[g]) < len(fewest) {
			fewest = x.grams[g]
		}
	}
	return fewest, true
}

// FindUsers implements clinic.View.
func (s *clinicState) FindUsers(filters [][]clinic.Mark, texts []string) clinic.UserList {
	var all [][][]int32
	for _, marks := range filters {
		var either [][]int32
		for _, mark := range marks {
			either = append(either, s.withMark(mark))
		}
		all = append(all, either)
	}
	var either [][]int32
	for _, text := range texts {
		places, some := s.index.withText(text)
		if !some {
			either = nil
			break
		}
		either = append(either, places)
	}
	if either != nil {
		all = append(all, either)
	}
	if len(all) == 0 {
		return userList{table: s.users, all: true}
	}
	return userList{table: s.users, places: inEach(all, s.users.first, s.users.Len())}
}

// withMark returns the places of the users with a mark, in order.
func (s *clinicState) withMark(mark clinic.Mark) []int32 {
	if mark.Kind != clinic.MarkID {
		return s.index.marks[mark]
	}
	if _, ok := s.users.places[mark.Value]; ok {
		return []int32{s.placeOf(mark.Value)}
	}
	return nil
}

// placeOf returns the place of a stored user.
func (s *clinicState) placeOf(id string) int32 {
	return int32(s.users.places[id]) //nolint:gosec // a clinic in memory has fewer users
}

// inEach returns the places that are in one list of each filter, in order. All are among the n from the first one on.
// It costs a bit of each user, and a step for each place in the lists.
func inEach(filters [][][]int32, first, n int) []int32 {
	if len(filters) == 1 && len(filters[0]) == 1 {
		return filters[0][0]
	}
	var found []uint64
	for _, lists := range filters {
		passed := make([]uint64, (n+63)/64)
		for _, places := range lists {
			for _, place := range places {
				at := int(place) - first
				passed[at/64] |= 1 << (at % 64)
			}
		}
		if found == nil {
			found = passed
		}
		for i := range found {
			found[i] &= passed[i]
		}
	}
	count := 0
	for _, word := range found {
		count += bits.OnesCount64(word)
	}
	places := make([]int32, 0, count)
	for i, word := range found {
		for ; word != 0; word &= word - 1 {
			places = append(places, int32(first+64*i+bits.TrailingZeros64(word))) //nolint:gosec // a place
		}
	}
	return places
}

// userList is all users, or those at some places.
type userList struct {
	table  *table[clinic.User]
	all    bool
	places []int32
}

// Len implements clinic.UserList.
func (l userList) Len() int {
	if l.all {
		return l.table.Len()
	}
	return len(l.places)
}

// At implements clinic.UserList.
func (l userList) At(n int) *clinic.User {
	if l.all {
		return l.table.order[n]
	}
	return l.table.at(int(l.places[n]))
}
