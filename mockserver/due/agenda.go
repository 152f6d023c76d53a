package due

import (
	"container/heap"
	"time"
)

// agenda is the lanes with something to do, by the real time at which it falls due.
type agenda[R any] []*lane[R]

func (a agenda[R]) Len() int           { return len(a) }
func (a agenda[R]) Less(i, j int) bool { return a[i].wall.Before(a[j].wall) }

func (a agenda[R]) Swap(i, j int) {
	a[i], a[j] = a[j], a[i]
	a[i].slot, a[j].slot = i, j
}

// Push is for container/heap.
func (a *agenda[R]) Push(x any) {
	l := x.(*lane[R])
	l.slot = len(*a)
	*a = append(*a, l)
}

// Pop is for container/heap.
func (a *agenda[R]) Pop() any {
	old := *a
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*a = old[:len(old)-1]
	last.slot = off
	return last
}

// set puts a lane on the agenda, or moves it there.
func (a *agenda[R]) set(l *lane[R], wall time.Time) {
	l.wall = wall
	if l.slot == off {
		heap.Push(a, l)
		return
	}
	heap.Fix(a, l.slot)
}

// next returns the time of the first lane, false if there is none.
func (a agenda[R]) next() (time.Time, bool) {
	if len(a) == 0 {
		return time.Time{}, false
	}
	return a[0].wall, true
}

// drop takes a lane off the agenda, if it is there.
func (a *agenda[R]) drop(l *lane[R]) {
	if l.slot != off {
		heap.Remove(a, l.slot)
	}
}
