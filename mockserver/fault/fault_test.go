package fault_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/fault"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// seeded is a source of chance.
func seeded(seed uint64) fault.Draw {
	return func(name string, n uint64) [32]byte {
		return sha256.Sum256(fmt.Appendf(nil, "%d %s %d", seed, name, n))
	}
}

// said reads faults in the form sent to the control API.
func said(t *testing.T, words string) []scenarios.Fault {
	t.Helper()
	var faults []scenarios.Fault
	if err := json.Unmarshal([]byte(words), &faults); err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		if err := f.Check(); err != nil {
			t.Fatal(err)
		}
	}
	return faults
}

// effects sends requests to operations and lists the faults of each.
func effects(l *fault.Injector, operations string, fromScenarios ...fault.ScenarioFaults) string {
	var words []string
	for operation := range strings.SplitSeq(operations, ",") {
		word := l.ForRequest(operation, time.Time{}, fromScenarios...).String()
		if word == "" {
			word = "-"
		}
		words = append(words, word)
	}
	return strings.Join(words, ";")
}

func TestAFaultBefallsTheRequestsThatItSays(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		faults, operations, want string
		befallen                 []int
	}{
		"none":  {`[]`, "getMe", "-", nil},
		"all":   {`[{"reset": true}]`, "getMe,signOn", "reset;reset", []int{2}},
		"from":  {`[{"from": 2, "html": true}]`, "getMe,getMe,getMe", "-;html;html", []int{2}},
		"times": {`[{"times": 2, "malformed": true}]`, "getMe,getMe,getMe", "malformed;malformed;-", []int{2}},
		"from and times": {`[{"from": 2, "times": 1, "truncated": true}]`, "getMe,getMe,getMe", "-;truncated;-",
			[]int{1}},
		"an operation": {`[{"operation": "getUser", "from": 2, "status": 503}]`, "getUser,getMe,getUser,getMe",
			"-;-;status;-", []int{1}},
		"the first wins": {`[{"times": 1, "status": 503}, {"times": 2, "reset": true}]`, "getMe,getMe,getMe",
			"status;reset;-", []int{1, 1}},
		"latency adds up": {`[{"latency": "1s"}, {"truncated": true, "latency": "2s"}]`, "getMe", "latency, truncated",
			[]int{1, 1}},
		"slow with a kind": {`[{"slow": "1s", "times": 1}, {"html": true}]`, "getMe,getMe", "slow, html;html", []int{1, 2}},
		"what is left of it": {`[{"status": 503}, {"reset": true, "latency": "1s"}]`, "getMe", "latency, status",
			[]int{1, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := fault.New(seeded(1))
			l.Set(said(t, tc.faults))
			if diff := cmp.Diff(tc.want, effects(l, tc.operations)); diff != "" {
				t.Errorf("fates (-want +got):\n%s", diff)
			}
			var befallen []int
			for _, count := range l.Own() {
				befallen = append(befallen, count.Affected)
			}
			if diff := cmp.Diff(tc.befallen, befallen); diff != "" {
				t.Errorf("befallen (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAFateIsTheSumOfItsFaults(t *testing.T) {
	t.Parallel()
	l := fault.New(seeded(1))
	l.Set(said(t, `[{"latency": "1s"}, {"status": 429, "retry_after": "30s", "latency": "2s"}, {"slow": "3s"}, `+
		`{"status": 500, "slow": "4s"}]`))
	want := fault.Effect{Kind: fault.Status, Status: 429, RetryAfter: 30 * time.Second, Latency: 3 * time.Second,
		Slow: 3 * time.Second}
	if diff := cmp.Diff(want, l.ForRequest("getMe", time.Time{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The faults of a scenario are counted for each user, and go before the clinic's own.
func TestAStoryIsCountedForEachUser(t *testing.T) {
	t.Parallel()
	l := fault.New(seeded(1))
	l.Set(said(t, `[{"html": true, "from": 2, "times": 4}]`))
	story := func(id, user string) fault.ScenarioFaults {
		return fault.ScenarioFaults{ID: id, User: user, Faults: said(t, `[{"times": 1, "reset": true}]`)}
	}
	for _, step := range []struct {
		story fault.ScenarioFaults
		want  string
	}{
		{story("a", "pat"), "reset"},
		{story("a", "pat"), "html"},
		{story("a", "sam"), "reset"},
		{story("b", "pat"), "reset"},
		{story("b", "pat"), "html"},
		{story("b", "pat"), "-"},
	} {
		if got := effects(l, "getMe", step.story); got != step.want {
			t.Errorf("story %s of %s: %s, want %s", step.story.ID, step.story.User, got, step.want)
		}
	}
	if got := l.Own()[0].Affected; got != 2 {
		t.Errorf("the clinic's own fault has befallen %d requests", got)
	}
}

func TestCountsBeginAnew(t *testing.T) {
	t.Parallel()
	l := fault.New(seeded(1))
	faults := said(t, `[{"times": 1, "reset": true}, {"probability": 0.5, "html": true}]`)
	story := fault.ScenarioFaults{ID: "a", User: "pat", Faults: said(t, `[{"times": 1, "malformed": true}]`)}
	l.Set(faults)
	run := func() string { return effects(l, "getMe"+strings.Repeat(",getMe", 39), story) }
	first, second := run(), run()
	l.Restart()
	if again := run(); first == second || again != first {
		t.Errorf("at first\n%s\nthen\n%s\nand after a restart\n%s", first, second, again)
	}
	l.Set(faults)
	if got := effects(l, "getMe"); got != "reset" || l.Own()[0].Affected != 1 {
		t.Errorf("after the faults were set again: %s, %+v", got, l.Own())
	}
}

// Chance follows from the seed, and from how many requests there were.
func TestChanceCanBeRepeated(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) string {
		l := fault.New(seeded(seed))
		l.Set(said(t, `[{"probability": 0.25, "status": 503}, {"latency": "1s..3s"}]`))
		var fates []string
		for range 1_000 {
			fates = append(fates, fmt.Sprint(l.ForRequest("getMe", time.Time{})))
		}
		if n := l.Own()[0].Affected; n < 200 || n > 300 {
			t.Errorf("with seed %d a chance of 0.25 has befallen %d of 1000 requests", seed, n)
		}
		return strings.Join(fates, "\n")
	}
	first, again := run(1), run(1)
	if first != again {
		t.Error("the same seed gives another run")
	}
	if first == run(2) {
		t.Error("another seed gives the same run")
	}
}

// latencies draws many, sorted.
func latencies(t *testing.T, words string) []time.Duration {
	t.Helper()
	l := fault.New(seeded(7))
	l.Set(said(t, `[{"latency": "`+words+`"}]`))
	drawn := make([]time.Duration, 10_000)
	for i := range drawn {
		drawn[i] = l.ForRequest("getMe", time.Time{}).Latency
	}
	slices.Sort(drawn)
	return drawn
}

func TestLatencyIsDistributedAsItSays(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]struct{ least, most time.Duration }{
		"2s":       {2 * time.Second, 2 * time.Second},
		"1s..3s":   {time.Second, 3 * time.Second},
		"200ms~5s": {1, 50 * time.Second},
		"1ms~1m":   {0, 10 * time.Minute},
		"1s~1s":    {time.Second, time.Second},
	} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			drawn := latencies(t, words)
			if drawn[0] < want.least || drawn[len(drawn)-1] > want.most {
				t.Errorf("from %s to %s", drawn[0], drawn[len(drawn)-1])
			}
		})
	}
	uniform := latencies(t, "1s..3s")
	for i, want := range []time.Duration{1500 * time.Millisecond, 2 * time.Second, 2500 * time.Millisecond} {
		if got := uniform[(i+1)*2_500]; (got - want).Abs() > 50*time.Millisecond {
			t.Errorf("a quarter %d of all is below %s, want %s", i+1, got, want)
		}
	}
}

// Half of a long tail is at or below its near end, and one in a hundred is beyond its far end.
func TestALongTailIsLong(t *testing.T) {
	t.Parallel()
	near, far := 0, 0
	for _, d := range latencies(t, "200ms~5s") {
		if d <= 200*time.Millisecond {
			near++
		}
		if d > 5*time.Second {
			far++
		}
	}
	if near < 4_850 || near > 5_150 || far < 70 || far > 130 {
		t.Errorf("of 10000, %d are at or below the near end and %d beyond the far end", near, far)
	}
}

func TestTheOldestCountOfAScenariosFaultsIsForgotten(t *testing.T) {
	t.Parallel()
	l := fault.New(seeded(1))
	status := func(user int) int {
		return l.ForRequest("getMe", time.Time{}, fault.ScenarioFaults{ID: "story", User: fmt.Sprint(user),
			Faults: said(t, `[{"status": 503, "times": 1}]`)}).Status
	}
	const most = 10_000
	for user := range most {
		status(user)
	}
	got := []int{status(0), status(most), status(1), status(0)}
	if diff := cmp.Diff([]int{0, 503, 0, 503}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A rewritten scenario begins anew for a user in the middle of it.
func TestAStoryThatIsWrittenAnewBeginsAnew(t *testing.T) {
	t.Parallel()
	l := fault.New(seeded(1))
	first := fault.ScenarioFaults{ID: "story", User: "pat", Faults: said(t, `[{"status": 503, "times": 1}]`)}
	second := fault.ScenarioFaults{ID: "story", User: "pat", Faults: said(t, `[{"status": 500, "times": 1}]`)}
	var got []int
	for _, s := range []fault.ScenarioFaults{first, first, second, second, first} {
		got = append(got, l.ForRequest("getMe", time.Time{}, s).Status)
	}
	if diff := cmp.Diff([]int{503, 0, 500, 0, 503}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The random faults of one user's requests do not depend on the requests of others, and are the same when the fault is
// set again.
func TestChanceIsEachOnesOwn(t *testing.T) {
	t.Parallel()
	faults := said(t, `[{"status": 503, "probability": 0.5}]`)
	run := func(l *fault.Injector, others bool) string {
		l.Set(faults)
		text := ""
		for range 40 {
			text += fmt.Sprint(l.ForRequest("getMe", time.Time{}).Status/500, " ")
			if others {
				l.ForRequest("getMe", time.Time{}, fault.ScenarioFaults{ID: "other", User: "sam", Faults: faults[:0]})
			}
		}
		return text
	}
	l := fault.New(seeded(1))
	if first, again := run(l, false), run(l, false); first != again {
		t.Errorf("set again: %s, before: %s", again, first)
	}
	alone := fault.ScenarioFaults{ID: "story", User: "pat", Faults: faults}
	stories := func(others bool) string {
		l, text := fault.New(seeded(1)), ""
		for range 40 {
			text += fmt.Sprint(l.ForRequest("getMe", time.Time{}, alone).Status/500, " ")
			if others {
				l.ForRequest("getMe", time.Time{}, fault.ScenarioFaults{ID: "story", User: "sam", Faults: faults})
			}
		}
		return text
	}
	if with, without := stories(true), stories(false); with != without {
		t.Errorf("with others: %s, without: %s", with, without)
	}
}
