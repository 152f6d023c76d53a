package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// covered is the coverage of one operation or event.
type covered struct {
	Of       string // operationId, or the type of an event
	Messages int
	Kinds    []coveredKind // with at least one part
}

// coveredKind is the coverage of the parts of one kind, such as statuses.
type coveredKind struct {
	Kind                    string
	Seen, Never, Undeclared []string
}

// Declared returns the number of declared parts.
func (k coveredKind) Declared() int { return len(k.Seen) + len(k.Never) }

// coverageOf groups the parts of a coverage by operation and kind. Its texts are safe to print, as those of clean.
func coverageOf(c *result.Coverage, most limits) []covered {
	if c == nil {
		return nil
	}
	kinds := []string{result.StatusPart, result.EnvelopePart, result.MediaTypePart, result.FieldPart, result.ValuePart}
	var all []covered
	index := map[string]int{}
	group := func(parts []result.Part, list func(k *coveredKind) *[]string) {
		for _, p := range parts {
			i, ok := index[p.Operation]
			if !ok {
				i = len(all)
				index[p.Operation] = i
				all = append(all, covered{Of: oneLine(p.Operation, most.text), Messages: c.Messages[p.Operation]})
				for _, kind := range kinds {
					all[i].Kinds = append(all[i].Kinds, coveredKind{Kind: kind})
				}
			}
			into := list(&all[i].Kinds[slices.Index(kinds, p.Kind())])
			*into = append(*into, oneLine(p.Within(), most.text))
		}
	}
	group(c.Seen, func(k *coveredKind) *[]string { return &k.Seen })
	group(c.Never, func(k *coveredKind) *[]string { return &k.Never })
	group(c.Undeclared, func(k *coveredKind) *[]string { return &k.Undeclared })
	for i := range all {
		all[i].Kinds = slices.DeleteFunc(
			all[i].Kinds, func(k coveredKind) bool { return k.Declared()+len(k.Undeclared) == 0 },
		)
	}
	slices.SortFunc(all, func(a, b covered) int { return strings.Compare(a.Of, b.Of) })
	return all
}

// CoverageText returns a coverage as text: a line for each operation and event, followed by its undeclared parts.
func CoverageText(c *result.Coverage) string {
	var b strings.Builder
	for _, of := range coverageOf(c, limits{text: 300}) {
		fmt.Fprintf(&b, "%s: %s", of.Of, Count(of.Messages, "message"))
		for _, k := range of.Kinds {
			fmt.Fprintf(&b, ", %d of %d %s", len(k.Seen), k.Declared(), k.Kind)
		}
		b.WriteByte('\n')
		for _, k := range of.Kinds {
			for _, text := range k.Undeclared {
				fmt.Fprintf(&b, "  undeclared: %s\n", text)
			}
		}
	}
	return b.String()
}
