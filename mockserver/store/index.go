package store

import (
	"iter"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// gram is three bytes of a text that users are found by.
type gram uint32

const gramSize = 3

// index finds users by parts of their names and e-mail addresses: of each three bytes that are somewhere in them, the
// places of the users in their table, in order.
type index map[gram][]int32

// textOf returns what a user is found by. The two parts have a byte between them that is in neither.
func textOf(u clinic.User) string { return strings.ToLower(u.FullName() + "\x00" + u.Email) }

// grams returns the grams of a text, each once.
func grams(text string) []gram {
	all := make([]gram, 0, len(text))
	for i := gramSize; i <= len(text); i++ {
		all = append(all, gram(text[i-3])<<16|gram(text[i-2])<<8|gram(text[i-1]))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// replace notes that the user at a place has another text than before.
func (x index) replace(place int32, before, after string) {
	was, is := grams(before), grams(after)
	for _, g := range was {
		if _, stays := slices.BinarySearch(is, g); stays {
			continue
		}
		if at, found := slices.BinarySearch(x[g], place); found {
			x[g] = slices.Delete(x[g], at, at+1)
		}
	}
	for _, g := range is {
		if at, found := slices.BinarySearch(x[g], place); !found {
			x[g] = slices.Insert(x[g], at, place)
		}
	}
}

// places returns, in order, places among which are those of all users who have one of the texts, or false when that can
// be anybody.
func (x index) places(texts []string) ([]int32, bool) {
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

// rarest returns the places of the one of the grams that the fewest users have.
func (x index) rarest(some []gram) []int32 {
	fewest := x[some[0]]
	for _, g := range some[1:] {
		if len(x[g]) < len(fewest) {
			fewest = x[g]
		}
	}
	return fewest
}

// UsersWith implements clinic.View.
func (w *world) UsersWith(texts ...string) iter.Seq[*clinic.User] {
	users := *w.users.order
	if places, some := w.index.places(texts); some {
		users = make([]*row[clinic.User], len(places))
		for i, place := range places {
			users[i] = (*w.users.order)[place]
		}
	}
	return func(yield func(*clinic.User) bool) {
		for _, r := range users {
			if !yield(&r.value) {
				return
			}
		}
	}
}
