package report

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// maxRows is the largest number of rows in a table: GitHub refuses a summary of more than 1 MiB.
const maxRows = 100

// Summary writes a run in Markdown, for the summary of a GitHub step. It has the verdict, the causes, the number of
// requirements in each state, outdated known differences, and the reasons of requirements that could not be tested.
func Summary(w io.Writer, run result.Run) error {
	run = clean(run, limits{text: 200})
	var b strings.Builder
	mark := "❌"
	if judge(run).Good {
		mark = "✅"
	}
	fmt.Fprintf(&b, "## %s %s\n\n%s\n", mark, markdown(judge(run).Sentence), markdown(extent(run)))
	causeRows(&b, ordered(run))
	entryRows(&b, outdated(run))
	for _, sentence := range idle(run) {
		fmt.Fprintf(&b, "\n%s\n", markdown(sentence))
	}
	b.WriteString("\n")
	countTable(&b, run)
	untestedRows(&b, reasons(run))
	fmt.Fprintf(&b, "\n%s\n", markdown(describe(run)))
	_, err := io.WriteString(w, b.String())
	return err
}

// describe returns the run's id, target, versions and duration.
func describe(run result.Run) string {
	return fmt.Sprintf("Run %s against %s, %s, by vsee-contract %s and version %s of openapi.yaml, in %.1f s",
		run.ID, cmp.Or(run.Target.Name, "a target"), run.Target.BaseURL, run.Suite, run.Document, float64(run.Duration))
}

// countTable writes the number of requirements in each state.
func countTable(b *strings.Builder, run result.Run) {
	var names, numbers []string
	tally := run.Tally()
	for _, state := range []result.State{result.Passed, result.Failed, result.Blocked, result.Known, result.NotTestable} {
		names, numbers = append(names, string(state)), append(numbers, strconv.Itoa(tally[state]))
	}
	if unknown := unknownStates(run); unknown > 0 {
		names, numbers = append(names, noState), append(numbers, strconv.Itoa(unknown))
	}
	fmt.Fprintf(b, "| %s |\n|%s\n", strings.Join(names, " | "), strings.Repeat(" ---: |", len(names)))
	row(b, numbers...)
}

func causeRows(b *strings.Builder, causes []result.Cause) {
	heading(b, len(causes), "Differences", "class", "difference", "rule and evidence", "requirements")
	for _, c := range causes[:min(len(causes), maxRows)] {
		class := string(c.Class)
		if c.Known != "" {
			class += ", known"
		}
		row(b, class, KeyText(c.Key), notes(c), idList(c.Places, fewIDs))
	}
	moreRows(b, len(causes))
}

func entryRows(b *strings.Builder, entries []result.KnownEntry) {
	heading(b, len(entries), "Known differences out of date", "line", "state", "difference", "owner")
	for _, e := range entries[:min(len(entries), maxRows)] {
		row(b, strconv.Itoa(e.Line), string(e.State), KeyText(e.Key), e.Owner)
	}
	moreRows(b, len(entries))
}

// untestedRows writes the reasons of requirements that could not be tested. The table is folded, because it may be long
// and is no fault of the target.
func untestedRows(b *strings.Builder, groups []reasonGroup) {
	if len(groups) == 0 {
		return
	}
	n := 0
	for _, g := range groups {
		n += len(g.IDs)
	}
	fmt.Fprintf(b, "\n"+fold+"\n", Count(n, "requirement"))
	heading(b, len(groups), "Not testable", "reason", "number", "requirements")
	for _, g := range groups[:min(len(groups), maxRows)] {
		row(b, g.Reason, strconv.Itoa(len(g.IDs)), idList(g.IDs, maxRows))
	}
	moreRows(b, len(groups))
	b.WriteString("\n" + unfold + "\n")
}

// GitHub hides the text between the two until the reader opens it.
const (
	fold   = "<details><summary>%s could not be tested</summary>"
	unfold = "</details>"
)

// fewIDs is the largest number of requirements shown for a cause.
const fewIDs = 5

// idList joins the first ids, and adds the number of the rest.
func idList(ids []string, most int) string {
	text := strings.Join(ids[:min(len(ids), most)], ", ")
	if more := len(ids) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// heading begins a table with a title, unless the table would have no rows.
func heading(b *strings.Builder, rows int, title string, columns ...string) {
	if rows > 0 {
		fmt.Fprintf(
			b, "\n### %s\n\n| %s |\n|%s\n", title, strings.Join(columns, " | "), strings.Repeat(" --- |", len(columns)),
		)
	}
}

// maxCell is the largest number of characters in a cell.
const maxCell = 300

func row(b *strings.Builder, cells ...string) {
	for _, cell := range cells {
		b.WriteString("| " + markdown(clip(cell, maxCell)) + " ")
	}
	b.WriteString("|\n")
}

// moreRows writes the number of rows beyond maxRows, if any.
func moreRows(b *strings.Builder, rows int) {
	if rows > maxRows {
		fmt.Fprintf(b, "\n%d more in results.json\n", rows-maxRows)
	}
}

// special are the characters with a meaning within a line of GitHub's Markdown. A backslash escapes them.
const special = "`*_[]~#$!{}"

// entities replaces characters that a backslash does not escape: those of HTML, mentions and table cells.
var entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "&#64;", "|", "&#124;", `\`, "&#92;")

// markdown escapes a line of text for Markdown.
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
