package known_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/contract/known"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/golden"
)

func lookUp(id string) (string, bool) {
	if slices.Contains([]string{"ELIG-003", "AUTH-002", "HOOK-001"}, id) {
		return "", true
	}
	if strings.HasPrefix(id, "ELIG") {
		return "ELIG-003", false
	}
	return "", false
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func example(t *testing.T) *known.Differences {
	t.Helper()
	l, err := known.Load("known-differences.yaml", read(t, "testdata/known-differences.yaml"), lookUp)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func date(text string) time.Time {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return day
}

func TestKnownDifferencesAreLoaded(t *testing.T) {
	t.Parallel()
	want := []known.Entry{
		{"ELIG-003", []string{"preview"}, "The sandbox answers a second check with the text of the first one", "integrations", date("2026-01-31"), date("2026-04-30"), 3},
		{"AUTH-002", []string{"preview", "staging"}, "A refused token is answered with 403 instead of 401, which the gateway in front of the clinics does", "platform", date("2026-02-01"), date("2026-03-31"), 10},
		{"HOOK-001", []string{"staging"}, "no retries there", "integrations", date("2026-05-01"), date("2026-06-30"), 19},
	}
	if diff := cmp.Diff(want, example(t).Entries); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAFileMayHaveNoEntries(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "\n", "# none\n", "[]\n", "---\n"} {
		l, err := known.Load("known-differences.yaml", []byte(text), lookUp)
		if err != nil || len(l.Entries) != 0 {
			t.Errorf("%q: %+v, %v", text, l, err)
		}
	}
}

// The YAML library takes minutes for some of these.
func TestAFileThatWouldTakeMinutesToParseIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"- reason: |\n" + strings.Repeat("\n", 60_000) + "- a\n": "l.yaml:202:1: has more than 200 blank lines in a row; remove most of them",
		"- target: " + strings.Repeat("[", 100_000):              "l.yaml:1:41: nests deeper than 32 levels; check ",
		"- reason: " + strings.Repeat("x", 300_000):              "l.yaml:1:1: a file has at most 256 KiB; ",
	} {
		if _, err := known.Load("l.yaml", []byte(text), lookUp); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30s…: %.200v, want %s", text, err, want)
		}
	}
}

// One load reports every mistake in a file, with its position and a hint. Each file in testdata/wrong has a golden file.
func TestEachMistakeIsReportedWithAPlaceAndAHint(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/wrong/*.yaml")
	if err != nil || len(paths) < 8 {
		t.Fatalf("%d files, %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			l, err := known.Load(filepath.Base(path), read(t, path), lookUp)
			if err == nil || l != nil {
				t.Fatalf("the file is accepted: %+v", l)
			}
			var p *known.Problem
			if !errors.As(err, &p) || p.Line == 0 || p.Rule == "" || p.Hint == "" {
				t.Errorf("no line, rule or hint: %+v", p)
			}
			golden.Is(t, strings.TrimSuffix(path, ".yaml")+".golden", err.Error()+"\n")
		})
	}
}

func TestAnEntryDecidesTheStateOfAResult(t *testing.T) {
	t.Parallel()
	const (
		expected = "The sandbox answers a second check with the text of the first one (owner integrations, until 2026-04-30)"
		expired  = "The sandbox answers a second check with the text of the first one (owner integrations, expired after 2026-04-30)"
		stale    = "the requirement passes; remove its entry from known-differences.yaml (line 3, owner integrations)"
	)
	for name, tc := range map[string]struct {
		id, target, today string
		state             result.State
		reason            string
		want              result.State
		wantReason        string
	}{
		"fails, as is known":          {"ELIG-003", "preview", "2026-03-01", result.Failed, "", result.Expected, expected},
		"fails on the first day":      {"ELIG-003", "preview", "2026-01-31", result.Failed, "", result.Expected, expected},
		"fails on the last day":       {"ELIG-003", "preview", "2026-04-30", result.Failed, "", result.Expected, expected},
		"fails on the day after":      {"ELIG-003", "preview", "2026-05-01", result.Failed, "", result.Expired, expired},
		"fails before the entry":      {"ELIG-003", "preview", "2026-01-30", result.Failed, "", result.Failed, ""},
		"passes":                      {"ELIG-003", "preview", "2026-03-01", result.Passed, "", result.Stale, stale},
		"passes when it has expired":  {"ELIG-003", "preview", "2026-05-01", result.Passed, "", result.Stale, stale},
		"passes before the entry":     {"ELIG-003", "preview", "2026-01-30", result.Passed, "", result.Passed, ""},
		"is not testable":             {"ELIG-003", "preview", "2026-03-01", result.NotTestable, "no clock", result.NotTestable, "no clock"},
		"fails on another target":     {"ELIG-003", "mock", "2026-03-01", result.Failed, "", result.Failed, ""},
		"has no entry":                {"SSO-001", "preview", "2026-03-01", result.Failed, "", result.Failed, ""},
		"fails on the second of two":  {"AUTH-002", "staging", "2026-03-01", result.Failed, "", result.Expected, "A refused token is answered with 403 instead of 401, which the gateway in front of the clinics does (owner platform, until 2026-03-31)"},
		"passes, and is not in force": {"HOOK-001", "staging", "2026-03-01", result.Passed, "", result.Passed, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, today := example(t), date(tc.today).Add(23*time.Hour)
			got := result.Requirement{ID: tc.id, State: tc.state, Reason: tc.reason}
			for range 2 { // a second call changes nothing
				l.Apply(&got, tc.target, today)
				if diff := cmp.Diff(result.Requirement{ID: tc.id, State: tc.want, Reason: tc.wantReason}, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
			if settles := tc.want != tc.state; settles && !l.Has(tc.id, tc.target, today) {
				t.Error("Apply changes the state, but Has reports no entry")
			}
		})
	}
}

func TestWithoutKnownDifferencesNoStateChanges(t *testing.T) {
	t.Parallel()
	r := result.Requirement{ID: "ELIG-003", State: result.Failed}
	var none *known.Differences
	none.Apply(&r, "preview", date("2026-03-01"))
	if r.State != result.Failed || none.Has("ELIG-003", "preview", date("2026-03-01")) {
		t.Errorf("%+v", r)
	}
}

// For any input, Load returns either differences or an error.
func FuzzLoad(f *testing.F) {
	paths, err := filepath.Glob("testdata/*/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range append(paths, "testdata/known-differences.yaml") {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := known.Load("known-differences.yaml", data, lookUp)
		if (l == nil) == (err == nil) {
			t.Errorf("%v, %v", l, err)
		}
	})
}
