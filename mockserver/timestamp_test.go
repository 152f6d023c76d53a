package mockserver_test

import (
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/vsee-mock/vsee-mock/internal/misbehaviour"
	"github.com/vsee-mock/vsee-mock/internal/signature"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// isSigned reports whether the library of a scheme would accept an event, with the library's own tolerance.
func isSigned(scheme, secret string, h http.Header, body []byte) bool {
	if scheme == string(webhook.Standard) {
		theirs, err := standardwebhooks.NewWebhook(secret)
		return err == nil && theirs.Verify(body, h) == nil
	}
	signing := webhook.Signing{Scheme: webhook.Scheme(scheme), Secrets: []string{secret}}
	at, timed := signing.SignedAt(h)
	return signing.Verify(h, body) == nil &&
		(!timed || time.Since(at).Abs() <= 5*time.Minute) // as Stripe's libraries have it
}

// newVerifier returns the URL of a receiver with the answer 401 to every event it cannot verify.
func newVerifier(t *testing.T, scheme, secret string) string {
	t.Helper()
	return newServer(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || !isSigned(scheme, secret, r.Header, body) {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
}

func TestAClaimGetsToPaidWithAnOfficialVerifierAfterTheClockWasMoved(t *testing.T) {
	t.Parallel()
	for _, scheme := range signature.Names()[:3] {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			c := mocktest.Start(t).NewClinic(t, clinic.Settings{
				AccountCode: "moved", Webhook: clinic.Webhook{URL: newVerifier(t, scheme, newSecret), Signature: scheme,
					Secret: newSecret},
			})
			id, token := patient(t, c, "pat", "123")
			c.Advance(t, time.Hour)
			start(t, c, id, token)
			receipt := c.Advance(t, clinic.DefaultCronDelay)
			if got := post(t, c.BaseURL+"/insurances/claims/", claimBody(id, "encounter_date", receipt.To.Format(time.DateOnly)),
				byToken(token)); got.status != 200 {
				t.Fatalf("%d %s", got.status, got.body)
			}
			later := c.Advance(t, 60*24*time.Hour)
			if last := later.Claims[len(later.Claims)-1]; last.Status != "paid" {
				t.Errorf("the claim is %s", last.Status)
			}
			deliveries := slices.Concat(receipt.Deliveries, later.Deliveries)
			if len(deliveries) < 4 {
				t.Errorf("%d events were sent", len(deliveries))
			}
			for _, d := range deliveries {
				if d.Attempt != 1 || d.Status != 200 {
					t.Errorf("attempt %d at %s was answered %d: %s", d.Attempt, d.At, d.Status, d.Detail)
				}
			}
		})
	}
}

// The attempts of one move are hours apart for the clinic and moments apart for a receiver.
func TestEachAttemptIsSignedWithTheTimeOfTheWebhooksClock(t *testing.T) {
	t.Parallel()
	for setting, wanted := range map[string]func(controlapi.Delivery) time.Time{
		"":                     func(d controlapi.Delivery) time.Time { return d.RealAt },
		outbox.TimestampReal:   func(d controlapi.Delivery) time.Time { return d.RealAt },
		outbox.TimestampClinic: func(d controlapi.Delivery) time.Time { return d.At },
	} {
		for wrong, off := range map[string]time.Duration{"": 0, misbehaviour.TimestampStale: -10 * time.Minute,
			misbehaviour.TimestampFuture: 10 * time.Minute} {
			t.Run(setting+" "+wrong, func(t *testing.T) {
				t.Parallel()
				receiver := mocktest.NewReceiver(t, func(n int) int { return map[bool]int{true: 500, false: 200}[n < 4] })
				c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "signed", Webhook: clinic.Webhook{
					URL: receiver.URL, Timestamp: setting, Misbehaviour: clinic.Misbehaviour{Timestamp: scenarios.Text(wrong)},
				}})
				id, token := patient(t, c, "pat", "123")
				start(t, c, id, token)
				deliveries := c.Advance(t, 4*time.Hour).Deliveries
				if len(deliveries) != 4 {
					t.Fatalf("%d attempts", len(deliveries))
				}
				for i, r := range receiver.Received() {
					at, ok := webhook.Signing{Scheme: webhook.Standard}.SignedAt(r.Header)
					if want := wanted(deliveries[i]).Add(off).Unix(); !ok || at.Unix() != want {
						t.Errorf("attempt %d is signed as of %s, want %s", i+1, at, time.Unix(want, 0))
					}
				}
			})
		}
	}
}

func TestARefusalOfATimeThatIsFarFromRealTimeSaysSo(t *testing.T) {
	t.Parallel()
	const remedy = `, and most verifiers allow five minutes: set webhook.timestamp to "real"`
	const secret = "the receiver refuses the sender: most probably its secret differs from the clinic's webhook.secret; " +
		"if not, it verifies other bytes than those that it received"
	for name, tc := range map[string]struct {
		ahead   time.Duration // of real time, the clinic's clock
		webhook clinic.Webhook
		status  int
		want    string // the hint
	}{
		"an hour ahead": {time.Hour, clinic.Webhook{Timestamp: "clinic"}, 401,
			"the signed time is 60 minutes ahead of real time" + remedy},
		"by Stripe's scheme": {time.Hour, clinic.Webhook{Timestamp: "clinic", Signature: "stripe"}, 400,
			"the signed time is 60 minutes ahead of real time" + remedy},
		"hours behind": {-5*time.Hour - 30*time.Minute, clinic.Webhook{Timestamp: "clinic"}, 403,
			"the signed time is 5 hours behind real time" + remedy},
		"days ahead": {100*24*time.Hour + time.Hour, clinic.Webhook{Timestamp: "clinic"}, 410,
			"the signed time is 100 days ahead of real time" + remedy},
		"on purpose": {0, clinic.Webhook{Misbehaviour: clinic.Misbehaviour{Timestamp: "stale"}}, 401,
			"the signed time is 10 minutes behind real time, and most verifiers allow five minutes: misbehaviour timestamp: " +
				"stale asks for that"},
		"real time":         {time.Hour, clinic.Webhook{}, 401, secret},
		"four minutes":      {4 * time.Minute, clinic.Webhook{Timestamp: "clinic"}, 401, secret},
		"an answer of 500":  {time.Hour, clinic.Webhook{Timestamp: "clinic"}, 500, ""},
		"no time is signed": {time.Hour, clinic.Webhook{Timestamp: "clinic", Signature: "github"}, 401, secret},
		"nothing is signed": {time.Hour, clinic.Webhook{Timestamp: "clinic", Signature: "none"}, 401,
			"the receiver refuses the sender: probably it wants a signature, and the clinic sends none: set webhook.signature"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := &logbook{}
			mock := mocktest.Start(t, func(o *mockserver.Options) { o.Log = slog.New(slog.NewTextHandler(log, nil)) })
			tc.webhook.URL = mocktest.NewReceiver(t, func(int) int { return tc.status }).URL
			tc.webhook.Schedule = []time.Duration{}
			c := mock.NewClinic(t, clinic.Settings{AccountCode: "far", Webhook: tc.webhook,
				Clock: clinic.ClockSettings{Start: time.Now().Add(tc.ahead), Frozen: true}})
			id, token := patient(t, c, "pat", "123")
			start(t, c, id, token)
			d := c.Advance(t, clinic.DefaultCronDelay).Deliveries[0]
			if diff := cmp.Diff(tc.want, d.Hint); diff != "" || d.Status != tc.status {
				t.Errorf("status %d (-want +got):\n%s", d.Status, diff)
			}
			var told struct{ Deliveries []struct{ Hint string } }
			c.Control(t, http.MethodGet, "/events/"+d.EventID, nil, &told)
			if len(told.Deliveries) != 1 || told.Deliveries[0].Hint != tc.want {
				t.Errorf("the event tells of %+v, want %s", told.Deliveries, tc.want)
			}
			if logged := strings.ReplaceAll(log.String(), `\"`, `"`); !strings.Contains(logged, tc.want) ||
				strings.Contains(logged, "hint=") != (tc.want != "") {
				t.Errorf("the log is not of %q:\n%s", tc.want, logged)
			}
		})
	}
}
