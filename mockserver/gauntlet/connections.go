package gauntlet

import (
	"context"
	"net/http"
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
		fix: "Queue events and answer at once, without a limit or a lock: a burst follows every outage. Connections that " +
			"were refused or reset never came to your code: raise the listen backlog of its socket above 100. It is 5 in " +
			"Python's http.server (request_queue_size), and net.core.somaxconn limits it on Linux.",
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

func burst(ctx context.Context, s *session) verdict {
	requests := make([]webhook.Request, burstSize)
	for i := range requests {
		requests[i] = s.resultEvent(s.newResult(scenarios.Success))
	}
	return judge(isAccepted, s.postTogether(ctx, requests)...).withOwnFix()
}
