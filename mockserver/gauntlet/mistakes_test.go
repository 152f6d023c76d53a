package gauntlet_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/gauntlet"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// mistakes are the changes to an example that plant a mistake, by the case that finds it.
var mistakes = map[string]map[string][]string{
	"node": {
		"duplicate-state":         {"    if (this.seen.has(id)) return 204\n", ""},
		"duplicate-at-once":       {"this.seen.add(id)\n", "setTimeout(() => this.seen.add(id), 10)\n"},
		"duplicate-after-another": {"this.seen.add(id)\n", "this.seen = new Set([id])\n"},
		"out-of-order-state":      {"created >= last.created", "true"},
	},
	"python": {
		"duplicate-state": {"            if event_id in self.seen:\n                return\n", ""},
		"duplicate-at-once": {
			"        with self.lock:\n            if event_id in self.seen:\n                return\n",
			"        if event_id in self.seen:\n            return\n        time.sleep(0.01)\n        with self.lock:\n",
		},
		"duplicate-after-another": {"self.seen[event_id] = True", "self.seen = {event_id: True}"},
		"out-of-order-state":      {`created >= last["created"]`, "True"},
	},
}

// The mistakes of the example in Go are in a test of its own: TestEachFaultFailsItsCases.
func TestEachMistakeAboutStateIsFoundByItsCaseAlone(t *testing.T) {
	t.Parallel()
	for language, planted := range mistakes {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			var runs sync.WaitGroup // they wait more than they work
			for id, change := range planted {
				cmd := examples[language](t)
				cmd.Args[1] = changed(t, cmd.Args[1], change)
				address := start(t, cmd)
				runs.Go(func() {
					report, err := gauntlet.Run(t.Context(), gauntlet.Config{
						URL: address + "/hook", StateURL: address + "/state", Timeout: 20 * time.Second,
						Signing: webhook.Signing{Scheme: webhook.Standard, Secrets: []string{secret}},
						Only:    append([]string{"duplicate", "out-of-order", "already-read"}, stateCases...),
					})
					var failed []string
					for _, r := range report.Results {
						if r.Outcome == gauntlet.Failed {
							failed = append(failed, r.ID)
						}
					}
					if diff := cmp.Diff([]string{id}, failed); diff != "" || err != nil {
						t.Errorf("%s: failed cases (-want +got):\n%s%v", id, diff, err)
					}
				})
			}
			runs.Wait()
		})
	}
}

// changed writes a copy of a file with changes, pairs of an old and a new text, and returns its path.
func changed(t *testing.T, file string, changes []string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	source := string(text)
	for pair := range slices.Chunk(changes, 2) {
		if n := strings.Count(source, pair[0]); n != 1 {
			t.Fatalf("%s has %d times %q", file, n, pair[0])
		}
		source = strings.Replace(source, pair[0], pair[1], 1)
	}
	path := filepath.Join(t.TempDir(), filepath.Base(file))
	if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
