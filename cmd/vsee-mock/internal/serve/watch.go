package serve

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/flags"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// lookEvery is the interval between two looks at a folder of scenarios. The folder is polled, because a folder mounted
// into a container sends no notice of changes.
const lookEvery = time.Second

// watch reloads the user's scenarios after each change of a file in their folder, until ctx ends. before is the state
// of the folder when it was last loaded. use activates a set, and gets the skipped entries of the folder. report gets
// the error of a broken folder, once; the active set then stays.
func watch(ctx context.Context, files flags.ScenarioFiles, before string, use func(scenarios.Set, []*scenarios.Problem),
	report func(error)) {
	for clock.Wait(ctx, lookEvery) == nil {
		now := stateOf(files.Scenarios)
		if now == before {
			continue
		}
		before = now
		set, skipped, err := files.Load()
		if err != nil {
			report(err)
			continue
		}
		use(set, skipped)
	}
}

// stateOf returns a text that differs after any change of a scenario in a folder.
func stateOf(dir string) string {
	names, _ := filepath.Glob(filepath.Join(dir, "*.y*ml")) // the pattern is well-formed
	var state strings.Builder
	for _, name := range names {
		if strings.HasPrefix(filepath.Base(name), ".") { // an editor's own
			continue
		}
		if info, err := os.Stat(name); err == nil {
			fmt.Fprintf(&state, "%s %d %d\n", name, info.Size(), info.ModTime().UnixNano())
		}
	}
	return state.String()
}
