package known_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/contract/known"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// forbidden is the cause of the first entry of the example.
func forbidden() result.Key {
	return result.Key{Kind: result.Status, Operation: "getMe", Case: result.NoToken, Expected: "401", Got: "403"}
}

// seen returns a run against a target with these causes, and one requirement in a state because of them.
func seen(target string, state result.State, causes ...result.Key) result.Run {
	run := result.Run{
		Target: result.Target{Name: target}, Seen: result.Seen{Exercised: []string{"getMe no-token", "getUser ok"}},
	}
	r := result.Requirement{ID: "AUTH-001", State: state}
	for _, key := range causes {
		run.Causes = append(run.Causes, result.Cause{ID: key.ID(), Key: key, Class: result.Breaking})
		r.Causes = append(r.Causes, key.ID())
	}
	run.Requirements = []result.Requirement{r}
	return run
}

// states returns the states of the entries, in the order of the file.
func states(run result.Run) string {
	var texts []string
	for _, entry := range run.Known {
		texts = append(texts, string(entry.State))
	}
	return strings.Join(texts, ", ")
}

func TestAnEntryCoversItsCauseWhileItIsInForce(t *testing.T) {
	t.Parallel()
	const reason = "A refused token is answered with 403 instead of 401, which the gateway in front of the clinics " +
		"does (owner platform, until 2026-04-30)"
	other := forbidden()
	other.Got = "200"
	for name, tc := range map[string]struct {
		target, today string
		cause         result.Key
		want, entries string
	}{
		"on a day between": {"preview", "2026-03-01", forbidden(), reason, "used, stale, not here"},
		"on its first day": {"preview", "2026-01-31", forbidden(), reason, "used, not begun, not here"},
		"on its last day":  {"preview", "2026-04-30", forbidden(), reason, "used, stale, not here"},
		"a day too late":   {"preview", "2026-05-01", forbidden(), "", "expired, stale, not here"},
		"a day too early":  {"preview", "2026-01-30", forbidden(), "", "not begun, not begun, not here"},
		"another target":   {"mock", "2026-03-01", forbidden(), "", "not here, not here, not here"},
		"another status":   {"preview", "2026-03-01", other, "", strings.Repeat("stale, ", 2) + "not here"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run, today := seen(tc.target, result.Failed, tc.cause), date(tc.today).Add(23*time.Hour)
			for range 2 { // a second call changes nothing
				example(t).Apply(&run, today)
				if got := run.Causes[0].Known; got != tc.want {
					t.Errorf("the cause is known for the reason %q, want %q", got, tc.want)
				}
				if got := states(run); got != tc.entries {
					t.Errorf("the entries are %s, want %s", got, tc.entries)
				}
				want := result.Failed
				if tc.want != "" {
					want = result.Known
				}
				if got := run.Requirements[0].State; got != want {
					t.Errorf("the requirement is %s, want %s", got, want)
				}
			}
		})
	}
}

// An entry is stale only if the run has sent requests of its kind, and has tried all requirements of
// its operation.
func TestAnEntryIsStaleOnlyWhereTheRunHasBeen(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		exercised, partial []string
		want               string
	}{
		{nil, nil, "not reached, not reached, not here"},
		{[]string{"getMe ok", "getUser ok"}, nil, "not reached, stale, not here"},
		{[]string{"getMe no-token"}, nil, "stale, not reached, not here"},
		{[]string{"getMe no-token"}, []string{"getUser"}, "stale, not reached, not here"},
		{[]string{"getMe no-token", "getUser ok"}, []string{"getMe"}, "not reached, stale, not here"},
	} {
		run := seen("preview", result.Passed)
		run.Seen.Exercised, run.Seen.Partial = tc.exercised, tc.partial
		example(t).Apply(&run, date("2026-03-01"))
		if got := states(run); got != tc.want || run.Requirements[0].State != result.Passed {
			t.Errorf("after %v the entries are %s, want %s", tc.exercised, got, tc.want)
		}
	}
}

// A requirement is known if entries cover all its causes. Additive causes do not count.
func TestARequirementIsKnownIfAllItsCausesAre(t *testing.T) {
	t.Parallel()
	const breaking, additive = result.Breaking, result.Additive
	other := result.Key{Kind: result.Missing, Operation: "getMe", Case: result.OK, Pointer: "/data"}
	for name, tc := range map[string]struct {
		state  result.State
		class  result.Class // of a second cause
		causes []result.Key
		want   result.State
	}{
		"failed by a known cause":       {result.Failed, breaking, []result.Key{forbidden()}, result.Known},
		"blocked by a known cause":      {result.Blocked, breaking, []result.Key{forbidden()}, result.Known},
		"failed by a second one":        {result.Failed, breaking, []result.Key{forbidden(), other}, result.Failed},
		"with an additive one":          {result.Failed, additive, []result.Key{forbidden(), other}, result.Known},
		"passed with a known cause":     {result.Passed, breaking, []result.Key{forbidden()}, result.Passed},
		"not testable":                  {result.NotTestable, breaking, nil, result.NotTestable},
		"failed by an additive one":     {result.Failed, additive, []result.Key{other, other}, result.Failed},
		"failed for no recorded reason": {result.Failed, breaking, nil, result.Failed},
	} {
		run := seen("preview", tc.state, tc.causes...)
		if len(run.Causes) > 1 {
			run.Causes[1].Class = tc.class
			if tc.causes[0] == other {
				run.Causes[0].Class = tc.class
			}
		}
		example(t).Apply(&run, date("2026-03-01"))
		if got := run.Requirements[0].State; got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}

func TestOnlyThePointerHasWildcards(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		pattern string
		covers  []string
		not     []string
	}{
		{"/data/*/id", []string{"/data/*/id", "/data/a/id"}, []string{"/data/id", "/data/a/b/id", "/data/a/ids", ""}},
		{"/data/**", []string{"/data/a", "/data/a/b", "/data/*"}, []string{"/data", "/date/a", ""}},
		{"/*/a/**", []string{"/x/a/b"}, []string{"/x/b/a", "/a/b"}},
		{"**", []string{"", "/data", "X-Request-Id"}, nil},
		{"", []string{""}, []string{"/data"}},
		{"*", []string{"X-Request-Id", ""}, []string{"/data"}},
	} {
		key := result.Key{Kind: result.Missing, Operation: "getUser", Case: result.OK, Expected: "string", Got: result.Absent}
		entry := known.Entry{Cause: key, Targets: []string{"preview"}, Since: date("2026-01-01"), Expires: date("2026-12-31")}
		entry.Cause.Pointer = tc.pattern
		for _, pointer := range append(slices.Clone(tc.covers), tc.not...) {
			key.Pointer = pointer
			run := seen("preview", result.Failed, key)
			(&known.Differences{Entries: []known.Entry{entry}}).Apply(&run, date("2026-03-01"))
			if got := run.Causes[0].Known != ""; got != slices.Contains(tc.covers, pointer) {
				t.Errorf("%q covers %q: %v", tc.pattern, pointer, got)
			}
		}
	}
}

func TestWithoutKnownDifferencesNothingChanges(t *testing.T) {
	t.Parallel()
	run := seen("preview", result.Failed, forbidden())
	var none *known.Differences
	none.Apply(&run, date("2026-03-01"))
	if diff := cmp.Diff(seen("preview", result.Failed, forbidden()), run); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}

// A draft has an entry for each cause that makes a run red. With a reason and an owner it can be loaded, and covers
// them.
func TestADraftCoversItsRunOnceItIsFilledIn(t *testing.T) {
	t.Parallel()
	odd := result.Key{
		Kind: result.Enum, Operation: "getUser", Case: result.OK, Pointer: "/data/x", Expected: "a",
		Got: "it's: \"b\" # <c>",
	}
	run := seen("preview", result.Failed, forbidden(), odd)
	run.Started, run.FailOn = date("2026-03-01"), []result.Class{result.Breaking}
	run.Causes = append(run.Causes, result.Cause{Class: result.Additive})
	run.Causes[0].Rule = "the status must be 401\n- cause: x"
	var b strings.Builder
	if err := known.Draft(&b, run); err != nil {
		t.Fatal(err)
	}
	_, err := known.Load("draft.yaml", []byte(b.String()))
	if err == nil || strings.Count(err.Error(), "reason must be") != 2 || strings.Count(err.Error(), "\n") != 3 {
		t.Errorf("the draft as it is: %v", err)
	}
	d, err := known.Load("draft.yaml", []byte(strings.ReplaceAll(b.String(), `: ""
`, ": x\n")))
	if err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	d.Apply(&run, date("2026-05-30"))
	if len(run.Red()) > 0 || states(run) != "used, used" || len(d.Entries) != 2 {
		t.Errorf("%d causes are red, %s:\n%s", len(run.Red()), states(run), b.String())
	}
}
