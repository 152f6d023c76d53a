package controlcmd

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/cmdtest"
)

// retryingReceiver answers each event with 503 and a Retry-After.
func retryingReceiver(t *testing.T, after string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", after)
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestExplainAndEventsShowAgreeOnTheStateOfAnEvent(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		webhook         map[string]any
		explained, show []string
		list            string // ends the line of the event
	}{
		"no URL": {map[string]any{"url": ""}, []string{": skipped: the clinic had no webhook URL: serve --webhook-url or"},
			[]string{"skipped: the clinic had no webhook URL: serve --webhook-url or listen --mock sets one; events resend"},
			"skipped  0         the clinic had no webhook URL"},
		"a type not wanted": {map[string]any{"events": []string{}}, []string{": skipped: the clinic does not want this type"},
			[]string{"skipped: the clinic does not want this type: webhook.events lists"},
			"skipped  0         the clinic does not want this type"},
		"dropped": {map[string]any{"misbehaviour": map[string]any{"drop": true}},
			[]string{": dropped, without an attempt\n", "not sent at 2026-01-31T09:00:10Z: dropped: the event is dropped on"},
			[]string{"status    dropped, without an attempt\n", "Not sent at 2026-01-31T09:00:10Z by"}, "dropped  0"},
		"refused": {map[string]any{"misbehaviour": map[string]any{"refused": 1}},
			[]string{"attempt 1 at 2026-01-31T09:00:10Z: failed, refused on purpose: the misbehaviour refused"},
			[]string{"failed, refused on purpose: the misbehaviour refused covers this attempt"},
			"pending  1         2026-01-31T09:01:10Z"},
		"held": {map[string]any{"misbehaviour": map[string]any{"hold": "5m"}},
			[]string{": pending, without an attempt, first attempt at 2026-01-31T09:05:10Z\n"},
			[]string{"pending, without an attempt, first attempt at 2026-01-31T09:05:10Z\n"},
			"pending  0         2026-01-31T09:05:10Z"},
		"a late Retry-After": {map[string]any{"url": retryingReceiver(t, "120")},
			[]string{"answered 503, next attempt at 2026-01-31T09:02:10Z (Retry-After)\n"},
			[]string{"  next attempt at 2026-01-31T09:02:10Z (Retry-After)\n"}, "pending  1         2026-01-31T09:02:10Z"},
		"an early Retry-After": {map[string]any{"url": retryingReceiver(t, "30")},
			[]string{"failed, 503: the receiver answered 503\n"}, []string{"  next attempt at 2026-01-31T09:01:10Z\n"},
			"pending  1         2026-01-31T09:01:10Z"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := cmdtest.NewClinic(t, nil)
			w.Control(t, http.MethodPatch, "", map[string]any{"webhook": tc.webhook}, nil)
			check := w.Check(t)
			_, explained, _ := run(t, w, "explain", check.ID)
			_, shown, _ := run(t, w, "events", "show", check.EventID)
			_, listed, _ := run(t, w, "events", "list")
			outputIs(t, explained, tc.explained...)
			outputIs(t, shown, tc.show...)
			outputIs(t, listed, tc.list+"\n")
		})
	}
}

func TestAnEventAfterA410HasNoAttempt(t *testing.T) {
	t.Parallel()
	w := cmdtest.NewClinic(t, func(int) int { return http.StatusGone })
	w.Check(t)
	_, explained, _ := run(t, w, "explain", w.Check(t).ID)
	outputIs(t, explained, ": failed, without an attempt\n", "not sent at 2026-01-31T09:00:20Z: failed, disabled: the")
}

func outputIs(t *testing.T, output string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(output, part) {
			t.Errorf("no %q in\n%s", part, output)
		}
	}
}
