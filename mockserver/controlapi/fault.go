package controlapi

import (
	"context"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Fault is a fault of a clinic, which makes requests fail on purpose.
type Fault struct {
	scenarios.Fault
	// Affected is how many requests have failed by it so far.
	Affected int `json:"befallen"`
}

// FaultList has all faults of a clinic, 100 at most, so it has no pages.
type FaultList struct {
	// Data has the faults, in the order in which they are tried.
	Data []Fault `json:"data"`
}

// ListFaults returns the clinic's own faults.
func (c *Client) ListFaults(ctx context.Context, account string) (FaultList, error) {
	return call[FaultList](ctx, c, "GET /clinics/{account}/faults", nil, account)
}

// SetFaults replaces the clinic's own faults, and counts anew. The list may be empty, and must not be nil.
func (c *Client) SetFaults(ctx context.Context, account string, faults []scenarios.Fault) (FaultList, error) {
	return call[FaultList](ctx, c, "PUT /clinics/{account}/faults", faults, account)
}

// DeleteFaults removes the clinic's own faults.
func (c *Client) DeleteFaults(ctx context.Context, account string) error {
	return c.Call(ctx, "DELETE /clinics/{account}/faults", nil, nil, account)
}
