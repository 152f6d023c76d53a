package play_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/scenarios/play"
)

// slotAt is the reply of a clinic with a free slot.
func slotAt(start time.Time) string {
	return fmt.Sprintf(`{"data": {"slots": [{"slot_start": %d, "slot_end": %d}]}}`, start.Unix(), start.Unix()+900)
}

func TestAVisitIsReportedStepByStep(t *testing.T) {
	t.Parallel()
	const check = `
0s starts check 1
10s result of 1, cards map[primary:Success]
10s attempt 1, check 1, []
10s reads the patient
10s lists the rooms for visit 1
10s fills in the intake of visit 1`
	for text, want := range map[string]string{
		"visit: completed": check + `
10s walks in for visit 1
10s visit.created: visit 2 is 10
2m10s visit.updated: visit 2 is 25
17m10s visit.ended: visit 2 is 30
17m10s reads the state of visit 1
17m10s end`,
		"visit: {outcome: unanswered, refund_after: 1h}": check + `
10s walks in for visit 1
10s visit.created: visit 2 is 10
15m10s visit.ended: visit 2 is 40
1h15m10s visit.invoice.processed: visit 2 is 50
1h15m10s reads the state of visit 1
1h15m10s end`,
		"visit: {outcome: left, type: appointment, pickup_after: 0s, invoice_after: 1m}\n" +
			"claim: {outcome: silent, after: submitted}": check + `
10s looks for a free slot for visit 1
10s books the appointment of visit 1
10s visit.created: visit 2 is 20
30m0s walks in for visit 1
30m0s visit.created: visit 3 is 10
30m0s visit.updated: visit 3 is 25
30m0s visit.updated: visit 2 is 25
35m0s visit.ended: visit 3 is 40
35m0s visit.ended: visit 2 is 40
36m0s visit.invoice.processed: visit 3 is 40
36m0s reads the state of visit 1
36m0s submits claim 1
720h36m0s silence
720h36m0s reads claim 1
720h36m0s end`,
		"visit: {outcome: cancelled, type: appointment}": check + `
10s looks for a free slot for visit 1
10s books the appointment of visit 1
10s visit.created: visit 2 is 20
5m10s visit.ended: visit 2 is 40
5m10s reads the state of visit 1
5m10s end`,
		"visit: missed": check + `
10s looks for a free slot for visit 1
10s books the appointment of visit 1
10s visit.created: visit 2 is 20
12h45m0s silence
12h45m0s reads the state of visit 1
12h45m0s end`,
		"visit: {outcome: left, end_after: 5s}\ncalls: [check, visit]": `
0s starts check 1
0s lists the rooms for visit 1
0s fills in the intake of visit 1
0s walks in for visit 1
0s visit.created: visit 2 is 10
5s visit.ended: visit 2 is 40
10s result of 1, cards map[primary:Success]
10s attempt 1, check 1, []
10s end`,
		"webhook: {hold: next}\nvisit: {outcome: left, pickup_after: 0s, end_after: 0s}": `
0s starts check 1
10s result of 1, cards map[primary:Success]
10s reads the patient
10s lists the rooms for visit 1
10s fills in the intake of visit 1
10s walks in for visit 1
10s visit.created: visit 2 is 10
10s visit.updated: visit 2 is 25
10s visit.ended: visit 2 is 40
10s attempt 1, check 1, ["hold: next"]
10s reads the state of visit 1
10s end`,
		"calls: [visit]": `
0s lists the rooms for visit 1
0s fills in the intake of visit 1
0s walks in for visit 1
0s visit.created: visit 1 is 10
12h0m0s silence
12h0m0s end`,
	} {
		s := &script{now: begin(), slots: slotAt(begin().Add(30 * time.Minute))}
		if err := play.Play(t.Context(), load(t, "answer: Success\n"+text), s, s); err != nil {
			t.Errorf("%s: %s", text, err)
		}
		if diff := cmp.Diff(strings.Split(strings.TrimSpace(want), "\n"), s.notes); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

// Without a free slot, the patient books a time of their own.
func TestAnAppointmentNeedsNoSlot(t *testing.T) {
	t.Parallel()
	s := &script{now: begin(), slots: `{"data": {"slots": []}}`}
	err := play.Play(t.Context(), load(t, "visit: missed"), s, s)
	if got := strings.Join(s.notes, "\n"); err != nil || !strings.Contains(got, "13h15m10s silence") {
		t.Errorf("%v\n%s", err, got)
	}
}

// A client that gets no id goes on without the visit.
func TestAVisitThatCannotBeMadeIsLeftOut(t *testing.T) {
	t.Parallel()
	const never = "visit: {outcome: completed, type: appointment}\nhttp: [{operation: %s, status: 503}]"
	for _, operation := range []string{"listRooms", "createIntake", "getAvailability", "addVisit", "addWalkIn"} {
		s := &script{now: begin(), slots: slotAt(begin().Add(time.Minute))}
		failing := &failing{script: s, operation: operation}
		err := play.Play(t.Context(), load(t, fmt.Sprintf(never, operation)), failing, s)
		got := strings.Join(s.notes, "\n")
		if err != nil || !strings.HasSuffix(got, "end") || strings.Contains(got, "visit.ended") {
			t.Errorf("%s: %v\n%s", operation, err, got)
		}
	}
	broken := errors.New("the clock is broken")
	if err := play.Play(t.Context(), load(t, "calls: [visit]\nvisit: left"), &stopped{&script{now: begin()}, broken, 0},
		&script{}); !errors.Is(err, broken) {
		t.Errorf("the error is %v", err)
	}
}

// failing is a clinic in which one operation always fails.
type failing struct {
	*script
	operation string
}

func (f *failing) Send(ctx context.Context, r play.Request) (play.Reply, error) {
	if r.Operation == f.operation {
		return play.Reply{Status: http.StatusServiceUnavailable}, nil
	}
	return f.script.Send(ctx, r)
}

// stopped is a clinic with a clock that can be read once.
type stopped struct {
	*script
	broken error
	reads  int
}

func (s *stopped) Now(ctx context.Context) (time.Time, error) {
	if s.reads++; s.reads > 1 {
		return time.Time{}, s.broken
	}
	return s.script.Now(ctx)
}
