// Package contract is the contract run: it tests a running server against the behaviour in openapi.yaml and in the
// scenarios. The server may be vsee-mock or any other base URL, such as VSee's preview environment. The suite knows
// nothing of the mock but its control API.
//
// There are two ways in: Run in any Go test, and Register in a Ginkgo suite of your own. cmd/vsee-contract runs it
// outside a test, without this package. Against a server without a control API, the suite waits in real time instead of
// moving a clock. A requirement it cannot test there is reported as not testable, with the reason, and never as passed.
//
// The requirements are in package specs, package engine tries them, and package session writes the results. Ginkgo and
// Gomega are known here alone.
package contract

import (
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/session"
)

// ErrTarget wraps every failure to reach the target or to authenticate with it.
var ErrTarget = engine.ErrTarget

// Run tests the target in a Go test, with a subtest for each requirement. A requirement that is not testable is
// skipped, with the reason. The test fails when a cause makes the run red. Several tests may call Run, side by side,
// too.
func Run(t *testing.T, cfg Config) result.Run {
	t.Helper()
	s, err := session.Prepare(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	run, err := s.Face(t.Context())
	if err != nil {
		t.Error(err)
	}
	for _, r := range session.Results(run) {
		t.Run(r.ID, func(t *testing.T) {
			switch {
			case r.State == result.NotTestable:
				t.Skip(r.Reason)
			case !r.Holds():
				t.Error(r.String())
			}
		})
	}
	switch run.ExitCode() {
	case result.ExitTarget:
		t.Errorf("the contract run broke: %s", run.Broken)
	case result.ExitConfig:
		t.Error(session.Nothing(run))
	case result.ExitKnownDifferences:
		t.Errorf("%s has entries that are stale or have expired: remove or renew them", cfg.KnownDifferences)
	case result.ExitFindings:
		t.Error("the target does not keep the contract")
	}
	return run
}
