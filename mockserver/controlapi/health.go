package controlapi

import "context"

// Health is the state of a mock.
type Health struct {
	// Status is alive or ready.
	Status string `json:"status"`
}

// Version is what is running.
type Version struct {
	// Version is the version of the mock.
	Version string `json:"version"`
}

// Live returns when the mock is alive.
func (c *Client) Live(ctx context.Context) (Health, error) {
	return call[Health](ctx, c, "GET /livez", nil)
}

// Ready returns when the mock answers and runs what is due; with an error while it starts or stops.
func (c *Client) Ready(ctx context.Context) (Health, error) {
	return call[Health](ctx, c, "GET /readyz", nil)
}

// Version returns what is running.
func (c *Client) Version(ctx context.Context) (Version, error) {
	return call[Version](ctx, c, "GET /version", nil)
}
