package ownmock

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/receiver"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// Entry is an entry of a mock's log: exactly one of Receipt and Arrival is set.
type Entry struct {
	Receipt *controlapi.Receipt // of a move of the clock, behind the arrivals during the move
	By      time.Duration       // of a Receipt: the length of the move
	Arrival *Arrival
}

// Arrival is a request to the receiver. The receiver refuses one with a wrong signature, or signed too long ago or in
// the future.
type Arrival struct {
	receiver.Request
	At     time.Time     // on the clinic's clock
	Off    time.Duration // from the sending to the signed time
	Nth    int           // 1 for the first arrival of this event
	Status int           // the receiver's answer
	Signed string        // by which secret, as a sentence without an end
	ID     string        `json:"id"`
	Type   string        `json:"type"`
	Data   struct {
		Check    string `json:"eligibility_id"`
		Response string `json:"eligibility_response"`
		Claim    string `json:"claim_id"`
		Visit    string `json:"id"`
		State    string `json:"status"` // of the claim or the visit
	} `json:"data"`
}

// Subject returns the id of the check, the visit or the claim of the event.
func (a *Arrival) Subject() string { return cmp.Or(a.Data.Check, a.Data.Claim, a.Data.Visit) }

// GoodSignature is Arrival.Signed for the clinic's secret in force.
const GoodSignature = "the signature is that of the body, by the clinic's secret"

// Tolerance is the maximum offset of the signed time from now, as recommended by Standard Webhooks.
const Tolerance = 5 * time.Minute

// log has everything that was observed, in order.
type log struct {
	mu      sync.Mutex
	entries []Entry
	seen    map[string]int // number of arrivals of each event
}

func (l *log) add(e Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if a := e.Arrival; a != nil {
		if l.seen == nil {
			l.seen = map[string]int{}
		}
		l.seen[a.ID]++
		a.Nth = l.seen[a.ID]
	}
	l.entries = append(l.entries, e)
}

// Since returns the entries of the log from number n on.
func (m *Mock) Since(n int) []Entry {
	m.log.mu.Lock()
	defer m.log.mu.Unlock()
	return slices.Clone(m.log.entries[n:])
}

// take answers a request to the receiver.
func (m *Mock) take(_ context.Context, r receiver.Request) receiver.Answer {
	if r.Refused != nil {
		return *r.Refused
	}
	a := Arrival{Request: r, At: m.clock.Now(), Status: http.StatusOK}
	_ = json.Unmarshal(r.Body, &a) // a body without an event has no check
	signing := func(secret string) webhook.Signing {
		return webhook.Signing{Scheme: webhook.Standard, Secrets: []string{secret}}
	}
	current := signing(secret)
	if at, ok := current.SignedAt(r.Header); ok {
		a.Off = at.Sub(a.At.Truncate(time.Second))
	}
	a.Signed = "the signature is not that of the body, by the clinic's secret"
	switch {
	case current.Verify(r.Header, r.Body) == nil:
		a.Signed = GoodSignature
	case signing(previousSecret).Verify(r.Header, r.Body) == nil:
		a.Signed = "the signature is that of the body by the clinic's previous secret, not by the one in force"
	}
	if a.Signed != GoodSignature || a.Off.Abs() > Tolerance {
		a.Status = http.StatusUnauthorized
	}
	m.log.add(Entry{Arrival: &a})
	return receiver.Answer{Status: a.Status}
}
