package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// maxAnnotations is the number of annotations of one level that GitHub shows for a step.
const maxAnnotations = 10

// Annotation is one workflow command of GitHub Actions.
type Annotation struct {
	Level string // error, warning or notice
	Title string
	Line  int // in openapi.yaml; 0 for none
	Text  string
}

// Annotations writes a run as workflow commands of GitHub Actions. A cause is an error if it makes the run red, a
// warning if its class is in WarnOn, and a notice otherwise. Each names its line in openapi.yaml.
func Annotations(w io.Writer, run result.Run) error {
	run = clean(run, limits{text: 200})
	var all []Annotation
	if v := judge(run); !v.Good {
		all = append(all, Annotation{Level: "error", Title: "vsee-contract", Text: v.Sentence})
	}
	for _, c := range ordered(run) {
		text := strings.TrimPrefix(change(c.Key)+"; "+notes(c), "; ")
		if c.Message != "" {
			text += "; the target says: " + c.Message
		}
		all = append(
			all, Annotation{levelOf(run, c), fmt.Sprintf("%s: %s", classText(c.Class), placeText(c.Key)), c.Line, text},
		)
	}
	for _, e := range outdated(run) {
		title := fmt.Sprintf("known difference in line %d is %s", e.Line, e.State)
		all = append(all, Annotation{Level: "error", Title: title, Text: KeyText(e.Key)})
	}
	return WriteAnnotations(w, all)
}

// WriteAnnotations writes annotations, and the number of those beyond GitHub's limit.
func WriteAnnotations(w io.Writer, all []Annotation) error {
	var b strings.Builder
	written := map[string]int{}
	for _, a := range all {
		if written[a.Level]++; written[a.Level] > maxAnnotations {
			continue
		}
		properties := "title=" + ofProperty.Replace(a.Title)
		if a.Line > 0 {
			properties = fmt.Sprintf("file=openapi.yaml,line=%d,%s", a.Line, properties)
		}
		fmt.Fprintf(&b, "::%s %s::%s\n", a.Level, properties, ofData.Replace(a.Text))
	}
	for _, level := range []string{"error", "warning", "notice"} {
		if left := written[level] - maxAnnotations; left > 0 {
			fmt.Fprintf(&b, "and %s of level %s\n", Count(left, "more annotation"), level)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
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

// The escapes of workflow commands, in texts and in properties.
var (
	ofData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	ofProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
