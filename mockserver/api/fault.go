package api

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/fault"
)

// HeaderFault is the reply header with the name of the injected fault.
const HeaderFault = "X-Mock-Fault"

// faultError is a fault with a status. It replaces the reply, and the request has no effect.
type faultError struct{ fault.Effect }

func (e *faultError) Error() string { return fmt.Sprintf("a fault with status %d", e.Status) }

func (e *faultError) failure() failure {
	f := failure{Code: e.Status, Message: "this request fails on purpose: a fault is set for it"}
	if e.RetryAfter > 0 {
		f.header = retryAfter(e.RetryAfter)
	}
	return f
}

// retryAfter returns the header that asks to wait, in whole seconds.
func retryAfter(wait time.Duration) http.Header {
	return http.Header{"Retry-After": {strconv.Itoa(int((wait + time.Second - 1) / time.Second))}}
}

// limitError is a request beyond the clinic's rate limit. VSee documents the status 429 and no limit: both the limit
// and its rules are ours.
type limitError struct {
	limit clinic.RateLimit
	wait  time.Duration
}

func (e *limitError) Error() string {
	return fmt.Sprintf("too many requests: the clinic's rate_limit allows %d in %s with one token; wait until "+
		"Retry-After is over", e.limit.Requests, e.limit.Per)
}

func (e *limitError) failure() failure {
	return failure{Code: http.StatusTooManyRequests, Message: e.Error(), header: retryAfter(e.wait)}
}

// limitRate counts a request and returns a limitError if it is one too many. Requests without a token, such as sign-ons
// by key, are counted together.
func (a *API) limitRate(x *exchange, now time.Time) error {
	limit := &x.call.settings.RateLimit
	if limit.Requests == 0 {
		return nil
	}
	faults := a.Faults(x.call.clinic)
	if faults == nil {
		return nil
	}
	if wait := faults.Exceeds(x.call.token, now, limit.Requests, limit.Per); wait > 0 {
		x.reply.ours = true
		return &limitError{*limit, wait}
	}
	return nil
}

// chooseFault chooses the fault of a request, by its clinic and operation. The error is a fault with a status. The
// other faults change the reply, once the request has had its effect: so a client can meet a lost reply.
func (a *API) chooseFault(x *exchange) error {
	if x.call.clinic == nil { // faults are a clinic's
		return nil
	}
	now := x.call.clinic.Clock().Now()
	if err := a.limitRate(x, now); err != nil {
		return err
	}
	fromScenarios, err := a.scenarioFaults(x, now)
	if err != nil {
		return err
	}
	if faults := a.Faults(x.call.clinic); faults != nil {
		x.fault = faults.ForRequest(x.op.ID, now, fromScenarios...)
	}
	if x.fault.Kind == fault.Status {
		return &faultError{x.fault}
	}
	return nil
}

// fatalError is the output of a PHP application with a fatal error after its first bytes, and so with status 200.
const fatalError = `<!DOCTYPE html>
<html>
<head><title>Error</title></head>
<body>
<br />
<b>Fatal error</b>:  Maximum execution time of 30 seconds exceeded in ` +
	`<b>/var/www/app/index.php</b> on line <b>42</b><br />
</body>
</html>
`

// injectFault puts the chosen fault into the reply. The reply was valid before, so any mistake in it now is
// deliberate, and no violation.
func (x *exchange) injectFault() {
	name := x.fault.String()
	if name == "" {
		return
	}
	x.header = x.header.Clone()
	x.header.Set(HeaderFault, name)
	switch x.fault.Kind {
	case fault.Reset:
		x.reply.status, x.header, x.reply.body = 0, http.Header{}, nil
	case fault.Truncated:
		x.header.Set("Content-Length", strconv.Itoa(len(x.reply.body)))
		x.reply.body = x.reply.body[:len(x.reply.body)/2]
	case fault.Malformed:
		open := bytes.TrimSuffix(bytes.TrimSpace(x.reply.body), []byte("}"))
		x.reply.body = append(slices.Clip(open), ',', '\n') // a copy: replies may share a body
	case fault.HTML:
		x.header.Set("Content-Type", "text/html; charset=UTF-8")
		x.reply.status, x.reply.body = http.StatusOK, []byte(fatalError)
	case fault.None, fault.Status:
	}
}
