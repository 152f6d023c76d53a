package store

import (
	"cmp"
	"container/heap"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// queue is the pending work of one kind, by due time. Of two items due at the same time, the older comes first.
type queue struct {
	kind  clinic.WorkKind
	heap  workHeap
	items map[uint64]*item
}

// item is a pending item in little space.
type item struct {
	id      uint64
	seconds int64 // of the due time, since 1970
	subject string
	nanos   int32 // of the due time, behind the second
	place   int32 // in the heap
}

func (it *item) due() time.Time { return time.Unix(it.seconds, int64(it.nanos)).UTC() }

// work returns an item of a queue, the work of a kind.
func (q *queue) work(it *item) clinic.Work {
	return clinic.Work{ID: it.id, Kind: q.kind, Due: it.due(), Subject: it.subject}
}

func newQueues() *[clinic.WorkKinds]queue {
	var queues [clinic.WorkKinds]queue
	for kind := range queues {
		queues[kind].kind = clinic.WorkKind(kind)
	}
	return &queues
}

func (q *queue) first() (clinic.Work, bool) {
	if len(q.heap) == 0 {
		return clinic.Work{}, false
	}
	return q.work(q.heap[0]), true
}

// due returns up to limit items due at a time, in due order. It goes down the heap from the top, so it visits few
// more items than it returns.
func (q *queue) due(at time.Time, limit int) []clinic.Work {
	if limit == 1 && len(q.heap) > 0 && !q.heap[0].due().After(at) { // for most clinics
		return []clinic.Work{q.work(q.heap[0])}
	}
	var due []clinic.Work
	var next placeHeap
	next.queue = q
	next.pushPlace(0)
	for len(next.at) > 0 && len(due) < limit {
		place := heap.Pop(&next).(int)
		it := q.heap[place]
		if it.due().After(at) {
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
	if place < len(p.queue.heap) {
		heap.Push(p, place)
	}
}

// The methods below are for container/heap.

func (p *placeHeap) Len() int           { return len(p.at) }
func (p *placeHeap) Less(i, j int) bool { return p.queue.heap.Less(p.at[i], p.at[j]) }
func (p *placeHeap) Swap(i, j int)      { p.at[i], p.at[j] = p.at[j], p.at[i] }
func (p *placeHeap) Push(x any)         { p.at = append(p.at, x.(int)) }
func (p *placeHeap) Pop() any {
	last := p.at[len(p.at)-1]
	p.at = p.at[:len(p.at)-1]
	return last
}

func (q *queue) find(id uint64) (clinic.Work, bool) {
	it, ok := q.items[id]
	if !ok {
		return clinic.Work{}, false
	}
	return q.work(it), true
}

func (q *queue) add(w clinic.Work) {
	it := &item{id: w.ID, seconds: w.Due.Unix(), subject: w.Subject}
	it.nanos = int32(w.Due.Nanosecond()) //nolint:gosec // less than a second
	if q.items == nil {
		q.items = map[uint64]*item{}
	}
	q.items[w.ID] = it
	heap.Push(&q.heap, it)
}

// remove removes an item and returns it, false when there is no such item.
func (q *queue) remove(id uint64) (clinic.Work, bool) {
	it, ok := q.items[id]
	if !ok {
		return clinic.Work{}, false
	}
	delete(q.items, id)
	heap.Remove(&q.heap, int(it.place))
	return q.work(it), true
}

type workHeap []*item

func (h workHeap) Len() int { return len(h) }

func (h workHeap) Less(i, j int) bool {
	a, b := h[i], h[j]
	return cmp.Or(cmp.Compare(a.seconds, b.seconds), cmp.Compare(a.nanos, b.nanos), cmp.Compare(a.id, b.id)) < 0
}

func (h workHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].place, h[j].place = int32(i), int32(j) //nolint:gosec // memory holds fewer
}

// Push is for container/heap.
func (h *workHeap) Push(x any) {
	it := x.(*item)
	it.place = int32(len(*h)) //nolint:gosec // likewise
	*h = append(*h, it)
}

// Pop is for container/heap.
func (h *workHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return last
}
