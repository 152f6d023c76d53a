package store

import (
	"iter"
	"slices"
)

// table is rows by id, in the order they were added.
type table[T any] struct {
	id    func(*T) string
	rows  map[string]*row[T]
	order []*row[T]
	first int // the place of order[0]: the number of removed rows
}

type row[T any] struct {
	value *T  // replaced, never changed
	place int // in the order of all rows; that of a row passed over by a removal changes
}

func newTable[T any](id func(*T) string) *table[T] {
	return &table[T]{id: id, rows: map[string]*row[T]{}}
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
	r, ok := t.rows[id]
	if !ok {
		return nil
	}
	return r.value
}

// Len implements clinic.Rows.
func (t *table[T]) Len() int { return len(t.order) }

// All implements clinic.Rows.
func (t *table[T]) All() iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for _, r := range t.order {
			if !yield(r.value) {
				return
			}
		}
	}
}

// Newest implements clinic.Rows.
func (t *table[T]) Newest(after string, limit int) []T {
	end := len(t.order)
	if after != "" {
		r, ok := t.rows[after]
		if !ok {
			return nil
		}
		end = r.place - t.first
	}
	newest := make([]T, 0, min(end, limit))
	for i := end - 1; i >= 0 && len(newest) < limit; i-- {
		newest = append(newest, *t.order[i].value)
	}
	return newest
}

// at returns the row at a place.
func (t *table[T]) at(place int) *row[T] { return t.order[place-t.first] }

// put adds a row or replaces it, and returns a function to undo the change.
func (t *table[T]) put(value *T) (undo func()) {
	id := t.id(value)
	if r, ok := t.rows[id]; ok {
		before := r.value
		r.value = value
		return func() { r.value = before }
	}
	r := &row[T]{value: value, place: t.first + len(t.order)}
	t.rows[id] = r
	t.order = append(t.order, r)
	return func() {
		delete(t.rows, id)
		t.order = t.order[:len(t.order)-1]
	}
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
	var stay []*row[T]
	for ; done.looked < len(t.order) && len(done.removed) < n; done.looked++ {
		r := t.order[done.looked]
		if goes(r.value) {
			done.removed = append(done.removed, r.value)
			continue
		}
		stay, done.stayed = append(stay, r), append(done.stayed, r.place)
	}
	if len(done.removed) == 0 {
		return done
	}
	order, looked, first := t.order, slices.Clone(t.order[:done.looked]), t.first
	for _, value := range done.removed {
		delete(t.rows, t.id(value))
	}
	clear(order[:len(done.removed)])
	copy(order[len(done.removed):], stay)
	t.order, t.first = order[len(done.removed):], first+len(done.removed)
	t.number(t.order[:len(stay)])
	done.undo = func() {
		copy(order, looked)
		t.order, t.first = order, first
		t.number(looked)
		for _, r := range looked {
			t.rows[t.id(r.value)] = r
		}
	}
	return done
}

// number gives rows the places from the first one on.
func (t *table[T]) number(rows []*row[T]) {
	for i, r := range rows {
		r.place = t.first + i
	}
}
