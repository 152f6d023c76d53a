// Package server has the servers that the bench compares with the mock, and the process around each server.
package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/child"
)

// The roles of servers, from the least work per request to the most.
const (
	Bare      = "bare"        // net/http with fixed replies
	Routed    = "routed"      // bare, with openapi.yaml loaded and validated, and each request routed by it
	Validated = "kin-openapi" // routed, and kin-openapi checks each request and each reply; it keeps no state
	Mock      = "vsee-mock"   // the mock, which this package does not have
)

// Roles returns the roles in this order.
func Roles() []string { return []string{Bare, Routed, Validated, Mock} }

// Request is a request of the parent to a server: the first begins to serve, the others ask for the usage.
type Request struct {
	Serve   bool    `json:"serve,omitempty"`
	Replies []Reply `json:"replies,omitempty"` // the fixed ones
}

// Reply is the fixed reply to one operation.
type Reply struct {
	Pattern string `json:"pattern"` // of net/http's ServeMux
	Type    string `json:"type"`    // Content-Type
	Body    []byte `json:"body"`
}

// Serve serves on a listener until a context ends.
type Serve func(context.Context, net.Listener) error

// Run runs a server as a child, until its parent ends.
func Run(ctx context.Context, newServer func([]Reply) (Serve, error)) error {
	ctx, stop := context.WithCancel(ctx)
	var serving sync.WaitGroup
	defer serving.Wait()
	defer stop()
	return child.Answer(os.Stdin, os.Stdout, func(r Request) (any, error) {
		if !r.Serve {
			return child.OwnUsage()
		}
		serve, err := newServer(r.Replies)
		if err != nil {
			return nil, err
		}
		on, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		serving.Go(func() {
			if err := serve(ctx, on); err != nil && !errors.Is(err, http.ErrServerClosed) {
				_, _ = fmt.Fprintln(os.Stderr, err)
			}
		})
		return on.Addr().String(), nil
	})
}

// Plain makes the servers other than the mock.
func Plain(role string) func([]Reply) (Serve, error) {
	return func(replies []Reply) (Serve, error) {
		handler, err := newHandler(role, replies)
		if err != nil {
			return nil, err
		}
		return func(ctx context.Context, on net.Listener) error {
			server := &http.Server{Handler: handler} //nolint:gosec // its only client is this bench
			defer context.AfterFunc(ctx, func() { _ = server.Close() })()
			return server.Serve(on)
		}, nil
	}
}
