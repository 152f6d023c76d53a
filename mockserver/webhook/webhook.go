// Package webhook delivers events. It writes the payload in one of VSee's envelopes, signs it by one of the schemes in
// use, makes one attempt, correct or wrong on purpose, and returns the result. VSee publishes the payload alone; the
// rest is ours, after Standard Webhooks 1.0.0.
package webhook

import (
	"encoding/json"
	"fmt"
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

// Body returns the payload of an event, its keys in VSee's order.
func Body(e Event, envelope Envelope) ([]byte, error) {
	payload := struct {
		Version string          `json:"version,omitempty"`
		ID      string          `json:"id"`
		Type    string          `json:"type"`
		Created int64           `json:"created"`
		Account string          `json:"account_code,omitempty"`
		Clinic  string          `json:"clinic_code,omitempty"`
		Data    json.RawMessage `json:"data"`
	}{ID: e.ID, Type: e.Type, Created: e.Created.Unix(), Account: e.Account, Data: e.Data}
	switch envelope { //nolint:exhaustive // the unversioned one is as it stands
	case V1:
		payload.Version = string(V1)
	case V2:
		payload.Version, payload.Account, payload.Clinic = string(V2), "", e.Account
	}
	body, err := json.Marshal(payload)
	if err != nil {
		return nil, fmt.Errorf("writing the payload of an event: %w", err)
	}
	return body, nil
}
