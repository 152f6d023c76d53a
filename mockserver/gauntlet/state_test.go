package gauntlet_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/gauntlet"
)

func TestAStateIsComparedWhereThatSaysSomething(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		state func(events, asked int64) string
		want  gauntlet.Outcome
		says  string
	}{
		"of each event": {func(events, _ int64) string { return fmt.Sprint(events) }, gauntlet.Failed,
			"200, then 200; the state changed with the duplicate"},
		"of the first, its keys in any order": {func(events, asked int64) string {
			if asked%2 == 0 {
				return fmt.Sprintf(`{"a": 1, "b": %d}`, min(events, 1))
			}
			return fmt.Sprintf(`{"b": %d, "a": 1}`, min(events, 1))
		}, gauntlet.Passed, "200, then 200; the state stayed as it was after the first"},
		"of nothing": {func(int64, int64) string { return "{}" }, gauntlet.NotTestable,
			"the state did not change with a new event"},
		"of each asker": {func(_, asked int64) string { return fmt.Sprint(asked) }, gauntlet.NotTestable,
			"the state changes without any event"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var events, asked atomic.Int64
			count := func(http.Header, []byte) int { events.Add(1); return 200 }
			address := serve(t, count, func() string { return tc.state(events.Load(), asked.Add(1)) })
			got := run(t, gauntlet.Config{URL: address, StateURL: address, Only: []string{"duplicate-state"}}).Results[0]
			if got.Outcome != tc.want || got.Got+got.Reason != tc.says {
				t.Errorf("%s: %s%s", got.Outcome, got.Got, got.Reason)
			}
		})
	}
}

func TestAStateThatCannotBeReadIsSaid(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{
		200: "not testable: the state's URL answered 404",
		500: "not testable: the state's URL answered 404",
	} {
		address := serve(t, always(status), nil)
		r := run(t, gauntlet.Config{URL: address, StateURL: address, Only: []string{"duplicate-state"}}).Results[0]
		if got := string(r.Outcome) + ": " + r.Reason; got != want {
			t.Errorf("%s", got)
		}
	}
	address := serve(t, always(500), func() string { return "{}" })
	if r := run(t, gauntlet.Config{URL: address, StateURL: address,
		Only: []string{"duplicate-state"}}).Results[0]; r.Outcome != gauntlet.Failed {
		t.Errorf("500 to the event is %s: %s", r.Outcome, r.Reason)
	}
}

// A state of nothing but the newest result of each member is enough for the cases that need no count: each of them has
// a member and a result of its own.
func TestAStateOfResultsAloneShowsTheirFaults(t *testing.T) {
	t.Parallel()
	type event struct {
		ID      string
		Created int64
		Data    struct {
			Member string `json:"member_id"`
			Text   string `json:"eligibility_response"`
		}
	}
	for name, tc := range map[string]struct {
		takes func(e event, seen map[string]bool, newest map[string]int64) bool
		want  map[string]gauntlet.Outcome
	}{
		"correct": {func(e event, seen map[string]bool, newest map[string]int64) bool {
			return !seen[e.ID] && e.Created >= newest[e.Data.Member]
		}, map[string]gauntlet.Outcome{"duplicate-at-once": gauntlet.NotTestable}},
		"takes the last one that came": {func(e event, seen map[string]bool, _ map[string]int64) bool {
			return !seen[e.ID]
		}, map[string]gauntlet.Outcome{"duplicate-at-once": gauntlet.NotTestable, "out-of-order-state": gauntlet.Failed}},
		"has no memory": {func(event, map[string]bool, map[string]int64) bool { return true },
			map[string]gauntlet.Outcome{"duplicate-at-once": gauntlet.NotTestable,
				"duplicate-after-another": gauntlet.Failed, "out-of-order-state": gauntlet.Failed}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			seen, newest, texts := map[string]bool{}, map[string]int64{}, map[string]string{}
			address := serve(t, func(_ http.Header, body []byte) int {
				var e event
				if err := json.Unmarshal(body, &e); err != nil {
					return 400
				}
				mu.Lock()
				defer mu.Unlock()
				if tc.takes(e, seen, newest) {
					newest[e.Data.Member], texts[e.Data.Member] = e.Created, e.Data.Text
				}
				seen[e.ID] = true
				return 200
			}, func() string {
				mu.Lock()
				defer mu.Unlock()
				return fmt.Sprint(texts)
			})
			got := map[string]gauntlet.Outcome{}
			for _, r := range run(t, gauntlet.Config{URL: address, StateURL: address, Only: stateCases}).Results {
				if r.Outcome != gauntlet.Passed {
					got[r.ID] = r.Outcome
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
