package coverage

import (
	"fmt"
	"slices"
	"strings"
)

// Coverage is the part of the document that a run has seen.
type Coverage struct {
	Kinds []Share `json:"kinds"`
	Items []Item  `json:"items"` // sorted by operation, status, media type, envelope, pointer and value
}

// Share counts the items of one kind.
type Share struct {
	Kind       Kind `json:"kind"`
	Declared   int  `json:"declared"`
	Seen       int  `json:"seen"`       // seen and declared
	Undeclared int  `json:"undeclared"` // seen and not declared
}

// Percent returns the share of declared items that were seen, from 0 to 100, rounded down: 100 means all of them. It is
// 100 if nothing is declared.
func (s Share) Percent() int {
	if s.Declared == 0 {
		return 100
	}
	return s.Seen * 100 / s.Declared
}

// Report returns the coverage so far.
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

// News returns the items first seen since the last call, in no particular order.
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

// Of returns the items in a state, in the order of Items.
func (c Coverage) Of(state State) []Item {
	var items []Item
	for _, item := range c.Items {
		if item.State == state {
			items = append(items, item)
		}
	}
	return items
}

// Text returns the coverage as text: a line for each kind, then a line for each undeclared item.
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

// String returns the place of an item: listInsurers 200 application/json /data/insurers/*/id. For an event it is
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
