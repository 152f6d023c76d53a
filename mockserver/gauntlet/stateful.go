package gauntlet

import (
	"context"
	"errors"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// The results of the cases about the state. They differ from those of the cases before: a receiver with nothing but the
// newest result of each member shows an event only by another result.
const (
	oneText     = "Subscriber/Insured not found"
	anotherText = "Out of Network"
)

// newMember returns the id of a member in no event so far. It is the id of a check that has no event of its own.
func (s *session) newMember() string { return s.newResult("").EligibilityID }

// memberEvent returns the request for a new result of a member. It was created some seconds after the first event of
// the case.
func (s *session) memberEvent(member, text string, seconds int) webhook.Request {
	created := s.at.Add(-eventAge + time.Duration(seconds)*time.Second)
	return s.eventAt(created, eligibilityChecked, s.newResult(text).of(member))
}

func duplicateState(ctx context.Context, w *watch) (verdict, error) {
	_, event, err := w.first(ctx, oneText)
	if err != nil {
		return verdict{}, err
	}
	stayed, err := w.stays(ctx, event)
	return w.verdict(stayed, "the state stayed as it was after the first", "the state changed with the duplicate"), err
}

func duplicateAfterAnother(ctx context.Context, w *watch) (verdict, error) {
	member, event, err := w.first(ctx, anotherText)
	if err != nil {
		return verdict{}, err
	}
	if err := w.hasMemory(ctx, event); err != nil {
		return verdict{}, err
	}
	if err := w.change(ctx, w.memberEvent(member, oneText, 1)); err != nil {
		return verdict{}, err
	}
	stayed, err := w.stays(ctx, event)
	return w.verdict(stayed, "the state stayed as it was", "the state changed with the duplicate"), err
}

// hasMemory posts an event again. It returns an error for a receiver without any memory of events: another case is
// about that.
func (w *watch) hasMemory(ctx context.Context, event webhook.Request) error {
	stayed, err := w.stays(ctx, event)
	if err == nil && !stayed {
		err = errors.New("a duplicate changes the state even with nothing in between: see duplicate-state")
	}
	return err
}

func outOfOrderState(ctx context.Context, w *watch) (verdict, error) {
	member, _, err := w.first(ctx, oneText)
	if err != nil {
		return verdict{}, err
	}
	first := w.state
	if err := w.change(ctx, w.memberEvent(member, anotherText, 2)); err != nil {
		return verdict{}, err
	}
	second := w.state
	if _, err := w.stays(ctx, w.memberEvent(member, oneText, 1)); err != nil {
		return verdict{}, err
	}
	if err := w.settle(ctx, pollInterval); err != nil {
		return verdict{}, err
	}
	kept, undone := shown(first, second, w.state)
	if !kept && !undone {
		return verdict{}, errors.New("the state does not show the result of a member")
	}
	return w.verdict(!undone, "the state shows the newer result", "the state shows the older result"), nil
}

// rounds is how often two copies are sent at once: a race is not lost each time.
const rounds = 3

// duplicateAtOnce sends two copies that overlap. Without a state, only an answer can show a fault.
func duplicateAtOnce(ctx context.Context, s *session) verdict {
	if s.StateURL != "" {
		return watched(countedOnce)(ctx, s)
	}
	event := s.resultEvent(s.newResult(oneText))
	if again := []answer{s.post(ctx, event), s.post(ctx, event)}; judge(isAccepted, again...).outcome == Failed {
		return untestable("a duplicate in turn is not accepted, either: %s", tally(again))
	}
	if v := judge(isAccepted, s.postTwice(ctx, s.resultEvent(s.newResult(oneText)))...); v.outcome == Failed {
		return v
	}
	return untestable("%s", noStateURL)
}

// postTwice makes two requests of one event that overlap in time.
func (s *session) postTwice(ctx context.Context, event webhook.Request) []answer {
	return s.postTogether(ctx, []webhook.Request{event, event})
}

// countedOnce compares the effect of two copies at once with the effect of two in turn, at the places of the state that
// count events.
func countedOnce(ctx context.Context, w *watch) (verdict, error) {
	member, event, err := w.first(ctx, oneText)
	states := make([]state, 0, 3+rounds)
	for len(states) < 3 {
		if n := len(states); n > 0 {
			event = w.memberEvent(member, []string{oneText, anotherText}[n%2], n)
			err = w.change(ctx, event)
		}
		if err == nil {
			err = w.hasMemory(ctx, event)
		}
		if err != nil {
			return verdict{}, err
		}
		states = append(states, w.state)
	}
	counts := counters(states[0], states[1], states[2])
	if len(counts) == 0 {
		return verdict{}, errors.New("the state does not count events: an event processed twice does not show")
	}
	for range rounds {
		w.answers = w.postTwice(ctx, w.memberEvent(member, anotherText, len(states)))
		if v := judge(isAccepted, w.answers...); v.outcome == Failed {
			return v, nil
		}
		if err := w.settle(ctx, w.quiet()); err != nil {
			return verdict{}, err
		}
		for place, by := range counts {
			if growth(states[len(states)-1], w.state, place) == 2*by {
				return w.verdict(false, "", "the state counts the event twice"), nil
			}
		}
		states = append(states, w.state)
	}
	return w.verdict(true, "the state counts each event once", ""), nil
}
