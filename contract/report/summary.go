package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// maxRows is how many rows a table of the summary has: GitHub takes no more than a mebibyte.
const maxRows = 100

// Summary writes a run in Markdown, for the summary of a step on GitHub.
func Summary(w io.Writer, run result.Run) error {
	run = clean(run, limits{text: 200, findings: 50})
	var b strings.Builder
	mark := "❌"
	if judge(run).Good {
		mark = "✅"
	}
	fmt.Fprintf(&b, "## %s %s\n\n%s\n", mark, markdown(judge(run).Sentence), markdown(tally(run)))
	redRows(&b, in(run))
	expectedRows(&b, in(run, result.Expected))
	groups := reasons(run)
	heading(&b, len(groups), "Not testable", "why", "requirements")
	for _, g := range groups[:min(len(groups), maxRows)] {
		row(&b, g.Reason, strings.Join(g.IDs[:min(len(g.IDs), maxRows)], ", "))
	}
	rest(&b, len(groups))
	fmt.Fprintf(&b, "\n%s\n", markdown(about(run)))
	_, err := io.WriteString(w, b.String())
	return err
}

// about says what was faced, and by what.
func about(run result.Run) string {
	return fmt.Sprintf("Run %s against %s, %s, by vsee-contract %s and version %s of openapi.yaml",
		run.ID, cmp.Or(run.Target.Name, "a target"), run.Target.BaseURL, run.Suite, run.Document)
}

func redRows(b *strings.Builder, requirements []result.Requirement) {
	heading(b, len(requirements), "What is wrong", "requirement", "state", "what was found", "where")
	for _, r := range requirements[:min(len(requirements), maxRows)] {
		where := r.Operation
		if len(r.Findings) > 0 {
			where = cmp.Or(place(r.Findings[0]), where)
		}
		row(b, r.ID+" "+r.Title, word(r.State), headline(r), where)
	}
	rest(b, len(requirements))
}

func expectedRows(b *strings.Builder, requirements []result.Requirement) {
	heading(b, len(requirements), "Failed as expected", "requirement", "why it is left")
	for _, r := range requirements[:min(len(requirements), maxRows)] {
		row(b, r.ID+" "+r.Title, r.Reason)
	}
	rest(b, len(requirements))
}

// heading begins a table, unless it would have no rows.
func heading(b *strings.Builder, rows int, title string, columns ...string) {
	if rows > 0 {
		fmt.Fprintf(b, "\n### %s\n\n| %s |\n|%s\n", title, strings.Join(columns, " | "), strings.Repeat(" --- |", len(columns)))
	}
}

func row(b *strings.Builder, cells ...string) {
	for _, cell := range cells {
		b.WriteString("| " + markdown(cell) + " ")
	}
	b.WriteString("|\n")
}

func rest(b *strings.Builder, rows int) {
	if rows > maxRows {
		fmt.Fprintf(b, "\nand %d more, which results.json has\n", rows-maxRows)
	}
}

// special is what Markdown, and GitHub's kind of it, may take for markup within a line.
const special = "`*_[]~#$!{}"

// entities are for what is markup elsewhere too, or is looked for before the lines of a table are taken apart.
var entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "&#64;", "|", "&#124;", `\`, "&#92;")

// markdown writes a line of text so that all of it is shown and none of it is markup.
func markdown(text string) string {
	var b strings.Builder
	for _, c := range entities.Replace(text) {
		if strings.ContainsRune(special, c) {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return strings.ReplaceAll(b.String(), `&\#`, "&#")
}
