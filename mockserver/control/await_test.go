package control_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// frozen makes the clinic one with a standing clock.
func frozen(t *testing.T, mock *mocktest.Mock, webhook string) *mocktest.Clinic {
	t.Helper()
	return mock.NewClinic(t, clinic.Settings{AccountCode: "one", Webhook: clinic.Webhook{URL: webhook},
		Clock: clinic.ClockSettings{Start: time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC), Frozen: true}})
}

func TestAwaitReturnsTheItemThatMatchesEvenOneFromBefore(t *testing.T) {
	t.Parallel()
	mock, c := start(t)
	one := frozen(t, mock, mocktest.NewReceiver(t, nil).URL)
	check(t, one)
	one.Advance(t, 10*time.Second)
	for body, want := range map[string]string{
		`{"kind": "check"}`:               "check 132406 pending",
		`{"kind": "check", "after": "3"}`: "check 132406 done",
		`{"kind": "check", "where": {"status": "done", "carrier_code": "car7556"}}`: "check 132406 done",
		`{"kind": "event", "where": {"data.member_id": 132406, "status": "delivered"}}`: "event 132406 " +
			"delivered",
		`{"kind": "event", "where": {"data.eligibility_response": "Subscriber/Insured not found"}}`:   "event 132406 pending",
		`{"kind": "delivery", "where": {"status": 200, "reason": "", "type": "eligibility.checked"}}`: "delivery 132406 200",
		`{"kind": "exchange", "where": {"operation": "startEligibilityCheck"}}`: "exchange 132406 startEligibilityCheck" +
			" 200",
	} {
		var got controlapi.StreamItem
		c.ok("POST", "/clinics/one/await", body, &got)
		if row(got) != want {
			t.Errorf("%s returns %s, want %s", body, row(got), want)
		}
	}
}

func TestAwaitReturnsWhenALaterItemMatchesAndMovesNoClock(t *testing.T) {
	t.Parallel()
	mock, _ := start(t)
	one := frozen(t, mock, "")
	check(t, one)
	var waiting sync.WaitGroup
	waiting.Go(func() {
		item := one.Await(t, controlapi.KindCheck, map[string]any{"status": "done"})
		if item.Check.RejectCode != "75" || item.ID == "" {
			t.Errorf("the item is %+v", item)
		}
	})
	if clock, err := mock.Control.GetClock(t.Context(), "one"); err != nil || clock.Now.Minute() != 0 {
		t.Errorf("the clock shows %s, %v", clock.Now, err)
	}
	one.Advance(t, time.Minute)
	waiting.Wait()
}

func TestAwaitTellsOfTheItemsThatCameInstead(t *testing.T) {
	t.Parallel()
	mock, c := start(t)
	one := frozen(t, mock, "")
	check(t, one)
	none, now := controlapi.Span(0), "2026-01-31T09:00:10Z"
	_, err := mock.Control.Await(t.Context(), "one", controlapi.Await{
		Kind: "check", Where: map[string]any{"status": "done", "member_id": "132406", "card": "secondary"}, Timeout: &none,
	})
	const want = "no check matched within 0s; the newest one that was seen instead differs in card, status, and seen " +
		"has up to 20 of them; the clinic's clock stands still, and await does not move it: the next item is due at "
	unmatched := (*controlapi.UnmatchedError)(nil)
	if !errors.As(err, &unmatched) || err.Error() != want+now || len(unmatched.Seen) != 1 ||
		unmatched.Seen[0].Check.Status != "pending" {
		t.Fatalf("%v", err)
	}
	if diff := cmp.Diff([]string{"card", "status"}, unmatched.Seen[0].Differs); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	status, text := c.do("POST", "/clinics/one/await", `{"kind": "claim", "timeout": "1ms", "after": "1"}`)
	var reply controlapi.Unmatched
	if err := json.Unmarshal([]byte(text), &reply); err != nil || status != http.StatusGatewayTimeout ||
		!strings.HasPrefix(reply.Error, "no claim matched within 1ms; there was none behind after;") || reply.Seen == nil {
		t.Errorf("%d %s", status, text)
	}
	for body, message := range map[string]string{
		`{}`: "kind must be one of exchange, check, claim, visit, event, delivery",
		`{"kind": "chek"}`: "kind must be one of exchange, check, claim, visit, event, delivery; " +
			"did you mean check?",
		`{"knd": "check"}`: `unknown field "knd"; did you mean "kind"?`,
		`{"kind": "check", "where": {"staus": "done"}}`: `unknown field "where.staus"; did you mean "status"?`,
		`{"kind": "visit", "where": {"invoice.paid": 1}}`: `unknown field "where.invoice.paid": GET /_mock/openapi.yaml ` +
			`lists them`,
		`{"kind": "check", "timeout": "-1s"}`: "timeout must not be negative: 0s looks at the present items alone",
		`{"kind": "check", "after": "99"}`:    "after must be the id of an item of this clinic's stream",
		`{"kind": "check", "where": []}`:      "where must be an object",
	} {
		c.refused("POST", "/clinics/one/await", body, 400, message)
	}
}
