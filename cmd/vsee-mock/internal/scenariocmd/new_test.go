package scenariocmd

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/cmdtest"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

func TestAScenarioIsWrittenOnce(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "mine.yaml")
	args := []string{
		"scenarios", "new", "--title", "The card is refused, then taken",
		"--subscriber-num", "0012", "--subscriber-num", "7*",
		"--carrier-code", "car7556", "--card", "secondary",
		"--answer", "80", "--answer", "silent", "--answer", "Success", "--after", "90s",
		"--label", "mine", "--label", "mock-only", "--webhook", "duplicate: 2, hold: next", "--out", out,
	}
	code, stdout, stderr := run(t, args...)
	want := `# yaml-language-server: $schema=` + scenarios.SchemaURL + `
title: "The card is refused, then taken"
labels: [mine, mock-only]
when: {carrier_code: car7556, subscriber_num: ["0012", "7*"], card: secondary}
answers:
  - {text: No response received by clearinghouse, after: 1m30s}
  - silent
  - {text: Success, after: 1m30s}
webhook: {duplicate: 2, hold: next}
`
	if code != command.ExitOK ||
		!strings.HasPrefix(stdout, "Wrote "+out+":\n\n"+want+"\nTo use it: vsee-mock serve --scenarios ") || stderr != "" {
		t.Errorf("exit %d, %s%s", code, stdout, stderr)
	}
	written, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(written)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if code, _, _ := run(t, "scenarios", "validate", out); code != command.ExitOK {
		t.Error("what was written is wrong")
	}
	if code, _, stderr := run(t, args...); code != command.ExitUsage || !strings.Contains(stderr, "exists already") {
		t.Errorf("once more: exit %d, %s", code, stderr)
	}
	if code, _, stderr := run(t, "scenarios", "new", "--title", "t", "--card", "primary", "--answer", "silent", "--after",
		"5s"); code != command.ExitUsage || !strings.Contains(stderr, "--after needs an answer") {
		t.Errorf("a time of nothing: exit %d, %s", code, stderr)
	}
	if code, _, stderr := run(t, "scenarios", "new", "--title", "t", "--card", "primary", "--answer", "75", "--out",
		"/nonexistent/a.yaml"); code != command.ExitError {
		t.Errorf("nowhere: exit %d, %s", code, stderr)
	}
}

// Conditions, chance, ranges and a text of its own are written as a person writes them.
func TestAScenarioWithChanceIsWritten(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"chance:\n  - {percent: 80, answer: {text: Success, after: 5s..20s}}\n  - {percent: 20, answer: silent}\n": {
			"--chance", "80=Success", "--chance", "20=silent", "--after", "5s..20s"},
		"answer: {text: On paper only, undocumented: true}\nclinic: {cron_delay: 8s..15s}\n": {
			"--answer", "On paper only", "--undocumented", "--cron-delay", "8s..15s"},
	} {
		out := filepath.Join(t.TempDir(), "mine.yaml")
		code, stdout, stderr := run(t, append([]string{"scenarios", "new", "--title", "By chance", "--when",
			"group_number: HMO*", "--out", out}, args...)...)
		if code != command.ExitOK || stderr != "" || !strings.Contains(stdout, "when: {group_number: \"HMO*\"}\n"+want) {
			t.Errorf("%s: exit %d, %s%s", args, code, stdout, stderr)
		}
	}
	for want, args := range map[string][]string{
		"the percents of chance must add up to 100": {"--chance", "80=Success"},
		"--chance must be a percentage":             {"--chance", "Success"},
		"unknown key \"gendr\"":                     {"--when", "gendr: 1", "--chance", "100=Success"},
	} {
		code, _, stderr := run(t, append([]string{"scenarios", "new", "--title", "T", "--card", "primary"}, args...)...)
		if code != command.ExitUsage || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d, %s", args, code, stderr)
		}
	}
}

// Each word of the language can be said: fields of one answer in braces, and any other key of the file by --with.
func TestAScenarioWithAnyKeyIsWritten(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"answers:\n  - {text: Success, webhook: {drop: true}}\n  - Invalid/Missing subscriber/insured ID\n": {
			"--answer", "{text: Success, webhook: {drop: true}}", "--answer", "72"},
		"answer: Success\nwebhook: {numeric_member_id: true}\n": {
			"--answer", "Success", "--webhook", "numeric_member_id: true"},
		"answer: Success\nclaim: denied\ncalls: [check, {card: {subscriber_num: \"72\"}}, claim]\n": {
			"--answer", "Success", "--with", `calls: [check, {card: {subscriber_num: "72"}}, claim]`, "--with", "claim: denied"},
	} {
		out := filepath.Join(t.TempDir(), "mine.yaml")
		code, stdout, stderr := run(t, append([]string{"scenarios", "new", "--title", "Any", "--subscriber-num", "71",
			"--out", out}, args...)...)
		if code != command.ExitOK || stderr != "" || !strings.Contains(stdout, "when: {subscriber_num: \"71\"}\n"+want) {
			t.Errorf("%s: exit %d, %s%s", args, code, stdout, stderr)
		}
	}
	for want, args := range map[string][]string{
		"unknown key \"txt\"":  {"--answer", "{txt: Success}"},
		"unknown key \"clam\"": {"--answer", "Success", "--with", "clam: denied"},
	} {
		code, _, stderr := run(t, append([]string{"scenarios", "new", "--title", "T", "--card", "primary"}, args...)...)
		if code != command.ExitUsage || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d, %s", args, code, stderr)
		}
	}
}

// A visit needs no answer beside it.
func TestAScenarioWithAVisitIsWritten(t *testing.T) {
	t.Parallel()
	for course, want := range map[string]string{
		"missed":                               "visit: missed\n",
		"{outcome: completed, note_after: 5m}": "visit: {outcome: completed, note_after: 5m}\n",
	} {
		out := filepath.Join(t.TempDir(), "mine.yaml")
		code, stdout, stderr := run(t,
			"scenarios", "new", "--title", "Seen", "--subscriber-num", "79", "--visit", course, "--out", out)
		if code != command.ExitOK || stderr != "" || !strings.Contains(stdout, "when: {subscriber_num: \"79\"}\n"+want) {
			t.Errorf("%s: exit %d, %s%s", course, code, stdout, stderr)
		}
	}
	if code, _, stderr := run(t, "scenarios", "new", "--title", "t", "--card", "primary", "--visit", "lost"); code !=
		command.ExitUsage || !strings.Contains(stderr, "outcome must be") {
		t.Errorf("exit %d, %s", code, stderr)
	}
}

func TestAPersonIsAskedForWhatIsMissing(t *testing.T) {
	t.Parallel()
	var asked bytes.Buffer
	n := newCmd{Answer: []string{"75"}}
	if err := n.ask(strings.NewReader("A title\n\n 42 \n"), &asked); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(newCmd{Title: "A title", SubscriberNum: []string{"42"}, Answer: []string{"75"}}, n); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if strings.Count(asked.String(), "?") != 3 {
		t.Errorf("asked: %s", &asked)
	}
	if err := (&newCmd{}).ask(strings.NewReader("A title\n"), &asked); err == nil {
		t.Error("half of the answers are taken")
	}
}

// After a wrong answer, the same question comes again, with the reason and the allowed answers.
func TestAPersonIsAskedAgainAfterAWrongAnswer(t *testing.T) {
	t.Parallel()
	var asked bytes.Buffer
	n := newCmd{}
	said := strings.Join([]string{
		"???", "A title", strings.Repeat("7", 501), "“7001”", " 7001* ", "", "Succes", "99", "80",
	}, "\n") + "\n"
	if err := n.ask(strings.NewReader(said), &asked); err != nil {
		t.Fatal(err)
	}
	want := newCmd{Title: "A title", SubscriberNum: []string{"7001*"}, Answer: []string{"80"}}
	if diff := cmp.Diff(want, n); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for want, times := range map[string]int{
		"The title, as one sentence? ": 2, "Which subscriber number": 3, "Which answer: a text, its code, or silent? ": 4,
		"the title needs a letter or a digit": 1, "at most 500 characters": 1, "typographic quotation marks (“)": 1,
		`did you mean "Success"?`: 1, `"99" is neither a text of eligibility_response nor a code`: 1,
		"silent never answers; these are": 3, "    Success\n": 3, "75  Subscriber/Insured not found\n": 3,
	} {
		if got := strings.Count(asked.String(), want); got != times {
			t.Errorf("%q is there %d times, want %d:\n%s", want, got, times, &asked)
		}
	}
}

func TestQuotationMarksOfAShellAreNamed(t *testing.T) {
	t.Parallel()
	for _, flags := range [][]string{
		{"--subscriber-num", "“7001”", "--answer", "75"}, {"--subscriber-num", "7001", "--answer", "Out\u00a0of Network"},
	} {
		code, _, stderr := run(t, append([]string{"scenarios", "new", "--title", "t"}, flags...)...)
		if code != command.ExitUsage || !strings.Contains(stderr, "typographic quotation marks (“) are a part") &&
			!strings.Contains(stderr, "a no-break space stands here") {
			t.Errorf("%v: exit %d, %s", flags, code, stderr)
		}
	}
}

// A title that names an existing file is asked for again: nothing is overwritten.
func TestAPersonIsAskedForATitleOfANewFile(t *testing.T) {
	t.Chdir(cmdtest.Folder(t, map[string]string{"a-title.yaml": ""}))
	var asked bytes.Buffer
	n := newCmd{Card: "primary", Answer: []string{"75"}}
	if err := n.ask(strings.NewReader("A title\nAnother title\n"), &asked); err != nil || n.Title != "Another title" {
		t.Errorf("%v, %q", err, n.Title)
	}
	if !strings.Contains(asked.String(), "a-title.yaml exists already: choose another title") {
		t.Errorf("asked: %s", &asked)
	}
}

func TestANameFollowsFromATitle(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{
		"The insurer's answer: No!":  "the-insurers-answer-no",
		"  110000NN, ängstlich ":     "110000nn-ngstlich",
		"???":                        "",
		strings.Repeat("eleven ", 9): "eleven-eleven-eleven-eleven-eleven-eleven-eleven-eleven",
		strings.Repeat("x", 70):      strings.Repeat("x", 60),
	} {
		if got := slug(title); got != want {
			t.Errorf("%q is named %q", title, got)
		}
	}
}
