package gauntlet

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// The time for watching a state: a receiver may answer first and process the event afterwards.
const (
	pollInterval = 25 * time.Millisecond
	changeWait   = time.Second            // with a new event, at most
	stayWait     = 100 * time.Millisecond // after an event without effect, at least
)

// watch follows the receiver's state through the events of a case.
type watch struct {
	*session
	state   state         // after the last event
	took    time.Duration // the longest time from an answer to its change of the state
	answers []answer
}

// unaccepted is the error of an event without 2xx: there is no state to compare.
type unaccepted struct{ answer answer }

func (u unaccepted) Error() string {
	return "an event was answered " + u.answer.String() + ": see the other cases"
}

// errUnchanged is the error of a new event without effect on the state.
var errUnchanged = errors.New("the state did not change with a new event")

// watched returns a case about the receiver's state. It means something only if the state stays the same by itself.
func watched(run func(ctx context.Context, w *watch) (verdict, error)) func(context.Context, *session) verdict {
	return func(ctx context.Context, s *session) verdict {
		w := &watch{session: s}
		var err error
		if w.state, err = s.readState(ctx); err != nil {
			return untestable("%s", err)
		}
		if changed, err := w.changes(ctx, pollInterval); changed || err != nil {
			return untestable("the state changes without any event%s", causeText(err))
		}
		v, err := run(ctx, w)
		var refused unaccepted
		switch {
		case errors.As(err, &refused) && !isRefused(refused.answer.Status):
			v = judge(isAccepted, refused.answer)
			v.fix = "Answer 2xx to the event and to its duplicate: otherwise there is no state to compare."
		case err != nil:
			v = untestable("%s", err)
		}
		return v
	}
}

func causeText(err error) string {
	if err == nil {
		return ""
	}
	return ": " + err.Error()
}

// first sends the first event of a case: about a member unknown to the receiver, so that the state can change, or else
// about the configured one. It returns the member, and the event to be sent again.
func (w *watch) first(ctx context.Context, text string) (member string, event webhook.Request, err error) {
	for _, member = range []string{w.newMember(), w.MemberID} {
		event = w.memberEvent(member, text, 0)
		sent := event
		sent.At, w.answers = clock.Wall().Add(-retryWait), nil
		err = w.change(ctx, sent)
		var refused unaccepted
		if !errors.Is(err, errUnchanged) && (!errors.As(err, &refused) || !isRefused(refused.answer.Status)) {
			break
		}
	}
	return member, event, err
}

// send posts an event. Its error is unaccepted.
func (w *watch) send(ctx context.Context, r webhook.Request) error {
	a := w.post(ctx, r)
	w.answers = append(w.answers, a)
	if !isAccepted(a.Status) {
		return unaccepted{a}
	}
	return nil
}

// change posts an event that must change the state, and waits for the change.
func (w *watch) change(ctx context.Context, r webhook.Request) error {
	if err := w.send(ctx, r); err != nil {
		return err
	}
	began := clock.Wall()
	if changed, err := w.changes(ctx, changeWait); err != nil {
		return err
	} else if !changed {
		return errUnchanged
	}
	w.took = max(w.took, clock.Since(began))
	return w.settle(ctx, pollInterval)
}

// stays posts an event that must not change the state, and reports whether the state has stayed.
func (w *watch) stays(ctx context.Context, r webhook.Request) (bool, error) {
	if err := w.send(ctx, r); err != nil {
		return false, err
	}
	changed, err := w.changes(ctx, w.quiet())
	return !changed, err
}

// quiet is the time without a change that ends the effect of an event.
func (w *watch) quiet() time.Duration { return max(stayWait, 2*w.took) }

// verdict is the verdict on the state after the last event.
func (w *watch) verdict(good bool, passed, failed string) verdict {
	if good {
		return verdict{outcome: Passed, got: tally(w.answers) + "; " + passed}
	}
	return verdict{outcome: Failed, got: tally(w.answers) + "; " + failed}
}

// settle returns when the state has not changed for some time.
func (w *watch) settle(ctx context.Context, quiet time.Duration) error {
	began := clock.Wall()
	for clock.Since(began) < w.Timeout {
		if changed, err := w.changes(ctx, quiet); !changed || err != nil {
			return err
		}
	}
	return errors.New("the state keeps changing")
}

// changes reports whether the state becomes another one within some time.
func (w *watch) changes(ctx context.Context, within time.Duration) (bool, error) {
	began := clock.Wall()
	for {
		now, err := w.readState(ctx)
		if err != nil {
			return false, err
		}
		if !maps.Equal(now, w.state) {
			w.state = now
			return true, nil
		}
		if clock.Since(began) >= within {
			return false, nil
		}
		if err := clock.Wait(ctx, pollInterval); err != nil {
			return false, err
		}
	}
}
