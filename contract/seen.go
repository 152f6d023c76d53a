package contract

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"

	"github.com/vsee-mock/vsee-mock/contract/coverage"
	"github.com/vsee-mock/vsee-mock/contract/report"
)

// covered is the name of the report entry with what a process has seen of openapi.yaml for the first time.
const covered = "vsee-contract coverage"

// sight is what a process has seen of openapi.yaml.
type sight struct {
	Items   []coverage.Item
	Replies map[string]int // by operation
}

// sights adds to the report of a spec what was seen in it for the first time: it reaches the process that writes the
// results.
func (c *client) sights() {
	s := sight{Replies: c.replies}
	c.replies = map[string]int{}
	for _, item := range c.tracker.Report().Items {
		if item.State != coverage.Never && !c.told[item] {
			c.told[item] = true
			s.Items = append(s.Items, item)
		}
	}
	if len(s.Items)+len(s.Replies) > 0 {
		AddReportEntry(covered, s, ReportEntryVisibilityNever)
	}
}

// coverageOf returns what all processes have seen of openapi.yaml.
func (c *client) coverageOf(r Report) *report.Coverage {
	states, replies := map[coverage.Item]coverage.State{}, map[string]int{}
	for _, item := range c.tracker.Report().Items {
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

// told returns a coverage as reports have it.
func told(states map[coverage.Item]coverage.State, replies map[string]int) *report.Coverage {
	operations := map[string]*report.Operation{}
	for item, state := range states {
		o := operations[item.Operation]
		if o == nil {
			o = &report.Operation{ID: item.Operation, Exchanges: replies[item.Operation]}
			operations[item.Operation] = o
		}
		part := map[coverage.Kind]*report.Part{
			coverage.Status: &o.Statuses, coverage.MediaType: &o.MediaTypes, coverage.Field: &o.Fields, coverage.Value: &o.EnumValues,
		}[item.Kind]
		list := map[coverage.State]*[]string{coverage.Seen: &part.Seen, coverage.Never: &part.NeverSeen, coverage.Undeclared: &part.Undeclared}[state]
		*list = append(*list, nameOf(item))
	}
	c := &report.Coverage{Operations: []report.Operation{}}
	for _, id := range slices.Sorted(maps.Keys(operations)) {
		o := operations[id]
		for _, part := range []*report.Part{&o.Statuses, &o.MediaTypes, &o.Fields, &o.EnumValues} {
			slices.Sort(part.Seen)
			slices.Sort(part.NeverSeen)
			slices.Sort(part.Undeclared)
		}
		c.Operations = append(c.Operations, *o)
	}
	return c
}

// nameOf is what an item is called within its operation.
func nameOf(i coverage.Item) string {
	text := fmt.Sprint(i.Status)
	for _, more := range []string{i.MediaType, i.Pointer} {
		if more != "" {
			text += " " + more
		}
	}
	if i.Kind == coverage.Value {
		text += "=" + i.Value
	}
	return strings.TrimSpace(text)
}
