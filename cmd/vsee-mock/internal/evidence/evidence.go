// Package evidence has the command that prints how well each part of openapi.yaml is known.
package evidence

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// Command is `vsee-mock evidence`.
type Command struct {
	Grade []string `enum:"seed, documented, observed, inferred, ours" placeholder:"GRADE" help:"Only these: ${enum}."`
	JSON  bool     `name:"json" help:"Print JSON."`
}

// Run prints the evidence for each thing of openapi.yaml.
func (e *Command) Run(a *command.App) error {
	ledger := only(embedded.Spec().EvidenceTable(), e.Grade)
	if e.JSON {
		enc := json.NewEncoder(a.Stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(map[string]any{"counts": counts(ledger, e.Grade), "ledger": ledger})
	}
	return writeEvidence(a.Stdout, ledger, e.Grade)
}

// only returns the entries with one of the grades, or all entries for no grades. An entry of another grade stays if
// some of its fields have one of the grades, with those fields alone.
func only(ledger []apispec.Known, grades []string) []apispec.Known {
	if len(grades) == 0 {
		return ledger
	}
	var left []apispec.Known
	for _, known := range ledger {
		known.Fields = slices.DeleteFunc(known.Fields, func(f apispec.KnownField) bool {
			return !slices.Contains(grades,
				f.Grade)
		})
		if len(known.Fields) > 0 || slices.Contains(grades, known.Grade) {
			left = append(left, known)
		}
	}
	return left
}

// counts returns the number of entries by kind and grade, for the requested grades.
func counts(ledger []apispec.Known, grades []string) map[string]map[string]int {
	n := map[string]map[string]int{}
	count := func(kind, grade string) {
		if n[kind] == nil {
			n[kind] = map[string]int{}
		}
		if len(grades) == 0 || slices.Contains(grades, grade) {
			n[kind][grade]++
		}
	}
	for _, known := range ledger {
		count(known.Kind, known.Grade)
		for _, field := range known.Fields {
			count("field", field.Grade)
		}
	}
	return n
}

const aboutEvidence = `# Evidence

How well each operation, event, page, field, error and credential of [openapi.yaml](../openapi.yaml) is known, ` +
	`and where from.
` + "`vsee-mock evidence`" + ` prints this page.

| grade | is |
| --- | --- |
| seed | VSee's integration guide for insurance, steps 1 to 7 |
| documented | another page, or another revision, of VSee's public documentation |
| observed | seen by integrators in real replies or in VSee's own SDK |
| inferred | a consequence of the above that VSee has not stated |
| ours | what VSee says nothing about, and this project decided: do not rely on it against VSee |
`

// sections are the kinds of entries, with their titles and calls on this page.
var sections = []struct{ kind, title, call string }{
	{"operation", "Operations", "call"},
	{"event", "Events", ""},
	{"page", "Pages of the portal", "call"},
	{"error", "Errors", "status"},
	{"credential", "Credentials", "header"},
}

// writeEvidence writes the evidence in Markdown.
func writeEvidence(w io.Writer, ledger []apispec.Known, grades []string) error {
	var b strings.Builder
	b.WriteString(aboutEvidence)
	writeCounts(&b, counts(ledger, grades))
	for _, section := range sections {
		rows := slices.DeleteFunc(slices.Clone(ledger), func(k apispec.Known) bool { return k.Kind != section.kind })
		if len(rows) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n## %s\n", section.title)
		if section.kind == "operation" || section.kind == "event" || section.kind == "page" {
			for _, known := range rows {
				writeKnown(&b, known)
			}
			continue
		}
		fmt.Fprintf(&b, "\n| name | %s | grade | source |\n| --- | --- | --- | --- |\n", section.call)
		for _, known := range rows {
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", known.Name, known.Call, known.Grade, known.Source)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeCounts(b *strings.Builder, n map[string]map[string]int) {
	fmt.Fprintf(b, "\n| | %s |\n|%s\n", strings.Join(apispec.Grades(), " | "),
		strings.Repeat(" --- |", 1+len(apispec.Grades())))
	for _, row := range []struct{ kind, title string }{
		{"operation", "operations"}, {"event", "events"}, {"page", "pages"}, {"field", "fields"}, {"error",
			"errors"}, {"credential", "credentials"},
	} {
		fmt.Fprintf(b, "| %s |", row.title)
		for _, grade := range apispec.Grades() {
			fmt.Fprintf(b, " %d |", n[row.kind][grade])
		}
		b.WriteString("\n")
	}
}

// writeKnown writes an operation, an event or a page, with one row for all fields of the same evidence.
func writeKnown(b *strings.Builder, known apispec.Known) {
	fmt.Fprintf(b, "\n### %s\n\n", known.Name)
	if known.Call != "" {
		fmt.Fprintf(b, "`%s`, ", known.Call)
	}
	fmt.Fprintf(b, "%s: %s\n", known.Grade, known.Source)
	if len(known.Fields) == 0 {
		return
	}
	type alike struct {
		part string
		apispec.Evidence
	}
	var order []alike
	names := map[alike][]string{}
	for _, field := range known.Fields {
		row := alike{field.Part, field.Evidence}
		if names[row] == nil {
			order = append(order, row)
		}
		names[row] = append(names[row], "`"+field.Name+"`")
	}
	b.WriteString("\n| in | fields | grade | source |\n| --- | --- | --- | --- |\n")
	for _, row := range order {
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", row.part, strings.Join(names[row], ", "), row.Grade, row.Source)
	}
}
