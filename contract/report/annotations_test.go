package report_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// command matches a workflow command of GitHub Actions with its escapes.
var command = regexp.MustCompile(
	`^::(error|warning|notice) (file=openapi\.yaml,line=[0-9]+,)?title=[^:,\r\n]*::[^\r\n]*$`,
)

// isAnnotations requires that every line is one workflow command, or the line about the rest.
func isAnnotations(t *testing.T, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if !command.MatchString(line) && !strings.HasPrefix(line, "and ") {
			t.Errorf("it has the line %.200q", line)
		}
	}
}

// GitHub decodes these characters in a command; without the escapes they would end it.
func TestAnnotationsAreEscaped(t *testing.T) {
	t.Parallel()
	c := forbidden()
	c.Pointer, c.Rule = "/a:b,c%d", "50% of\na: b, c"
	got := written(t, report.Annotations, having(c))
	const want = "::error file=openapi.yaml,line=812,title=breaking%3A status getMe (no-token) /a%3Ab%2Cc%25d::401 -> " +
		"403; 50%25 of a: b, c; documented; 0 requirements\n"
	if !strings.HasSuffix(got, strings.Replace(want, "; 0 requirements", "; 0 requirements; openapi.yaml:812", 1)) {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// GitHub shows ten annotations of a level; the rest is counted.
func TestAnnotationsAreLimited(t *testing.T) {
	t.Parallel()
	run := having()
	for i := range 30 {
		run.Causes = append(
			run.Causes, cause(result.Breaking, result.Key{Kind: result.Value, Operation: fmt.Sprint("get", i)}),
		)
	}
	got := written(t, report.Annotations, run)
	if strings.Count(got, "::error ") != 10 || !strings.HasSuffix(got, "\nand 21 more annotations of level error\n") {
		t.Errorf("got\n%s", got)
	}
}
