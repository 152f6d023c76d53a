package clearinghouse

import (
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Misbehaviour returns what the scenario language says of a webhook as the domain has it.
func Misbehaviour(w scenarios.Webhook) clinic.Misbehaviour {
	return clinic.Misbehaviour{
		Drop: w.Drop, Refused: int(w.Refused), Duplicate: int(w.Duplicate), Burst: int(w.Burst),
		Hold: w.Hold.For, HoldNext: w.Hold.Next, BeforeReply: w.BeforeReply, AfterRead: w.AfterRead,
		Signature: string(w.Signature), Timestamp: string(w.Timestamp), Altered: w.Altered, ExtraField: w.ExtraField,
		Slow: time.Duration(w.Slow), Gzip: w.Gzip, Attempts: int(w.Attempts),
	}
}

// Webhook is the inverse of Misbehaviour.
func Webhook(m clinic.Misbehaviour) scenarios.Webhook {
	return scenarios.Webhook{
		Drop: m.Drop, Refused: scenarios.Count(m.Refused), Duplicate: scenarios.Count(m.Duplicate), Burst: scenarios.Count(m.Burst),
		Hold: scenarios.Hold{For: m.Hold, Next: m.HoldNext}, BeforeReply: m.BeforeReply, AfterRead: m.AfterRead,
		Signature: scenarios.Text(m.Signature), Timestamp: scenarios.Text(m.Timestamp), Altered: m.Altered, ExtraField: m.ExtraField,
		Slow: scenarios.Duration(m.Slow), Gzip: m.Gzip, Attempts: scenarios.Count(m.Attempts),
	}
}
