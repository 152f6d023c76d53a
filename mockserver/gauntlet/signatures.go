package gauntlet

import (
	"context"
	"slices"

	"github.com/vsee-mock/vsee-mock/internal/misbehaviour"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

const expectRefusal = "refuses it with 4xx, such as 401"

// signatures are the cases of wrong signatures, and of correct signatures in an unusual form.
var signatures = []Case{
	{
		ID: "bad-signature", Title: "a bad signature",
		Sent: "an event with a well-formed signature by an unknown secret", Expected: expectRefusal,
		fix:   "Verify the signature of every event, and answer 401 to a mismatch.",
		needs: needsSignature,
		run:   forged(webhook.Request{Misbehaviour: misbehaviour.Misbehaviour{Signature: misbehaviour.SignatureBad}}),
	}, {
		ID: "missing-signature", Title: "no signature",
		Sent: "an event without the header of the signature", Expected: expectRefusal,
		fix:   "Answer 401 to an event without a signature: a missing header must not skip the verification.",
		needs: needsSignature,
		run:   forged(webhook.Request{Unsigned: true}),
	}, {
		ID: "old-secret", Title: "the old secret's signature alone",
		Sent: "an event signed with the old secret alone", Expected: expectRefusal,
		fix:   "Remove the old secret at the end of its rotation: a leaked one could still sign events.",
		needs: needsSignature,
		run:   forged(webhook.Request{Misbehaviour: misbehaviour.Misbehaviour{Signature: misbehaviour.SignatureOld}}),
	}, {
		ID: "rotated-secret", Title: "two signatures, the valid one last",
		Sent: "an event with two signatures: by the old secret, then by the current one", Expected: "answers 2xx",
		fix:   "Try every signature of the header, not only the first: during a rotation there are two.",
		needs: needsSeveralSignatures,
		run:   rotatedSecret,
	}, {
		ID: "stale-timestamp", Title: "a time 10 minutes ago",
		Sent: "an event correctly signed 10 minutes ago", Expected: expectRefusal,
		fix:   "Refuse a signed time more than 5 minutes ago: otherwise a recorded event can be replayed.",
		needs: needsSignedTime,
		run:   forged(webhook.Request{Misbehaviour: misbehaviour.Misbehaviour{Timestamp: misbehaviour.TimestampStale}}),
	}, {
		ID: "future-timestamp", Title: "a time 10 minutes ahead",
		Sent: "an event correctly signed for a time 10 minutes ahead", Expected: expectRefusal,
		fix:   "Refuse a signed time more than 5 minutes ahead, too: compare the distance to now, not the age.",
		needs: needsSignedTime,
		run:   forged(webhook.Request{Misbehaviour: misbehaviour.Misbehaviour{Timestamp: misbehaviour.TimestampFuture}}),
	}, {
		ID: "altered-body", Title: "a body altered after signing",
		Sent: "an event with a field added after signing", Expected: expectRefusal,
		fix:   "Verify the signature over the whole raw body, not over the known fields.",
		needs: needsSignature,
		run:   forged(webhook.Request{Misbehaviour: misbehaviour.Misbehaviour{Altered: true}}),
	},
}

// forged returns a case with an event to be refused. The verdict means something only if the receiver accepts the same
// event with a good signature, so the case sends a good one first.
func forged(wrong webhook.Request) func(context.Context, *session) verdict {
	return func(ctx context.Context, s *session) verdict {
		if good := s.post(ctx, s.resultEvent(s.newResult(scenarios.Success))); !isAccepted(good.Status) {
			v := untestable("a valid event is not accepted, either: %s", good)
			if good.Status == 0 {
				v.noAnswer = good
			}
			return v
		}
		event := s.resultEvent(s.newResult(scenarios.Success))
		event.Misbehaviour, event.Unsigned = wrong.Misbehaviour, wrong.Unsigned
		return judge(isRefused, s.post(ctx, event))
	}
}

func rotatedSecret(ctx context.Context, s *session) verdict {
	event := s.resultEvent(s.newResult(scenarios.Success))
	event.Signing.Secrets = slices.Clone(s.Signing.Secrets)
	slices.Reverse(event.Signing.Secrets)
	return judge(isAccepted, s.post(ctx, event))
}
