// Package server has the servers that the bench compares: three with fixed replies, and the mock.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/child"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// The roles of servers, from the least work per request to the most.
const (
	Bare      = "bare"      // net/http with fixed replies
	Routed    = "routed"    // bare, with openapi.yaml loaded and validated, and each request routed by it
	Validated = "validated" // routed, with kin-openapi checking each request and each reply; it keeps no state
	Mock      = "mock"      // vsee-mock as vsee-mock serve runs it, with its log to standard error
)

// Roles returns the roles in this order.
func Roles() []string { return []string{Bare, Routed, Validated, Mock} }

// Request is a request of the parent to a server: the first begins to serve, the others ask for the usage.
type Request struct {
	Replies []Reply `json:"replies,omitempty"` // the fixed ones
	Serve   bool    `json:"serve,omitempty"`
}

// Reply is the fixed reply to one operation.
type Reply struct {
	Pattern string `json:"pattern"` // of net/http's ServeMux
	Type    string `json:"type"`    // Content-Type
	Body    []byte `json:"body"`
}

// Run serves in a role until the parent ends.
func Run(ctx context.Context, role string) error {
	ctx, stop := context.WithCancel(ctx)
	var serving sync.WaitGroup
	defer serving.Wait()
	defer stop()
	return child.Answer(os.Stdin, os.Stdout, func(r Request) (any, error) {
		if !r.Serve {
			return child.OwnUsage()
		}
		serve, err := newServer(role, r.Replies)
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

// newServer returns a function that serves on a listener until a context ends.
func newServer(role string, replies []Reply) (func(context.Context, net.Listener) error, error) {
	if role == Mock {
		return newMock()
	}
	handler, err := newHandler(role, replies)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, on net.Listener) error {
		server := &http.Server{Handler: handler} //nolint:gosec // the only client is the driver
		defer context.AfterFunc(ctx, func() { _ = server.Close() })()
		return server.Serve(on)
	}, nil
}

// newMock makes the mock with the defaults of vsee-mock serve. Its log has a line for each request.
func newMock() (func(context.Context, net.Listener) error, error) {
	set, err := scenarios.Catalogue()
	if err != nil {
		return nil, err
	}
	mock, err := mockserver.New(mockserver.Options{
		Scenarios: set, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
	})
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, on net.Listener) error { return mock.Serve(ctx, on) }, nil
}
