package report_test

import (
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// A rule such as "is required" has no subject. Every report for people adds the name of the field.
func TestAFindingNamesItsField(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ rule, pointer, want string }{
		{"is required", "/data/member_id", "member_id is required"},
		{"must be of the type boolean", "/data/tos", "tos must be of the type boolean"},
		{"must be of the type string", "/data/clinics/3", "an item of clinics must be of the type string"},
		{"must be of the type object", "/data/insurers/*", "an item of insurers must be of the type object"},
		{"must be of the type object", "/0", "an item must be of the type object"},
		{"must be of the type object", "", "the body must be of the type object"},
		{"breaks the rule not", "/data/id", "id breaks the rule not"},
		{"must not be null", "/data/a~1b~01", "a/b~1 must not be null"},
		{"the field is not declared", "/data/nickname", "the field nickname is not declared"},
		{"the status is not declared", "", "the status is not declared"},
		{"the content type must be application/json", "", "the content type must be application/json"},
		{"the status of the refusal", "", "the status of the refusal"},
	} {
		run := with(result.Failed)
		run.Requirements[0].Findings = []result.Finding{{Rule: tc.rule, Operation: "getMe", Status: 200, Pointer: tc.pointer, Line: 7}}
		for name, write := range formats() {
			switch text := written(t, write, run); name {
			case "results.json":
				if !strings.Contains(text, `"rule": "`+tc.rule+`"`) {
					t.Errorf("%s has another rule than %q", name, tc.rule)
				}
			case "summary.md":
				if want := "| " + tc.want + " | getMe"; !strings.Contains(strings.ReplaceAll(text, `\`, ""), want) {
					t.Errorf("%s does not say %q:\n%s", name, want, text)
				}
			default:
				if !strings.Contains(text, tc.want) {
					t.Errorf("%s does not say %q:\n%s", name, tc.want, text)
				}
			}
		}
	}
}

// A finding below a requirement's heading does not repeat the title.
func TestATitleAppearsOnce(t *testing.T) {
	t.Parallel()
	run := with(result.Failed)
	title := run.Requirements[0].Title
	run.Requirements[0].Findings = []result.Finding{{Rule: title + ": the status of the refusal", Operation: "getMe", Status: 200}}
	page := written(t, func(w io.Writer, run result.Run) error { return report.HTML(w, run, nil) }, run)
	_, below, _ := strings.Cut(page, "Red requirements")
	if strings.Count(below, title) != 1 || !strings.Contains(below, "<strong>the status of the refusal</strong>") {
		t.Errorf("the page says\n%s", below)
	}
	console := written(t, formats()["console.txt"], run)
	if strings.Count(console, title) != 2 { // on its line, and above its findings
		t.Errorf("the console says\n%s", console)
	}
}

// A finding on several items of an array appears once, and so does the exchange of several findings.
func TestAFindingAppearsOnce(t *testing.T) {
	t.Parallel()
	of := func(rule, pointer, line string) result.Finding {
		x := &result.Exchange{Request: result.Message{Line: line}, Reply: result.Message{Line: "200 OK"}}
		return result.Finding{Rule: rule, Operation: "listInsurers", Status: 200, Pointer: pointer, Exchange: x}
	}
	run := with(result.Failed)
	run.Requirements[0].Findings = []result.Finding{
		of("is required", "/data/insurers/0/name", "GET /insurances"), of("is required", "/data/insurers/1/name", "GET /insurances"),
		of("the field is not declared", "/data/insurers/0/title", "GET /insurances"), of("is required", "/data/insurers/0/name", "GET /insurances"),
		of("is required", "/data/total", "GET /insurances?again"),
	}
	got := written(t, func(w io.Writer, run result.Run) error { return report.Console{W: w}.Details(run) }, run)
	_, got, _ = strings.Cut(strings.TrimPrefix(got, "\n"), "\n")
	want := `  - name is required
    seen in listInsurers, status 200, at /data/insurers/*/name
  - the field title is not declared
    seen in listInsurers, status 200, at /data/insurers/0/title
      > GET /insurances
      < 200 OK
  - total is required
    seen in listInsurers, status 200, at /data/total
      > GET /insurances?again
      < 200 OK
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
