// Package journal keeps what happened in a clinic, as it happened: the exchanges with callers and the attempts to
// deliver events. It is bounded, the oldest entries go first, and it holds no secrets.
package journal

import (
	"net/http"
	"sync"
	"time"
)

// How much of each kind a clinic's journal keeps: the newest entries, as many as are within both limits.
const (
	MaxExchanges  = 500
	MaxDeliveries = 5_000

	maxBytes = 8 << 20 // of the bodies and headers of each kind
)

// Exchange is one request and its reply.
type Exchange struct {
	ID        string    // digits, counted from 1
	At        time.Time // when it was answered
	Began     time.Time // when the request came in, in real time
	Duration  time.Duration
	Method    string
	Path      string // with the query, as sent but for what authenticates somebody
	Operation string // the operationId of openapi.yaml; empty when none was found
	CheckID   string // the check that it has started; empty for none
	ClaimID   string // the claim that it has submitted, likewise
	Status    int    // 0 when the connection was reset on purpose
	Request   Message
	Reply     Message // as it was sent
	Fault     string  // what went wrong on purpose; empty for nothing
	Violation string  // how the reply broke openapi.yaml; empty when it did not

	Warnings []string // what is probably a mistake in the request, as the reply header X-Mock-Warnings has it
}

// Message is one side of an exchange. The values of headers and of fields that authenticate somebody are masked.
type Message struct {
	Header http.Header
	Body   string // up to 16 KiB
}

// Delivery is one attempt to deliver an event.
type Delivery struct {
	ID        string // digits, counted from 1
	EventID   string
	EventType string
	CheckID   string // the check that the event tells of; empty for none
	ClaimID   string // the claim, likewise
	Attempt   int    // counted from 1
	At        time.Time
	Began     time.Time // At in real time
	Duration  time.Duration
	URL       string
	Header    http.Header // as sent; nil when nothing was sent
	Body      string      // as sent, but unpacked
	Status    int         // the answer's; 0 when there was none
	Answered  http.Header // the answer's headers
	Answer    string      // the answer's body
	Reason    string      // why it failed, in one word; empty for success
	Detail    string      // the same in a sentence
	Hint      string      // what else there is to know, such as what probably lies behind a failure; empty for nothing
	Sends     int         // how many times the receiver may have the request; 0 when nothing was sent
	Next      time.Time   // when the next attempt is due; zero when none is

	Misbehaviour []string // what went wrong on purpose, in the words of a scenario
}

// Journal is that of one clinic, safe for concurrent use.
type Journal struct {
	mu         sync.Mutex
	exchanges  ring[Exchange]
	deliveries ring[Delivery]
}

// New returns an empty journal.
func New() *Journal {
	return &Journal{
		exchanges: ring[Exchange]{max: MaxExchanges, size: func(e Exchange) int {
			return len(e.Path) + len(e.Request.Body) + len(e.Reply.Body) + sizeOf(e.Request.Header) + sizeOf(e.Reply.Header)
		}},
		deliveries: ring[Delivery]{max: MaxDeliveries, size: func(d Delivery) int {
			return len(d.URL) + len(d.Body) + len(d.Answer) + sizeOf(d.Header) + sizeOf(d.Answered)
		}},
	}
}

// AddExchange adds an exchange, masked, under an id of its own.
func (j *Journal) AddExchange(e Exchange) {
	e.Path, e.Request, e.Reply = maskFields(e.Path), mask(e.Request), mask(e.Reply)
	j.mu.Lock()
	defer j.mu.Unlock()
	e.ID = j.exchanges.nextID()
	j.exchanges.add(e)
}

// AddDelivery adds a delivery under an id of its own, and returns it with that.
func (j *Journal) AddDelivery(d Delivery) Delivery {
	j.mu.Lock()
	defer j.mu.Unlock()
	d.ID = j.deliveries.nextID()
	j.deliveries.add(d)
	return d
}

// Exchanges returns up to limit exchanges, newest first, from the one before `after`; from the newest when after is
// empty.
func (j *Journal) Exchanges(after string, limit int) []Exchange {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.exchanges.newest(after, limit)
}

// Deliveries returns deliveries as Exchanges does exchanges.
func (j *Journal) Deliveries(after string, limit int) []Delivery {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.deliveries.newest(after, limit)
}

// Clear forgets everything and counts from 1 again.
func (j *Journal) Clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.exchanges.clear()
	j.deliveries.clear()
}
