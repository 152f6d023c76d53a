package store

import (
	"cmp"
	"container/heap"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// queue is the pending work of one kind, as a heap by due time. Of two items due at the same time, the older comes
// first.
type queue struct {
	kind  clinic.WorkKind
	items []item
}

// item is a pending item in little space.
type item struct {
	due     clinic.Moment
	id      uint64
	subject string
}

func itemOf(w clinic.Work) item { return item{clinic.MomentOf(w.Due), w.ID, w.Subject} }

func (a *item) compare(b *item) int {
	return cmp.Or(cmp.Compare(a.due, b.due), cmp.Compare(a.id, b.id))
}

// work returns an item of a queue, the work of a kind.
func (q *queue) work(it *item) clinic.Work {
	return clinic.Work{ID: it.id, Kind: q.kind, Due: it.due.Time(), Subject: it.subject}
}

func newQueues() *[clinic.WorkKinds]queue {
	var queues [clinic.WorkKinds]queue
	for kind := range queues {
		queues[kind].kind = clinic.WorkKind(kind)
	}
	return &queues
}

func (q *queue) first() (clinic.Work, bool) {
	if len(q.items) == 0 {
		return clinic.Work{}, false
	}
	return q.work(&q.items[0]), true
}

// add adds an item.
func (q *queue) add(w clinic.Work) {
	q.items = append(q.items, itemOf(w))
	q.up(len(q.items) - 1)
}

// take removes up to limit items that are due by a time, and returns them in due order.
func (q *queue) take(by time.Time, limit int) []clinic.Work {
	last := clinic.MomentOf(by)
	var taken []clinic.Work
	for len(q.items) > 0 && len(taken) < limit && q.items[0].due <= last {
		taken = append(taken, q.removeAt(0))
	}
	return taken
}

// find returns the place of an item at or below a place, -1 for none. It looks at the items that are due before it.
func (q *queue) find(wanted *item, place int) int {
	if place >= len(q.items) || q.items[place].compare(wanted) > 0 {
		return -1
	}
	if q.items[place].id == wanted.id {
		return place
	}
	if at := q.find(wanted, 2*place+1); at >= 0 {
		return at
	}
	return q.find(wanted, 2*place+2)
}

// remove removes the item of a work and returns it, false when there is none.
func (q *queue) remove(w clinic.Work) (clinic.Work, bool) {
	wanted := itemOf(w)
	place := q.find(&wanted, 0)
	if place < 0 {
		return clinic.Work{}, false
	}
	return q.removeAt(place), true
}

func (q *queue) removeAt(place int) clinic.Work {
	removed, last := q.work(&q.items[place]), len(q.items)-1
	q.items[place] = q.items[last]
	q.items[last] = item{}
	if q.items = q.items[:last]; last == 0 {
		q.items = nil // a clinic may have had many
	}
	if place < last {
		q.up(q.down(place))
	}
	return removed
}

// up moves the item at a place to the top as far as needed.
func (q *queue) up(place int) {
	for place > 0 {
		above := (place - 1) / 2
		if q.items[above].compare(&q.items[place]) <= 0 {
			return
		}
		q.items[above], q.items[place] = q.items[place], q.items[above]
		place = above
	}
}

// down moves the item at a place away from the top as far as needed, and returns its new place.
func (q *queue) down(place int) int {
	for {
		below := 2*place + 1
		if below >= len(q.items) {
			return place
		}
		if right := below + 1; right < len(q.items) && q.items[right].compare(&q.items[below]) < 0 {
			below = right
		}
		if q.items[place].compare(&q.items[below]) <= 0 {
			return place
		}
		q.items[place], q.items[below] = q.items[below], q.items[place]
		place = below
	}
}

// due returns up to limit items due at a time, in due order. It goes down the heap from the top, so it visits few
// more items than it returns.
func (q *queue) due(at time.Time, limit int) []clinic.Work {
	last := clinic.MomentOf(at)
	if limit == 1 && len(q.items) > 0 && q.items[0].due <= last { // for most clinics
		return []clinic.Work{q.work(&q.items[0])}
	}
	var due []clinic.Work
	next := placeHeap{queue: q}
	next.pushPlace(0)
	for len(next.at) > 0 && len(due) < limit {
		place := heap.Pop(&next).(int)
		it := &q.items[place]
		if it.due > last {
			break
		}
		due = append(due, q.work(it))
		next.pushPlace(2*place + 1)
		next.pushPlace(2*place + 2)
	}
	return due
}

// placeHeap is a heap of places in a queue's heap, ordered by the items at these places.
type placeHeap struct {
	queue *queue
	at    []int
}

func (p *placeHeap) pushPlace(place int) {
	if place < len(p.queue.items) {
		heap.Push(p, place)
	}
}

// The methods below are for container/heap.

func (p *placeHeap) Len() int { return len(p.at) }
func (p *placeHeap) Less(i, j int) bool {
	items := p.queue.items
	return items[p.at[i]].compare(&items[p.at[j]]) < 0
}
func (p *placeHeap) Swap(i, j int) { p.at[i], p.at[j] = p.at[j], p.at[i] }
func (p *placeHeap) Push(x any)    { p.at = append(p.at, x.(int)) }
func (p *placeHeap) Pop() any {
	last := p.at[len(p.at)-1]
	p.at = p.at[:len(p.at)-1]
	return last
}
