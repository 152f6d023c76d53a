package due

import (
	"container/heap"
	"time"
)

// agenda is the lanes with something to do, by the real time at which it falls due.
type agenda[R any] []entry[R]

type entry[R any] struct {
	wall time.Time
	lane *lane[R]
}

func (a agenda[R]) Len() int           { return len(a) }
func (a agenda[R]) Less(i, j int) bool { return a[i].wall.Before(a[j].wall) }

func (a agenda[R]) Swap(i, j int) {
	a[i], a[j] = a[j], a[i]
	a[i].lane.slot, a[j].lane.slot = i, j
}

// Push is for container/heap.
func (a *agenda[R]) Push(x any) {
	e := x.(*entry[R])
	e.lane.slot = len(*a)
	*a = append(*a, *e)
}

// Pop is for container/heap.
func (a *agenda[R]) Pop() any {
	old := *a
	last := old[len(old)-1].lane
	old[len(old)-1] = entry[R]{}
	*a = old[:len(old)-1]
	last.slot = off
	return last
}

// set puts a lane on the agenda, or moves it there.
func (a *agenda[R]) set(l *lane[R], wall time.Time) {
	if l.slot == off {
		heap.Push(a, &entry[R]{wall, l})
		return
	}
	(*a)[l.slot].wall = wall
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
