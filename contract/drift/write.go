package drift

import (
	"fmt"
	"io"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/printable"
)

// Text writes lines for people: the class, the verdict and the difference, and how many requirements a new cause has
// stopped. It counts known causes. A gone cause is of no class. With a note, some change may be unseen, so the text
// does not say that nothing has changed.
func Text(w io.Writer, lines []Line, notes []string) error {
	var b strings.Builder
	known := 0
	for _, l := range lines {
		class := string(l.Class)
		switch l.Verdict {
		case KnownCause:
			known++
			continue
		case GoneCause:
			class = "-"
		default:
		}
		fmt.Fprintf(&b, "%-8s  %-13s  %s\n", class, l.Verdict, printable.Line(l.Text))
		if len(l.Stopped) > 0 {
			fmt.Fprintf(&b, "%25s%s\n", "", l.behind())
		}
	}
	if known == len(lines) && len(notes) == 0 {
		b.WriteString("nothing has changed\n")
	}
	if known > 0 {
		fmt.Fprintf(&b, "known: %d\n", known)
	}
	for _, note := range notes {
		fmt.Fprintf(&b, "note: %s\n", printable.Line(note))
	}
	_, err := io.WriteString(w, strings.ReplaceAll(b.String(), "##", "# #")) // a command of some CI servers
	return err
}

// behind returns how many requirements a cause has stopped.
func (l Line) behind() string {
	return report.Count(len(l.Stopped), "requirement") + " stopped behind it"
}

// Annotations writes lines as annotations of GitHub Actions: an error for each line that fails, and a notice for the
// others. It leaves out known causes.
func Annotations(w io.Writer, lines []Line, failOn []result.Class) error {
	var all []report.Annotation
	for _, l := range lines {
		if l.Verdict == KnownCause {
			continue
		}
		a := report.Annotation{Level: "notice", Title: string(l.Verdict), Line: l.At, Text: printable.Line(l.Text)}
		if len(l.Stopped) > 0 {
			a.Text += "; " + l.behind()
		}
		if l.Fails(failOn) {
			a.Level, a.Title = "error", fmt.Sprintf("%s, %s", l.Class, l.Verdict)
		}
		all = append(all, a)
	}
	return report.WriteAnnotations(w, all)
}
