// Package journal keeps the history of a clinic: the exchanges with callers and the attempts to deliver events. It is
// bounded, and the oldest entries go first. An entry is kept as it was given, so serving a request costs little, and
// is masked when it is read.
package journal

import (
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/headerlines"
	"github.com/vsee-mock/vsee-mock/mockserver/mask"
)

// The limits of a clinic's journal for each kind of entry. The oldest entries beyond a limit are dropped.
const (
	MaxExchanges  = 500
	MaxDeliveries = 5_000

	maxBytes = 8 << 20 // of the texts, bodies and headers of each kind
)

// Facts describe one request and its reply beside the two messages.
type Facts struct {
	ID        string    // digits, counted from 1; given by the journal
	At        time.Time // the time of the reply
	Began     time.Time // the real time of the request
	Duration  time.Duration
	Method    string
	Operation string // the operationId of openapi.yaml; empty when none was found
	CheckID   string // the started check; empty for none
	ClaimID   string // the submitted claim; empty for none
	MemberID  string // the user it is about; empty for none
	RequestID string // as in the reply's header X-Request-Id
	Status    int    // 0 if the connection was reset on purpose
	Fault     string // the injected fault; empty for none
	FaultBy   string // the id of the scenario with the fault; empty for the clinic's own
	Violation string // the reply's violation of openapi.yaml; empty for none

	Warnings []string // the probable mistakes in the request, as in the reply header X-Mock-Warnings
}

// Exchange is one request and its reply, as the journal shows it. Credentials are masked.
type Exchange struct {
	Facts
	Path    string // with the query, as sent
	Request Message
	Reply   Message // as it was sent
}

// Message is one side of an exchange.
type Message struct {
	Header http.Header
	Body   string // up to 16 KiB of it, with a note in place of each file and of undecodable bytes
}

// RawExchange is one request and its reply as the server had them. Nothing in it may be changed after it was added.
type RawExchange struct {
	Facts
	Mark    Mark     // when it began
	URL     *url.URL // of the request; nil for none
	Request RawMessage
	Reply   RawMessage // as it was sent
}

// RawMessage is one side of an exchange as the server had it.
type RawMessage struct {
	Header http.Header
	Body   []byte
	Files  []File // the files in Body, in any order; none if the body was refused
}

// File is a file in a body.
type File struct {
	Type string // its media type
	Data []byte
}

// Delivery is one attempt to deliver an event, under the name of the control API.
type Delivery struct {
	ID        string // digits, counted from 1; given by the journal, empty when the attempt is not in it
	Mark      Mark   // when it began
	EventID   string
	EventType string
	CheckID   string // the check the event is about; empty for none
	ClaimID   string // the claim, likewise
	MemberID  string // the user that the event is about; empty for none
	Attempt   int    // counted from 1
	At        time.Time
	Began     time.Time // At in real time
	Duration  time.Duration
	URL       string
	Header    headerlines.Lines // as sent; nil when nothing was sent
	Body      []byte            // as sent, but unpacked
	Status    int               // the answer's; 0 when there was none
	Answered  headerlines.Lines // the answer's headers
	Answer    []byte            // the answer's body
	Reason    string            // the failure in one word; empty for success
	Detail    string            // the same in a sentence
	Hint      string            // a remark, such as the probable cause of a failure; empty for none
	Sends     int               // the number of copies that the receiver may have; 0 when nothing was sent
	Next      time.Time         // when the next attempt is due; zero when none is

	ByRetryAfter bool     // the receiver's Retry-After decided Next
	Misbehaviour []string // the deliberate misbehaviours, in the words of a scenario
}

// ShownDelivery is a Delivery as the journal shows it: masked, and with its messages in the form for readers.
type ShownDelivery struct {
	Delivery       // without the messages
	Sent, Answered Message
}

// Masked returns the delivery as the journal shows it.
func (d Delivery) Masked(m *mask.Masker) ShownDelivery {
	sent := Message{m.Header(d.Header.Header()), m.Text(string(d.Body))}
	answered := Message{m.Header(d.Answered.Header()), m.Text(string(d.Answer))}
	d.URL = m.URL(d.URL)
	return ShownDelivery{d.withoutMessages(), sent, answered}
}

func (d Delivery) withoutMessages() Delivery {
	d.Header, d.Body, d.Answered, d.Answer = nil, nil, nil, nil
	return d
}

// size returns roughly the memory a delivery takes, in bytes.
func (d *Delivery) size() int {
	return len(d.URL) + len(d.Body) + len(d.Answer) + len(d.Detail) + len(d.Header) + len(d.Answered)
}

// Journal is the history of one clinic, safe for concurrent use.
type Journal struct {
	mask    *mask.Masker
	epoch   *Epoch
	publish func(entry any)

	mu         sync.Mutex
	since      Mark // the least mark of an entry to keep
	exchanges  ring[exchange]
	deliveries ring[*Delivery]
	requests   uint64
}

// NextRequest returns the number of a request, counted from 1 since the journal was empty. Requests are numbered when
// their clinic is known, and exchanges at their end, so the two numbers differ. It returns false for a request older
// than the last clearing of the journal: such a request shifts no number.
func (j *Journal) NextRequest(began Mark) (uint64, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if began < j.since {
		return 0, false
	}
	j.requests++
	return j.requests, true
}

// Row is an exchange without its messages, for a list.
type Row struct {
	Facts
	URL *url.URL // of the request, with its credentials
}

// PublishTo makes the journal pass each new entry on, in order: an exchange as a *Row, and a Delivery without headers
// and bodies. f must not call the journal. It is set before the first entry.
func (j *Journal) PublishTo(f func(entry any)) *Journal {
	j.publish = f
	return j
}

// New returns an empty journal. All journals of a server share one epoch.
func New(m *mask.Masker, e *Epoch) *Journal {
	return &Journal{
		mask: m, epoch: e, publish: func(any) {},
		exchanges:  ring[exchange]{max: MaxExchanges},
		deliveries: ring[*Delivery]{max: MaxDeliveries},
	}
}

// AddExchange adds an exchange under a new id, unless it began before the journal was cleared.
func (j *Journal) AddExchange(raw RawExchange) {
	e := newExchange(raw)
	size := e.size()
	j.mu.Lock()
	defer j.mu.Unlock()
	if raw.Mark < j.since {
		return
	}
	e.ID = j.exchanges.nextID()
	j.exchanges.add(e, size)
	j.publish(e.Row)
}

// AddDelivery adds a delivery and gives it a new id, unless it is older than the last clearing of the journal. It must
// not be changed afterwards.
func (j *Journal) AddDelivery(d *Delivery) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if d.Mark < j.since {
		return
	}
	d.ID = j.deliveries.nextID()
	j.deliveries.add(d, d.size())
	j.publish(d.withoutMessages())
}

// Exchanges returns up to limit exchanges, newest first, from the one before `after`; from the newest when after is
// empty.
func (j *Journal) Exchanges(after string, limit int) []Exchange {
	j.mu.Lock()
	newest := j.exchanges.newest(after, limit)
	j.mu.Unlock()
	var shown []Exchange
	for _, e := range newest {
		shown = append(shown, e.masked(j.mask))
	}
	return shown
}

// Exchange returns the exchange with an id, false when it is not kept.
func (j *Journal) Exchange(id string) (Exchange, bool) {
	j.mu.Lock()
	e, ok := j.exchanges.byID(id)
	j.mu.Unlock()
	if !ok {
		return Exchange{}, false
	}
	return e.masked(j.mask), true
}

// Deliveries returns deliveries, with the same order and paging as Exchanges.
func (j *Journal) Deliveries(after string, limit int) []ShownDelivery {
	return j.deliveriesIf(after, limit, func(*Delivery) bool { return true })
}

// DeliveriesOf returns the deliveries of one event, newest first.
func (j *Journal) DeliveriesOf(eventID string) []ShownDelivery {
	return j.deliveriesIf("", MaxDeliveries, func(d *Delivery) bool { return d.EventID == eventID })
}

func (j *Journal) deliveriesIf(after string, limit int, shows func(*Delivery) bool) []ShownDelivery {
	j.mu.Lock()
	newest := j.deliveries.newest(after, limit)
	j.mu.Unlock()
	var shown []ShownDelivery
	for _, d := range newest {
		if shows(d) {
			shown = append(shown, d.Masked(j.mask))
		}
	}
	return shown
}

// Mark returns the mark for an entry beginning now.
func (j *Journal) Mark() Mark { return j.epoch.Mark() }

// Clear deletes everything and counts from 1 again. An entry that began before and is added later is not kept.
func (j *Journal) Clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.since = j.epoch.advance()
	j.exchanges.clear()
	j.deliveries.clear()
	j.requests = 0
}
