package report

import (
	"fmt"
	"strings"
)

// Coverage is the part of openapi.yaml that a run has seen. For undeclared things it has their names only, and never a
// value from a reply.
type Coverage struct {
	Operations []Operation `json:"operations"`       // sorted by id
	Events     []Event     `json:"events,omitempty"` // sorted by type
}

// Operation is the coverage of one operation's replies.
type Operation struct {
	ID         string `json:"id"`        // operationId in openapi.yaml
	Exchanges  int    `json:"exchanges"` // number of replies
	Statuses   Part   `json:"statuses"`
	MediaTypes Part   `json:"media_types"`
	Fields     Part   `json:"fields"`      // as JSON pointers
	EnumValues Part   `json:"enum_values"` // in the form pointer=value
}

// Event is the coverage of one event's payloads.
type Event struct {
	Type       string `json:"type"`     // such as eligibility.checked
	Payloads   int    `json:"payloads"` // number of payloads; each attempt to deliver an event counts
	Envelopes  Part   `json:"envelopes"`
	Fields     Part   `json:"fields"`      // in the form envelope, JSON pointer
	EnumValues Part   `json:"enum_values"` // in the form envelope, pointer=value
}

// Part is the coverage of one kind of thing, such as statuses.
type Part struct {
	Seen       []string `json:"seen,omitempty"`       // declared and seen
	NeverSeen  []string `json:"never_seen,omitempty"` // declared but never seen
	Undeclared []string `json:"undeclared,omitempty"` // seen but not declared
}

// Declared returns the number of declared things.
func (p Part) Declared() int { return len(p.Seen) + len(p.NeverSeen) }

// parts returns the parts of an operation with their names.
func (o Operation) parts() []namedPart {
	return []namedPart{
		{"statuses", o.Statuses}, {"media types", o.MediaTypes}, {"fields", o.Fields}, {"values of enumerations", o.EnumValues},
	}
}

// parts returns the parts of an event with their names.
func (e Event) parts() []namedPart {
	return []namedPart{{"envelopes", e.Envelopes}, {"fields", e.Fields}, {"values of enumerations", e.EnumValues}}
}

type namedPart struct {
	Of string
	Part
}

// cleanCoverage returns a copy with texts that are safe to print, as clean does for a run.
func cleanCoverage(c *Coverage, most limits) *Coverage {
	if c == nil {
		return nil
	}
	lines := func(texts []string) []string {
		var cleaned []string
		for _, text := range texts {
			cleaned = append(cleaned, oneLine(text, most.text))
		}
		return cleaned
	}
	part := func(p Part) Part { return Part{lines(p.Seen), lines(p.NeverSeen), lines(p.Undeclared)} }
	copied := &Coverage{}
	for _, o := range c.Operations {
		copied.Operations = append(copied.Operations, Operation{
			ID: oneLine(o.ID, most.text), Exchanges: o.Exchanges, Statuses: part(o.Statuses), MediaTypes: part(o.MediaTypes),
			Fields: part(o.Fields), EnumValues: part(o.EnumValues),
		})
	}
	for _, e := range c.Events {
		copied.Events = append(copied.Events, Event{
			Type: oneLine(e.Type, most.text), Payloads: e.Payloads, Envelopes: part(e.Envelopes), Fields: part(e.Fields), EnumValues: part(e.EnumValues),
		})
	}
	return copied
}

// Text returns the coverage as text: a line for each operation and event, followed by its undeclared things.
func (c *Coverage) Text() string {
	var b strings.Builder
	cleaned := cleanCoverage(c, consoleLimits)
	for _, o := range cleaned.Operations {
		writeParts(&b, o.ID, fmt.Sprintf("%d replies", o.Exchanges), o.parts())
	}
	for _, e := range cleaned.Events {
		writeParts(&b, e.Type, fmt.Sprintf("%d payloads", e.Payloads), e.parts())
	}
	return b.String()
}

func writeParts(b *strings.Builder, of, came string, parts []namedPart) {
	fmt.Fprintf(b, "%s: %s", of, came)
	for _, p := range parts {
		if p.Declared()+len(p.Undeclared) == 0 {
			continue
		}
		fmt.Fprintf(b, ", %d of %d %s", len(p.Seen), p.Declared(), p.Of)
	}
	b.WriteByte('\n')
	for _, p := range parts {
		for _, text := range p.Undeclared {
			fmt.Fprintf(b, "  undeclared: %s\n", text)
		}
	}
}
