// Package wire owns what goes over the wire to the target, and the record of it. Transport is the http.RoundTripper of
// the suite's client. It records each exchange, redacted, under the requirement that is under way, which the request's
// context names (WithRequirement); and it keeps a run from doing harm:
//
//   - it sends to the hosts it is told, and to no other;
//   - it sends no more requests than the budget has, and no more of them in a second than it is told;
//   - it sends nothing twice, and gives up for good on a target that answers 429, 5xx or nothing too often in a row;
//   - to a target that others use too, it sends one request at a time, and nothing but synthetic data.
//
// What it refuses has not been sent. Its errors have nothing of what was sent or came in them, but http.Client wraps them
// in a url.Error, which has the URL, and adds errors of its own, which quote a Location: see redact.Error.
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

// Why a request was not sent.
var (
	ErrHost         = errors.New("the host is not one that this run may ask")
	ErrBudget       = errors.New("the budget of requests is spent")
	ErrGaveUp       = errors.New("the target has answered 429, 5xx or nothing too often in a row; the run asks it no more")
	ErrNotSynthetic = errors.New("the request holds what is not synthetic, and others use the target too")
)

// Config is how a Transport behaves.
type Config struct {
	Next        http.RoundTripper // sends; nil for NewHTTP()
	Redactor    *redact.Redactor  // of what is recorded; never nil
	Clock       Clock             // nil for the computer's
	Hosts       []string          // host, or host:port, that may be asked; there must be one
	Budget      int               // requests in all; must be more than 0
	PerSecond   float64           // requests in a second; 0 for as many as there are
	GiveUpAfter int               // answers of 429 or 5xx, or none, in a row; 0 for never
	Shared      bool              // others use the target too
	Synthetic   Synthetic         // what may be sent to a shared target; its zero value lets no named field be sent
	Version     string            // of vsee-contract, for the User-Agent
	Run         string            // 8 hex digits, for the User-Agent
}

// Transport sends requests as its Config says, and records them. It is safe for concurrent use.
type Transport struct {
	config Config
	turn   chan struct{} // holds one item while a request to a shared target is under way
	gate   *gate

	mu       sync.Mutex
	recorded map[string][]result.Exchange
}

// New returns a Transport.
func New(c Config) (*Transport, error) {
	switch {
	case c.Redactor == nil:
		return nil, errors.New("making the transport: there is no redactor")
	case len(c.Hosts) == 0:
		return nil, errors.New("making the transport: there is no host that may be asked")
	case c.Budget <= 0:
		return nil, errors.New("making the transport: the budget has no requests")
	case c.PerSecond < 0 || c.GiveUpAfter < 0:
		return nil, errors.New("making the transport: a limit is below 0")
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
	return &Transport{config: c, turn: make(chan struct{}, 1), gate: g, recorded: map[string][]result.Exchange{}}, nil
}

// NewHTTP returns an http.Transport that sends each request once: net/http sends one again that met with an idle
// connection being closed, so it has none, and no HTTP/2.
func NewHTTP() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone() // which it is, unless a program has put another in its place
	t.DisableKeepAlives = true
	t.ForceAttemptHTTP2 = false
	t.Protocols = new(http.Protocols)
	t.Protocols.SetHTTP1(true)
	return t
}

type requirementKey struct{}

// WithRequirement returns a context whose requests are recorded under a requirement's id.
func WithRequirement(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requirementKey{}, id)
}

// requirement returns the id that a context has, "" for none.
func requirement(ctx context.Context) string {
	id, _ := ctx.Value(requirementKey{}).(string)
	return id
}

// allowed reports whether a request's host may be asked. A host without a port stands for all of its ports.
func (t *Transport) allowed(r *http.Request) bool {
	return slices.ContainsFunc(t.config.Hosts, func(host string) bool {
		return strings.EqualFold(host, r.URL.Host) || strings.EqualFold(host, r.URL.Hostname())
	}) && (r.Host == "" || strings.EqualFold(r.Host, r.URL.Host) || slices.Contains(t.config.Hosts, r.Host))
}

// userAgent says to the target's people which run this is, and what it was after.
func (t *Transport) userAgent(id string) string {
	if id == "" {
		id = "-"
	}
	return fmt.Sprintf("vsee-contract/%s run/%s req/%s", t.config.Version, t.config.Run, id)
}
