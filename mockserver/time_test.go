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

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
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

// The result is saved on the card with the carrier, and nowhere else.
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
	if got := [2]string{response(t, c, id, "primary"), response(t, c, id,
		"secondary")}; got != [2]string{"Subscriber/Insured not found", "Success"} {
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
	inOrder := slices.IsSortedFunc(receipt.Checks, func(a,
		b controlapi.Check) int {
		return a.Finished.Compare(b.Finished)
	})
	if !inOrder || receipt.To.Sub(receipt.From) != 10*time.Second {
		t.Errorf("from %s to %s, in due order: %t", receipt.From, receipt.To, inOrder)
	}
}

// The loop runs due work by itself, without a move of a clock. The clock is not frozen here, and the test waits for
// the event, not for a time.
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

// aside is a test in another goroutine than its own: a failure ends only this goroutine.
type aside struct{ testing.TB }

func (a aside) Fatal(args ...any) {
	a.Error(args...)
	runtime.Goexit()
}

func (a aside) Fatalf(format string, args ...any) {
	a.Errorf(format, args...)
	runtime.Goexit()
}

// Two clinics with clocks an hour apart, used by 16 goroutines each, never see each other.
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
			AccountCode: "repeat", Seed: seed, Webhook: clinic.Webhook{URL: receiver.URL, Timestamp: outbox.TimestampClinic},
			Clock: clinic.ClockSettings{Start: time.Unix(1649934637, 0), Frozen: true},
		})
		signedOn := post(t, c.BaseURL+"/users/sso?fields=vsee", multipartBody(edward), byKey(c))
		token := signedOn.at(t, "data", "token", "token").(string)
		seen := [][]byte{signedOn.body}
		for _, r := range []reply{
			get(t, c.BaseURL+"/insurances/", byToken(token)),
			post(t, c.BaseURL+"/me.json", formBody(fields{{"insurance.carrier", "car7556"},
				{"insurance.primary_subscriber_num", "70000093"}}), byToken(token)),
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

// A client leaving during a move breaks nothing off: work begun is ended and recorded, and not done again.
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
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, mock.URL+"/_mock/clinics/cancel/clock",
		strings.NewReader(`{"advance": "10s"}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := mocktest.Client().Do(request); !errors.Is(err, context.Canceled) { //nolint:bodyclose // there is none
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
