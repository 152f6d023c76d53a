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
	Colour bool // whether to colour the states, with escape sequences
}

var consoleLimits = limits{text: 300, body: 2_000, findings: 20}

// Line prints one line for a requirement: its state, id, title and reason, and its duration if it was tested.
func (c Console) Line(r result.Requirement) error {
	r = clean(result.Run{Requirements: []result.Requirement{r}}, consoleLimits).Requirements[0]
	state := c.paint(r.State, fmt.Sprintf("%-18s", stateText(r.State)))
	text := fmt.Sprintf("  %s  %-10s  %s", state, r.ID, r.Title)
	if r.State != result.NotTestable {
		text += fmt.Sprintf(" (%s)", durationText(r.Duration))
	}
	reason := r.Reason
	if r.State == result.Failed && len(r.Findings) > 0 {
		reason = headline(withoutTitle(r))
	}
	if reason != "" {
		text += ": " + reason
	}
	return c.write(strings.TrimRight(text, " ") + "\n")
}

// Details prints the findings of each red requirement, with their exchanges.
func (c Console) Details(run result.Run) error {
	for _, r := range withState(clean(run, consoleLimits)) {
		heading := fmt.Sprintf("\n%s: %s %s\n", c.paint(r.State, stateText(r.State)), r.ID, r.Title)
		var b strings.Builder
		for line := range strings.Lines(details(r)) {
			b.WriteString("  " + line)
		}
		if err := c.write(heading + b.String()); err != nil {
			return err
		}
	}
	return nil
}

// Last prints the number of requirements in each state, and the reasons of those that could not be tested. If the run
// ended early or tested nothing, it prints that first.
func (c Console) Last(run result.Run) error {
	run = clean(run, consoleLimits)
	text := tally(run)
	if run.Broken != "" || len(run.Requirements) == 0 {
		text = c.paint(result.Failed, judge(run).Sentence) + "\n" + text
	}
	return c.write("\n" + text + "\n")
}

const (
	red    = "\x1b[31m"
	yellow = "\x1b[33m"
	green  = "\x1b[32m"
	plain  = "\x1b[0m"
)

func (c Console) paint(s result.State, text string) string {
	colour := yellow
	switch {
	case !c.Colour:
		return text
	case wrong(s):
		colour = red
	case s == result.Passed:
		colour = green
	}
	return colour + text + plain
}

// write writes text that may come from the target. A CI server runs lines that begin with ## or :: as commands. Every
// line here begins with text of our own, and write splits ##, because some servers look for it in the whole line.
func (c Console) write(text string) error {
	_, err := io.WriteString(c.W, strings.ReplaceAll(text, "##", "# #"))
	return err
}
