package controlapi

import (
	"context"
	"net/http"
	"time"
)

// Exchange is a request to VSee's API and its reply.
type Exchange struct {
	ExchangeFacts
	// Findings are the mistakes in the request, and the breach of VSee's document by the reply; empty for none.
	Findings []Finding `json:"findings,omitempty"`
	// FaultScenario is the scenario that the fault comes from; nil for none, and in a list.
	FaultScenario *ScenarioPlace `json:"fault_scenario,omitempty"`
	// Request is the message of the client.
	Request Message `json:"request"`
	// Reply is the message of the mock.
	Reply Message `json:"reply"`
}

// ExchangeFacts describe a request and its reply without the messages.
type ExchangeFacts struct {
	// ID is the id of the exchange.
	ID string `json:"id"`
	// At is when the request came.
	At time.Time `json:"at"`
	// RealAt is when the request came, in real time.
	RealAt time.Time `json:"real_at"`
	// Duration is how long it took to reply, in real time.
	Duration Span `json:"duration"`
	// Method is that of the request.
	Method string `json:"method"`
	// Path is that of the request, with its query.
	Path string `json:"path"`
	// Operation is the operationId of VSee's document; empty for none.
	Operation string `json:"operation,omitempty"`
	// CheckID is the id of the check that it started; empty for none.
	CheckID string `json:"check_id,omitempty"`
	// ClaimID is the id of the claim that it submitted; empty for none.
	ClaimID string `json:"claim_id,omitempty"`
	// MemberID is the id of the user that it is about; empty for none.
	MemberID string `json:"member_id,omitempty"`
	// RequestID is the X-Request-Id of the reply.
	RequestID string `json:"request_id,omitempty"`
	// Status is that of the reply; 0 when the connection was reset on purpose.
	Status int `json:"status"`
	// Violation is how the reply would have broken VSee's document; empty for not at all.
	Violation string `json:"violation,omitempty"`
	// Fault names the deliberate failures, such as `latency, truncated`; empty for none.
	Fault string `json:"fault,omitempty"`
	// Warnings are probable mistakes in the request, as X-Mock-Warnings has them.
	Warnings []string `json:"warnings,omitempty"`
}

// Message is a request or a reply, secrets masked.
type Message struct {
	// Headers are its headers.
	Headers http.Header `json:"headers"`
	// Body is its body, up to 16 KiB; a note in parentheses stands for other content than text.
	Body string `json:"body"`
}

// GetExchange returns an exchange that the journal keeps.
func (c *Client) GetExchange(ctx context.Context, account, id string) (Exchange, error) {
	return call[Exchange](ctx, c, "GET /clinics/{account}/journal/{id}", nil, account, id)
}

// ListJournal returns a page of a clinic's exchanges, newest first; the last 500 are kept.
func (c *Client) ListJournal(ctx context.Context, account string, page PageRequest) (Page[Exchange], error) {
	return call[Page[Exchange]](ctx, c, "GET /clinics/{account}/journal"+page.query(), nil, account)
}
