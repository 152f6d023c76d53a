package coverage

import "slices"

// Report returns the coverage so far: every item, sorted by operation, status, media type, envelope, pointer and value.
func (t *Tracker) Report() []Item {
	t.mu.Lock()
	defer t.mu.Unlock()
	items := make([]Item, 0, len(t.declared))
	for k := range t.declared {
		state := Never
		if _, seen := t.seen[k]; seen {
			state = Seen
		}
		items = append(items, k.item(state))
	}
	for k := range t.seen {
		if _, declared := t.declared[k]; !declared {
			items = append(items, k.item(Undeclared))
		}
	}
	slices.SortFunc(items, compare)
	return items
}

func (k key) item(state State) Item {
	return Item{Operation: k.operation, Status: k.status, MediaType: k.mediaType, Envelope: k.envelope, Pointer: k.pointer, Value: k.value, Kind: k.kind, State: state}
}
