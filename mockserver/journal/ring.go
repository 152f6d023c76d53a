package journal

import (
	"net/http"
	"strconv"
)

// ring is the newest entries, numbered from 1: up to max of them, and up to maxBytes of content.
type ring[T any] struct {
	max   int
	size  func(T) int
	rows  []T // oldest first
	bytes int
	count int // count of all entries ever added
}

func (r *ring[T]) nextID() string { return strconv.Itoa(r.count + 1) }

// add adds an entry. The newest is kept whatever its size.
func (r *ring[T]) add(row T) {
	r.rows = append(r.rows, row)
	r.bytes += r.size(row)
	r.count++
	drop := 0
	for len(r.rows)-drop > 1 && (len(r.rows)-drop > r.max || r.bytes > maxBytes) {
		r.bytes -= r.size(r.rows[drop])
		drop++
	}
	clear(r.rows[:drop]) // so their content can be freed before the slice grows anew
	r.rows = r.rows[drop:]
}

func (r *ring[T]) clear() { r.rows, r.bytes, r.count = nil, 0, 0 }

func (r *ring[T]) newest(after string, limit int) []T {
	end := r.count
	if after != "" {
		n, err := strconv.Atoi(after)
		if err != nil || n < 1 || n > r.count {
			return nil
		}
		end = n - 1
	}
	oldest := r.count - len(r.rows)
	var newest []T
	for n := end; n > oldest && len(newest) < limit; n-- {
		newest = append(newest, r.rows[n-oldest-1])
	}
	return newest
}

// byID returns the entry with an id, false when it was dropped or never added.
func (r *ring[T]) byID(id string) (row T, ok bool) {
	n, err := strconv.Atoi(id)
	if at := n - 1 - (r.count - len(r.rows)); err == nil && at >= 0 && at < len(r.rows) {
		return r.rows[at], true
	}
	return row, false
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
