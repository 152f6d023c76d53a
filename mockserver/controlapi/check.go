package controlapi

import (
	"cmp"
	"context"
	"time"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Check is an eligibility check.
type Check struct {
	// ID is the eligibility_id.
	ID string `json:"id"`
	// MemberID is the id of the patient.
	MemberID string `json:"member_id"`
	// Carrier is the code of the insurer.
	Carrier string `json:"carrier_code"`
	// Card is primary or secondary.
	Card string `json:"card"`
	// Status is pending or done.
	Status string `json:"status"`
	// Started is when it was started.
	Started time.Time `json:"started"`
	// Due is when the answer comes; zero when it never does.
	Due time.Time `json:"due,omitzero"`
	// Finished is when it ended; zero while it is pending.
	Finished time.Time `json:"finished,omitzero"`
	// Response is the insurer's text; empty while the check is pending.
	Response string `json:"eligibility_response,omitempty"`
	// RejectCode is the code of that text; empty for success.
	RejectCode string `json:"reject_code,omitempty"`
	// Changed names the data that changed while the check was pending: the result is on no card then. Empty for none.
	Changed []string `json:"changed_while_pending,omitempty"`
	// EventID is the id of the event about the result; empty before there is one.
	EventID string `json:"event_id,omitempty"`
	// Rule names the basis of the answer: scenario, number, missing data, impossible data or default.
	Rule string `json:"rule"`
	// Scenario is the id of the scenario that answered; empty for none.
	Scenario string `json:"scenario,omitempty"`
	// Why is the reason for the answer, as a part of a sentence.
	Why string `json:"why"`
}

// Explanation gives the reason for the answer to a check, and the event that followed.
type Explanation struct {
	// Check is the check.
	Check Check `json:"check"`
	// Because is the reason, in one sentence.
	Because string `json:"because"`
	// Scenario is the scenario that answered; nil when none did.
	Scenario *ScenarioPlace `json:"scenario,omitempty"`
	// Misses are earlier scenarios with a near match, the nearest first.
	Misses []NearMiss `json:"near_misses"`
	// Tried is how many scenarios were in force.
	Tried int `json:"tried"`
	// Asked has the data of the check by which scenarios are matched.
	Asked scenarios.Check `json:"asked"`
	// Event is the event about the result; nil before there is one.
	Event *Event `json:"event,omitempty"`
	// Deliveries are the attempts to deliver that event, oldest first, as far as the journal keeps them.
	Deliveries []Delivery `json:"deliveries"`
}

// NearMiss is a scenario that matches a check in one field at least, and differs in another.
type NearMiss struct {
	ScenarioPlace
	// When is the scenario's condition.
	When scenarios.When `json:"when"`
	// Differs is the first field of When in which the check is another.
	Differs string `json:"differs_in"`
	// Wants is the value of that field in When, in words.
	Wants string `json:"wants"`
	// Has is the value of the check; empty for none.
	Has string `json:"has"`
	// Matched is how many fields match.
	Matched int `json:"matched"`
}

// Difference says in a clause how the check differs.
func (m NearMiss) Difference() string {
	text := m.Differs + ": it wants " + cmp.Or(m.Wants, "another")
	if m.Differs == "not" || m.Differs == "absent" {
		return text
	}
	return text + ", and the check has " + cmp.Or(m.Has, "nothing")
}

// ListChecks returns a page of a clinic's checks, newest first.
func (c *Client) ListChecks(ctx context.Context, account string, page PageRequest) (Page[Check], error) {
	return call[Page[Check]](ctx, c, "GET /clinics/{account}/checks"+page.query(), nil, account)
}

// GetCheck returns a check.
func (c *Client) GetCheck(ctx context.Context, account, id string) (Check, error) {
	return call[Check](ctx, c, "GET /clinics/{account}/checks/{id}", nil, account, id)
}

// ExplainCheck says why a check was answered as it was.
func (c *Client) ExplainCheck(ctx context.Context, account, id string) (Explanation, error) {
	return call[Explanation](ctx, c, "GET /clinics/{account}/checks/{id}/explain", nil, account, id)
}

// SaveCheck returns a scenario that repeats the answer to a check and its webhook.
func (c *Client) SaveCheck(ctx context.Context, account, id string) (SavedScenario, error) {
	return call[SavedScenario](ctx, c, "GET /clinics/{account}/checks/{id}/scenario", nil, account, id)
}
