package clearinghouse

import (
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Misbehaviour returns what the scenario language says of a webhook as the domain has it.
func Misbehaviour(w scenarios.Webhook) clinic.Misbehaviour {
	return clinic.Misbehaviour{
		Drop: w.Drop, Refused: w.Refused, Duplicate: w.Duplicate, Burst: w.Burst,
		Hold: w.Hold.For, HoldNext: w.Hold.Next, BeforeReply: w.BeforeReply, AfterRead: w.AfterRead,
		Signature: w.Signature, Timestamp: w.Timestamp, Altered: w.Altered, ExtraField: w.ExtraField,
		Slow: time.Duration(w.Slow), Gzip: w.Gzip, Attempts: w.Attempts,
	}
}

// Webhook is the inverse of Misbehaviour.
func Webhook(m clinic.Misbehaviour) scenarios.Webhook {
	return scenarios.Webhook{
		Drop: m.Drop, Refused: m.Refused, Duplicate: m.Duplicate, Burst: m.Burst,
		Hold: scenarios.Hold{For: m.Hold, Next: m.HoldNext}, BeforeReply: m.BeforeReply, AfterRead: m.AfterRead,
		Signature: m.Signature, Timestamp: m.Timestamp, Altered: m.Altered, ExtraField: m.ExtraField,
		Slow: scenarios.Duration(m.Slow), Gzip: m.Gzip, Attempts: m.Attempts,
	}
}
