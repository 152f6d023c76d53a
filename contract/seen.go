package contract

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	. "github.com/onsi/ginkgo/v2"

	"github.com/vsee-mock/vsee-mock/contract/coverage"
	"github.com/vsee-mock/vsee-mock/contract/report"
)

// covered names the report entry with the parts of openapi.yaml that a process has seen for the first time.
const covered = "vsee-contract coverage"

// sight lists the parts of openapi.yaml seen by a process.
type sight struct {
	Items   []coverage.Item
	Replies map[string]int // by operation, and payloads by the type of the event
}

// hear records the events received since its last call. It skips deliberate faults of a mock, as in a scenario:
// they are no gap in openapi.yaml.
func (t *target) hear(spoiled bool) {
	for _, d := range t.receiver.next() {
		if spoiled {
			continue
		}
		kind, envelope := t.client.checker.EnvelopeOf(d.Body)
		if kind != "" {
			t.client.replies[kind]++
			t.client.tracker.SawEvent(kind, envelope, d.Body)
		}
	}
}

// sights adds the parts first seen in a spec to its report: the report reaches the process that writes the
// results.
func (c *client) sights() {
	s := sight{Items: c.tracker.News(), Replies: c.replies}
	c.replies = map[string]int{}
	if len(s.Items)+len(s.Replies) > 0 {
		AddReportEntry(covered, s, ReportEntryVisibilityNever)
	}
}

// coverageOf returns the parts of openapi.yaml seen by all processes.
func (c *client) coverageOf(r Report) *report.Coverage {
	states, replies := map[coverage.Item]coverage.State{}, map[string]int{}
	for _, item := range c.tracker.Report() {
		state := item.State
		item.State = ""
		states[item] = state
	}
	for _, spec := range r.SpecReports {
		for _, entry := range spec.ReportEntries {
			if entry.Name != covered {
				continue
			}
			s, ok := entry.GetRawValue().(sight)
			if !ok && json.Unmarshal([]byte(entry.Value.AsJSON), &s) != nil {
				continue
			}
			for _, item := range s.Items {
				state := item.State
				item.State = ""
				states[item] = state
			}
			for operation, n := range s.Replies {
				replies[operation] += n
			}
		}
	}
	return told(states, replies)
}

// told returns a coverage in the form for reports.
func told(states map[coverage.Item]coverage.State, replies map[string]int) *report.Coverage {
	operations, events := map[string]*report.Operation{}, map[string]*report.Event{}
	for item, state := range states {
		var part *report.Part
		if item.Envelope != "" {
			e := events[item.Operation]
			if e == nil {
				e = &report.Event{Type: item.Operation, Payloads: replies[item.Operation]}
				events[item.Operation] = e
			}
			part = map[coverage.Kind]*report.Part{coverage.Envelope: &e.Envelopes, coverage.Field: &e.Fields, coverage.Value: &e.EnumValues}[item.Kind]
		} else {
			o := operations[item.Operation]
			if o == nil {
				o = &report.Operation{ID: item.Operation, Exchanges: replies[item.Operation]}
				operations[item.Operation] = o
			}
			part = map[coverage.Kind]*report.Part{
				coverage.Status: &o.Statuses, coverage.MediaType: &o.MediaTypes, coverage.Field: &o.Fields, coverage.Value: &o.EnumValues,
			}[item.Kind]
		}
		list := map[coverage.State]*[]string{coverage.Seen: &part.Seen, coverage.Never: &part.NeverSeen, coverage.Undeclared: &part.Undeclared}[state]
		*list = append(*list, nameOf(item))
	}
	c := &report.Coverage{Operations: []report.Operation{}}
	for _, id := range slices.Sorted(maps.Keys(operations)) {
		o := operations[id]
		sorted(&o.Statuses, &o.MediaTypes, &o.Fields, &o.EnumValues)
		c.Operations = append(c.Operations, *o)
	}
	for _, kind := range slices.Sorted(maps.Keys(events)) {
		e := events[kind]
		sorted(&e.Envelopes, &e.Fields, &e.EnumValues)
		c.Events = append(c.Events, *e)
	}
	return c
}

func sorted(parts ...*report.Part) {
	for _, part := range parts {
		slices.Sort(part.Seen)
		slices.Sort(part.NeverSeen)
		slices.Sort(part.Undeclared)
	}
}

// nameOf returns the name of an item within its operation or event.
func nameOf(i coverage.Item) string {
	text := i.Envelope
	if i.Status != 0 {
		text = fmt.Sprint(i.Status)
	}
	for _, more := range []string{i.MediaType, i.Pointer} {
		if more != "" {
			text += " " + more
		}
	}
	if i.Kind == coverage.Value {
		text += "=" + i.Value
	}
	return text
}
