package controlapi

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/scalar"
)

// Span is a time span. JSON writes it as Go does: 10s, 1h30m0s. It reads days as well: 60d.
type Span time.Duration

var errSpan = errors.New(`a duration must be a time span such as "10s", "5m" or "1h30m", and less than 292 years`)

// MarshalJSON implements json.Marshaler.
func (s Span) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// UnmarshalJSON implements json.Unmarshaler. Its error has the rule after " must ", and no value.
func (s *Span) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return errSpan
	}
	return s.UnmarshalText([]byte(text))
}

// UnmarshalText reads a span from a flag.
func (s *Span) UnmarshalText(text []byte) error {
	span, err := scalar.ParseSpan(string(text))
	if err != nil {
		return errSpan
	}
	*s = Span(span)
	return nil
}

// String returns the span as Go writes it.
func (s Span) String() string { return time.Duration(s).String() }

// Clock is the state of a clinic's clock.
type Clock struct {
	// Now is its time.
	Now time.Time `json:"now"`
	// Frozen clocks stand still between moves.
	Frozen bool `json:"frozen"`
}

// ClockMove is a command to a clinic's clock. Exactly one field is set beside Limit.
type ClockMove struct {
	// Advance moves it forward by a span.
	Advance *Span `json:"advance,omitempty"`
	// Set moves it forward to a time, 2105 at the latest.
	Set *time.Time `json:"set,omitempty"`
	// Freeze makes it stand still.
	Freeze bool `json:"freeze,omitempty"`
	// Run makes it go at the pace of real time.
	Run bool `json:"run,omitempty"`
	// Limit is the number of rows of each kind in the receipt, from 1 to 10000; 0 for the mock's own, 1000.
	Limit int `json:"limit,omitempty"`
}

// Counts is the number of items that a move of a clock has done.
type Counts struct {
	// Checks is how many checks have ended.
	Checks int `json:"checks"`
	// Claims is how many times a claim came to a further status.
	Claims int `json:"claims"`
	// Visits is how many steps of visits were taken.
	Visits int `json:"visits"`
	// Deliveries is how many attempts to deliver an event were made.
	Deliveries int `json:"deliveries"`
	// Failed is how many of these attempts have failed.
	Failed int `json:"failed_deliveries"`
}

// Receipt is the work done by a move of a clock. Its lists are in due order, and have the first rows of each kind.
type Receipt struct {
	// From is the time before the move.
	From time.Time `json:"from"`
	// To is the time after the move.
	To time.Time `json:"to"`
	// Frozen is the state of the clock after the move.
	Frozen bool `json:"frozen"`
	// Counts has the number of all items, listed or not.
	Counts Counts `json:"counts"`
	// Note tells of items that are not listed; empty when all are.
	Note string `json:"note,omitempty"`
	// Checks are the finished checks.
	Checks []Check `json:"checks"`
	// Claims has an item for each status that a claim came to, as the claim stood then.
	Claims []Claim `json:"claims"`
	// Visits has an item for each step that a scenario planned, with the visit as it stood then.
	Visits []Visit `json:"visits"`
	// Deliveries are the attempts to deliver events.
	Deliveries []Delivery `json:"deliveries"`
}

// Stopped is the reply to a move that a stop of the mock cut short: a refusal, and the receipt up to then.
type Stopped struct {
	Problem
	Receipt
}

// SettleOptions limits a wait.
type SettleOptions struct {
	// Timeout is the longest wait, in real time; the mock's own, 30s, when 0.
	Timeout Span `json:"timeout,omitzero"`
	// Limit is as in ClockMove.
	Limit int `json:"limit,omitempty"`
}

// GetClock returns the state of a clinic's clock.
func (c *Client) GetClock(ctx context.Context, account string) (Clock, error) {
	return call[Clock](ctx, c, "GET /clinics/{account}/clock", nil, account)
}

// MoveClock moves, freezes or runs a clinic's clock. It returns when everything that falls due on the way is done,
// webhooks and their retries included. When the mock stops meanwhile, the receipt beside the error is valid up to then.
func (c *Client) MoveClock(ctx context.Context, account string, move ClockMove) (Receipt, error) {
	return call[Receipt](ctx, c, "POST /clinics/{account}/clock", move, account)
}

// Advance moves a clinic's clock forward, as MoveClock does.
func (c *Client) Advance(ctx context.Context, account string, by time.Duration) (Receipt, error) {
	return c.MoveClock(ctx, account, ClockMove{Advance: new(Span(by))})
}

// Settle waits for all work due at the clinic's present time, or under way.
func (c *Client) Settle(ctx context.Context, account string, options SettleOptions) (Receipt, error) {
	return call[Receipt](ctx, c, "POST /clinics/{account}/settle", options, account)
}
