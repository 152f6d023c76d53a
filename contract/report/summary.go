package report

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// maxRows is how many rows a table of the summary has: GitHub takes no more than a mebibyte.
const maxRows = 100

// Summary writes a run in Markdown, for the summary of a step on GitHub: the verdict, how many requirements are in each
// state, what was found, and which requirements are not as they should be or could not be tested.
func Summary(w io.Writer, run result.Run) error {
	run = clean(run, limits{text: 200, findings: 50})
	var b strings.Builder
	mark := "❌"
	if judge(run).Good {
		mark = "✅"
	}
	fmt.Fprintf(&b, "## %s %s\n\n", mark, markdown(judge(run).Sentence))
	counts(&b, run)
	foundRows(&b, run)
	redRows(&b, in(run))
	expectedRows(&b, in(run, result.Expected))
	untestedRows(&b, reasons(run))
	fmt.Fprintf(&b, "\n%s\n", markdown(about(run)))
	_, err := io.WriteString(w, b.String())
	return err
}

// about says what was faced, by what, and for how long.
func about(run result.Run) string {
	return fmt.Sprintf("Run %s against %s, %s, by vsee-contract %s and version %s of openapi.yaml, in %.1f s",
		run.ID, cmp.Or(run.Target.Name, "a target"), run.Target.BaseURL, run.Suite, run.Document, float64(run.Duration))
}

// counts says how many requirements are in each state.
func counts(b *strings.Builder, run result.Run) {
	var names, numbers []string
	tally := run.Tally()
	for _, state := range []result.State{result.Passed, result.Failed, result.Expired, result.Stale, result.Expected, result.NotTestable} {
		names, numbers = append(names, string(state)), append(numbers, strconv.Itoa(tally[state]))
		tally[state] = 0
	}
	unknown := 0
	for _, n := range tally {
		unknown += n
	}
	if unknown > 0 {
		names, numbers = append(names, noState), append(numbers, strconv.Itoa(unknown))
	}
	fmt.Fprintf(b, "| %s |\n|%s\n", strings.Join(names, " | "), strings.Repeat(" ---: |", len(names)))
	row(b, numbers...)
}

func foundRows(b *strings.Builder, run result.Run) {
	all := sights(run)
	heading(b, len(all), "What was found", "what", "where", "requirements")
	for _, s := range all[:min(len(all), maxRows)] {
		row(b, s.What, s.where(), some(s.IDs, fewIDs))
	}
	rest(b, len(all))
}

func redRows(b *strings.Builder, requirements []result.Requirement) {
	heading(b, len(requirements), "What is wrong", "requirement", "level", "state", "why")
	for _, r := range requirements[:min(len(requirements), maxRows)] {
		row(b, r.ID+" "+r.Title, r.Level, word(r.State), headline(briefly(r)))
	}
	rest(b, len(requirements))
}

func expectedRows(b *strings.Builder, requirements []result.Requirement) {
	heading(b, len(requirements), "Failed as expected", "requirement", "level", "why it is left")
	for _, r := range requirements[:min(len(requirements), maxRows)] {
		row(b, r.ID+" "+r.Title, r.Level, r.Reason)
	}
	rest(b, len(requirements))
}

// untestedRows says why requirements could not be tested. It is folded: there may be many, and none is a fault of the
// target's.
func untestedRows(b *strings.Builder, groups []group) {
	if len(groups) == 0 {
		return
	}
	n := 0
	for _, g := range groups {
		n += len(g.IDs)
	}
	fmt.Fprintf(b, "\n"+fold+"\n", count(n, "requirement"))
	heading(b, len(groups), "Not testable", "why", "how many", "requirements")
	for _, g := range groups[:min(len(groups), maxRows)] {
		row(b, g.Reason, strconv.Itoa(len(g.IDs)), some(g.IDs, maxRows))
	}
	rest(b, len(groups))
	b.WriteString("\n" + unfold + "\n")
}

// What is between the two is not shown until somebody wants to see it.
const (
	fold   = "<details><summary>%s could not be tested</summary>"
	unfold = "</details>"
)

// fewIDs is how many requirements are named that have met one thing.
const fewIDs = 5

// some names requirements, so many at most.
func some(ids []string, most int) string {
	text := strings.Join(ids[:min(len(ids), most)], ", ")
	if more := len(ids) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
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
