package serve

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/cmdtest"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/flags"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// A changed, added or removed file takes effect a moment later; a broken one is reported, once, and the active set
// stays.
func TestScenariosAreLoadedAnewWhenAFileChanges(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("mine.yaml", "title: First\nwhen: {subscriber_num: \"1\"}\nanswer: Success\n")
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		var mu sync.Mutex
		var titles, problems []string
		note := func(list *[]string, text string) {
			mu.Lock()
			defer mu.Unlock()
			*list = append(*list, text)
		}
		go watch(ctx, flags.ScenarioFiles{Scenarios: dir}, stateOf(dir),
			func(set scenarios.Set, skipped []*scenarios.Problem) {
				note(&titles, set[0].Title)
				for _, p := range skipped {
					note(&problems, p.Error())
				}
			}, func(err error) { note(&problems, err.Error()) })
		pass := func(wantTitles string, wantProblems int) {
			t.Helper()
			time.Sleep(3 * lookEvery)
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			if got := strings.Join(titles, ", "); got != wantTitles || len(problems) != wantProblems {
				t.Errorf("the active titles were %s, and %d problems were reported: %s", got, len(problems), problems)
			}
		}
		problem := func(i int) string {
			mu.Lock()
			defer mu.Unlock()
			return problems[i]
		}
		pass("", 0)
		write("mine.yaml", "title: Second one\nwhen: {subscriber_num: \"1\"}\nanswer: Success\n")
		pass("Second one", 0)
		write("mine.yaml", "title: Broken\nanwser: Success\n")
		pass("Second one", 1)
		if !strings.Contains(problem(0), `mine.yaml:2:1: unknown key "anwser"; did you mean "answer"?`) {
			t.Errorf("the problem is %s", problem(0))
		}
		write("mine.yaml", "title: Third\nwhen: {subscriber_num: \"1\"}\nanswer: Success\n")
		pass("Second one, Third", 1)
		write("added.yaml", "title: Added\nwhen: {subscriber_num: \"2\"}\nanswer: Success\n")
		pass("Second one, Third, Added", 1)
		if err := os.Remove(filepath.Join(dir, "added.yaml")); err != nil {
			t.Fatal(err)
		}
		pass("Second one, Third, Added, Third", 1)
		cmdtest.Irregular(t, dir)
		pass("Second one, Third, Added, Third, Third", 3)
		if want := "pipe.yaml: it is not a regular file, but a pipe; "; !strings.HasPrefix(problem(1), want) {
			t.Errorf("the problem is %s, want %s", problem(1), want)
		}
		if err := os.Truncate(filepath.Join(dir, "mine.yaml"), 2<<30); err != nil {
			t.Fatal(err)
		}
		pass("Second one, Third, Added, Third, Third", 4)
		if want := "mine.yaml:1:1: a file has at most 256 KiB; "; !strings.Contains(problem(3), want) {
			t.Errorf("the problem is %s, want %s", problem(3), want)
		}
		stop()
	})
}
