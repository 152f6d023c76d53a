package gauntlet

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// The time for watching a state: a receiver may answer first and process the event afterwards.
const (
	pollInterval = 25 * time.Millisecond
	changeWait   = time.Second            // with the first event, at most
	stayWait     = 100 * time.Millisecond // after the duplicate, at least
)

// duplicateState compares the state after a duplicate with the state before. The comparison means something only if the
// state stays the same by itself, and changes with a new event.
func duplicateState(ctx context.Context, s *session) verdict {
	before, err := s.readState(ctx)
	if err != nil {
		return untestable("%s", err)
	}
	if changes, err := s.stateChanges(ctx, before, pollInterval); changes || err != nil {
		return untestable("the state changes without any event%s", causeText(err))
	}
	event := s.resultEvent(s.newResult(scenarios.Success))
	event.At = clock.Wall().Add(-retryWait)
	first := s.post(ctx, event)
	if !isAccepted(first.Status) {
		return notAccepted(first)
	}
	began := clock.Wall()
	if changed, err := s.stateChanges(ctx, before, changeWait); !changed || err != nil {
		return untestable("the state did not change with the first event%s", causeText(err))
	}
	took := clock.Since(began)
	after, err := s.stableState(ctx)
	if err != nil {
		return untestable("%s", err)
	}
	event.At = time.Time{}
	second := s.post(ctx, event)
	if !isAccepted(second.Status) {
		return notAccepted(second)
	}
	changed, err := s.stateChanges(ctx, after, max(stayWait, 2*took))
	if err != nil {
		return untestable("%s", err)
	}
	v := judge(isAccepted, first, second)
	v.got += "; the state stayed as it was after the first"
	if changed {
		v.outcome, v.got = Failed, tally([]answer{first, second})+"; the state changed with the duplicate"
	}
	return v
}

func causeText(err error) string {
	if err == nil {
		return ""
	}
	return ": " + err.Error()
}

// notAccepted returns the verdict on an answer without a state to compare: no answer and 5xx are failures.
func notAccepted(a answer) verdict {
	if a.Status == 0 || a.Status >= http.StatusInternalServerError {
		v := judge(isAccepted, a)
		v.fix = "Answer 2xx to the event and to its duplicate: otherwise there is no state to compare."
		return v
	}
	return untestable("an event was answered %s: see the other cases", a)
}

// stateChanges reports whether the state becomes another one within some time.
func (s *session) stateChanges(ctx context.Context, from any, within time.Duration) (bool, error) {
	began := clock.Wall()
	for {
		now, err := s.readState(ctx)
		if err != nil || !reflect.DeepEqual(now, from) {
			return err == nil, err
		}
		if clock.Since(began) >= within {
			return false, nil
		}
		if err := clock.Wait(ctx, pollInterval); err != nil {
			return false, err
		}
	}
}

// stableState returns the state when it has become the same twice.
func (s *session) stableState(ctx context.Context) (any, error) {
	began := clock.Wall()
	for clock.Since(began) < s.Timeout {
		state, err := s.readState(ctx)
		if err != nil {
			return nil, err
		}
		if changes, err := s.stateChanges(ctx, state, pollInterval); !changes || err != nil {
			return state, err
		}
	}
	return nil, errors.New("the state keeps changing")
}

// maxState is how much of a state is read.
const maxState = 16 << 20

// readState returns the receiver's state: a JSON value, whatever the order of its keys, or else its text.
func (s *session) readState(ctx context.Context) (any, error) {
	timed, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(timed, http.MethodGet, s.StateURL, nil)
	if err != nil {
		return nil, errors.New("the state's URL is not usable")
	}
	request.Header.Set("User-Agent", s.UserAgent)
	reply, err := s.client.Do(request)
	if err != nil {
		return nil, errors.New("the state's URL gave no answer") // the cause would repeat the URL
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the state's URL answered %d", reply.StatusCode)
	}
	text, err := io.ReadAll(io.LimitReader(reply.Body, maxState))
	if err != nil {
		return nil, errors.New("the state's URL gave an incomplete answer")
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return string(text), nil
	}
	return value, nil
}
