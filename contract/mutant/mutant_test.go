package mutant_test

import (
	"flag"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/mutant"
	"github.com/vsee-mock/vsee-mock/contract/specs"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// The flags choose mutants:
// go test ./contract/mutant -run Killed -args -mode mock -names 'getUser/*' -ids '*' -sample 1
//
// Without them, some mutants of one operation face its requirements, which takes seconds.
var (
	modes = flag.String("mode", "", "the modes, separated by commas; all without")
	names = flag.String("names", "getMe/*", "patterns of names, separated by commas")
	ids   = flag.String("ids", "AUTH-get-me-*,CARD-01?,PATH-00?,PATH-get-me-*,SIGN-00?,USER-*,SHAPE-get-me",
		"patterns of requirements, separated by commas")
	sample = flag.Int("sample", 5, "one of how many mutants")
	whole  = flag.Bool("whole", false, "whether each mutant faces all requirements that meet its traffic")
	table  = flag.String("table", "", "a file for the table, before the mode")
)

func TestNamesAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, m := range mutant.All() {
		if seen[m.Name] {
			t.Errorf("there are two %s", m.Name)
		}
		seen[m.Name] = true
	}
}

func trial(t *testing.T, mode mutant.Mode) mutant.Trial {
	t.Helper()
	all, err := specs.All()
	if err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(r engine.Requirement) bool { return !matches(*ids, r.ID) })
	published, err := specs.Published()
	if err != nil {
		t.Fatal(err)
	}
	return mutant.Trial{
		Target: mocktest.Start(t).URL, Mode: mode, Requirements: all, Published: published, Workers: 2,
		Whole: *whole,
	}
}

// matches reports whether a name matches one of several patterns. A * in them stands for slashes, too.
func matches(patterns, name string) bool {
	return slices.ContainsFunc(strings.Split(patterns, ","), func(p string) bool {
		is, _ := path.Match(strings.ReplaceAll(p, "/", "|"), strings.ReplaceAll(name, "/", "|"))
		return is
	})
}

// least is the least score of a mode with at least 20 mutants, in percent. It only rises.
func least(mode mutant.Mode) int {
	return map[mutant.Mode]int{mutant.Mock: 94, mutant.Mutating: 92, mutant.ReadOnly: 5}[mode]
}

// The suite sees the mutants: some of one operation here, and of all in .ci/run.
func TestMutantsAreKilled(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short leaves whole runs out")
	}
	for _, mode := range mutant.Modes() {
		if *modes != "" && !slices.Contains(strings.Split(*modes, ","), string(mode)) {
			continue
		}
		chosen := slices.DeleteFunc(mutant.Faced(mutant.All(), mode, *sample), func(m mutant.Mutant) bool {
			return !matches(*names, m.Name)
		})
		one := trial(t, mode)
		began, n := time.Now(), 0
		one.Judged = func(mutant.Verdict) {
			if n++; n%100 == 0 {
				fmt.Fprintf(os.Stderr, "%s: %d of %d, %s\n", mode, n, len(chosen), time.Since(began).Round(time.Second))
			}
		}
		score, err := one.Face(t.Context(), chosen)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d of %d, %d %%, %s", mode, score.Good(), len(score), score.Percent(), time.Since(began))
		if len(chosen) >= 20 && score.Percent() < least(mode) {
			t.Errorf("fewer than %d %% are killed cleanly:\n%s", least(mode), score.Markdown(mode))
		}
		if *table != "" {
			if err := os.WriteFile(*table+"-"+string(mode)+".md", []byte(score.Markdown(mode)), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}
