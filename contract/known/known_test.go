package known_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/contract/known"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/golden"
)

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
	l, err := known.Load("known-differences.yaml", read(t, "testdata/known-differences.yaml"))
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
		{
			result.Key{Kind: "status", Operation: "getMe", Case: "no-token", Expected: "401", Got: "403"}, []string{"preview"},
			"A refused token is answered with 403 instead of 401, which the gateway in front of the clinics does", "platform",
			date("2026-01-31"), date("2026-04-30"), 3,
		},
		{
			result.Key{
				Kind: "null", Operation: "getUser", Case: "ok", Pointer: "/data/user_data/*/group_number", Expected: "string",
				Got: "null",
			},
			[]string{"preview", "staging"}, "unset fields are null there", "integrations",
			date("2026-02-01"), date("2026-03-31"), 13,
		},
		{
			result.Key{
				Kind: "undeclared", Operation: "getUser", Case: "ok", Pointer: "/data/**", Expected: "absent", Got: "string",
			},
			[]string{"staging"}, "more fields", "integrations", date("2026-05-01"), date("2026-06-30"), 28,
		},
	}
	if diff := cmp.Diff(want, example(t).Entries); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAFileMayHaveNoEntries(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "\n", "# none\n", "[]\n", "---\n"} {
		l, err := known.Load("known-differences.yaml", []byte(text))
		if err != nil || len(l.Entries) != 0 {
			t.Errorf("%q: %+v, %v", text, l, err)
		}
	}
}

// The YAML library takes minutes for some of these.
func TestAFileThatWouldTakeMinutesToParseIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"- reason: |\n" + strings.Repeat("\n", 60_000) +
			"- a\n": "l.yaml:202:1: has more than 200 blank lines in a row; remove most of them",
		"- targets: " + strings.Repeat("[", 100_000): "l.yaml:1:42: nests deeper than 32 levels; check ",
		"- reason: " + strings.Repeat("x", 300_000):  "l.yaml:1:1: a file has at most 256 KiB; ",
	} {
		if _, err := known.Load("l.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30s…: %.200v, want %s", text, err, want)
		}
	}
}

// One load reports every mistake in a file, with its position and a hint. Each file in testdata/wrong has a golden
// file.
func TestEachMistakeIsReportedWithAPlaceAndAHint(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/wrong/*.yaml")
	if err != nil || len(paths) < 8 {
		t.Fatalf("%d files, %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			l, err := known.Load(filepath.Base(path), read(t, path))
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
		l, err := known.Load("known-differences.yaml", data)
		if (l == nil) == (err == nil) {
			t.Errorf("%v, %v", l, err)
		}
	})
}
