package demo

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
)

const (
	// maxRetries is the maximum number of retries of a request by the client of a demo.
	maxRetries = 5
	// maxReply is how long the client waits for a reply, in real time.
	maxReply = 10 * time.Second
)

// mishap is a failure of a request worth another try.
type mishap struct {
	what  string
	wait  time.Duration // from the reply's Retry-After header
	token bool          // the token is refused
}

// wrong returns the failure in a complete reply; nil for none, and for a failure no retry can mend.
func wrong(reply *http.Response, text []byte, onPurpose bool) *mishap {
	switch status := reply.StatusCode; {
	case status == http.StatusUnauthorized:
		return &mishap{what: "the token is not taken", token: true}
	case status == http.StatusOK && strings.HasPrefix(reply.Header.Get("Content-Type"), "text/html"):
		return &mishap{what: "a page has come in place of a reply"}
	case status == http.StatusOK && !json.Valid(text):
		return &mishap{what: "the reply is no JSON"}
	case status == http.StatusOK || !onPurpose && status != http.StatusTooManyRequests && status < http.StatusInternalServerError:
		return nil
	default:
		seconds, _ := strconv.Atoi(reply.Header.Get("Retry-After")) // the header may be missing
		return &mishap{what: fmt.Sprintf("the request has failed with %d", status), wait: time.Duration(seconds) * time.Second}
	}
}

// broken returns the failure of a connection.
func (t *teller) broken(err error) *mishap {
	switch {
	case t.ctx.Err() != nil:
		t.err = t.ctx.Err()
		return nil
	case errors.Is(err, syscall.ECONNRESET):
		return &mishap{what: "the connection was reset"}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &mishap{what: "the reply has ended in the middle"}
	case errors.Is(err, context.DeadlineExceeded):
		return &mishap{what: fmt.Sprintf("no reply has come within %s", maxReply)}
	}
	return &mishap{what: "the connection has failed"}
}

// ask makes a request like a sensible client: it retries a failed one, after the time in the reply's Retry-After
// header, and with a new token after a 401. It uses the token of patient who; nil means no token. ask reports
// whether a reply came in the end.
func (t *teller) ask(who *patient, c call, result any) bool {
	for tried := 0; ; tried++ {
		if who != nil {
			c.header = headers{"X-ApiToken": who.token}
		}
		m := t.do(c, result)
		switch {
		case m == nil:
			return t.err == nil
		case tried == maxRetries:
			t.say("  %s: the client has tried %d times, and gives up", m.what, tried+1)
			return false
		case m.token && who != nil:
			t.say("  %s: the client signs on again", m.what)
			if !t.signOn(who) {
				return false
			}
		case m.wait > 0:
			t.say("  %s: the client tries again after %s, as it is asked to", m.what, m.wait)
			t.advance(m.wait)
		default:
			t.say("  %s: the client tries again", m.what)
		}
	}
}

// signOn signs a patient on and keeps the id and the token.
func (t *teller) signOn(who *patient) bool {
	var signedOn struct {
		Data struct {
			ID    string `json:"id"`
			Token struct {
				Token string `json:"token"`
			} `json:"token"`
		} `json:"data"`
	}
	ok := t.ask(nil, call{http.MethodPost, apiBase + "/users/sso", t.byKey, who.form}, &signedOn)
	who.id, who.token = signedOn.Data.ID, signedOn.Data.Token.Token
	return ok
}
