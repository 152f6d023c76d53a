package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// maxAnnotations is the number of annotations of one level that GitHub shows for a step.
const maxAnnotations = 10

// Annotations writes a run as workflow commands of GitHub Actions. A cause is an error if it makes the run red, a warning
// if its class is in WarnOn, and a notice otherwise. Each names its line in openapi.yaml.
func Annotations(w io.Writer, run result.Run) error {
	run = clean(run, limits{text: 200})
	a := annotations{written: map[string]int{}}
	if v := judge(run); !v.Good {
		a.add("error", "vsee-contract", 0, v.Sentence)
	}
	for _, c := range ordered(run) {
		text := strings.TrimPrefix(change(c.Key)+"; "+notes(c), "; ")
		if c.Message != "" {
			text += "; the target says: " + c.Message
		}
		a.add(levelOf(run, c), fmt.Sprintf("%s: %s", classText(c.Class), placeText(c.Key)), c.Line, text)
	}
	for _, e := range outdated(run) {
		a.add("error", fmt.Sprintf("known difference in line %d is %s", e.Line, e.State), 0, KeyText(e.Key))
	}
	return a.writeTo(w)
}

// levelOf returns the level of a cause in GitHub's words.
func levelOf(run result.Run, c result.Cause) string {
	switch {
	case run.Fails(c):
		return "error"
	case run.Warns(c):
		return "warning"
	}
	return "notice"
}

// annotations are the lines of workflow commands.
type annotations struct {
	b       strings.Builder
	written map[string]int // by level
}

// add adds a command. line is a line of openapi.yaml, 0 for none.
func (a *annotations) add(level, title string, line int, text string) {
	a.written[level]++
	if a.written[level] > maxAnnotations {
		return
	}
	properties := "title=" + ofProperty.Replace(title)
	if line > 0 {
		properties = fmt.Sprintf("file=openapi.yaml,line=%d,%s", line, properties)
	}
	fmt.Fprintf(&a.b, "::%s %s::%s\n", level, properties, ofData.Replace(text))
}

// writeTo writes the commands, and a line about those beyond GitHub's limit.
func (a *annotations) writeTo(w io.Writer) error {
	for _, level := range []string{"error", "warning", "notice"} {
		if left := a.written[level] - maxAnnotations; left > 0 {
			fmt.Fprintf(&a.b, "and %s of level %s\n", count(left, "more annotation"), level)
		}
	}
	_, err := io.WriteString(w, a.b.String())
	return err
}

// The escapes of workflow commands, in texts and in properties.
var (
	ofData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	ofProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
