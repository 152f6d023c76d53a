package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/wire"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/internal/redact"
)

// The headers with a caller's credentials.
const (
	AccountHeader = "X-AccountCode"
	TokenHeader   = "X-ApiToken"
	KeyHeader     = "X-ApiKey"
	SecretHeader  = "X-ApiSecret"
)

// FaultHeader names the deliberate fault of a mock's reply.
const FaultHeader = "X-Mock-Fault"

// Request is a request to the target. Get, Post and Delete begin one; its methods return changed copies.
type Request struct {
	Method, Path string // the path is below the prefix of the API, with its query
	Root         string // scheme, host and prefix; "" for the base URL
	Header       map[string]string
	Body         Payload
	Of           User        // the owner of the data in the reply; the zero User for none
	Case         result.Case // "" for result.OK
	Want         int         // the status of the reply; 0 for the usual one of the case
	// the JSON pointer of the tested field of the request, for the cause of an unexpected status; "" for none
	Field string
	Probe bool // whatever the reply is, it is no cause
	// the reply is wanted as it is: a 429 or 503 is not asked for again, and a broken reply is no cause
	Raw bool
}

// Get returns a GET request.
func Get(path string) Request { return Request{Method: http.MethodGet, Path: path} }

// Post returns a POST request.
func Post(path string, body Payload) Request {
	return Request{Method: http.MethodPost, Path: path, Body: body}
}

// Delete returns a DELETE request.
func Delete(path string) Request { return Request{Method: http.MethodDelete, Path: path} }

// By returns the request with the token of a user, the owner of the data in the reply.
func (q Request) By(u User) Request { return q.Token(u.Token).About(u) }

// Token returns the request with a token, "" for an empty one.
func (q Request) Token(token string) Request { return q.Set(TokenHeader, token) }

// Set returns the request with a header.
func (q Request) Set(name, value string) Request {
	q.Header = maps.Clone(q.Header)
	if q.Header == nil {
		q.Header = map[string]string{}
	}
	q.Header[name] = value
	return q
}

// About returns the request with the owner of the data in the reply.
func (q Request) About(u User) Request {
	q.Of = u
	return q
}

// As returns the request with a case.
func (q Request) As(of result.Case) Request {
	q.Case = of
	return q
}

// Status returns the request with a case and a status other than the usual one of the case.
func (q Request) Status(of result.Case, want int) Request {
	q.Case, q.Want = of, want
	return q
}

// Tests returns the request with the JSON pointer of its tested field.
func (q Request) Tests(field string) Request {
	q.Field = field
	return q
}

// usual returns the usual status of the reply to a request of a case.
func usual(of result.Case) int {
	switch of {
	case result.NoToken, result.WrongToken:
		return http.StatusUnauthorized
	case result.OtherUser:
		return http.StatusForbidden
	case result.UnknownID:
		return http.StatusNotFound
	case result.BadField, result.Limit:
		return http.StatusBadRequest
	case result.OK:
	}
	return http.StatusOK
}

// Reply is the reply to a request.
type Reply struct {
	*message
	Status int // 0 when there is none
	Header http.Header
	Body   []byte
	Err    error         // why there is none, or not all of it; redacted
	Took   time.Duration // in real time, with the waits for a busy target
}

// Send sends a request, and observes the reply. It never stops a requirement, except when the target is too busy to
// answer, or the run may send no more requests: then the requirement is not testable.
func (t *Trial) Send(q Request) Reply {
	if q.Case == "" {
		q.Case = result.OK
	}
	if q.Want == 0 {
		q.Want = usual(q.Case)
	}
	if q.Root == "" {
		q.Root = strings.TrimSuffix(t.run.BaseURL, "/")
	}
	at, _ := embedded.Spec().Find(q.Method, q.Path)
	began := t.run.clock.Now()
	r := t.patiently(q, at.ID)
	r.Took = t.run.clock.Now().Sub(began)
	r.message = &message{t: t, operation: at.ID, of: q.Case, exchange: t.wire.Latest(t.requirement.ID)}
	if q.Method != http.MethodGet {
		t.wrote(at.ID)
	}
	t.observe(&r, q)
	return r
}

// How a request is sent again while the target is busy.
const (
	retries      = 3
	longestRetry = 30 * time.Second
	usualRetry   = time.Second // without Retry-After
)

// patiently sends a request until the target is not too busy to answer.
func (t *Trial) patiently(q Request, operation string) Reply {
	for try := 0; ; try++ {
		r := t.send(t.ctx, q)
		busy := r.Status == http.StatusTooManyRequests || r.Status == http.StatusServiceUnavailable
		if q.Raw || !busy || r.Status == q.Want {
			return r
		}
		if try == retries {
			t.NotTestable(fmt.Sprintf("the target answers %d to %s each time", r.Status, operation))
		}
		wait, longest := usualRetry, longestRetry
		if t.IsMock() {
			wait, longest = 0, usualRetry // no other people wait for it
		}
		if seconds, err := strconv.Atoi(r.Header.Get("Retry-After")); err == nil && seconds >= 0 {
			wait = min(time.Duration(seconds)*time.Second, longest)
		}
		if t.run.clock.Wait(t.ctx, wait) != nil {
			t.NotTestable(t.run.over())
		}
	}
}

// send sends a request once.
func (t *Trial) send(ctx context.Context, q Request) Reply {
	out, err := http.NewRequestWithContext(ctx, q.Method, q.Root+q.Path, bytes.NewReader(q.Body.Data))
	if err != nil {
		return Reply{Err: errors.New("making a request: an earlier reply has a text that makes no URL")}
	}
	if q.Body.ContentType != "" {
		out.Header.Set("Content-Type", q.Body.ContentType)
	}
	for name, value := range q.Header {
		out.Header.Set(name, value)
	}
	in, err := t.http.Do(out)
	if err != nil {
		return Reply{Err: t.unsent(err)}
	}
	defer in.Body.Close()
	body, err := io.ReadAll(in.Body)
	if err != nil && t.run.over() != "" {
		t.NotTestable(t.run.over())
	}
	return Reply{Status: in.StatusCode, Header: in.Header, Body: body, Err: err} // package wire has redacted it
}

// unsent returns the error of a request without a reply. When the request was not sent at all, the requirement ends.
// The error has nothing in it of the request or the network's answer.
func (t *Trial) unsent(err error) error {
	for _, refused := range []error{wire.ErrBudget, wire.ErrGaveUp, wire.ErrHost, wire.ErrNotSynthetic} {
		switch {
		case !errors.Is(err, refused):
		case refused == wire.ErrBudget: //nolint:errorlint // of the list above
			t.run.stop(fmt.Sprintf("%s: raise %s if it may have more", refused, config.EnvBudget))
			t.NotTestable(t.run.over())
		case refused == wire.ErrGaveUp: //nolint:errorlint // of the list above
			t.run.stop(refused.Error())
			t.NotTestable(t.run.over())
		default:
			t.NotTestable(refused.Error())
		}
	}
	if t.run.over() != "" {
		t.NotTestable(t.run.over())
	}
	return fmt.Errorf("asking the target: %w", redact.Error(err))
}
