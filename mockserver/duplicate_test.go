package mockserver_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// The events of a burst are events of their own; the copies of a duplicate are one.
func TestABurstIsManyEventsAndADuplicateOne(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]int{"burst: 20": 20, "duplicate: 20": 1} {
		s := newMisbehavingMock(t, words, true, nil)
		start(t, s.Clinic, s.id, s.token)
		s.Advance(t, time.Hour)
		ids := map[string]bool{}
		for _, r := range s.receiver.Received() {
			ids[r.Header.Get("webhook-id")] = true
		}
		if got := len(s.receiver.Received()); got != 20 || len(ids) != want {
			t.Errorf("%s: %d requests of %d events", words, got, len(ids))
		}
		if events := listOf(t, s.Clinic, "/events"); len(events) != want {
			t.Errorf("%s: the clinic has %d events", words, len(events))
		}
	}
}

// A burst arrives all at once: the receiver answers none before the last one is there.
func TestABurstComesAtOnce(t *testing.T) {
	t.Parallel()
	arrived, together := make(chan struct{}), make(chan struct{})
	go func() {
		for range 5 {
			<-arrived
		}
		close(together)
	}()
	mock := startRetrying(t)
	receiver := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
		arrived <- struct{}{}
		<-together
		w.WriteHeader(http.StatusOK)
	})
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "burst",
		Webhook: clinic.Webhook{URL: receiver, Misbehaviour: clinic.Misbehaviour{Burst: 5}}})
	id, token := patient(t, c, "pat", "123")
	start(t, c, id, token)
	if receipt := c.Advance(t, time.Minute); len(receipt.Deliveries) != 5 {
		t.Errorf("%d deliveries", len(receipt.Deliveries))
	}
}

// One success of several copies is a success. A 410 ends the copies, and everything else. After a copy without an
// answer, no further copy is sent.
func TestTheCopiesOfADuplicateAreOneAttempt(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answers  []int
		status   string
		requests int
		disabled bool
	}{
		"200, 500":      {[]int{200, 500, 200}, "delivered", 3, false},
		"500, 200":      {[]int{500, 200, 500}, "delivered", 3, false},
		"410 at first":  {[]int{410, 200, 200}, "failed", 1, true},
		"410 at second": {[]int{200, 410, 200}, "delivered", 2, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newMisbehavingMock(t, "duplicate: 3", true, func(n int) int { return tc.answers[n-1] })
			start(t, s.Clinic, s.id, s.token)
			s.Advance(t, time.Hour)
			var state struct{ Webhook struct{ Disabled bool } }
			s.Control(t, http.MethodGet, "", nil, &state)
			event := listOf(t, s.Clinic, "/events")[0]
			if event["status"] != tc.status || len(s.receiver.Received()) != tc.requests ||
				state.Webhook.Disabled != tc.disabled {
				t.Errorf("%v after %d requests, disabled: %t", event["status"], len(s.receiver.Received()), state.Webhook.Disabled)
			}
		})
	}
	t.Run("no receiver", func(t *testing.T) {
		t.Parallel()
		s := newMisbehavingMock(t, "duplicate: 3", true, nil)
		s.Control(t, http.MethodPatch, "", map[string]any{"webhook": map[string]string{"url": "http://127.0.0.1:1/"}}, nil)
		start(t, s.Clinic, s.id, s.token)
		s.Advance(t, 12*time.Second)
		deliveries := listOf(t, s.Clinic, "/deliveries")
		if len(deliveries) != 1 || deliveries[0]["next_attempt"] == nil {
			t.Errorf("deliveries are %v", deliveries)
		}
	})
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		s := newMisbehavingMock(t, "duplicate: 2", true, func(int) int { return 500 })
		start(t, s.Clinic, s.id, s.token)
		s.Advance(t, 12*time.Second)
		deliveries := listOf(t, s.Clinic, "/deliveries")
		if len(deliveries) != 2 || deliveries[0]["next_attempt"] == nil || deliveries[1]["next_attempt"] != nil {
			t.Errorf("deliveries, newest first, are %v", deliveries)
		}
	})
}

// A receiver that looks an id up and stores it afterwards takes both copies when they overlap.
func TestTheCopiesOfADuplicateOverlapWithConcurrencyAndAtOnce(t *testing.T) {
	t.Parallel()
	for words, tc := range map[string]struct {
		concurrency int
		overlap     bool
	}{
		"duplicate: 2":                         {1, false},
		"duplicate: 2 ":                        {2, true},
		"duplicate: {times: 2, at_once: true}": {1, true},
	} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			var there atomic.Int32
			both := make(chan struct{})
			receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
				if there.Add(1) == 2 {
					close(both)
				}
				if !tc.overlap {
					defer there.Add(-1)
					return
				}
				select { // an answer before the other copy is there would let them follow each other
				case <-both:
				case <-t.Context().Done():
				}
			}))
			t.Cleanup(receiver.Close)
			s := newMisbehavingMock(t, words, true, nil)
			webhook := map[string]any{"url": receiver.URL, "concurrency": tc.concurrency}
			s.Control(t, http.MethodPatch, "", map[string]any{"webhook": webhook}, nil)
			start(t, s.Clinic, s.id, s.token)
			s.Advance(t, time.Minute)
			mark := strings.TrimSpace(words)
			if mark != "duplicate: 2" {
				mark = "duplicate: 2 at once"
			}
			want := []string{"delivered [" + mark + ", copy 1 of 2]", "delivered [" + mark + ", copy 2 of 2]"}
			if diff := cmp.Diff(want, s.log(t)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			select {
			case <-both:
				if !tc.overlap {
					t.Error("the copies overlap")
				}
			default:
				if tc.overlap {
					t.Error("the copies follow each other")
				}
			}
		})
	}
}
