package serve

import (
	"context"
	"log/slog"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/flags"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// lookEvery is the interval between two looks at a folder of scenarios. The folder is polled, because a folder mounted
// into a container sends no notice of changes.
const lookEvery = time.Second

// watcher loads scenarios, and logs each of their problems when it appears.
type watcher struct {
	source *flags.Source
	log    *slog.Logger
	logged map[string]bool // the problems of the last load
}

func (w *watcher) load() (scenarios.Set, []*scenarios.Problem) {
	set, wrong := w.source.Load()
	logged := map[string]bool{}
	for _, p := range wrong {
		line := p.Sentence()
		if logged[line] = true; !w.logged[line] {
			w.log.Warn("a scenario cannot be used", "error", line)
		}
	}
	w.logged = logged
	return set, wrong
}

// watch loads the scenarios again after each change of the user's folder, until ctx ends, and activates them.
func (w *watcher) watch(ctx context.Context, activate func(scenarios.Set, []*scenarios.Problem)) {
	for clock.Wait(ctx, lookEvery) == nil {
		if !w.source.Changed() {
			continue
		}
		set, wrong := w.load()
		activate(set, wrong)
		w.log.Info("the changed scenarios are active", "scenarios", len(set), "problems", len(wrong))
	}
}
