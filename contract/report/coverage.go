package report

import (
	"fmt"
	"strings"
)

// Coverage is how much of openapi.yaml a run has seen. It holds names of the document, and of what the document does
// not have names alone, never a value out of a free text.
type Coverage struct {
	Operations []Operation `json:"operations"` // in the order of the document
}

// Operation is how much of an operation, or of an event, a run has seen.
type Operation struct {
	ID         string `json:"id"`        // operationId of openapi.yaml, or the type of an event
	Exchanges  int    `json:"exchanges"` // how many replies, or events, there were
	Statuses   Part   `json:"statuses"`
	MediaTypes Part   `json:"media_types"`
	Fields     Part   `json:"fields"`      // by their JSON pointers
	EnumValues Part   `json:"enum_values"` // each as pointer=value
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
	return copied
}

// Text returns the coverage for people: a line for each operation, and one for each thing that came undeclared.
func (c *Coverage) Text() string {
	var b strings.Builder
	for _, o := range cleanCoverage(c, consoleLimits).Operations {
		fmt.Fprintf(&b, "%s: %d replies", o.ID, o.Exchanges)
		for _, p := range o.parts() {
			fmt.Fprintf(&b, ", %d of %d %s", len(p.Seen), p.Declared(), p.Of)
		}
		b.WriteByte('\n')
		for _, p := range o.parts() {
			for _, text := range p.Undeclared {
				fmt.Fprintf(&b, "  undeclared: %s\n", text)
			}
		}
	}
	return b.String()
}
