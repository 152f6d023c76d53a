package store

import (
	"iter"
	"slices"
)

// table is rows by id, in the order they were added.
type table[T any] struct {
	id     func(*T) string
	places map[string]int // in the order of all rows; that of a row passed over by a removal changes
	order  []*T           // the rows, which are replaced and never changed
	first  int            // the place of order[0]: the number of removed rows
}

func newTable[T any](id func(*T) string) *table[T] {
	return &table[T]{id: id, places: map[string]int{}}
}

// Get implements clinic.Rows.
func (t *table[T]) Get(id string) (T, bool) {
	value := t.Shared(id)
	if value == nil {
		var none T
		return none, false
	}
	return *value, true
}

// Shared implements clinic.Rows.
func (t *table[T]) Shared(id string) *T {
	place, ok := t.places[id]
	if !ok {
		return nil
	}
	return t.at(place)
}

// Len implements clinic.Rows.
func (t *table[T]) Len() int { return len(t.order) }

// Oldest implements clinic.Rows.
func (t *table[T]) Oldest() *T {
	if len(t.order) == 0 {
		return nil
	}
	return t.order[0]
}

// All implements clinic.Rows.
func (t *table[T]) All() iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for _, row := range t.order {
			if !yield(row) {
				return
			}
		}
	}
}

// Newest implements clinic.Rows.
func (t *table[T]) Newest(after string, limit int) []T {
	end := len(t.order)
	if after != "" {
		place, ok := t.places[after]
		if !ok {
			return nil
		}
		end = place - t.first
	}
	newest := make([]T, 0, min(end, limit))
	for i := end - 1; i >= 0 && len(newest) < limit; i-- {
		newest = append(newest, *t.order[i])
	}
	return newest
}

// at returns the row at a place.
func (t *table[T]) at(place int) *T { return t.order[place-t.first] }

// put adds a row or replaces it, and returns a function to undo the change.
func (t *table[T]) put(value *T) (undo func()) {
	id := t.id(value)
	if place, ok := t.places[id]; ok {
		before := t.at(place)
		t.order[place-t.first] = value
		return func() { t.order[place-t.first] = before }
	}
	t.places[id] = t.first + len(t.order)
	t.order = append(t.order, value)
	return func() {
		delete(t.places, id)
		t.order = t.order[:len(t.order)-1]
	}
}

// replace puts rows in the places of those with their ids, and returns the latter.
func (t *table[T]) replace(rows []*T) (before []*T) {
	before = make([]*T, len(rows))
	for i, row := range rows {
		at := t.places[t.id(row)] - t.first
		before[i], t.order[at] = t.order[at], row
	}
	return before
}

// removeNewest removes the newest rows.
func (t *table[T]) removeNewest(n int) {
	kept := len(t.order) - n
	for _, row := range t.order[kept:] {
		delete(t.places, t.id(row))
	}
	clear(t.order[kept:])
	t.order = t.order[:kept]
}

// removal is the outcome of removing rows.
type removal[T any] struct {
	removed []*T
	looked  int   // the number of rows looked at, from the oldest on
	stayed  []int // the earlier places of those that stayed; now they are next to the rows not looked at
	undo    func()
}

// removeOldest removes up to n of the rows accepted by goes, the oldest first. It looks at no more rows than needed.
func (t *table[T]) removeOldest(n int, goes func(*T) bool) removal[T] {
	done := removal[T]{undo: func() {}}
	var stay []*T
	for ; done.looked < len(t.order) && len(done.removed) < n; done.looked++ {
		row := t.order[done.looked]
		if goes(row) {
			done.removed = append(done.removed, row)
			continue
		}
		stay, done.stayed = append(stay, row), append(done.stayed, t.first+done.looked)
	}
	if len(done.removed) == 0 {
		return done
	}
	order, looked, first := t.order, slices.Clone(t.order[:done.looked]), t.first
	for _, row := range done.removed {
		delete(t.places, t.id(row))
	}
	clear(order[:len(done.removed)])
	copy(order[len(done.removed):], stay)
	t.order, t.first = order[len(done.removed):], first+len(done.removed)
	t.number(stay)
	done.undo = func() {
		copy(order, looked)
		t.order, t.first = order, first
		t.number(looked)
	}
	return done
}

// number gives rows the places from the first one on.
func (t *table[T]) number(rows []*T) {
	for i, row := range rows {
		t.places[t.id(row)] = t.first + i
	}
}
