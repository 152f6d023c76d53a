// Package webhook delivers events. It writes the payload in one of VSee's envelopes, signs it by one of the schemes in
// use, makes one attempt, correct or wrong on purpose, and returns the result. VSee publishes the payload alone; the
// rest is ours, after Standard Webhooks 1.0.0.
package webhook

import (
	"encoding/json"
	"strconv"
	"time"
)

// Event is one message of a clinic to its webhook.
type Event struct {
	ID      string
	Type    string
	Created time.Time
	Account string // the clinic's account code
	Data    json.RawMessage
}

// Envelope is VSee's wrapper around the data of an event.
type Envelope string

// The envelopes (documented; the guide has the unversioned one).
const (
	Unversioned Envelope = "unversioned" // the default
	V1          Envelope = "1.0"         // with a version
	V2          Envelope = "2.0"         // with a version, and clinic_code in place of account_code
)

// Body returns the payload of an event, its keys in VSee's order. The data must be JSON.
func Body(e Event, envelope Envelope) []byte {
	b := make([]byte, 0, len(e.Data)+len(e.ID)+len(e.Type)+len(e.Account)+spare)
	clinicKey := `,"account_code":`
	b = append(b, '{')
	switch envelope { //nolint:exhaustive // the unversioned one has no version
	case V1:
		b = append(b, `"version":"1.0",`...)
	case V2:
		b, clinicKey = append(b, `"version":"2.0",`...), `,"clinic_code":`
	}
	b = appendText(append(b, `"id":`...), e.ID)
	b = appendText(append(b, `,"type":`...), e.Type)
	b = strconv.AppendInt(append(b, `,"created":`...), e.Created.Unix(), 10)
	if e.Account != "" {
		b = appendText(append(b, clinicKey...), e.Account)
	}
	return append(append(append(b, `,"data":`...), e.Data...), '}')
}

// spare is the room for the names and the numbers of a payload.
const spare = 100

// appendText appends a text as JSON.
func appendText(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(text) // a text has no error
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), text...), '"')
}
