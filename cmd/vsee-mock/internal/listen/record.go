// Package listen has the command that receives the events of a mock, prints them, and passes them on.
package listen

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
	"github.com/vsee-mock/vsee-mock/internal/jsonscan"
	"github.com/vsee-mock/vsee-mock/internal/receiver"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// record is the printed record of one request to `vsee-mock listen`.
type record struct {
	ReceivedAt time.Time       `json:"received_at"`
	Method     string          `json:"method"`
	Verified   bool            `json:"verified"`
	Reason     string          `json:"reason,omitempty"`    // why it is not verified, or not an event
	SignedAt   *time.Time      `json:"signed_at,omitempty"` // according to the headers
	Seen       int             `json:"seen,omitempty"`      // the number of arrivals of this event so far
	Headers    http.Header     `json:"headers"`
	Body       json.RawMessage `json:"body"` // a JSON string when it is not JSON
	Status     int             `json:"status"`
	Forwarded  *forwarded      `json:"forwarded,omitempty"`

	kind, id string
	event    bool // readable as an event
	wrong    bool // its signature is wrong
	text     []byte
}

// handle answers one request, and prints it.
func (l *listening) handle(ctx context.Context, h receiver.Request) receiver.Answer {
	a := record{ReceivedAt: h.Began, Method: h.Method, Headers: h.Header, Body: asJSON(h.Body), text: h.Body}
	if h.Refused != nil {
		a.Reason = strings.TrimSpace(string(h.Refused.Body))
		l.print(a, h.Refused.Status)
		return *h.Refused
	}
	l.verify(ctx, h, &a)
	nth := l.count(&a)
	var reply receiver.Answer
	if l.forward != nil {
		reply, a.Forwarded = l.forward.forward(ctx, h)
	} else {
		reply = l.answer(nth, a)
	}
	l.print(a, reply.Status)
	return reply
}

// verify identifies an event and verifies its signature. It reads the clinic's settings again before it calls one of
// the clinic's events wrong, because the secret may have changed.
func (l *listening) verify(ctx context.Context, h receiver.Request, a *record) {
	l.mu.Lock()
	signing := l.signing
	l.mu.Unlock()
	a.Reason, a.wrong = verdict(signing, h)
	if a.Reason != "" && l.control != nil {
		if now, err := webhookOf(ctx, l.control); err == nil {
			signing = signingOf(now)
			a.Reason, a.wrong = verdict(signing, h)
			l.mu.Lock()
			l.signing = signing
			l.mu.Unlock()
		}
	}
	a.Verified = a.Reason == ""
	if at, ok := signing.SignedAt(h.Header); ok {
		at = at.UTC()
		a.SignedAt = &at
	}
	var named struct {
		ID   string `json:"id"`
		Type string `json:"type"`
	}
	_ = json.Unmarshal(h.Body, &named) // other bodies have neither
	a.kind, a.id = named.Type, named.ID
	if header := signing.Names().ID; a.id == "" && header != "" {
		a.id = h.Header.Get(header)
	}
}

// verdict says why an event is not verified, and whether the event itself is at fault.
func verdict(s webhook.Signing, h receiver.Request) (reason string, wrong bool) {
	switch {
	case s.Scheme == webhook.Unsigned:
		return "nothing is signed", false
	case len(s.Secrets) == 0:
		return "no --secret", false
	}
	if err := s.Verify(h.Header, h.Body); err != nil {
		return err.Error(), true
	}
	return "", false
}

// count counts a delivery and returns its number, counted from 1.
func (l *listening) count(a *record) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	a.event = true
	l.tally.deliveries++
	if a.Verified {
		l.tally.verified++
	}
	if a.id != "" {
		l.seen[a.id]++
		a.Seen = l.seen[a.id]
	}
	return l.tally.deliveries
}

// answer returns the answer to the nth delivery.
func (l *listening) answer(nth int, a record) receiver.Answer {
	switch {
	case l.Status != 0 && (l.Times == 0 || nth <= l.Times):
		return receiver.TextAnswer(l.Status, "this status comes from --status")
	case a.wrong:
		return receiver.TextAnswer(http.StatusUnauthorized, "%s", a.Reason)
	}
	return receiver.Answer{Status: http.StatusOK}
}

// print prints a request and the answer to it.
func (l *listening) print(a record, status int) {
	a.Status = status
	l.mu.Lock()
	defer l.mu.Unlock()
	if status > 299 {
		l.tally.refused++
	}
	if l.JSON {
		lines := json.NewEncoder(l.events)
		lines.SetEscapeHTML(false)
		_ = lines.Encode(a) // the reader may have left
		return
	}
	_, _ = fmt.Fprint(l.events, a.String())
}

// String formats an record for people.
func (a record) String() string {
	const indent = "          "
	var b strings.Builder
	head, about := fmt.Sprintf("%s  ", a.ReceivedAt.Local().Format(time.TimeOnly)), ""
	say := func(format string, args ...any) {
		_, _ = fmt.Fprintf(&b, "%s%s\n", cmp.Or(head, indent), fmt.Sprintf(format, args...))
		head = ""
	}
	switch {
	case !a.event:
		say("%s: %s", output.Plain(a.Method), output.Plain(a.Reason))
		say("answered %d", a.Status)
		return b.String()
	case a.Seen > 1:
		about = fmt.Sprintf(", received %d times", a.Seen)
	}
	say("%s %s%s", output.Plain(cmp.Or(a.kind, "(no type)")), output.Plain(cmp.Or(a.id, "(no id)")), about)
	switch {
	case a.Verified && a.SignedAt != nil:
		say("verified, signed at %s", a.SignedAt.Format(time.RFC3339))
	case a.Verified:
		say("verified")
	default:
		say("not verified: %s", output.Plain(a.Reason))
	}
	say("%s", layOutBody(a.text, indent))
	if f := a.Forwarded; f != nil && f.Reason != "" {
		say("not passed on after %s: %s", f.Duration, output.Plain(f.Reason))
	} else if f != nil {
		say("passed on; the answer took %s", f.Duration)
	}
	say("answered %d", a.Status)
	return b.String()
}

const (
	// maxShown is the maximum size of a body in the output for people, in bytes.
	maxShown = 16 << 10
	// maxShownDepth is the maximum depth of JSON to lay out: the cost of the layout grows with the square of the depth,
	// or faster.
	maxShownDepth = 20
)

// layOutBody lays a body out for people: JSON as JSON, up to a readable size, and anything else as it came.
func layOutBody(body []byte, indent string) string {
	if len(body) == 0 {
		return "without a body"
	}
	if len(body) <= maxShown {
		if v, err := jsonscan.Parse(body, maxShownDepth, jsonscan.Loose); err == nil {
			return output.LayOut(v, indent, output.LineWidth)
		}
	}
	text, rest := body, ""
	if len(text) > maxShown {
		text, rest = text[:maxShown], fmt.Sprintf("… and %d bytes more", len(body)-maxShown)
	}
	return output.Plain(string(text)) + rest
}

// asJSON returns JSON as it is, and any other text as a JSON string.
func asJSON(text []byte) json.RawMessage {
	if json.Valid(text) {
		return text
	}
	quoted, _ := json.Marshal(string(text)) // a text
	return quoted
}
