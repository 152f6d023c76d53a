package store

// table is rows by id, in the order they were added.
type table[T any] struct {
	rows  map[string]*row[T]
	order *[]*row[T]
}

type row[T any] struct {
	value *T  // replaced, never changed
	place int // in order
}

func newTable[T any]() table[T] {
	return table[T]{rows: map[string]*row[T]{}, order: &[]*row[T]{}}
}

// Get implements clinic.Rows.
func (t table[T]) Get(id string) (T, bool) {
	value := t.Shared(id)
	if value == nil {
		var none T
		return none, false
	}
	return *value, true
}

// Shared implements clinic.Rows.
func (t table[T]) Shared(id string) *T {
	r, ok := t.rows[id]
	if !ok {
		return nil
	}
	return r.value
}

// Len implements clinic.Rows.
func (t table[T]) Len() int { return len(*t.order) }

// Newest implements clinic.Rows.
func (t table[T]) Newest(after string, limit int) []T {
	end := len(*t.order)
	if after != "" {
		r, ok := t.rows[after]
		if !ok {
			return nil
		}
		end = r.place
	}
	newest := make([]T, 0, min(end, limit))
	for i := end - 1; i >= 0 && len(newest) < limit; i-- {
		newest = append(newest, *(*t.order)[i].value)
	}
	return newest
}

// put adds a row or replaces it, and returns a function to undo the change.
func (t table[T]) put(id string, value *T) (undo func()) {
	if r, ok := t.rows[id]; ok {
		before := r.value
		r.value = value
		return func() { r.value = before }
	}
	r := &row[T]{value: value, place: len(*t.order)}
	t.rows[id] = r
	*t.order = append(*t.order, r)
	return func() {
		delete(t.rows, id)
		*t.order = (*t.order)[:r.place]
	}
}
