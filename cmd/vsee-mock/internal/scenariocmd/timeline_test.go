package scenariocmd

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/demo"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/ownmock"
	"github.com/vsee-mock/vsee-mock/scenarios"
	"github.com/vsee-mock/vsee-mock/scenarios/play"
)

// calls has the checks and claims of a play.
type calls struct {
	checks []*play.Check
	claims []*play.Claim
}

func (c *calls) Observe(_ context.Context, m play.Moment) error {
	call, _ := m.(play.Call)
	if call.Act == play.StartCheck || call.Act == play.CheckOther {
		c.checks = append(c.checks, call.Check)
	}
	if call.Act == play.SubmitClaim {
		c.claims = append(c.claims, call.Claim)
	}
	return nil
}

// The demo plays over the network, explain in memory. Both see the same, and the result of each check is that of the
// file.
func TestTheDemoAndTheExplanationOfEachScenarioAgree(t *testing.T) {
	t.Parallel()
	set, err := scenarios.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range set {
		t.Run(s.ID, func(t *testing.T) {
			t.Parallel()
			explained, err := observe(t.Context(), ownmock.Options{Scenario: s, Scenarios: set})
			if err != nil {
				t.Fatal(err)
			}
			mock, err := ownmock.Start(t.Context(), ownmock.Options{Scenario: s, Scenarios: set, Network: ownmock.Loopback{}})
			if err != nil {
				t.Fatal(err)
			}
			defer mock.Close()
			var out bytes.Buffer
			seen := newTimeline(mock)
			var made calls
			if err := play.Play(t.Context(), s, mock, play.Observers{demo.NewTranscript(&out, mock, s), seen, &made}); err != nil {
				t.Fatalf("%v\n%s", err, &out)
			}
			demonstrated, err := seen.finish(t.Context())
			if diff := cmp.Diff(explained, demonstrated, cmp.AllowUnexported(line{})); err != nil || diff != "" {
				t.Errorf("%v (-explain +demo):\n%s", err, diff)
			}
			printed := out.String()
			events := 0
			for _, l := range explained {
				if l.to == receiver {
					events++
				}
			}
			if n := strings.Count(printed, "< POST "+ownmock.ReceiverPath); n != events {
				t.Errorf("the demo prints %d events, explain %d:\n%s", n, events, printed)
			}
			for i, check := range made.checks {
				want := "mock answers " + checkName(check) + ": " + check.Step.Response
				if check.Step.Webhook.BeforeReply {
					want = "event of " + checkName(check) + ", " + check.Step.Response
				}
				if has := hasLine(explained, want); check.ID == "" || has != check.Ends() {
					t.Errorf("check %d, %q: %v", i+1, want, explained)
				}
			}
			for _, claim := range made.claims {
				for _, stage := range claim.Step.Claim.Stages() {
					if want := ": " + stage.Status; claim.Step.Refused == "" && !hasLine(explained, want) {
						t.Errorf("no claim is %s: %v", stage.Status, explained)
					}
				}
			}
		})
	}
}

// hasLine reports whether a text is in a line.
func hasLine(lines []line, text string) bool {
	for _, l := range lines {
		if strings.Contains(string(l.to)+" "+l.text, text) {
			return true
		}
	}
	return false
}
