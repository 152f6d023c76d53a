package requirement

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

const preface = `# Requirements

This file is written from the catalogue of the contract run. Ids stay: ledgers of known differences name them.
`

// Write writes the list of the requirements in Markdown, a table for each prefix of their ids.
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

// cell keeps a text within its cell. What else is markup in it was written to be.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

// Check returns an error when a file is not what Write writes, with the lines in which they differ.
func (c *Catalogue) Check(file []byte) error {
	var b bytes.Buffer
	if err := c.Write(&b); err != nil {
		return err
	}
	if bytes.Equal(file, b.Bytes()) {
		return nil
	}
	if difference := diff(lines(string(file)), lines(b.String())); difference != "" {
		return fmt.Errorf("the list of requirements is not that of the catalogue (- list, + catalogue):\n%s", difference)
	}
	return errors.New("the list of requirements ends its lines otherwise than the catalogue does")
}

func lines(text string) []string {
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), "\n")
}

// diff returns the lines that are in one text alone, by the longest sequence of lines that are in both.
func diff(a, b []string) string {
	common := make([][]int, len(a)+1) // how many lines a[i:] and b[j:] have in common
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			common[i][j] = max(common[i+1][j], common[i][j+1])
			if a[i] == b[j] {
				common[i][j] = 1 + common[i+1][j+1]
			}
		}
	}
	var text strings.Builder
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			i, j = i+1, j+1
		case j == len(b) || (i < len(a) && common[i+1][j] >= common[i][j+1]):
			text.WriteString("-" + a[i] + "\n")
			i++
		default:
			text.WriteString("+" + b[j] + "\n")
			j++
		}
	}
	return text.String()
}
