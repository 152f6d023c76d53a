package mockserver_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// An event sent again by hand has no misbehaviour, whatever its scenario says.
func TestAnEventSentAgainGoesWell(t *testing.T) {
	t.Parallel()
	for _, words := range []string{"drop: true", "hold: next", "after_read: true", "signature: bad", "refused: 9"} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			s := newMisbehavingMock(t, words, true, nil)
			start(t, s.Clinic, s.id, s.token)
			s.Advance(t, 10*time.Second)
			before := len(s.receiver.Received())
			event := listOf(t, s.Clinic, "/events")[0]["id"].(string)
			var resent struct {
				Event      struct{ Status string }
				Deliveries []struct{ Misbehaviour []string }
			}
			s.Control(t, http.MethodPost, "/events/"+event+"/resend", nil, &resent)
			if resent.Event.Status != "delivered" || len(resent.Deliveries) == 0 ||
				len(resent.Deliveries[len(resent.Deliveries)-1].Misbehaviour) != 0 {
				t.Errorf("sent again it is %+v", resent)
			}
			seen := s.seen(t)
			if len(seen) != before+1 || !strings.HasPrefix(seen[before], "both") {
				t.Errorf("the receiver saw %v", seen)
			}
			response(t, s.Clinic, s.id, "primary")
			other, otherToken := patient(t, s.Clinic, "other", "456")
			start(t, s.Clinic, other, otherToken)
			s.Advance(t, 96*time.Hour)
			if n := len(s.receiver.Received()); n != before+2 {
				t.Errorf("with another event the receiver has %d requests, want %d", n, before+2)
			}
		})
	}
}

// An event never attempted is sent again like any other, though the clinic holds its events back.
func TestAnEventThatWasNeverAttemptedCanBeSentAgain(t *testing.T) {
	t.Parallel()
	s := newMisbehavingMock(t, "hold: 1h", false, nil)
	start(t, s.Clinic, s.id, s.token)
	s.Advance(t, 10*time.Second)
	event := listOf(t, s.Clinic, "/events")[0]["id"].(string)
	s.Control(t, http.MethodPost, "/events/"+event+"/resend", nil, nil)
	if n := len(s.receiver.Received()); n != 1 {
		t.Errorf("the receiver has %d requests", n)
	}
}

// An event sent again begins the schedule anew.
func TestAnEventSentAgainIsRetriedFromTheStartOfTheSchedule(t *testing.T) {
	t.Parallel()
	s := newMisbehavingMock(t, "refused: 1", true, func(int) int { return 500 })
	s.Control(t, http.MethodPatch, "", map[string]any{"webhook": map[string]any{"schedule": []string{"1s", "1m"}}}, nil)
	start(t, s.Clinic, s.id, s.token)
	s.Advance(t, time.Hour)
	event := listOf(t, s.Clinic, "/events")[0]["id"].(string)
	s.Control(t, http.MethodPost, "/events/"+event+"/resend", nil, nil)
	s.Advance(t, time.Hour)
	waits := retryWaits(t, s.Clinic)
	if diff := cmp.Diff([]time.Duration{time.Second, time.Minute, waits[2], time.Second, time.Minute}, waits); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
