package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// Console prints a run as text for people.
type Console struct {
	W      io.Writer
	Colour bool // whether to colour the classes and the verdict, with escape sequences
}

// A run fits on one screen, however many causes and requirements it has.
const (
	maxCauses       = 15 // causes on the console
	maxDetailed     = 3  // with more causes, none has its exchange
	maxRequirements = 15 // with more requirements, none has a line
	maxOutdated     = 5  // entries of the known differences
	lineWidth       = 300
)

// Run prints a run after its end: its causes, the number of requirements in each state, and the verdict. Causes have
// the server's own message, if the run has it. A few causes have their first exchange, too.
func (c Console) Run(run result.Run) error {
	run = clean(run, limits{text: 200, body: 1_000})
	var b strings.Builder
	causes := ordered(run)
	for _, cause := range causes[:min(len(causes), maxCauses)] {
		colour := yellow
		if run.Fails(cause) {
			colour = red
		}
		fmt.Fprintf(
			&b, "  %s  %s\n            %s\n", c.paint(colour, fmt.Sprintf("%-8s", classText(cause.Class))),
			clip(KeyText(cause.Key), lineWidth), clip(notes(cause), lineWidth),
		)
		if len(causes) > maxDetailed {
			cause.Exchange = nil
		}
		b.WriteString(indented(details(cause), "              "))
	}
	if text := more(causes[min(len(causes), maxCauses):]); text != "" {
		fmt.Fprintf(&b, "  %s\n", text)
	}
	for i, e := range outdated(run) {
		if i == maxOutdated {
			fmt.Fprintf(&b, "  and %s out of date\n", Count(len(outdated(run))-i, "other entry"))
			break
		}
		fmt.Fprintf(
			&b, "  the known difference in line %d is %s (owner %s): %s\n", e.Line, e.State, e.Owner,
			clip(KeyText(e.Key), lineWidth),
		)
	}
	for _, sentence := range idle(run) {
		fmt.Fprintf(&b, "  %s\n", sentence)
	}
	if len(run.Requirements) <= maxRequirements {
		for _, r := range run.Requirements {
			b.WriteString(requirementLine(r))
		}
	}
	colour, end := red, judge(run)
	if end.Good {
		colour = green
	}
	fmt.Fprintf(&b, "\n%s\n%s\n%s\n", tally(run), c.paint(colour, "Result: "+end.Sentence), extent(run))
	return c.write(b.String())
}

func requirementLine(r result.Requirement) string {
	line := fmt.Sprintf("  %-12s  %-10s  %s", stateText(r.State), r.ID, r.Title)
	if r.State != result.NotTestable {
		line += fmt.Sprintf(" (%s)", durationText(r.Duration))
	}
	if r.Reason != "" {
		line += ": " + r.Reason
	}
	return line + "\n"
}

const (
	red    = "\x1b[31m"
	yellow = "\x1b[33m"
	green  = "\x1b[32m"
	plain  = "\x1b[0m"
)

func (c Console) paint(colour, text string) string {
	if !c.Colour {
		return text
	}
	return colour + text + plain
}

// write writes text that may come from the target. A CI server runs lines that begin with ## or :: as commands. Every
// line here begins with text of our own, and write splits ##, because some servers look for it in the whole line.
func (c Console) write(text string) error {
	_, err := io.WriteString(c.W, strings.ReplaceAll(text, "##", "# #"))
	return err
}
