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
		fix:      acceptSigned,
		run:      validEvent,
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
		run:      watched(duplicateState),
	}, {
		ID: "duplicate-at-once", Title: "the same event twice at once",
		Sent:     "one event in two copies, both under way before the first one is answered; several times",
		Expected: "answers 2xx to both, and counts the event once in its state",
		fix: "Store the id under a unique key in the transaction that processes the event: two copies can both look " +
			"the id up before one of them stores it.",
		run: duplicateAtOnce,
	}, {
		ID: "duplicate-after-another", Title: "a duplicate after another event",
		Sent:     "two events, and the first one again with the same id and body",
		Expected: "shows the same state after the duplicate as before",
		fix:      "Store the ids of all processed events, not of the last one alone: a retry can come days later.",
		needs:    needsState,
		run:      watched(duplicateAfterAnother),
	}, {
		ID: "out-of-order", Title: "two events out of order",
		Sent:     "two results of one member, the one created later first",
		Expected: "answers 2xx to both",
		fix:      "Answer 2xx to an older event, and keep the newer result.",
		run:      outOfOrder,
	}, {
		ID: "out-of-order-state", Title: "an older event overwrites nothing",
		Sent:     "three results of one member; the third was created before the second and has the text of the first",
		Expected: "shows the second result to the end",
		fix:      "Compare created with that of the stored result, and keep the newer one.",
		needs:    needsState,
		run:      watched(outOfOrderState),
	}, {
		ID: "already-read", Title: "a known result",
		Sent:     "the result of one check in two events with different ids",
		Expected: "answers 2xx to both",
		fix:      "Answer 2xx to a known result: it is no conflict.",
		run:      alreadyRead,
	},
}

// acceptSigned is the remedy for a receiver that takes a good signature for a bad one.
const acceptSigned = "Accept a correctly signed event: use the same secret and scheme on both sides, and verify the " +
	"raw body before parsing it."

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
