package main

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
	// maxRetries is how often the client of a demo tries a request again.
	maxRetries = 5
	// maxReply is how long it waits for a reply, in real time.
	maxReply = 10 * time.Second
)

// mishap is what has gone wrong with a request so that it can be tried again.
type mishap struct {
	what  string
	wait  time.Duration // that the reply asks for
	token bool          // the token is not taken
}

// wrong returns what is wrong with a reply that came whole; nil for nothing, or for what no retry mends.
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
		seconds, _ := strconv.Atoi(reply.Header.Get("Retry-After")) // it may ask for nothing
		return &mishap{what: fmt.Sprintf("the request has failed with %d", status), wait: time.Duration(seconds) * time.Second}
	}
}

// broken returns what is wrong with a connection.
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

// ask makes a request like a sensible client: what goes wrong is tried again, after the time that the reply asks for,
// and with a new token when that is what is wrong. who is the patient whose token it takes; nil for nobody's. It reports
// whether there was a reply in the end.
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

// signOn signs a patient on.
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
