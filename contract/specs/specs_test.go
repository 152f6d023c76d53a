package specs_test

import (
	"flag"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/coverage"
	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// ids selects requirements by patterns: go test ./contract/specs -run Mock -args -ids 'USER-00?'
var ids = flag.String("ids", "", "patterns of the requirements to try, separated by commas; all without")

// The mock keeps every requirement, and no reply of it differs from openapi.yaml. The suite provokes the whole
// document.
func TestTheMockKeepsTheContract(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	requests, tracker := &sent{parts: map[string]bool{}}, coverage.New(embedded.Spec())
	run, err := engine.Run(t.Context(), engine.Options{
		Config:       config.Config{BaseURL: requests.inFrontOf(t, mock) + "/api_v3", ControlURL: mock.URL + "/_mock"},
		Requirements: selected(t), Tracker: tracker,
	})
	if err != nil || run.Broken != "" {
		t.Fatal(err, run.Broken)
	}
	for _, c := range run.Causes {
		t.Errorf("%+v\n%s, places %v", c.Key, c.Rule, c.Places)
	}
	for _, r := range run.Requirements {
		if r.State != result.Passed && (*ids == "" || !strings.HasPrefix(r.ID, "SHAPE-")) {
			t.Errorf("%s %s: %s", r.State, r.ID, r.Reason)
		}
	}
	if *ids == "" {
		requests.isWhole(t, run, tracker.Report())
	}
}
