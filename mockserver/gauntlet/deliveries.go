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
		fix: "Accept a correctly signed event: use the same secret on both sides, and verify the raw body before " +
			"parsing it.",
		run: validEvent,
	}, {
		ID: "duplicate", Title: "the same event twice",
		Sent:     "one event, and again with the same id and body and a new signature",
		Expected: "answers 2xx both times",
		fix:      "Answer 2xx to an event with a known id: after an error it is sent again and again.",
		run:      duplicate,
	}, {
		ID: "duplicate-state", Title: "a duplicate changes nothing",
		Sent:     "one event, and again with the same id and body; the receiver's state is read in between and afterwards",
		Expected: "shows the same state after the second as after the first",
		fix:      "Store the ids of processed events, and answer 2xx to them without processing them again.",
		needs:    needsState,
		run:      duplicateState,
	}, {
		ID: "out-of-order", Title: "two events out of order",
		Sent:     "two results of one member, the one created later first",
		Expected: "answers 2xx to both",
		fix:      "Answer 2xx to an older event, and keep the newer result.",
		run:      outOfOrder,
	}, {
		ID: "already-read", Title: "a known result",
		Sent:     "the result of one check in two events with different ids",
		Expected: "answers 2xx to both",
		fix:      "Answer 2xx to a known result: it is no conflict.",
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
