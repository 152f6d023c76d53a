package report

import (
	"fmt"
	"strings"
)

// Coverage is how much of openapi.yaml a run has seen. It holds names of the document, and of what the document does
// not have names alone, never a value out of a free text.
type Coverage struct {
	Operations []Operation `json:"operations"`       // by their ids
	Events     []Event     `json:"events,omitempty"` // by their types
}

// Operation is how much of an operation's replies a run has seen.
type Operation struct {
	ID         string `json:"id"`        // operationId of openapi.yaml
	Exchanges  int    `json:"exchanges"` // how many replies there were
	Statuses   Part   `json:"statuses"`
	MediaTypes Part   `json:"media_types"`
	Fields     Part   `json:"fields"`      // by their JSON pointers
	EnumValues Part   `json:"enum_values"` // each as pointer=value
}

// Event is how much of the payloads of an event a run has seen.
type Event struct {
	Type       string `json:"type"`     // eligibility.checked
	Payloads   int    `json:"payloads"` // how many there were: one for each attempt to deliver an event
	Envelopes  Part   `json:"envelopes"`
	Fields     Part   `json:"fields"`      // by their envelopes and JSON pointers
	EnumValues Part   `json:"enum_values"` // each as envelope, pointer=value
}

// Part is how much of one kind of thing a run has seen.
type Part struct {
	Seen       []string `json:"seen,omitempty"`       // declared, and seen
	NeverSeen  []string `json:"never_seen,omitempty"` // declared, and never seen
	Undeclared []string `json:"undeclared,omitempty"` // seen, and not declared
}

// Declared is how many things the document has of the kind.
func (p Part) Declared() int { return len(p.Seen) + len(p.NeverSeen) }

// parts returns the parts of an operation with what they are of.
func (o Operation) parts() []namedPart {
	return []namedPart{
		{"statuses", o.Statuses}, {"media types", o.MediaTypes}, {"fields", o.Fields}, {"values of enumerations", o.EnumValues},
	}
}

// parts returns the parts of an event with what they are of.
func (e Event) parts() []namedPart {
	return []namedPart{{"envelopes", e.Envelopes}, {"fields", e.Fields}, {"values of enumerations", e.EnumValues}}
}

type namedPart struct {
	Of string
	Part
}

// cleanCoverage returns a copy whose texts are as those of clean.
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

// Text returns the coverage for people: a line for each operation and event, and one for each thing that came undeclared.
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
