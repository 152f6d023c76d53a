//go:build ignore

package session

import (
	"fmt"
	"maps"
	"slices"

	"github.com/vsee-mock/vsee-mock/contract/coverage"
	"github.com/vsee-mock/vsee-mock/contract/report"
)

// covered returns a coverage in the form for reports; nil stays nil.
func covered(t *coverage.Tracker) *report.Coverage {
	if t == nil {
		return nil
	}
	messages := t.Messages()
	operations, events := map[string]*report.Operation{}, map[string]*report.Event{}
	for _, item := range t.Report() {
		var part *report.Part
		if item.Envelope != "" {
			e := events[item.Operation]
			if e == nil {
				e = &report.Event{Type: item.Operation, Payloads: messages[item.Operation]}
				events[item.Operation] = e
			}
			part = map[coverage.Kind]*report.Part{coverage.Envelope: &e.Envelopes, coverage.Field: &e.Fields, coverage.Value: &e.EnumValues}[item.Kind]
		} else {
			o := operations[item.Operation]
			if o == nil {
				o = &report.Operation{ID: item.Operation, Exchanges: messages[item.Operation]}
				operations[item.Operation] = o
			}
			part = map[coverage.Kind]*report.Part{
				coverage.Status: &o.Statuses, coverage.MediaType: &o.MediaTypes, coverage.Field: &o.Fields, coverage.Value: &o.EnumValues,
			}[item.Kind]
		}
		list := map[coverage.State]*[]string{coverage.Seen: &part.Seen, coverage.Never: &part.NeverSeen, coverage.Undeclared: &part.Undeclared}[item.State]
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
