package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

// DefaultTimeout is how long a receiver may take to answer one attempt, in real time.
const DefaultTimeout = 15 * time.Second

// maxAnswer is how much of a receiver's answer is read.
const maxAnswer = 64 << 10

// maxRetryAfter is how long a receiver can put an attempt off.
const maxRetryAfter = 24 * time.Hour

// Request is one attempt to deliver one event.
type Request struct {
	URL     string
	Signing Signing
	ID      string    // the event's id
	At      time.Time // is signed, but for Flaws.Shift
	Body    []byte
	Flaws   Flaws

	// Midway is called when half of the body is sent, if it is not nil; the rest follows when it returns. Attempts that
	// wait there for each other are under way at once, however fast the receiver is.
	Midway func(context.Context) error
}

// trickles reports whether the body is sent in parts.
func (r Request) trickles() bool { return r.Flaws.Slow > 0 || r.Flaws.Cut || r.Midway != nil }

// Result is how an attempt has ended.
type Result struct {
	Header     http.Header    // as sent; nil when nothing was
	Sent       []byte         // the body as sent, but unpacked; nil when nothing was
	Status     int            // the answer's; 0 when there was none
	Answer     []byte         // the answer's body, up to 64 KiB
	Answered   http.Header    // the answer's headers
	RetryAfter *time.Duration // what an answer of 429 or 503 asks for, up to a day; nil for nothing
	Reason     Reason         // empty for success: an answer of 2xx
	Detail     string         // what went wrong, for people; empty for success
}

// Options are what a Sender needs.
type Options struct {
	Timeout   time.Duration // for a receiver to answer, in real time; DefaultTimeout when 0
	UserAgent string
	Hosts     Hosts // that may be called
}

// Sender makes attempts. It keeps connections open between them. It is safe for concurrent use.
type Sender struct {
	Options
	client *http.Client
	slow   *http.Client // sends each piece of a body at once
}

// NewSender returns a sender.
func NewSender(o Options) *Sender {
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil // what is sent is for the receiver alone
	transport.MaxIdleConns = 0
	transport.MaxResponseHeaderBytes = maxAnswer
	transport.MaxIdleConnsPerHost = 64
	slow := transport.Clone()
	slow.WriteBufferSize = 1
	return &Sender{Options: o, client: newClient(transport), slow: newClient(slow)}
}

func newClient(t http.RoundTripper) *http.Client {
	return &http.Client{
		Transport:     t,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Close closes the connections that are kept open.
func (s *Sender) Close() {
	s.client.CloseIdleConnections()
	s.slow.CloseIdleConnections()
}

// Attempt posts an event once. The error is for what kept the attempt from being made or ended: ctx has ended.
func (s *Sender) Attempt(ctx context.Context, r Request) (Result, error) {
	timed, cancel := context.WithTimeout(ctx, s.Timeout+r.Flaws.Slow)
	defer cancel()
	var result Result
	request, err := s.request(timed, r, &result)
	if err != nil {
		return Result{Reason: Connection, Detail: "the event could not be sent: " + err.Error()}, nil
	}
	if !s.Hosts.Allow(request.URL.Hostname()) {
		return Result{Reason: Blocked, Detail: "the webhook's host is none that this mock may call: nothing was sent"}, nil
	}
	client := s.client
	if r.trickles() {
		client = s.slow
	}
	answer, err := client.Do(request)
	if err != nil {
		if ctx.Err() != nil {
			result.Reason, result.Detail = BrokenOff, "the mock was stopped before the receiver had answered"
			return result, fmt.Errorf("delivering an event: %w", ctx.Err())
		}
		result.Reason, result.Detail = unreached(err)
		return result, nil
	}
	defer answer.Body.Close()
	defer context.AfterFunc(timed, func() { _ = answer.Body.Close() })() // whatever kind of body it is
	result.Status, result.Answered = answer.StatusCode, answer.Header
	if answer.StatusCode != http.StatusSwitchingProtocols { // whose body is the connection
		result.Answer, _ = io.ReadAll(io.LimitReader(answer.Body, maxAnswer)) // the status has said it all
	}
	result.Reason, result.Detail = answered(answer.StatusCode)
	result.RetryAfter = retryAfter(answer)
	return result, nil
}

// request makes the request of an attempt, and notes what is sent.
func (s *Sender) request(ctx context.Context, r Request, result *Result) (*http.Request, error) {
	body := r.Body
	if r.Flaws.ExtraField {
		body = with(body, unknownField)
	}
	header := http.Header{"Content-Type": {"application/json"}, "User-Agent": {s.UserAgent}}
	if err := r.Flaws.sign(header, r.Signing, r.ID, r.At, body); err != nil {
		return nil, err
	}
	if r.Flaws.Altered {
		body = with(body, alteredField)
	}
	result.Header, result.Sent = header, body
	if r.Flaws.Gzip {
		header.Set("Content-Encoding", "gzip")
		body = compress(body)
	}
	var reader io.Reader = bytes.NewReader(body)
	if r.trickles() {
		reader = newTrickle(ctx, body, r)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.URL, reader)
	if err != nil {
		return nil, errors.New("its URL is not usable") // the cause would repeat it
	}
	request.Header = header.Clone()
	request.ContentLength = int64(len(body))
	return request, nil
}

// retryAfter returns how long an answer asks to be left alone.
func retryAfter(answer *http.Response) *time.Duration {
	said := answer.Header.Get("Retry-After")
	if said == "" || answer.StatusCode != http.StatusTooManyRequests && answer.StatusCode != http.StatusServiceUnavailable {
		return nil
	}
	wait := maxRetryAfter
	seconds, err := strconv.ParseUint(said, 10, 64)
	at, notTime := http.ParseTime(said)
	switch {
	case errors.Is(err, strconv.ErrRange) || err == nil && seconds > uint64(maxRetryAfter/time.Second):
	case err == nil:
		wait = time.Duration(seconds) * time.Second //nolint:gosec // a day at most
	case notTime == nil:
		wait = at.Sub(clock.Wall()).Round(time.Second)
	default:
		return nil
	}
	wait = min(max(wait, 0), maxRetryAfter)
	return &wait
}

// Hosts are the hosts that may be called: names, addresses, and names below a domain written *.example.com. Without
// any, all may be.
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
