package visits

import (
	"slices"
	"time"
)

// Block is a time in which a provider, or any provider of a room, takes patients. It is cut into slots.
type Block struct {
	ID         string // digits; its slots share it
	GroupID    string // a UUID
	ProviderID string // empty for any provider of the room
	RoomCode   string
	Start, End time.Time
	Minutes    int // of one slot
	Places     int // patients for one slot
	Created    time.Time
}

// Span is a time from a start up to an end.
type Span struct{ Start, End time.Time }

func (s Span) overlaps(other Span) bool {
	return s.Start.Before(other.End) && other.Start.Before(s.End)
}

// Slot is a part of a block that one patient can book.
type Slot struct {
	Block Block
	Span
	Booked    int
	Available int
}

// MaxSlots is the maximum number of slots of one block.
const MaxSlots = 1_000

// Slots cuts the block into whole slots of a length, with the bookings of each. A length of 0 is the block's own.
func (b Block) Slots(length time.Duration, booked []Span) []Slot {
	if length <= 0 {
		length = time.Duration(b.Minutes) * time.Minute
	}
	var slots []Slot
	for at := b.Start; !at.Add(length).After(b.End) && len(slots) < MaxSlots; at = at.Add(length) {
		span := Span{at, at.Add(length)}
		n := b.count(span, booked)
		slots = append(slots, Slot{b, span, n, max(b.Places-n, 0)})
	}
	return slots
}

// Covers reports whether a time lies within the block.
func (b Block) Covers(s Span) bool { return !s.Start.Before(b.Start) && !s.End.After(b.End) }

// HasPlace reports whether one more patient can book a time in the block.
func (b Block) HasPlace(s Span, booked []Span) bool { return b.count(s, booked) < b.Places }

// count returns how many bookings a part of the time has at once, at most.
func (b Block) count(s Span, booked []Span) int {
	most := 0
	for _, one := range booked {
		if !one.overlaps(s) {
			continue
		}
		at, n := one.Start, 0
		if s.Start.After(at) {
			at = s.Start
		}
		for _, other := range booked {
			if !other.Start.After(at) && other.End.After(at) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// DefaultRange is how long a search for slots reaches, if the caller says nothing else (documented).
const DefaultRange = 4 * 24 * time.Hour

// Search is the time range of a search for slots. A zero field was not sent.
type Search struct {
	Start, End time.Time
	Duration   time.Duration
	Nearest    bool // start at the first free slot from Start on
}

// Find returns the free slots in the range of a search, earliest first (documented table; now is the earliest start of
// a slot: ours).
func (q Search) Find(slots []Slot, now time.Time) []Slot {
	slots = slices.DeleteFunc(slices.Clone(slots), func(s Slot) bool { return s.Available == 0 || s.Start.Before(now) })
	slices.SortStableFunc(slots, func(a, b Slot) int { return a.Start.Compare(b.Start) })
	from, to := q.window(slots)
	return slices.DeleteFunc(slots, func(s Slot) bool { return s.Start.Before(from) || !s.Start.Before(to) })
}

// window returns the range of a search in free slots, earliest first.
func (q Search) window(free []Slot) (from, to time.Time) {
	length := q.Duration
	if length <= 0 {
		length = DefaultRange
	}
	switch {
	case !q.Start.IsZero() && !q.End.IsZero():
		return q.Start, q.End
	case !q.End.IsZero():
		return q.End.Add(-length), q.End
	case !q.Start.IsZero() && !q.Nearest:
		return q.Start, q.Start.Add(length)
	}
	for _, s := range free {
		if !s.Start.Before(q.Start) {
			return s.Start, s.Start.Add(length)
		}
	}
	return q.Start, q.Start
}
