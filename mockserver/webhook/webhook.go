// Package webhook delivers events: it writes the payload, signs it, makes one attempt, and knows when the next one is
// due. VSee publishes the payload alone; the rest is ours, after Standard Webhooks 1.0.0.
package webhook

import (
	"encoding/json"
	"fmt"
	"time"
)

// Event is what a clinic tells its webhook.
type Event struct {
	ID      string
	Type    string
	Created time.Time
	Account string // the clinic's account code
	Data    json.RawMessage
}

// Body returns the payload of an event: VSee's unversioned envelope, as in the guide's step 5.
func Body(e Event) ([]byte, error) {
	body, err := json.Marshal(struct {
		ID      string          `json:"id"`
		Type    string          `json:"type"`
		Created int64           `json:"created"`
		Account string          `json:"account_code"`
		Data    json.RawMessage `json:"data"`
	}{e.ID, e.Type, e.Created.Unix(), e.Account, e.Data})
	if err != nil {
		return nil, fmt.Errorf("writing the payload of an event: %w", err)
	}
	return body, nil
}

// schedule is how long after each failed attempt the next one is due, as Standard Webhooks gives it as an example.
var schedule = [...]time.Duration{
	5 * time.Second,
	5 * time.Minute,
	30 * time.Minute,
	2 * time.Hour,
	5 * time.Hour,
	10 * time.Hour,
	14 * time.Hour,
	20 * time.Hour,
	24 * time.Hour,
}

// RetryAfter returns how long after the failed attempt of this number, counted from 1, the next one is due. It returns
// nil when that was the last.
func RetryAfter(attempt int) *time.Duration {
	if attempt < 1 || attempt > len(schedule) {
		return nil
	}
	wait := schedule[attempt-1]
	return &wait
}
