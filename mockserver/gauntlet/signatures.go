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
		Sent: "an event whose signature is well-formed, but by a secret that nobody has", Expected: expectRefusal,
		fix:   "Verify the signature of every event, and answer 401 when it does not match.",
		needs: needsSignature,
		run:   forged(webhook.Request{Misbehaviour: misbehaviour.Misbehaviour{Signature: misbehaviour.SignatureBad}}),
	}, {
		ID: "missing-signature", Title: "no signature",
		Sent: "an event without the header of the signature", Expected: expectRefusal,
		fix:   "Answer 401 to an event without a signature: a header that is missing must not skip the verification.",
		needs: needsSignature,
		run:   forged(webhook.Request{Unsigned: true}),
	}, {
		ID: "old-secret", Title: "the old secret's signature alone",
		Sent: "an event signed by a secret that is no longer in force", Expected: expectRefusal,
		fix:   "Forget a secret when its rotation has ended: whoever has found it can sign with it.",
		needs: needsSignature,
		run:   forged(webhook.Request{Misbehaviour: misbehaviour.Misbehaviour{Signature: misbehaviour.SignatureOld}}),
	}, {
		ID: "rotated-secret", Title: "two signatures, the valid one last",
		Sent: "an event with two signatures, by the old secret and by the one in force, in this order", Expected: "answers 2xx",
		fix:   "Try every signature of the header, not the first alone: while secrets are rotated there are two.",
		needs: needsSeveralSignatures,
		run:   rotatedSecret,
	}, {
		ID: "stale-timestamp", Title: "a time of 10 minutes ago",
		Sent: "an event that was correctly signed 10 minutes ago", Expected: expectRefusal,
		fix:   "Refuse a signed time that is more than 5 minutes ago: otherwise whoever has recorded an event can replay it.",
		needs: needsSignedTime,
		run:   forged(webhook.Request{Misbehaviour: misbehaviour.Misbehaviour{Timestamp: misbehaviour.TimestampStale}}),
	}, {
		ID: "future-timestamp", Title: "a time of 10 minutes ahead",
		Sent: "an event that is correctly signed, for a time 10 minutes ahead", Expected: expectRefusal,
		fix:   "Refuse a signed time that is more than 5 minutes ahead, too: compare the distance to now, not the age.",
		needs: needsSignedTime,
		run:   forged(webhook.Request{Misbehaviour: misbehaviour.Misbehaviour{Timestamp: misbehaviour.TimestampFuture}}),
	}, {
		ID: "altered-body", Title: "a body altered after it was signed",
		Sent: "an event that got another field after it was signed", Expected: expectRefusal,
		fix:   "Verify the signature over the body as it came, all of it, and not over the fields that you know.",
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
