package mockserver_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// marshal returns v as JSON.
func marshal(t testing.TB, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestACheckEndsWhenTheCronDelayHasPassed(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	slow := 20 * time.Second
	for _, tc := range []struct {
		account string
		delay   *time.Duration
		want    time.Duration
	}{{"ten", nil, 10 * time.Second}, {"twenty", &slow, slow}} {
		t.Run(tc.account, func(t *testing.T) {
			t.Parallel()
			c := mock.NewClinic(t, clinic.Settings{AccountCode: tc.account, CronDelay: tc.delay})
			id, token := patient(t, c, "pat", "123")
			start(t, c, id, token)
			c.Advance(t, tc.want-time.Nanosecond)
			if got := response(t, c, id, "primary"); got != "" {
				t.Errorf("just before the delay has passed the response is %q", got)
			}
			c.Advance(t, time.Nanosecond)
			if got := response(t, c, id, "primary"); got != "Success" {
				t.Errorf("when the delay has passed the response is %q", got)
			}
		})
	}
}

// The result is saved on the card that the carrier belongs to, and nowhere else.
func TestTheResultIsSavedOnTheCardOfTheCarrier(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "cards"})
	id, token := patient(t, c, "pat", "11000075")
	post(t, c.BaseURL+"/me", formBody(fields{
		{"insurance.secondary_carrier_code", "car7551"}, {"insurance.secondary_subscriber_num", "1"},
	}), byToken(token))
	post(t, c.BaseURL+"/users/"+id+"/car7551/eligibility", noBody, byToken(token))
	c.Advance(t, 10*time.Second)
	if got := [2]string{response(t, c, id, "primary"), response(t, c, id, "secondary")}; got != [2]string{"", "Success"} {
		t.Errorf("after a check of the secondary card: %q", got)
	}
	start(t, c, id, token)
	c.Advance(t, 10*time.Second)
	if got := [2]string{response(t, c, id, "primary"), response(t, c, id, "secondary")}; got != [2]string{"Subscriber/Insured not found", "Success"} {
		t.Errorf("after a check of the primary card: %q", got)
	}
}

// Pending checks do not wait for each other, and the last to end wins.
func TestTheLastCheckToEndWins(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "twice"})
	id, token := patient(t, c, "pat", "70000093") // no response at first, then eligible
	first := start(t, c, id, token)
	c.Advance(t, 5*time.Second)
	second := start(t, c, id, token)
	if first == second {
		t.Fatalf("both checks have the id %s", first)
	}
	c.Advance(t, 5*time.Second)
	if got := response(t, c, id, "primary"); got != "No response received by clearinghouse" {
		t.Errorf("after the first check: %q", got)
	}
	c.Advance(t, 5*time.Second)
	if got := response(t, c, id, "primary"); got != "Success" {
		t.Errorf("after the second check: %q", got)
	}
}

func TestAdvancingRunsAThousandChecksAndDeliveriesInDueOrder(t *testing.T) {
	t.Parallel()
	const checks = 1_000
	receiver := mocktest.NewReceiver(t, nil)
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "thousand", Webhook: clinic.Webhook{URL: receiver.URL}})
	id, token := patient(t, c, "pat", "123")
	var started []string
	for i := range checks {
		started = append(started, start(t, c, id, token))
		if i%100 == 99 {
			c.Advance(t, time.Millisecond)
		}
	}
	receipt := c.Advance(t, 10*time.Second)
	var ended, told, delivered []string
	for _, check := range receipt.Checks {
		ended, told = append(ended, check.ID), append(told, check.EventID)
	}
	for _, d := range receipt.Deliveries {
		delivered = append(delivered, d.EventID)
	}
	if diff := cmp.Diff(started, ended); diff != "" {
		t.Errorf("checks (-started +ended):\n%s", diff)
	}
	if diff := cmp.Diff(told, delivered); diff != "" {
		t.Errorf("deliveries (-events +delivered):\n%s", diff)
	}
	if len(receiver.Received()) != checks {
		t.Errorf("the receiver got %d events", len(receiver.Received()))
	}
	inOrder := slices.IsSortedFunc(receipt.Checks, func(a, b mocktest.Check) int { return a.Finished.Compare(b.Finished) })
	if !inOrder || receipt.To.Sub(receipt.From) != 10*time.Second {
		t.Errorf("from %s to %s, in due order: %t", receipt.From, receipt.To, inOrder)
	}
}

// A delivery that is refused is tried again on the published schedule, in clinic time: three days in one move.
func TestRefusedDeliveriesAreRetriedOnTheSchedule(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		answer  func(n int) int
		status  string
		waits   []time.Duration // before each attempt
		answers []int
	}{
		{"twice", func(n int) int {
			if n < 3 {
				return 503
			}
			return 204
		}, "delivered", []time.Duration{0, 5 * time.Second, 5 * time.Minute}, []int{503, 503, 204}},
		{"for ever", func(int) int { return 500 }, "failed", []time.Duration{
			0, 5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
			10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
		}, []int{500, 500, 500, 500, 500, 500, 500, 500, 500, 500}},
		{"by a redirect", func(n int) int { return map[bool]int{true: 302, false: 200}[n == 1] }, "delivered",
			[]time.Duration{0, 5 * time.Second}, []int{302, 200}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			receiver := mocktest.NewReceiver(t, tc.answer)
			mock := mocktest.Start(t)
			c := mock.NewClinic(t, clinic.Settings{AccountCode: "retry", Webhook: clinic.Webhook{URL: receiver.URL}})
			id, token := patient(t, c, "pat", "123")
			start(t, c, id, token)
			receipt := c.Advance(t, 10*time.Second)
			receipt.Deliveries = append(receipt.Deliveries, c.Advance(t, 4*24*time.Hour).Deliveries...)

			var waits []time.Duration
			var answers []int
			last := receipt.Checks[0].Finished
			for i, d := range receipt.Deliveries {
				waits, answers, last = append(waits, d.At.Sub(last)), append(answers, d.Status), d.At
				if d.Attempt != i+1 || d.EventID != receipt.Checks[0].EventID {
					t.Errorf("delivery %d is attempt %d of %s", i, d.Attempt, d.EventID)
				}
			}
			if diff := cmp.Diff(tc.waits, waits); diff != "" {
				t.Errorf("waits (-schedule +mock):\n%s", diff)
			}
			if diff := cmp.Diff(tc.answers, answers); diff != "" {
				t.Errorf("answers (-want +got):\n%s", diff)
			}
			if got := listOf(t, c, "/events")[0]["status"]; got != tc.status {
				t.Errorf("the event is %v, want %s", got, tc.status)
			}
			stamps := map[string]bool{}
			for _, r := range receiver.Received() {
				verify(t, r, c.Webhook.Secret)
				stamps[r.Header.Get("webhook-timestamp")] = true
				if r.Header.Get("webhook-id") != receipt.Checks[0].EventID {
					t.Error("webhook-id is not the event's id")
				}
				if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
					t.Errorf("%s %s", r.Method, r.Header.Get("Content-Type"))
				}
			}
			if len(stamps) != len(tc.waits) {
				t.Errorf("%d attempts have %d timestamps", len(tc.waits), len(stamps))
			}
		})
	}
}

// The guide: "Skip this step if the clinic doesn't have webhook".
func TestWithoutAWebhookTheStepIsSkipped(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "silent"})
	id, token := patient(t, c, "pat", "123")
	start(t, c, id, token)
	receipt := c.Advance(t, time.Hour)
	if len(receipt.Checks) != 1 || len(receipt.Deliveries) != 0 {
		t.Errorf("%d checks and %d deliveries", len(receipt.Checks), len(receipt.Deliveries))
	}
	if got := listOf(t, c, "/events")[0]["status"]; got != "skipped" {
		t.Errorf("the event is %v", got)
	}
}

func TestSigningCanBeSwitchedOff(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, nil)
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "unsigned", Webhook: clinic.Webhook{URL: receiver.URL, Signature: clinic.SignatureNone}})
	id, token := patient(t, c, "pat", "123")
	start(t, c, id, token)
	c.Advance(t, 10*time.Second)
	got := receiver.Received()
	if len(got) != 1 || got[0].Header.Get("webhook-signature") != "" {
		t.Errorf("%d events, the first signed %q", len(got), got[0].Header.Get("webhook-signature"))
	}
}

// Without anybody moving a clock, the loop runs what falls due by itself. The clock is not frozen here, and the test
// waits for the event, not for a time.
func TestARunningClockNeedsNobodyToMoveIt(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{}, 1)
	receiver := mocktest.NewReceiver(t, func(int) int { arrived <- struct{}{}; return 200 })
	mock := mocktest.Start(t)
	soon := 10 * time.Millisecond
	c := mock.NewClinic(t, clinic.Settings{
		AccountCode: "running", CronDelay: &soon, Webhook: clinic.Webhook{URL: receiver.URL},
		Clock: clinic.ClockSettings{Start: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)},
	})
	id, token := patient(t, c, "pat", "123")
	start(t, c, id, token)
	<-arrived
	if got := response(t, c, id, "primary"); got != "Success" {
		t.Errorf("when the event has come the response is %q", got)
	}
}

// aside is a test in another goroutine than its own: a failure ends that goroutine.
type aside struct{ testing.TB }

func (a aside) Fatal(args ...any) {
	a.Error(args...)
	runtime.Goexit()
}

func (a aside) Fatalf(format string, args ...any) {
	a.Errorf(format, args...)
	runtime.Goexit()
}

// Two clinics whose clocks are an hour apart, used by 16 goroutines each, never see each other.
func TestClinicsNeverSeeEachOther(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	epoch := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	type side struct {
		clinic   *mocktest.Clinic
		receiver *mocktest.Receiver
		answer   string
		number   string
	}
	var sides []side
	for i, number := range []string{"11000075", "11000080"} {
		s := side{receiver: mocktest.NewReceiver(t, nil), number: number}
		s.answer = []string{"Subscriber/Insured not found", "No response received by clearinghouse"}[i]
		s.clinic = mock.NewClinic(t, clinic.Settings{
			AccountCode: fmt.Sprintf("world-%d", i),
			Webhook:     clinic.Webhook{URL: s.receiver.URL},
			Clock:       clinic.ClockSettings{Start: epoch.Add(time.Duration(i) * time.Hour), Frozen: true},
		})
		sides = append(sides, s)
	}
	const workers = 16
	var work sync.WaitGroup
	for _, s := range sides {
		for n := range workers {
			work.Go(func() {
				t := aside{t}
				id, token := patient(t, s.clinic, fmt.Sprintf("pat-%d", n), s.number)
				start(t, s.clinic, id, token)
				s.clinic.Advance(t, 10*time.Second)
				if got := response(t, s.clinic, id, "primary"); got != s.answer {
					t.Errorf("%s: the response is %q", s.clinic.AccountCode, got)
				}
				other := sides[0].clinic
				if s.clinic == other {
					other = sides[1].clinic
				}
				if got := get(t, other.BaseURL+"/me", byToken(token), with("X-AccountCode", other.AccountCode)); got.status != 401 {
					t.Errorf("a token of %s is answered %d by %s", s.clinic.AccountCode, got.status, other.AccountCode)
				}
			})
		}
	}
	work.Wait()
	for i, s := range sides {
		if got := len(listOf(t, s.clinic, "/users")); got != workers+1 {
			t.Errorf("%s has %d users", s.clinic.AccountCode, got)
		}
		for _, r := range s.receiver.Received() {
			var event struct {
				AccountCode string `json:"account_code"`
				Created     int64
				Data        struct {
					Response string `json:"eligibility_response"`
				}
			}
			if err := json.Unmarshal(r.Body, &event); err != nil {
				t.Fatal(err)
			}
			passed := time.Unix(event.Created, 0).Sub(epoch.Add(time.Duration(i) * time.Hour))
			if event.AccountCode != s.clinic.AccountCode || event.Data.Response != s.answer || passed < 0 || passed > time.Hour {
				t.Errorf("%s got the event %s", s.clinic.AccountCode, r.Body)
			}
		}
		if got := len(s.receiver.Received()); got != workers {
			t.Errorf("%s: %d events", s.clinic.AccountCode, got)
		}
	}
}

// With a seed and a frozen clock the same calls give the same replies and webhook bodies, to the byte.
func TestARunCanBeRepeatedToTheByte(t *testing.T) {
	t.Parallel()
	play := func(t *testing.T, seed uint64) [][]byte {
		receiver := mocktest.NewReceiver(t, func(n int) int { return map[bool]int{true: 500, false: 200}[n == 1] })
		mock := mocktest.Start(t)
		c := mock.NewClinic(t, clinic.Settings{
			AccountCode: "repeat", Seed: seed, Webhook: clinic.Webhook{URL: receiver.URL},
			Clock: clinic.ClockSettings{Start: time.Unix(1649934637, 0), Frozen: true},
		})
		signedOn := post(t, c.BaseURL+"/users/sso?fields=vsee", multipartBody(edward), byKey(c))
		token := signedOn.at(t, "data", "token", "token").(string)
		seen := [][]byte{signedOn.body}
		for _, r := range []reply{
			get(t, c.BaseURL+"/insurances/", byToken(token)),
			post(t, c.BaseURL+"/me.json", formBody(fields{{"insurance.carrier", "car7556"}, {"insurance.primary_subscriber_num", "70000093"}}), byToken(token)),
			post(t, c.BaseURL+"/users/-/car7556/eligibility", noBody, byToken(token)),
			post(t, c.BaseURL+"/users/-/car7556/eligibility", noBody, byToken(token)),
		} {
			seen = append(seen, r.body)
		}
		c.Advance(t, time.Hour)
		seen = append(seen, get(t, c.BaseURL+"/me", byToken(token)).body)
		for _, r := range receiver.Received() {
			seen = append(seen, r.Body, []byte(r.Header.Get("webhook-signature")), []byte(r.Header.Get("webhook-timestamp")))
		}
		return append(seen, marshal(t, listOf(t, c, "/events")))
	}
	first, second, other := play(t, 7), play(t, 7), play(t, 8)
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("two runs with one seed (-first +second):\n%s", diff)
	}
	if cmp.Equal(first, other) {
		t.Error("another seed gives the same run")
	}
}

// After a reset a clinic is as it was made, and what was under way does not come back.
func TestAResetClinicIsAsItWasMade(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "reset", Clock: clinic.ClockSettings{Start: time.Unix(1649934637, 0), Frozen: true}})
	first := signOn(t, c, edward)
	id, token := patient(t, c, "pat", "123")
	start(t, c, id, token)
	c.Advance(t, 5*time.Second)
	c.Control(t, http.MethodPost, "/reset", nil, nil)
	if got := get(t, c.BaseURL+"/me", byToken(token)).message(t, 401); got != "X-ApiToken is not known" {
		t.Errorf("message = %q", got)
	}
	if receipt := c.Advance(t, 0); !receipt.From.Equal(time.Unix(1649934637, 0)) {
		t.Errorf("the clock shows %s", receipt.From)
	}
	again := signOn(t, c, edward)
	if diff := cmp.Diff(string(first.body), string(again.body)); diff != "" {
		t.Errorf("the first sign-on (-before +after):\n%s", diff)
	}
	if receipt := c.Advance(t, time.Hour); len(receipt.Checks) != 0 {
		t.Errorf("%d checks of before ended after the reset", len(receipt.Checks))
	}
}

// A mock may be made wrongly in a way that shows before it answers anything.
func TestAMockThatCannotWorkIsNotMade(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		options mockserver.Options
		want    string
	}{
		"a negative time-out": {mockserver.Options{ReadTimeout: -1}, "the read time-out must not be negative"},
		"a negative limit":    {mockserver.Options{BodyLimit: -1}, "the body limit must not be negative"},
		"two equal clinics": {mockserver.Options{Clinics: []clinic.Settings{{AccountCode: "a"}, {AccountCode: "a"}}},
			`making the clinic "a": the account code or the admin token belongs to another clinic`},
		"a clinic without a code": {mockserver.Options{Clinics: []clinic.Settings{{}}},
			`making the clinic "": account_code must be 1 to 63 lower-case letters, digits, hyphens and underscores, as in a host name`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := mockserver.New(tc.options)
			if err == nil || err.Error() != tc.want {
				t.Errorf("error = %v, want %s", err, tc.want)
			}
			if refused := new(clinic.Error); tc.options.Clinics != nil && !errors.As(err, &refused) {
				t.Error("the error is no refusal of the domain")
			}
		})
	}
}

// A reset happens at once: who asks meanwhile sees the clinic as it was or as it is anew, never half of it.
func TestNobodySeesHalfAReset(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "resets"})
	done := make(chan struct{})
	var work sync.WaitGroup
	for range 4 {
		work.Go(func() {
			t := aside{t}
			for {
				select {
				case <-done:
					return
				default:
				}
				if got := get(t, c.BaseURL+"/me", byToken(c.AdminToken)); got.status != http.StatusOK {
					t.Errorf("%d %s", got.status, got.body)
				}
			}
		})
	}
	for range 50 {
		signOn(t, c, edward)
		c.Control(t, http.MethodPost, "/reset", nil, nil)
	}
	close(done)
	work.Wait()
}

// A clinic may be deleted while it is used: everybody is told, nothing breaks.
func TestAClinicMayBeDeletedWhileItIsUsed(t *testing.T) {
	t.Parallel()
	begun, goOn := make(chan struct{}), make(chan struct{})
	receiver := mocktest.NewReceiver(t, func(int) int { close(begun); <-goOn; return 200 })
	mock := mocktest.Start(t)
	now := time.Duration(0)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "deleted", CronDelay: &now, Webhook: clinic.Webhook{URL: receiver.URL}})
	id, token := patient(t, c, "pat", "123")
	start(t, c, id, token)
	<-begun
	c.Control(t, http.MethodDelete, "", nil, nil)
	close(goOn)
	if got := get(t, c.BaseURL+"/me", byToken(token)).message(t, 401); got != "X-ApiToken is not known" {
		t.Errorf("message = %q", got)
	}
	again := mock.NewClinic(t, clinic.Settings{AccountCode: "deleted", AdminToken: c.AdminToken})
	if rows := listOf(t, again, "/deliveries"); len(rows) != 0 {
		t.Errorf("a clinic of the same account code has the deliveries of the deleted one: %v", rows)
	}
}

// A clinic that gets the account code of a deleted one has nothing of it, and what was under way there does not touch
// it.
func TestANewClinicIsNotTheDeletedOneOfItsName(t *testing.T) {
	t.Parallel()
	begun, goOn := make(chan struct{}), make(chan struct{})
	hanging := mocktest.NewReceiver(t, func(int) int { close(begun); <-goOn; return 200 })
	mock := mocktest.Start(t)
	settings := clinic.Settings{AccountCode: "name", Webhook: clinic.Webhook{URL: hanging.URL}}
	old := mock.NewClinic(t, settings)
	id, token := patient(t, old, "pat", "123")
	start(t, old, id, token)
	advanced := make(chan reply)
	go func() {
		advanced <- post(aside{t}, mock.URL+"/_mock/clinics/name/clock", jsonBody(`{"advance": "1h"}`))
	}()
	<-begun
	old.Control(t, http.MethodDelete, "", nil, nil)
	fresh := mock.NewClinic(t, clinic.Settings{AccountCode: "name"})
	freshID, freshToken := patient(t, fresh, "pat", "123")
	for range 2 {
		start(t, fresh, freshID, freshToken)
	}
	close(goOn)
	if got := <-advanced; got.status != http.StatusNotFound || !strings.Contains(string(got.body), "the clinic was deleted meanwhile") {
		t.Errorf("the advance of the deleted clinic: %d %s", got.status, got.body)
	}
	if events := listOf(t, fresh, "/events"); len(events) != 0 {
		t.Errorf("the new clinic has events: %v", events)
	}
	if receipt := fresh.Advance(t, 10*time.Second); len(receipt.Checks) != 2 {
		t.Errorf("%d of 2 checks of the new clinic end", len(receipt.Checks))
	}
}

// Who goes away while the clock moves breaks nothing off: what was begun is ended and recorded, and not done again.
func TestACancelledAdvanceSendsNothingTwice(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan struct{})
	receiver := mocktest.NewReceiver(t, func(n int) int {
		if n == 1 {
			cancel()
			<-gone
		}
		return 200
	})
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "cancel", Webhook: clinic.Webhook{URL: receiver.URL}})
	id, token := patient(t, c, "pat", "123")
	start(t, c, id, token)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, mock.URL+"/_mock/clinics/cancel/clock", strings.NewReader(`{"advance": "10s"}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := http.DefaultClient.Do(request); !errors.Is(err, context.Canceled) { //nolint:bodyclose // there is none
		t.Fatalf("the advance returned %v", err)
	}
	close(gone)
	c.Control(t, http.MethodPost, "/settle", nil, nil)
	if got, kept := len(receiver.Received()), len(listOf(t, c, "/deliveries")); got != 1 || kept != 1 {
		t.Errorf("the receiver got %d requests, the journal has %d", got, kept)
	}
	if status := listOf(t, c, "/events")[0]["status"]; status != "delivered" {
		t.Errorf("the event is %v", status)
	}
}

// A clinic whose webhook is taken away while retries are pending is not told any more.
func TestRetriesEndWhenTheWebhookIsTakenAway(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, func(int) int { return 500 })
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "away", Webhook: clinic.Webhook{URL: receiver.URL}})
	id, token := patient(t, c, "pat", "123")
	start(t, c, id, token)
	c.Advance(t, 10*time.Second)
	c.Control(t, http.MethodPatch, "", map[string]any{"webhook": map[string]string{"url": ""}}, nil)
	if receipt := c.Advance(t, 96*time.Hour); len(receipt.Deliveries) != 0 || len(receiver.Received()) != 1 {
		t.Errorf("%d more attempts, the receiver got %d", len(receipt.Deliveries), len(receiver.Received()))
	}
	if status := listOf(t, c, "/events")[0]["status"]; status != "skipped" {
		t.Errorf("the event is %v", status)
	}
}
