package engine

import (
	"cmp"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/strict"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// Event is an event as it arrived at the receiver.
type Event struct {
	*message
	Delivery
	EventFields
}

// EventFields are the fields of an event for requirements to compare.
type EventFields struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Created int64  `json:"created"`
	Account string `json:"account_code"`
	Data    struct {
		CheckID  string `json:"eligibility_id"`
		MemberID string `json:"member_id"`
		Response string `json:"eligibility_response"`

		ClaimID     string `json:"claim_id"`
		ClaimStatus string `json:"status"` // of a claim or a visit

		VisitID string `json:"id"`
	} `json:"data"`
}

// Started notes that a check or a visit was started for a user, and its events are the trial's.
func (t *Trial) Started(id string, u User) { t.checks[id] = u }

// IsNew reports whether no earlier check in the clinic has had an id.
func (t *Trial) IsNew(check string) bool {
	_, known := t.run.checks.LoadOrStore(t.Clinic.AccountCode+" "+check, true)
	return !known
}

// Spoil permits undeclared fields in the clinic's events, for a deliberate fault.
func (t *Trial) Spoil() { t.spoiled = true }

// HasReceiver reports whether the clinic's events reach the run.
func (t *Trial) HasReceiver() bool { return t.run.receiver != nil }

// Refuse makes the receiver answer the next n events with 503.
func (t *Trial) Refuse(n int) { t.run.receiver.refuse(t.hookPath, n) }

// Limit marks events whose body takes this long, or longer, to arrive as late.
func (t *Trial) Limit(body time.Duration) { t.run.receiver.limit(t.hookPath, body) }

// Deliveries returns all requests to the clinic's webhook so far, in order of arrival.
func (t *Trial) Deliveries() []Delivery { return t.run.receiver.received(t.hookPath) }

// Events returns the events about a user so far, in order of arrival. An event is about a user by its patient or by its
// check; an event that says neither is about every user.
func (t *Trial) Events(u User) []Event {
	var about []Event
	for _, e := range t.observeEvents() {
		if e.Data.MemberID == u.ID || !t.isMember(e) && t.checks[e.Data.CheckID].ID == u.ID || e.nobodys() {
			about = append(about, e)
		}
	}
	return about
}

// NeedEvents waits for n events of a type about a user and returns them. When fewer come, the requirement is blocked by
// the missing event; when more have come, it fails by the surplus.
func (t *Trial) NeedEvents(u User, kind string, n int) []Event {
	got := t.AwaitEvents(kind, n, func() []Event {
		return slices.DeleteFunc(t.Events(u), func(e Event) bool { return e.operation != kind })
	})
	if len(got) > n && !AnyBroken(got) {
		t.ExtraEvent(kind, "the event must come once")
	}
	return got
}

// AnyBroken reports whether an event is wrong as a whole: it may then be about another user than it seems.
func AnyBroken(events []Event) bool {
	return slices.ContainsFunc(events, func(e Event) bool { return !e.Trusted() })
}

// AwaitEvents waits until a list has n events, and returns it. When fewer come, the requirement is blocked by a missing
// event of a type; it is a late one if it comes before the end of the run.
func (t *Trial) AwaitEvents(kind string, n int, list func() []Event) []Event {
	var got []Event
	t.Poll(func() bool {
		got = list()
		return len(got) >= n
	})
	if len(got) < n {
		m := t.message(kind)
		m.exchange = nil
		m.observe(finding{
			Key:      result.Key{Kind: result.EventMissing, Expected: result.Present, Got: result.Absent},
			evidence: t.evidenceOf(kind),
			rule:     "the event must come",
		})
		t.block(m.taints[0])
		t.run.await(func() bool {
			came := len(list()) >= n
			if came {
				m.record(result.Late, "", result.Present, result.Absent, "the event must come when its result is there")
			}
			return came
		})
		panic(stop{})
	}
	return got
}

// ExtraEvent fails the requirement because of an event too many.
func (t *Trial) ExtraEvent(kind, rule string) {
	m := t.message(kind)
	m.exchange = nil
	t.fail(m.record(result.EventExtra, "", result.Absent, result.Present, rule))
}

// NoEvents requires no event about a user after the first n. The surplus is one of the type that came twice with the
// same data, or else of kind.
func (t *Trial) NoEvents(u User, kind string, n int, rule string) bool {
	events := t.Events(u)
	if len(events) <= n || AnyBroken(events) {
		return true
	}
	for i, e := range events {
		if slices.ContainsFunc(events[:i], func(former Event) bool {
			return former.Type == e.Type && equal(former.At("/data"), e.At("/data"))
		}) {
			kind = e.Type
		}
	}
	t.ExtraEvent(kind, rule)
	return false
}

func (t *Trial) evidenceOf(kind string) requirement.Evidence {
	event, _ := embedded.Spec().Event(kind)
	return cmp.Or(requirement.Evidence(event.Grade), t.requirement.Evidence)
}

// nobodys reports whether an event says neither its patient nor its check, for example because it is no object.
func (e Event) nobodys() bool {
	return e.Data.MemberID == "" && e.Data.CheckID == "" && e.Data.ClaimID == ""
}

// isMember reports whether an event names a patient of the trial with a check.
func (t *Trial) isMember(e Event) bool {
	for _, u := range t.checks {
		if u.ID != "" && u.ID == e.Data.MemberID {
			return true
		}
	}
	return false
}

// isOurs reports whether an event on a shared target may be the trial's. Events about other patients arrive there, too.
func (t *Trial) isOurs(e Event) bool {
	_, ours := t.checks[e.Data.CheckID]
	return ours || t.isMember(e) || e.nobodys()
}

// observeEvents checks each event that has come since its last call, and returns all events of the trial: on
// a mock all of its clinic, elsewhere those about its checks or their users, and those about no user.
func (t *Trial) observeEvents() []Event {
	var all []Event
	for _, d := range t.run.receiver.received(t.hookPath) {
		if d.number <= t.since {
			continue
		}
		e := Event{Delivery: d}
		_ = json.Unmarshal(d.Body, &e.EventFields) // a broken event is observed below
		if !t.IsMock() && !t.isOurs(e) {
			continue
		}
		if e.message = t.events[d.number]; e.message == nil {
			e.message = t.observeEvent(e)
			t.events[d.number] = e.message
		}
		all = append(all, e)
	}
	return all
}

// observeEvent checks an event whole: the method and the media type of its request, its payload, and the owner of its
// data.
func (t *Trial) observeEvent(e Event) *message {
	m := &message{t: t, operation: e.Type, of: result.OK,
		exchange: func() *result.Exchange { return t.shownEvent(e.Delivery) }}
	kind, envelope := t.run.checker.EnvelopeOf(e.Body)
	if kind == "" {
		m.operation = "eligibility.checked" // the one event of every clinic
	}
	m.decode(e.Body)
	_, isObject := m.value.(map[string]any)
	if !t.spoiled {
		t.run.collector.saw(m.operation, m.of, true)
		if t.run.Tracker != nil {
			t.run.Tracker.SawEvent(kind, envelope, e.Body)
		}
	}
	own := t.evidenceOf(m.operation)
	m.observeRequest(e, own)
	if m.value != nil && !isObject {
		m.observe(finding{
			Key:      result.Key{Kind: result.Type, Expected: "object", Got: strict.TypeOf(m.value)},
			evidence: own, rule: "an event must be an object",
		})
		m.taintWhole()
		return m
	}
	if wanted := t.Clinic.Webhook.Envelope; wanted != "" && kind != "" && wanted != envelope &&
		len(t.run.checker.Event(e.Body, "")) == 0 {
		m.observe(finding{
			Key: result.Key{Kind: result.Type, Expected: wanted, Got: envelope}, evidence: own,
			rule: "the event must come in the envelope that the clinic is set to",
		})
		m.taintWhole()
		return m
	}
	for _, f := range t.run.checker.Event(e.Body,
		map[bool]string{true: t.Clinic.Webhook.Envelope}[kind != "" && t.Clinic.Webhook.Envelope == envelope]) {
		if t.spoiled && f.Kind == result.Undeclared {
			m.noteUndeclared(Star(f.Pointer))
		} else {
			m.found(f, own)
		}
	}
	if len(m.taints) > 0 && m.value == nil {
		m.taintWhole()
	}
	u := t.checks[e.Data.CheckID]
	if t.isMember(e) {
		u = User{} // the check may be wrong, and the requirements compare it
	}
	t.observeOwner(m, u)
	return m
}

// observeRequest checks the method and the media type of an event's request.
func (m *message) observeRequest(e Event, own requirement.Evidence) {
	if e.Method != http.MethodPost {
		got := "another method"
		if slices.Contains([]string{http.MethodGet, http.MethodPut, http.MethodPatch, http.MethodDelete}, e.Method) {
			got = e.Method
		}
		m.observe(finding{
			Key:      result.Key{Kind: result.EventRequest, Pointer: "method", Expected: http.MethodPost, Got: got},
			evidence: own,
			rule:     "an event must come by POST",
		})
	}
	if mediaType, params, _ := mime.ParseMediaType(e.Header.Get("Content-Type")); mediaType != "application/json" ||
		params["charset"] != "" && !strings.EqualFold(params["charset"], "utf-8") {
		got := strict.ShownType(mediaType)
		if got == "application/json" {
			got = "another charset"
		}
		m.observe(finding{
			Key: result.Key{Kind: result.EventRequest, Pointer: "Content-Type", Expected: "application/json",
				Got: got},
			evidence: own, rule: "an event must come as JSON",
		})
	}
}

// shownEvent returns an event and the receiver's answer, redacted.
func (t *Trial) shownEvent(d Delivery) *result.Exchange {
	return &result.Exchange{
		Request: result.Message{
			Line:   "POST, to the clinic's webhook",
			Header: t.run.redactor.Header(d.Header),
			Body:   t.run.redactor.Body(d.Header.Get("Content-Type"), d.Body),
		},
		Reply: result.Message{Line: fmt.Sprintf("%d %s", d.Status, http.StatusText(d.Status))},
	}
}
