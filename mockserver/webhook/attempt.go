package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"syscall"
	"time"
)

// DefaultTimeout is how long a receiver may take to answer one attempt, in real time.
const DefaultTimeout = 15 * time.Second

// maxAnswer is how much of a receiver's answer is read.
const maxAnswer = 64 << 10

// Reason is why an attempt has failed, in one word.
type Reason string

// The reasons of a failure.
const (
	Refused  Reason = "refused"  // nobody listens there
	Timeout  Reason = "timeout"  // no answer within the time limit
	Failed   Reason = "failed"   // the connection could not be made, or broke
	Status   Reason = "status"   // an answer other than 2xx; redirects are not followed
	Scenario Reason = "scenario" // a scenario has the receiver refuse this attempt: nothing was sent
	Contract Reason = "contract" // the payload breaks openapi.yaml: nothing was sent

	BrokenOff Reason = "broken off" // the mock was stopped meanwhile: whether the receiver has it is not known
)

// Request is one attempt to deliver one event.
type Request struct {
	URL    string
	Secret string // of Standard Webhooks; empty: the request is not signed
	ID     string // the event's id
	At     time.Time
	Body   []byte
}

// Result is how an attempt has ended.
type Result struct {
	Header http.Header // as sent
	Status int         // the answer's; 0 when there was none
	Answer []byte      // the answer's body, up to 64 KiB
	Reason Reason      // empty for success: an answer of 2xx
	Detail string      // what went wrong, for people; empty for success
}

// Sender makes attempts. It keeps connections open between them. It is safe for concurrent use.
type Sender struct {
	client    *http.Client
	userAgent string
}

// NewSender returns a sender whose receivers have that long to answer. userAgent is what it calls itself.
func NewSender(timeout time.Duration, userAgent string) *Sender {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil // what is sent is for the receiver alone
	transport.MaxIdleConns = 0
	transport.MaxIdleConnsPerHost = 64
	return &Sender{
		client: &http.Client{
			Transport:     transport,
			Timeout:       timeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		userAgent: userAgent,
	}
}

// Close closes the connections that are kept open.
func (s *Sender) Close() { s.client.CloseIdleConnections() }

// Attempt posts an event once. The error is for what kept the attempt from being made or ended: ctx has ended.
func (s *Sender) Attempt(ctx context.Context, r Request) (Result, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return Result{Reason: Failed, Detail: "the webhook's URL is not usable"}, nil
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", s.userAgent)
	if r.Secret != "" {
		if err := sign(req.Header, r.Secret, r.ID, r.At, r.Body); err != nil {
			return Result{Reason: Failed, Detail: err.Error()}, nil
		}
	}
	result := Result{Header: req.Header.Clone()}
	answer, err := s.client.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			result.Reason, result.Detail = BrokenOff, "the mock was stopped before the receiver had answered"
			return result, fmt.Errorf("delivering an event: %w", ctx.Err())
		}
		result.Reason, result.Detail = reason(err)
		return result, nil
	}
	defer answer.Body.Close()
	result.Status = answer.StatusCode
	result.Answer, _ = io.ReadAll(io.LimitReader(answer.Body, maxAnswer)) // the status has said it all
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		result.Reason = Status
		result.Detail = fmt.Sprintf("the receiver answered %d", answer.StatusCode)
	}
	return result, nil
}

// reason says why no answer came.
func reason(err error) (Reason, string) {
	var timeout net.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return Refused, "nobody listens at the webhook's address"
	case errors.As(err, &timeout) && timeout.Timeout():
		return Timeout, "the receiver did not answer in time"
	}
	return Failed, "the connection could not be made, or broke"
}
