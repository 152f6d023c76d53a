package scenarios

import "github.com/vsee-mock/vsee-mock/internal/misbehaviour"

// Webhook is what goes wrong, on purpose, with telling the clinic's webhook of each check. The zero value is nothing. A
// clinic's own misbehaviour is said with the same words.
type Webhook = misbehaviour.Misbehaviour

// Hold is how long an event is held back: for a time, or until the next event of the clinic, which then comes first.
type Hold = misbehaviour.Hold
