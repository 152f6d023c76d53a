package engine_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// A busy target names a time in Retry-After. The run asks it again then, and reports no cause.
func TestABusyTargetIsAskedAgain(t *testing.T) {
	t.Parallel()
	for _, header := range []string{"1", "", "soon"} {
		f, busy := newFake(t), 0
		f.before = func(w http.ResponseWriter, r *http.Request) bool {
			if busy++; busy%2 == 0 || path(r, "/insurances") {
				return false
			}
			w.Header().Set("Retry-After", header)
			w.WriteHeader([]int{http.StatusServiceUnavailable, http.StatusTooManyRequests}[busy/2%2])
			return true
		}
		run := f.face(t, requires("A-001", readsMe), requires("A-002", writes))
		if len(run.Causes) != 0 || state(run, "A-001") != result.Passed || state(run, "A-002") != result.Passed ||
			run.Broken != "" {
			t.Errorf("Retry-After: %q: %v, %q", header, keys(run), run.Broken)
		}
	}
}

// A requirement whose request is never answered is not testable, and the run says why.
func TestATargetThatStaysBusyMakesARequirementNotTestable(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.before = func(w http.ResponseWriter, r *http.Request) bool {
		if path(r, "/me") {
			w.WriteHeader(http.StatusServiceUnavailable)
			return true
		}
		return false
	}
	run := f.face(t, requires("A-001", readsMe))
	if len(run.Causes) != 0 || run.Broken != "" || state(run, "A-001") != result.NotTestable {
		t.Errorf("%v, %q, %s", keys(run), run.Broken, state(run, "A-001"))
	}
	if reason := run.Requirements[0].Reason; reason != "the target answers 503 to getMe each time" ||
		f.asked["GET /api_v3/me"] != 4 {
		t.Errorf("%q after %d requests", reason, f.asked["GET /api_v3/me"])
	}
}

// A run that is interrupted says so, and a requirement that was not tried to its end is not testable.
func TestAnInterruptedRunSaysSo(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	f := newFake(t)
	run, err := engine.Run(ctx, f.options(
		requires("A-001", readsMe),
		requires("A-002", func(t *engine.Trial) { cancel(); readsMe(t) }),
		requires("A-003", readsMe),
	))
	if err != nil {
		t.Fatal(err)
	}
	want := []result.State{result.Passed, result.NotTestable, result.NotTestable}
	if got := []result.State{state(run, "A-001"), state(run, "A-002"), state(run, "A-003")}; cmp.Diff(want, got) != "" ||
		run.Broken != engine.Interrupted {
		t.Errorf("%v, %q", got, run.Broken)
	}
	if run.ExitCode() != result.ExitTarget || len(run.Causes) != 0 {
		t.Errorf("%d, %v", run.ExitCode(), keys(run))
	}
}

// A run keeps to its budget, and says when it is spent.
func TestARunKeepsToItsBudget(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	o := f.options(requires("A-001", writes), requires("A-002", writes))
	o.Budget = 4
	run, err := engine.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, n := range f.asked {
		asked += n
	}
	if asked != 4 || run.Broken != "the budget of requests is spent: raise VSEE_BUDGET if it may have more" ||
		state(run, "A-002") != result.NotTestable {
		t.Errorf("%d requests, %q", asked, run.Broken)
	}
}

// A target that is not there, or takes no credentials, ends the run before its first requirement.
func TestATargetThatCannotBeFacedEndsTheRun(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.after = func(_ *http.Request, status *int, _ map[string]any) { *status = http.StatusForbidden }
	gone := newFake(t)
	gone.Close()
	for want, f := range map[string]*fake{"the target does not take VSEE_API_TOKEN: it answers 403": f,
		"VSEE_BASE_URL leads nowhere": gone} {
		run, err := engine.Run(t.Context(), f.options(requires("A-001", readsMe)))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(run.Broken, want) ||
			state(run, "A-001") != result.NotTestable {
			t.Errorf("%v, %q", err, run.Broken)
		}
	}
}

// Two runs in one process do not see each other. On a mock the requirements of a run are tried side by side, each in a
// clinic of its own.
func TestRunsAndRequirementsGoSideBySide(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	var runs sync.WaitGroup
	for range 2 {
		meet := make(chan string)
		first := requires("A-001", func(t *engine.Trial) { meet <- t.Clinic.AccountCode })
		second := requires("A-002", func(t *engine.Trial) {
			r := t.Send(engine.Get("/accounts/" + t.Clinic.AccountCode))
			r.Value("/data/code", <-meet == t.Clinic.AccountCode).Equal(false, "each requirement has its own clinic")
		})
		runs.Go(func() {
			run, err := engine.Run(t.Context(), engine.Options{
				Config:       config.Config{BaseURL: mock.URL + "/api_v3", ControlURL: mock.URL + "/_mock"},
				Requirements: []engine.Requirement{first, second},
			})
			if err != nil || run.Tally()[result.Passed] != 2 || len(run.Causes) != 0 {
				t.Errorf("%v, %+v", err, run)
			}
		})
	}
	runs.Wait()
	if left, err := mock.Control.ListClinics(t.Context(), controlapi.PageRequest{}); err != nil || len(left.Data) != 1 {
		t.Errorf("%+v are left, %v", left, err)
	}
}
