package gauntlet_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/golden"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/gauntlet"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// serve starts a receiver. A function answers once the whole body is there; nothing answers a body that breaks off. A
// GET shows the state, 404 for none.
func serve(t *testing.T, answer func(h http.Header, body []byte) int, state func() string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && state != nil {
			_, _ = io.WriteString(w, state())
			return
		}
		if r.Method == http.MethodGet {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		if body, err := io.ReadAll(r.Body); err == nil {
			w.WriteHeader(answer(r.Header, body))
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func always(status int) func(http.Header, []byte) int {
	return func(http.Header, []byte) int { return status }
}

// The reports on a receiver without verification, and with some texts unknown to it.
func TestTheReports(t *testing.T) {
	t.Parallel()
	report := run(t, gauntlet.Config{
		URL: serve(t, func(_ http.Header, body []byte) int {
			if bytes.Contains(body, []byte(`"eligibility_response":"Invalid/Missing provider`)) {
				return 422
			}
			return 200
		}, nil) + "/hook",
		Signing: webhook.Signing{Scheme: webhook.Standard, Secrets: []string{secret}},
	})
	report.URL, report.Began, report.Took = "http://127.0.0.1:PORT/hook", time.Unix(0, 0), 0
	var text, junit, jsonText bytes.Buffer
	for i := range report.Results {
		report.Results[i].Took = 0
		if err := report.Results[i].WriteLine(&text); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(report.WriteText(&text), report.WriteJUnit(&junit), report.WriteJSON(&jsonText)); err != nil {
		t.Fatal(err)
	}
	golden.Is(t, "testdata/report.txt", text.String())
	golden.Is(t, "testdata/report.xml", junit.String())
	golden.Is(t, "testdata/report.json", jsonText.String())
}

// A report travels: into CI logs, tickets and mails.
func TestNoReportHoldsASecret(t *testing.T) {
	t.Parallel()
	echo := func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = fmt.Fprintln(w, secret, old, r.Header)
	}
	server := httptest.NewServer(http.HandlerFunc(echo))
	defer server.Close()
	address := strings.Replace(server.URL, "http://", "http://edward:p4ssw0rd@", 1) + "/hook?token=t0ken#fr4gment"
	var all bytes.Buffer
	report := run(t, gauntlet.Config{
		URL: address, StateURL: address, Signing: webhook.Signing{Scheme: webhook.Standard, Secrets: []string{secret, old}},
		Progress: func(r gauntlet.Result) { _ = r.WriteLine(&all) },
	})
	if err := errors.Join(report.WriteText(&all), report.WriteJUnit(&all), report.WriteJSON(&all)); err != nil {
		t.Fatal(err)
	}
	_, err := gauntlet.Run(t.Context(), gauntlet.Config{URL: "http://edward:p4ssw0rd@127.0.0.1:1/hook?token=t0ken"})
	_, _ = fmt.Fprintln(&all, err)
	for _, secret := range []string{secret, old, "p4ssw0rd", "t0ken", "fr4gment", "v1,"} {
		if strings.Contains(all.String(), strings.TrimPrefix(secret, "whsec_")) {
			t.Errorf("%s is in\n%s", secret, &all)
		}
	}
	if !strings.Contains(all.String(), "/hook") {
		t.Errorf("the URL is not in\n%s", &all)
	}
}

// verifying answers as a correct receiver with one secret of a scheme.
func verifying(scheme webhook.Scheme) func(http.Header, []byte) int {
	return func(h http.Header, body []byte) int {
		signing := webhook.Signing{Scheme: scheme, Secrets: []string{secret}}
		if signing.Verify(h, body) != nil {
			return 401
		}
		if at, timed := signing.SignedAt(h); timed && clock.Since(at).Abs() > 5*time.Minute {
			return 400
		}
		return 204
	}
}

// stateCases are the cases that need the receiver's state.
var stateCases = []string{"duplicate-state", "duplicate-at-once", "duplicate-after-another", "out-of-order-state"}

// A case does not pass when the scheme cannot carry it.
func TestASchemeIsTriedAsFarAsItGoes(t *testing.T) {
	t.Parallel()
	for scheme, want := range map[webhook.Scheme]map[string]string{
		webhook.Standard: {},
		webhook.Stripe:   {},
		webhook.GitHub: {
			"rotated-secret":   "the scheme github cannot carry several signatures",
			"stale-timestamp":  "the scheme github does not sign a time",
			"future-timestamp": "the scheme github does not sign a time",
		},
		webhook.Unsigned: {
			"bad-signature": "events are not signed", "missing-signature": "events are not signed",
			"old-secret": "events are not signed", "altered-body": "events are not signed",
			"rotated-secret":   "the scheme none cannot carry several signatures",
			"stale-timestamp":  "the scheme none does not sign a time",
			"future-timestamp": "the scheme none does not sign a time",
		},
	} {
		t.Run(string(scheme), func(t *testing.T) {
			t.Parallel()
			for _, id := range stateCases {
				want[id] = "no URL of the receiver's state was given"
			}
			signing := webhook.Signing{Scheme: scheme}
			if scheme != webhook.Unsigned {
				signing.Secrets = []string{secret}
			}
			got := map[string]string{}
			for _, r := range run(t, gauntlet.Config{URL: serve(t, verifying(scheme), nil), Signing: signing}).Results {
				switch r.Outcome {
				case gauntlet.Failed:
					t.Errorf("%s failed: %s", r.ID, r.Got)
				case gauntlet.NotTestable:
					got[r.ID] = r.Reason
				case gauntlet.Passed:
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("not testable (-want +got):\n%s", diff)
			}
		})
	}
}

// A receiver that refuses everything has not shown that it can tell a forged event.
func TestARefusalMeansNothingWhereGoodEventsAreRefused(t *testing.T) {
	t.Parallel()
	report := run(t, gauntlet.Config{
		URL: serve(t, always(404), nil), Signing: webhook.Signing{Scheme: webhook.Standard, Secrets: []string{secret}},
		Only: []string{"valid-event", "bad-signature", "stale-timestamp"},
	})
	if report.Count(gauntlet.Failed) != 1 || report.Count(gauntlet.NotTestable) != 2 {
		t.Errorf("%+v", report.Results)
	}
	if got := report.Results[1].Reason; got != "a valid event is not accepted, either: 404" {
		t.Errorf("the reason is %q", got)
	}
}

// A receiver with another secret is told so by each case that it denies, and one without verification reads of none.
func TestTheRemedyFitsTheSignature(t *testing.T) {
	t.Parallel()
	for scheme, want := range map[webhook.Scheme]string{
		webhook.GitHub:   "use the same secret and scheme on both sides",
		webhook.Unsigned: "Accept an event without a signature",
	} {
		config := gauntlet.Config{URL: serve(t, always(401), nil), Signing: webhook.Signing{Scheme: scheme},
			Only: []string{"valid-event", "duplicate", "hundred-at-once"}}
		if scheme.Signs() {
			config.Signing.Secrets = []string{secret}
		}
		results := run(t, config).Results
		for _, r := range []gauntlet.Result{results[0], results[2]} {
			if r.Outcome != gauntlet.Failed || !strings.Contains(r.Fix, want) {
				t.Errorf("%s: %s advises %s", scheme, r.ID, r.Fix)
			}
		}
		if sent := results[0].Sent + results[1].Sent; strings.Contains(sent, "sign") != scheme.Signs() {
			t.Errorf("%s: sent %s", scheme, sent)
		}
	}
}

// No receiver may leave a request without an answer, or redirect it.
func TestNoAnswerAndRedirectsFail(t *testing.T) {
	t.Parallel()
	hang := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch {
		case r.Header.Get("webhook-signature") == "":
			<-hang
		case bytes.Contains(body, []byte("altered")):
			panic(http.ErrAbortHandler)
		case bytes.Contains(body, []byte("unknown_field")):
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}
	}))
	defer server.Close()
	defer close(hang)
	report := run(t, gauntlet.Config{
		URL: server.URL, Signing: webhook.Signing{Scheme: webhook.Standard, Secrets: []string{secret}},
		Only: []string{"missing-signature", "altered-body", "unknown-field"}, Timeout: 500 * time.Millisecond,
	})
	var got []string
	for _, r := range report.Results {
		fix, _, _ := strings.Cut(r.Fix, " ")
		got = append(got, fmt.Sprintf("%s %s %s: %s", r.ID, r.Outcome, r.Got, fix))
	}
	want := []string{
		"missing-signature failed no answer (the receiver took longer than 500ms): Answer",
		"altered-body failed no answer (the connection could not be made, or broke): Answer",
		"unknown-field failed 307: Use",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The report has the limit and the flag for another one. The other cases would take as long, and show no more.
func TestASlowReceiverFailsWithTheLimitAndItsFlag(t *testing.T) {
	t.Parallel()
	hang := make(chan struct{})
	address := serve(t, func(http.Header, []byte) int { <-hang; return 200 }, nil)
	defer close(hang)
	report := run(t, gauntlet.Config{URL: address, Timeout: 100 * time.Millisecond})
	first := report.Results[0]
	if first.Outcome != gauntlet.Failed || !strings.Contains(first.Got, "took longer than 100ms") ||
		!strings.Contains(first.Fix, "--timeout") {
		t.Errorf("%s %s: %s, %s", first.ID, first.Outcome, first.Got, first.Fix)
	}
	if all := len(gauntlet.Cases()); report.Count(gauntlet.NotTestable) != all-1 {
		t.Errorf("%d of %d cases are not testable", report.Count(gauntlet.NotTestable), all)
	}
}

func TestARunThatCannotBeIsAnError(t *testing.T) {
	t.Parallel()
	stopped, stop := context.WithCancel(t.Context())
	stop()
	gone := httptest.NewServer(nil)
	gone.Close()
	for name, tc := range map[string]struct {
		ctx    context.Context //nolint:containedctx // one case has another one
		config gauntlet.Config
		want   string
	}{
		"nobody there": {t.Context(), gauntlet.Config{URL: gone.URL}, "no receiver answers at " + gone.URL},
		"nobody there later": {t.Context(), gauntlet.Config{URL: gone.URL, Only: []string{"hundred-at-once"}},
			"no receiver answers"},
		"stopped": {stopped, gauntlet.Config{URL: gone.URL}, "the run was stopped"},
		"no URL":  {t.Context(), gauntlet.Config{}, "--url must be an http or https URL"},
		"no scheme": {t.Context(), gauntlet.Config{URL: gone.URL, Signing: webhook.Signing{Scheme: "md5"}},
			"signature scheme must be"},
		"no secret": {t.Context(), gauntlet.Config{URL: gone.URL, Signing: webhook.Signing{Scheme: webhook.Stripe}},
			"no secret to sign with"},
		"no case": {t.Context(), gauntlet.Config{URL: gone.URL, Only: []string{"nothing"}},
			`there is no case "nothing"`},
		"no member": {t.Context(), gauntlet.Config{URL: gone.URL, MemberID: "edward"}, "a string of digits"},
		"negative":  {t.Context(), gauntlet.Config{URL: gone.URL, Slow: -1}, "must not be negative"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := gauntlet.Run(tc.ctx, tc.config); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error = %v, want %s", err, tc.want)
			}
		})
	}
}

func TestIDsAreDistinctAndWritten(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range gauntlet.Cases() {
		if seen[c.ID] || c.ID != strings.ToLower(c.ID) || strings.ContainsAny(c.ID, " _") {
			t.Errorf("the id %q", c.ID)
		}
		seen[c.ID] = true
		for _, text := range []string{c.Title, c.Sent, c.Expected} {
			if text == "" || strings.HasSuffix(text, ".") {
				t.Errorf("%s says %q", c.ID, text)
			}
		}
	}
}

// id is the payload's own id.
type id struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Created int64  `json:"created"`
	Data    struct {
		EligibilityID string `json:"eligibility_id"`
	} `json:"data"`
}

func idOf(t *testing.T, body []byte) id {
	t.Helper()
	var i id
	if err := json.Unmarshal(body, &i); err != nil {
		t.Fatal(err)
	}
	second, err := strconv.ParseInt(i.ID[:8], 16, 64)
	if err != nil || second != i.Created {
		t.Errorf("the id %s of an event created at %x", i.ID, i.Created)
	}
	return i
}
