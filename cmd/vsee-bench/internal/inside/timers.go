package inside

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// TimersOf says how many checks are pending, in how many clinics, and over how long a time they fall due; 0 for one
// instant.
type TimersOf struct {
	Checks  int           `json:"checks"`
	Clinics int           `json:"clinics"`
	Spread  time.Duration `json:"spread"`
}

// Timers is the outcome: the memory of a pending check, the time from the first due time to the end of the last check,
// and the 99th percentile of the time from a check's due time to its end.
type Timers struct {
	Bytes float64       `json:"bytes"`
	Took  time.Duration `json:"took"`
	Late  time.Duration `json:"late"`
}

// MeasureTimers starts checks while all clocks stand still, lets the clocks run, and waits for the end of the checks.
// Without receivers nothing is sent.
func MeasureTimers(ctx context.Context, p TimersOf) (any, error) {
	mock, err := newMock()
	if err != nil {
		return nil, err
	}
	lead := 300*time.Millisecond + time.Duration(p.Clinics)*100*time.Microsecond // enough to start the clocks
	all, err := addClinics(ctx, mock, p.Clinics, clinic.Settings{
		CronDelay: &lead, MaxCronDelay: lead + p.Spread, Clock: clinic.ClockSettings{Frozen: true},
	})
	if err != nil {
		return nil, err
	}
	before, after, err := startChecks(ctx, all, p.Checks)
	if err != nil {
		return nil, err
	}
	defer running(ctx, mock)()
	due := time.Now().Add(lead)
	for _, c := range all {
		if _, err := moveClock(ctx, mock, c, `{"run": true}`); err != nil {
			return nil, err
		}
	}
	time.Sleep(time.Until(due))
	if err := awaitWork(ctx, all, clinic.FinishWork); err != nil {
		return nil, err
	}
	t := Timers{Bytes: float64(after-before) / float64(p.Checks), Took: time.Since(due)}
	t.Late, err = lateness(ctx, all)
	return t, err
}

// startChecks starts a number of checks, one clinic after the other, and returns the memory before and after.
func startChecks(ctx context.Context, all []*clinic.Clinic, checks int) (before, after int64, err error) {
	tokens := make([]string, len(all))
	for i, c := range all {
		if _, tokens[i], err = signOn(ctx, c, "pat"); err != nil {
			return 0, 0, err
		}
	}
	before = heap()
	for n := range checks {
		i := n % len(all)
		if _, err := all[i].StartCheck(ctx, tokens[i], "-", carrier, ""); err != nil {
			return 0, 0, fmt.Errorf("starting a check: %w", err)
		}
	}
	return before, heap(), nil
}

// running runs a mock's timers. The function it returns ends them.
func running(ctx context.Context, mock *mockserver.Server) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var work sync.WaitGroup
	work.Go(func() { mock.Run(ctx) })
	return func() {
		cancel()
		work.Wait()
	}
}

// lateness returns the 99th percentile of the time from a check's due time to its end.
func lateness(ctx context.Context, all []*clinic.Clinic) (time.Duration, error) {
	var late []time.Duration
	for _, c := range all {
		checks, err := c.EligibilityChecks(ctx, clinic.Page{Limit: 10_000})
		if err != nil {
			return 0, err
		}
		for _, check := range checks {
			late = append(late, check.Finished.Time().Sub(check.Due.Time()))
		}
	}
	slices.Sort(late)
	return late[len(late)*99/100], nil
}
