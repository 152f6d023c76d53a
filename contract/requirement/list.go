package requirement

import (
	"fmt"
	"io"
	"strings"
)

const preface = `# Requirements

This file is generated from the catalogue of the contract run. Ids never change: files of known differences use them.
`

// Write writes the list of requirements in Markdown, with one table for each prefix of the ids.
func (c *Catalogue) Write(w io.Writer) error {
	var b strings.Builder
	b.WriteString(preface)
	last := ""
	for _, r := range c.all {
		if prefix, _, _ := strings.Cut(r.ID, "-"); prefix != last {
			last = prefix
			fmt.Fprintf(&b, "\n## %s\n\n| id | requirement | level | operation | effect | needs | evidence |\n| --- | --- | --- | --- | --- | --- | --- |\n", prefix)
		}
		needs := make([]string, 0, len(r.Needs))
		for _, need := range r.Needs {
			needs = append(needs, string(need))
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n",
			r.ID, cell(r.Title), r.Level, cell(r.Operation), r.Effect, strings.Join(needs, ", "), r.Evidence)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the list of requirements: %w", err)
	}
	return nil
}

// cell escapes a text for a table's cell. Other markup in titles is intended.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
