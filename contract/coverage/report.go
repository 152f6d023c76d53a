package coverage

import (
	"fmt"
	"slices"
	"strings"
)

// Coverage is what a run has seen of the document.
type Coverage struct {
	Kinds []Share `json:"kinds"`
	Items []Item  `json:"items"` // by operation, status, media type, envelope, pointer and value
}

// Share is how much of what is declared has been seen, of one kind.
type Share struct {
	Kind       Kind `json:"kind"`
	Declared   int  `json:"declared"`
	Seen       int  `json:"seen"` // of what is declared
	Undeclared int  `json:"undeclared"`
}

// Percent is the share of what is declared that has been seen, from 0 to 100; 100 when nothing is declared. It is 100
// only when all has been seen.
func (s Share) Percent() int {
	if s.Declared == 0 {
		return 100
	}
	return s.Seen * 100 / s.Declared
}

// Report returns what has been seen until now.
func (t *Tracker) Report() Coverage {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := Coverage{Items: make([]Item, 0, len(t.declared))}
	for k := range t.declared {
		state := Never
		if _, seen := t.seen[k]; seen {
			state = Seen
		}
		c.Items = append(c.Items, k.item(state))
	}
	for k := range t.seen {
		if _, declared := t.declared[k]; !declared {
			c.Items = append(c.Items, k.item(Undeclared))
		}
	}
	slices.SortFunc(c.Items, compare)
	for _, kind := range []Kind{Status, MediaType, Envelope, Field, Value} {
		c.Kinds = append(c.Kinds, c.share(kind))
	}
	return c
}

// News returns what has been seen for the first time since it was last called, in no order.
func (t *Tracker) News() []Item {
	t.mu.Lock()
	defer t.mu.Unlock()
	var items []Item
	for _, k := range t.news {
		state := Undeclared
		if _, declared := t.declared[k]; declared {
			state = Seen
		}
		items = append(items, k.item(state))
	}
	t.news = nil
	return items
}

func (k key) item(state State) Item {
	return Item{Operation: k.operation, Status: k.status, MediaType: k.mediaType, Envelope: k.envelope, Pointer: k.pointer, Value: k.value, Kind: k.kind, State: state}
}

func (c Coverage) share(kind Kind) Share {
	s := Share{Kind: kind}
	for _, item := range c.Items {
		switch {
		case item.Kind != kind:
		case item.State == Undeclared:
			s.Undeclared++
		default:
			s.Declared++
			if item.State == Seen {
				s.Seen++
			}
		}
	}
	return s
}

// Of returns the items in a state, in their order.
func (c Coverage) Of(state State) []Item {
	var items []Item
	for _, item := range c.Items {
		if item.State == state {
			items = append(items, item)
		}
	}
	return items
}

// Text returns the coverage for people: a line for each kind, and one for each thing that came undeclared.
func (c Coverage) Text() string {
	var b strings.Builder
	for _, s := range c.Kinds {
		fmt.Fprintf(&b, "%-11s %3d %%  %d of %d", s.Kind, s.Percent(), s.Seen, s.Declared)
		if s.Undeclared > 0 {
			fmt.Fprintf(&b, ", and %d undeclared", s.Undeclared)
		}
		b.WriteByte('\n')
	}
	for _, item := range c.Of(Undeclared) {
		fmt.Fprintf(&b, "undeclared: %s\n", item)
	}
	return b.String()
}

// String returns where the item is: listInsurers 200 application/json /data/insurers/*/id, or of an event
// eligibility.checked 2.0 /data/member_id.
func (i Item) String() string {
	text := i.Operation
	if i.Status != 0 {
		text += fmt.Sprintf(" %d", i.Status)
	}
	for _, more := range []string{i.MediaType, i.Envelope, i.Pointer, i.Value} {
		if more != "" {
			text += " " + more
		}
	}
	return text
}
