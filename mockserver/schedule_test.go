package mockserver_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

// waitsOf returns the wait before each attempt of the only event, since the attempt before it.
func waitsOf(t *testing.T, c *mocktest.Clinic) []time.Duration {
	t.Helper()
	var page struct{ Data []struct{ At time.Time } }
	c.Control(t, http.MethodGet, "/deliveries", nil, &page)
	slices.Reverse(page.Data)
	waits := []time.Duration{}
	for i := 1; i < len(page.Data); i++ {
		waits = append(waits, page.Data[i].At.Sub(page.Data[i-1].At))
	}
	return waits
}

func TestTheScheduleIsTheClinics(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		schedule []time.Duration
		want     []time.Duration
	}{
		"once":   {[]time.Duration{}, []time.Duration{}},
		"a list": {[]time.Duration{time.Second, 0, 72 * time.Hour}, []time.Duration{time.Second, 0, 72 * time.Hour}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			receiver := mocktest.NewReceiver(t, func(int) int { return 500 })
			c := finishedCheck(t, mocktest.Start(t), clinic.Webhook{URL: receiver.URL, Schedule: tc.schedule})
			c.Advance(t, 2_000*time.Hour)
			if diff := cmp.Diff(tc.want, waitsOf(t, c)); diff != "" {
				t.Errorf("waits (-want +got):\n%s", diff)
			}
			if status := listOf(t, c, "/events")[0]["status"]; status != "failed" {
				t.Errorf("the event is %v", status)
			}
		})
	}
}

// Jitter spreads the retries, within its bounds, and follows from the seed.
func TestJitterFollowsFromTheSeed(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, func(int) int { return 500 })
	run := func() []time.Duration {
		c := finishedCheck(t, mocktest.Start(t), clinic.Webhook{URL: receiver.URL, Jitter: 0.5})
		c.Advance(t, 200*time.Hour)
		return waitsOf(t, c)
	}
	first := run()
	if diff := cmp.Diff(first, run()); diff != "" {
		t.Errorf("two runs (-first +second):\n%s", diff)
	}
	shorter, longer, parts := 0, 0, map[int]bool{}
	for i, wait := range outbox.StandardSchedule() {
		if first[i] < wait/2 || first[i] > wait*3/2 {
			t.Errorf("wait %d is %s, of %s", i, first[i], wait)
		}
		if first[i] < wait {
			shorter++
		} else {
			longer++
		}
		parts[int(1_000*float64(first[i])/float64(wait))] = true
	}
	if shorter == 0 || longer == 0 || len(parts) < 8 {
		t.Errorf("%d waits are shorter, %d longer, by %d parts", shorter, longer, len(parts))
	}
}

func TestAReceiverThatAsksForAPauseGetsIt(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		after string
		want  time.Duration
	}{
		"longer than the schedule":  {"90", 90 * time.Second},
		"shorter than the schedule": {"1", 5 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := false
			url := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
				if !asked {
					asked = true
					w.Header().Set("Retry-After", tc.after)
					w.WriteHeader(http.StatusTooManyRequests)
				}
			})
			c := finishedCheck(t, mocktest.Start(t), clinic.Webhook{URL: url})
			c.Advance(t, time.Hour)
			if diff := cmp.Diff([]time.Duration{tc.want}, waitsOf(t, c)); diff != "" {
				t.Errorf("waits (-want +got):\n%s", diff)
			}
		})
	}
}
