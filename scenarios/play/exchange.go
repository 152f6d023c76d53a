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

// ask makes a request as a sensible client does: it sends a failed one again, after the time in the reply's
// Retry-After header, and with a new token after a 401. It decodes the reply into result, unless that is nil or the
// scenario expects a refusal. False means that the client has given up, or has its refusal.
func (p *player) ask(ctx context.Context, x Exchange, who *patient, result any) (bool, error) {
	for try := 0; ; try++ {
		if x.Request.Auth == ByToken {
			x.Request.Token = who.token
		}
		x.At, x.Request.Fault = p.now, p.nextFault(x.Request.Operation)
		x.Reply, x.Err = p.client.Send(ctx, x.Request)
		if err := ctx.Err(); err != nil {
			return false, err
		}
		x.Failure, x.Then = judge(x)
		switch {
		case x.Then.Do != GoOn && try == maxRetries:
			x.Then = Then{Do: GiveUp}
		case x.Then.Do == Renew && x.Request.Auth != ByToken:
			x.Then.Do = Retry
		}
		if err := p.observer.Observe(ctx, x); err != nil {
			return false, err
		}
		switch x.Then.Do {
		case GiveUp:
			return false, nil
		case Renew:
			if ok, err := p.signOn(ctx, x.Act, who); !ok {
				return false, err
			}
		case Retry:
			if err := p.pass(ctx, x.Then.After, ForRetry); err != nil {
				return false, err
			}
		case GoOn:
			return p.read(x, result)
		}
	}
}

// read decodes a complete reply.
func (p *player) read(x Exchange, result any) (bool, error) {
	switch {
	case x.Refused && x.Reply.Status == http.StatusBadRequest:
		return false, nil
	case x.Reply.Status != http.StatusOK:
		return false, fmt.Errorf("%s %s was answered with %d, and the scenario goes no further", x.Request.Method, x.Request.Path, x.Reply.Status)
	case result == nil:
		return true, nil
	}
	if err := json.Unmarshal(x.Reply.Body, result); err != nil {
		return false, fmt.Errorf("reading the reply to %s %s: %w", x.Request.Method, x.Request.Path, err)
	}
	return true, nil
}

// judge returns the failure of a request, and the client's reaction to it.
func judge(x Exchange) (string, Then) {
	r, retry := x.Reply, Then{Do: Retry}
	deliberate := r.Header.Get(faultHeader) != "" || x.Request.Fault != nil && x.Request.Fault.Status == r.Status
	switch {
	case errors.Is(x.Err, syscall.ECONNRESET), errors.Is(x.Err, io.EOF):
		return "the connection was reset", retry
	case errors.Is(x.Err, io.ErrUnexpectedEOF):
		return "the reply ended in the middle", retry
	case errors.Is(x.Err, context.DeadlineExceeded):
		return "no reply came in time", retry
	case x.Err != nil:
		return "the connection failed", retry
	case r.Status == http.StatusUnauthorized:
		return "the token was refused", Then{Do: Renew}
	case r.Status == http.StatusOK && strings.HasPrefix(r.Header.Get("Content-Type"), "text/html"):
		return "the reply is a page", retry
	case r.Status == http.StatusOK && !json.Valid(r.Body):
		return "the reply is not JSON", retry
	case r.Status == http.StatusOK:
	case deliberate, r.Status == http.StatusTooManyRequests, r.Status >= http.StatusInternalServerError:
		seconds, _ := strconv.Atoi(r.Header.Get("Retry-After")) // the header may be missing
		retry.After = time.Duration(max(seconds, 0)) * time.Second
		return fmt.Sprintf("the request failed with %d", r.Status), retry
	}
	return "", Then{}
}

// nextFault counts a request of an operation and returns the fault that it must meet; nil for none.
func (p *player) nextFault(operation string) *scenarios.Fault {
	if !p.ready {
		return nil
	}
	p.requests[operation]++
	for i, f := range p.scenario.HTTP {
		nth, from := p.requests[operation], max(int(f.From), 1)
		if (f.Operation == "" || f.Operation == operation) && nth >= from && (f.Times == 0 || nth < from+int(f.Times)) {
			return &p.scenario.HTTP[i]
		}
	}
	return nil
}
