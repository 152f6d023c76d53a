package webhook

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/headerlines"
	"github.com/vsee-mock/vsee-mock/internal/misbehaviour"
)

// DefaultTimeout is how long a receiver may take to answer one attempt, in real time.
const DefaultTimeout = 15 * time.Second

// Request is one attempt to deliver one event.
type Request struct {
	URL     string
	Signing Signing
	ID      string    // the event's id
	At      time.Time // is signed, unless Misbehaviour.Timestamp says otherwise
	Body    []byte

	Misbehaviour misbehaviour.Misbehaviour // the deliberate errors of the request: the keys about the message
	Unsigned     bool                      // the header of the signature is left out
	Cut          bool                      // the connection ends in the middle of the body

	// Midway is called after half of the body is sent, unless it is nil; the rest follows when it returns. Attempts
	// waiting there for each other are under way at once, even with a fast receiver.
	Midway func(context.Context) error
}

// trickles reports whether the body is sent in parts.
func (r Request) trickles() bool { return r.Misbehaviour.Slow > 0 || r.Cut || r.Midway != nil }

// Result is how an attempt has ended.
type Result struct {
	Header     headerlines.Lines // as sent; nil when nothing was
	Sent       []byte            // the body as sent, but unpacked; nil when nothing was
	Sends      int               // how many times the receiver may have the request: 2 when a kept connection died
	Status     int               // the answer's; 0 when there was none
	Answer     []byte            // the answer's body, up to 64 KiB
	Answered   headerlines.Lines // the answer's headers
	RetryAfter *time.Duration    // the delay asked for by a 429 or 503, up to a day; nil for none
	Reason     Reason            // empty for success: an answer of 2xx
	Detail     string            // the reason of the failure, for people; empty for success
}

// Options are the settings of a Sender.
type Options struct {
	Timeout   time.Duration // for a receiver to answer, in real time; DefaultTimeout when 0
	UserAgent string
	Hosts     Hosts    // the hosts open to calls
	Proxy     *url.URL // the proxy for all requests; nil for none, whatever the environment says
	// Dial opens the connections; nil for the network.
	Dial dial
}

// Sender makes attempts. It keeps connections open between them. It is safe for concurrent use.
type Sender struct {
	Options
	over       transports
	lastTarget atomic.Pointer[target]
	direct     *direct // for plain HTTP; nil where something is between, or where it would notice no hanging up
}

// NewSender returns a sender.
func NewSender(o Options) *Sender {
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil // a message is for the receiver alone, unless Options say otherwise
	if o.Proxy != nil {
		transport.Proxy = http.ProxyURL(o.Proxy)
	}
	if o.Dial != nil {
		transport.DialContext = o.Dial
	}
	transport.DialContext = countingDial(transport.DialContext)
	transport.DisableCompression = true // a receiver sees no header beside those in the journal
	transport.MaxIdleConns = 0
	transport.MaxResponseHeaderBytes = maxAnswer
	transport.MaxIdleConnsPerHost = 64
	s := &Sender{Options: o, over: newTransports(transport)}
	if canPeek && o.Dial == nil && o.Proxy == nil {
		s.direct = &direct{dial: transport.DialContext, idle: map[string][]*wire{}}
	}
	return s
}

// Close closes the idle connections kept open.
func (s *Sender) Close() {
	s.over.close()
	if s.direct != nil {
		s.direct.CloseIdleConnections()
	}
}

// Attempt posts an event once. It posts again on a new connection when a kept connection died before a byte of an
// answer came. The error says why the attempt was not made or did not end: ctx has ended.
func (s *Sender) Attempt(ctx context.Context, r Request) (Result, error) {
	m, err := s.newMessage(r)
	if err != nil {
		detail := "the event could not be sent: " + err.Error()
		return Result{Reason: Connection, Detail: detail}, nil //nolint:nilerr // it is the result
	}
	result := Result{Header: m.lines, Sent: m.unpacked}
	if !s.Hosts.Allow(m.to.url.Hostname()) {
		return Result{Reason: Blocked, Detail: "the webhook's host is outside the mock's --webhook-hosts: nothing was sent"},
			nil
	}
	kept := exchanger(s.over.kept)
	if !m.trickles && s.direct.canSend(&m) {
		kept = s.direct
	}
	died, err := s.send(ctx, kept, &m, &result)
	if died && err == nil {
		s.over.fresh.CloseIdleConnections() // HTTP/2 keeps them by itself
		_, err = s.send(ctx, s.over.fresh, &m, &result)
	}
	return result, err
}

// exchanger sends a message and returns the answer, which must come before the end of a time.
type exchanger interface {
	exchange(ctx context.Context, m *message, f *flight, patience time.Duration) (answer, error)
}

// send sends a message once. It reports whether a kept connection died before a byte of an answer came.
func (s *Sender) send(ctx context.Context, over exchanger, m *message, result *Result) (died bool, err error) {
	var f flight
	got, err := over.exchange(ctx, m, &f, s.Timeout+m.slow)
	if f.wasSent() {
		result.Sends++
	}
	if err != nil {
		if ctx.Err() != nil {
			result.Reason, result.Detail = BrokenOff, "the mock stopped before the receiver answered"
			return false, fmt.Errorf("delivering an event: %w", ctx.Err())
		}
		result.Reason, result.Detail = transportReason(err)
		result.Detail += s.proxyHint()
		return result.Reason != Timeout && f.connectionDied(), nil
	}
	result.Status, result.Answered, result.Answer = got.status, got.lines, got.body
	if result.Reason, result.Detail = statusReason(got.status); result.Reason != "" {
		result.Detail += s.proxyHint()
	}
	result.RetryAfter = got.retryAfter()
	return false, nil
}

// proxyHint is a hint to add to a failure: the proxy may be its cause. It is empty without a proxy.
func (s *Sender) proxyHint() string {
	if s.Proxy == nil {
		return ""
	}
	return "; all events go by the proxy of --webhook-proxy"
}

// Hosts are the hosts open to calls: names, addresses, and names below a domain written *.example.com. An empty list
// allows every host.
type Hosts []string

// Allow reports whether a host may be called.
func (h Hosts) Allow(host string) bool {
	host = strings.ToLower(host)
	return len(h) == 0 || slices.ContainsFunc(h, func(pattern string) bool {
		pattern = strings.Trim(strings.ToLower(pattern), "[]")
		if domain, wild := strings.CutPrefix(pattern, "*."); wild {
			return strings.HasSuffix(host, "."+domain)
		}
		return host == pattern
	})
}

// AllowURL reports whether a URL may be called.
func (h Hosts) AllowURL(address string) bool {
	u, err := url.Parse(address)
	return err == nil && h.Allow(u.Hostname())
}
