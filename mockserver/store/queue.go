package store

import (
	"container/heap"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// queue is the pending work of one kind, by due time. Of two items due at the same time, the older comes first.
type queue struct {
	heap  workHeap
	items map[uint64]*item
}

type item struct {
	clinic.Work
	place int // in the heap
}

func (q *queue) first() (clinic.Work, bool) {
	if len(q.heap) == 0 {
		return clinic.Work{}, false
	}
	return q.heap[0].Work, true
}

// due returns up to limit items due at a time, in due order. It goes down the heap from the top, so it visits few
// more items than it returns.
func (q *queue) due(at time.Time, limit int) []clinic.Work {
	if limit == 1 && len(q.heap) > 0 && !q.heap[0].Due.After(at) { // for most clinics
		return []clinic.Work{q.heap[0].Work}
	}
	var due []clinic.Work
	var next placeHeap
	next.queue = q
	next.pushPlace(0)
	for len(next.at) > 0 && len(due) < limit {
		place := heap.Pop(&next).(int)
		it := q.heap[place]
		if it.Due.After(at) {
			break
		}
		due = append(due, it.Work)
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
	return it.Work, true
}

func (q *queue) add(w clinic.Work) {
	it := &item{Work: w}
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
	heap.Remove(&q.heap, it.place)
	return it.Work, true
}

type workHeap []*item

func (h workHeap) Len() int { return len(h) }

func (h workHeap) Less(i, j int) bool {
	order := h[i].Due.Compare(h[j].Due)
	return order < 0 || order == 0 && h[i].ID < h[j].ID
}

func (h workHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].place, h[j].place = i, j
}

// Push is for container/heap.
func (h *workHeap) Push(x any) {
	it := x.(*item)
	it.place = len(*h)
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
