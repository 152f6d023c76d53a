package gauntlet

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// connections are the cases of how the bytes arrive.
var connections = []Case{
	{
		ID: "slow-sender", Title: "a slow sender",
		Sent: "an event with a body taking about 2 seconds to arrive", Expected: "answers 2xx, or 408",
		fix: "Wait some seconds for a body, then answer 408.",
		run: func(ctx context.Context, s *session) verdict {
			event := s.resultEvent(s.newResult(scenarios.Success))
			event.Misbehaviour.Slow = scenarios.Duration(s.Slow)
			return judge(acceptedOr(http.StatusRequestTimeout), s.post(ctx, event)).withOwnFix()
		},
	}, {
		ID: "cut-connection", Title: "a connection cut midway",
		Sent: "half of an event, then three valid ones on other connections", Expected: "answers 2xx to the three",
		fix: "End only the request with the incomplete body; keep serving other connections.",
		run: cutConnection,
	}, {
		ID: "hundred-at-once", Title: "100 events at once",
		Sent: "100 different events, all in progress before the first one ends", Expected: "answers 2xx to each",
		fix: "Queue events and answer at once, without a limit or a lock: a burst follows every outage.",
		run: burst,
	},
}

// disconnectWait is how long a receiver may take to see a lost connection.
const disconnectWait = 50 * time.Millisecond

func cutConnection(ctx context.Context, s *session) verdict {
	cut := s.resultEvent(s.newResult(scenarios.Success))
	cut.Cut = true
	s.post(ctx, cut)
	var answers []answer
	for len(answers) < 3 {
		if len(answers) > 0 && clock.Wait(ctx, disconnectWait) != nil {
			break // ctx has ended, and so has the run
		}
		answers = append(answers, s.post(ctx, s.resultEvent(s.newResult(scenarios.Success))))
	}
	return judge(isAccepted, answers...).withOwnFix()
}

const burstSize = 100

// arrivalWait is how long sent bytes may take to reach the receiver.
const arrivalWait = 100 * time.Millisecond

func burst(ctx context.Context, s *session) verdict {
	// Requests that cannot connect must not keep the others waiting for their answer.
	waiting, stop := context.WithTimeout(ctx, s.Timeout/2)
	defer stop()
	all := barrier{opened: make(chan struct{})}
	all.missing.Store(burstSize)
	requests := make([]webhook.Request, burstSize)
	for i := range requests {
		requests[i] = s.resultEvent(s.newResult(scenarios.Success))
		requests[i].Midway = func(ctx context.Context) error {
			all.wait(waiting)
			return clock.Wait(ctx, arrivalWait)
		}
	}
	return judge(isAccepted, s.postAll(ctx, burstSize, requests)...).withOwnFix()
}

// barrier is a point at which many requests wait for each other.
type barrier struct {
	missing atomic.Int64
	opened  chan struct{}
}

// wait returns when every missing request has called it, or when ctx ends.
func (m *barrier) wait(ctx context.Context) {
	if m.missing.Add(-1) == 0 {
		close(m.opened)
	}
	select {
	case <-m.opened:
	case <-ctx.Done():
	}
}
