package scenarios

import "github.com/vsee-mock/vsee-mock/internal/misbehaviour"

// Webhook is the deliberate misbehaviour of the clinic's webhook for each check. The zero value is none. A clinic's own
// misbehaviour uses the same words.
type Webhook = misbehaviour.Misbehaviour

// Hold is how long an event is held back: for a time, or until the next event of the clinic, which then comes first.
type Hold = misbehaviour.Hold
