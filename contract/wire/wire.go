// Package wire sends a run's requests to the target and records them. Transport is the http.RoundTripper of the suite's
// client. It keeps the latest exchange of each requirement in the context of a request (see WithRequirement), to be
// shown redacted. It also protects the target:
//
//   - it sends requests to the configured hosts only;
//   - it keeps to the budget of requests, and to the rate per second;
//   - it sends no request twice, and gives up for good after too many replies of 429, 5xx or nothing in a row;
//   - to a target that others use too, it sends one request at a time, and synthetic data only.
//
// A refused request is not sent. The errors of this package do not quote requests or replies. But http.Client wraps
// them in a url.Error with the URL, and its own errors quote a Location header: see redact.Error.
package wire

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/redact"
)

// The reasons for a request that was not sent.
var (
	ErrHost         = errors.New("the host is not allowed: the run does not send requests to it")
	ErrBudget       = errors.New("the budget of requests is spent")
	ErrGaveUp       = errors.New("the target has answered 429, 5xx or nothing too often in a row: the run stops")
	ErrNotSynthetic = errors.New("the request has data that is not synthetic, and other people use the target")
)

// Config configures a Transport.
type Config struct {
	Next        http.RoundTripper // sends the requests; nil for NewHTTP()
	Redactor    *redact.Redactor  // redacts the recorded exchanges; required
	Clock       Clock             // nil for System
	Hosts       []string          // allowed hosts, each with or without a port; required
	Budget      int               // number of requests; must be more than 0
	PerSecond   float64           // largest number of requests per second; 0 for no limit
	GiveUpAfter int               // replies of 429, 5xx or nothing in a row; 0 for never
	Shared      bool              // whether other people use the target, too
	Synthetic   Synthetic         // the rule for data sent to a shared target
	Version     string            // of vsee-contract, for the User-Agent
	Run         string            // 8 hex digits, for the User-Agent
}

// Transport sends requests within the limits of its Config, and records them. It is safe for concurrent use.
type Transport struct {
	config Config
	turn   chan struct{} // a semaphore for requests to a shared target
	gate   *gate

	mu     sync.Mutex
	latest map[string]func() *result.Exchange // by requirement
}

// New returns a Transport, or an error if c lacks a required field or has a limit below 0.
func New(c Config) (*Transport, error) {
	switch {
	case c.Redactor == nil:
		return nil, errors.New("making the transport: Redactor must not be nil")
	case len(c.Hosts) == 0:
		return nil, errors.New("making the transport: Hosts must not be empty")
	case c.Budget <= 0:
		return nil, errors.New("making the transport: Budget must be more than 0")
	case c.PerSecond < 0 || c.GiveUpAfter < 0:
		return nil, errors.New("making the transport: PerSecond and GiveUpAfter must not be below 0")
	}
	if c.Next == nil {
		c.Next = NewHTTP()
	}
	if c.Clock == nil {
		c.Clock = System{}
	}
	c.Hosts = slices.Clone(c.Hosts)
	g := &gate{clock: c.Clock, left: c.Budget, giveUpAfter: c.GiveUpAfter}
	if c.PerSecond > 0 {
		g.interval = time.Duration(float64(time.Second) / c.PerSecond)
	}
	return &Transport{config: c, turn: make(chan struct{}, 1), gate: g, latest: map[string]func() *result.Exchange{}}, nil
}

// NewHTTP returns an http.Transport that sends each request once. net/http repeats a request on a reused connection
// that the server has closed, so this transport keeps no idle connections. It does not use HTTP/2 for the same reason.
func NewHTTP() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone() // true unless a program has replaced it
	t.DisableKeepAlives = true
	t.ForceAttemptHTTP2 = false
	t.Protocols = new(http.Protocols)
	t.Protocols.SetHTTP1(true)
	return t
}

type requirementKey struct{}

// WithRequirement returns a context for requests of the requirement with an id.
func WithRequirement(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requirementKey{}, id)
}

// requirement returns the id in a context, "" for none.
func requirement(ctx context.Context) string {
	id, _ := ctx.Value(requirementKey{}).(string)
	return id
}

// allowed reports whether a request's host is in Hosts. An entry without a port allows every port. A Host header must
// also be allowed.
func (t *Transport) allowed(r *http.Request) bool {
	return slices.ContainsFunc(t.config.Hosts, func(host string) bool {
		return strings.EqualFold(host, r.URL.Host) || strings.EqualFold(host, r.URL.Hostname())
	}) && (r.Host == "" || strings.EqualFold(r.Host, r.URL.Host) || slices.Contains(t.config.Hosts, r.Host))
}

// userAgent returns the User-Agent. It tells the operators of the target the run and the requirement.
func (t *Transport) userAgent(id string) string {
	if id == "" {
		id = "-"
	}
	return fmt.Sprintf("vsee-contract/%s run/%s req/%s", t.config.Version, t.config.Run, id)
}
