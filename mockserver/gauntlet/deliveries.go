package gauntlet

import (
	"context"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// deliveries are the cases of good events, each correct by itself: duplicates, retries and changes of order by the
// sender's schedule.
var deliveries = []Case{
	{
		ID: "valid-event", Title: "a valid event",
		Sent:     "an eligibility.checked event, correctly signed",
		Expected: "answers 2xx",
		fix:      "Take a correctly signed event: is the secret the same on both sides, and is the body verified as it came, before it is parsed?",
		run:      validEvent,
	}, {
		ID: "duplicate", Title: "the same event twice",
		Sent:     "one event, and once more with the same id and body, signed anew",
		Expected: "answers 2xx both times",
		fix:      "Answer 2xx to an event whose id you have already: an error has it sent again and again.",
		run:      duplicate,
	}, {
		ID: "duplicate-state", Title: "a duplicate changes nothing",
		Sent:     "one event, and once more with the same id and body; the receiver's state is read in between and afterwards",
		Expected: "shows the same state after the second as after the first",
		fix:      "Remember the ids of the events you have processed, and answer 2xx to those without processing them again.",
		needs:    needsState,
		run:      duplicateState,
	}, {
		ID: "out-of-order", Title: "two events out of order",
		Sent:     "two results of one member, the one created later first",
		Expected: "answers 2xx to both",
		fix:      "Take an event that is older than the last one with 2xx, and leave the newer result in place.",
		run:      outOfOrder,
	}, {
		ID: "already-read", Title: "a result that is known already",
		Sent:     "the result of one check in two events of different ids, as after it was read back by the API",
		Expected: "answers 2xx to both",
		fix:      "Answer 2xx to a result that you know already: it is no conflict.",
		run:      alreadyRead,
	},
}

func validEvent(ctx context.Context, s *session) verdict {
	return judge(isAccepted, s.post(ctx, s.resultEvent(s.newResult(scenarios.Success))))
}

// retryWait is how long the second attempt comes after the first, by their dates: the wait of VSee's mock, too.
const retryWait = 5 * time.Second

func duplicate(ctx context.Context, s *session) verdict {
	event := s.resultEvent(s.newResult(scenarios.Success))
	event.At = clock.Wall().Add(-retryWait)
	first := s.post(ctx, event)
	event.At = time.Time{}
	return judge(isAccepted, first, s.post(ctx, event))
}

// orderGap is the time between two events sent out of order.
const orderGap = time.Minute

func outOfOrder(ctx context.Context, s *session) verdict {
	created := s.at.Add(-eventAge)
	earlier := s.eventAt(created.Add(-orderGap), eligibilityChecked, s.newResult("No response received by clearinghouse"))
	later := s.eventAt(created, eligibilityChecked, s.newResult(scenarios.Success))
	return judge(isAccepted, s.post(ctx, later), s.post(ctx, earlier))
}

func alreadyRead(ctx context.Context, s *session) verdict {
	known := s.newResult(scenarios.Success)
	return judge(isAccepted, s.post(ctx, s.resultEvent(known)), s.post(ctx, s.resultEvent(known)))
}
