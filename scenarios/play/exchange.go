package play

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// maxRetries is how often the client sends a request again.
const maxRetries = 5

// faultHeader names the deliberate faults of a mock's reply.
const faultHeader = "X-Mock-Fault"

// call announces a call and makes its request as a sensible client does: it sends a failed one again, after the time in
// the reply's Retry-After header, and with a new token after a 401. It decodes the reply into result, unless that is
// nil. False means that the client has given up, or that a claim is refused as the scenario expects.
func (p *player) call(ctx context.Context, c Call, r Request, result any) (bool, error) {
	c.At = p.now
	if err := p.observer.Observe(ctx, c); err != nil {
		return false, err
	}
	for try := 0; ; try++ {
		if r.patient != nil {
			r.Token = r.patient.token
		}
		r.Fault = p.nextFault(r.Operation)
		x := Exchange{Call: c, Request: r}
		x.At = p.now
		x.Reply, x.Err = p.client.Send(ctx, r)
		if err := ctx.Err(); err != nil {
			return false, err
		}
		x.Failure, x.After = judge(x)
		x.Again = x.Failure != "" && try < maxRetries
		if err := p.observer.Observe(ctx, x); err != nil {
			return false, err
		}
		switch {
		case x.Failure == "":
			return decode(x, result)
		case !x.Again:
			return false, nil
		case x.Reply.Status == http.StatusUnauthorized && r.patient != nil:
			if ok, err := p.signOn(ctx, Call{Act: SignOn, Other: c.Other}, r.patient); !ok {
				return false, err
			}
		}
		if err := p.pass(ctx, x.After); err != nil {
			return false, err
		}
	}
}

// decode decodes a complete reply.
func decode(x Exchange, result any) (bool, error) {
	switch {
	case x.Reply.Status == http.StatusBadRequest && x.Act == SubmitClaim && x.Claim.Step.Refused != "":
		return false, nil
	case x.Reply.Status != http.StatusOK:
		return false, fmt.Errorf("%s %s was answered with %d, and the scenario goes no further",
			x.Request.Method, x.Request.Path, x.Reply.Status)
	case result == nil:
		return true, nil
	}
	if err := json.Unmarshal(x.Reply.Body, result); err != nil {
		return false, fmt.Errorf("reading the reply to %s %s: %w", x.Request.Method, x.Request.Path, err)
	}
	return true, nil
}

// judge returns the failure of a request, and how long the reply asks to wait.
func judge(x Exchange) (failure string, after time.Duration) {
	r := x.Reply
	deliberate := r.Header.Get(faultHeader) != "" || x.Request.Fault != nil && x.Request.Fault.Status == r.Status
	switch {
	case errors.Is(x.Err, syscall.ECONNRESET), errors.Is(x.Err, io.EOF):
		return "the connection was reset", 0
	case errors.Is(x.Err, io.ErrUnexpectedEOF):
		return "the reply ended in the middle", 0
	case errors.Is(x.Err, context.DeadlineExceeded):
		return "no reply came in time", 0
	case x.Err != nil:
		return "the connection failed", 0
	case r.Status == http.StatusUnauthorized:
		return "the token was refused", 0
	case r.Status == http.StatusOK && strings.HasPrefix(r.Header.Get("Content-Type"), "text/html"):
		return "the reply is a page", 0
	case r.Status == http.StatusOK && !json.Valid(r.Body):
		return "the reply is not JSON", 0
	case r.Status == http.StatusOK:
	case deliberate, r.Status == http.StatusTooManyRequests, r.Status >= http.StatusInternalServerError:
		seconds, _ := strconv.Atoi(r.Header.Get("Retry-After")) // the header may be missing
		return fmt.Sprintf("the request failed with %d", r.Status), time.Duration(max(seconds, 0)) * time.Second
	}
	return "", 0
}

// nextFault counts a request of an operation and returns the fault that it must meet; nil for none.
func (p *player) nextFault(operation string) *scenarios.Fault {
	if !p.ready {
		return nil
	}
	p.requests[operation]++
	p.requests[""]++ // of all operations
	for i, f := range p.scenario.HTTP {
		nth, from, times := p.requests[f.Operation], max(int(f.From), 1), int(f.Times)
		if f.UntilRetryAfter { // the client waits as long
			times = 1
		}
		if (f.Operation == "" || f.Operation == operation) && nth >= from && (times == 0 || nth < from+times) {
			return &p.scenario.HTTP[i]
		}
	}
	return nil
}
