package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// lookEvery is how often a folder of scenarios is looked at. Its state is read instead of waited for, because a folder
// that is mounted into a container does not tell of changes.
const lookEvery = time.Second

// watch loads the user's scenarios anew when a file of their folder has changed since its state was before, until ctx
// ends. use puts a set into force; a folder that does not load is told of once, and what is in force stays. use is told what
// is no file and was left out, too.
func (o own) watch(ctx context.Context, before string, use func(scenarios.Set, []*scenarios.Problem), tell func(error)) {
	for clock.Wait(ctx, lookEvery) == nil {
		now := stateOf(o.Scenarios)
		if now == before {
			continue
		}
		before = now
		set, skipped, err := o.load()
		if err != nil {
			tell(err)
			continue
		}
		use(set, skipped)
	}
}

// stateOf returns what changes when a scenario of a folder does.
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
