package journal

import (
	"net/http"
	"strconv"
)

// ring is the newest entries, numbered from 1: up to max of them, and up to maxBytes of content.
type ring[T any] struct {
	max    int
	slots  []slot[T] // entry n is in slot n-1 modulo max
	bytes  int
	count  int // count of all entries ever added
	oldest int // the number of the oldest entry, if there is one
}

type slot[T any] struct {
	row  T
	size int // bytes
}

func (r *ring[T]) nextID() string { return strconv.Itoa(r.count + 1) }

func (r *ring[T]) slot(n int) *slot[T] { return &r.slots[(n-1)%r.max] }

// add adds an entry of a size in bytes. The newest is kept whatever its size.
func (r *ring[T]) add(row T, size int) {
	r.count++
	r.bytes += size
	for r.oldest = max(r.oldest, 1); r.oldest < r.count && (r.count-r.oldest >= r.max || r.bytes > maxBytes); r.oldest++ {
		r.bytes -= r.slot(r.oldest).size
		*r.slot(r.oldest) = slot[T]{}
	}
	if len(r.slots) < r.max {
		r.slots = append(r.slots, slot[T]{row, size})
		return
	}
	*r.slot(r.count) = slot[T]{row, size}
}

func (r *ring[T]) clear() { r.slots, r.bytes, r.count, r.oldest = nil, 0, 0, 0 }

func (r *ring[T]) newest(after string, limit int) []T {
	end := r.count
	if after != "" {
		n, err := strconv.Atoi(after)
		if err != nil || n < 1 || n > r.count {
			return nil
		}
		end = n - 1
	}
	var newest []T
	for n := end; n >= max(r.oldest, 1) && len(newest) < limit; n-- {
		newest = append(newest, r.slot(n).row)
	}
	return newest
}

// byID returns the entry with an id, false when it was dropped or never added.
func (r *ring[T]) byID(id string) (row T, ok bool) {
	n, err := strconv.Atoi(id)
	if err != nil || n < max(r.oldest, 1) || n > r.count {
		return row, false
	}
	return r.slot(n).row, true
}

func headerSize(h http.Header) int {
	n := 0
	for name, values := range h {
		for _, value := range values {
			n += len(name) + len(value)
		}
	}
	return n
}
