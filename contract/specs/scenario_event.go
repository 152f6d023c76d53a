package specs

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/scenarios"
	"github.com/vsee-mock/vsee-mock/scenarios/play"
)

// copies returns the number of requests in one attempt to deliver an event.
func copies(m scenarios.Webhook) int { return max(int(m.Duplicate.Times), 1) * max(int(m.Burst), 1) }

// prepare makes the receiver refuse the attempts with a misbehaviour, for others to follow, and time a slow body.
func (p *playing) prepare(m scenarios.Webhook) {
	if m.Attempts > 0 {
		p.t.Refuse(int(m.Attempts) * copies(m))
	}
	if m.Slow > 0 {
		p.t.Limit(time.Duration(m.Slow) / 4) // a quarter: this process may read it late
	}
}

// came returns the events about a user so far. With faults of requests, the target may have started a check and not
// said so: events of such a check are left out.
func (p *playing) came(u user) []engine.Event {
	events := p.t.Events(u)
	if len(p.scenario.HTTP) == 0 {
		return events
	}
	return slices.DeleteFunc(events, func(e engine.Event) bool {
		return e.Data.CheckID != "" && !p.started[e.Data.CheckID]
	})
}

// noSurplus asserts no event beyond the expected ones.
func (p *playing) noSurplus() {
	for _, u := range []user{p.patient, p.other} {
		if events := p.came(u); u.ID != "" && len(events) > len(p.taken[u.ID]) && !engine.AnyBroken(events) {
			kind := checkedEvent
			if last := events[len(events)-1].Type; last == claimEvent || strings.HasPrefix(last, "visit.") {
				kind = last
			}
			p.t.ExtraEvent(kind, "an event must come as often as the scenario says, and when it is due")
		}
	}
}

// take awaits n more events about a user and returns them, preferably the own ones.
func (p *playing) take(u user, kind string, n int, own func(engine.Event) bool) []engine.Event {
	if p.taken[u.ID] == nil {
		p.taken[u.ID] = map[int]bool{}
	}
	taken := p.taken[u.ID]
	came := p.t.AwaitEvents(kind, len(taken)+n, func() []engine.Event { return p.came(u) })
	var events []engine.Event
	for _, wanted := range []bool{true, false} {
		for i, e := range came {
			if len(events) < n && !taken[i] && own(e) == wanted {
				taken[i] = true
				events = append(events, e)
			}
		}
	}
	return events
}

// isTold asserts an attempt to deliver the event of a check, a visit or a claim.
func (p *playing) isTold(d play.Due) {
	m := d.Webhook
	if m.Refused > 0 {
		return // it is recorded and not sent
	}
	kind, u := claimEvent, p.patient
	own := func(e engine.Event) bool { return e.Data.ClaimID == p.claim && e.Data.ClaimStatus == d.Status }
	if d.Visit != nil {
		kind, own = d.Event, func(e engine.Event) bool { return e.Data.VisitID == d.VisitID && e.Type == d.Event }
	}
	if d.Check != nil {
		kind, u = checkedEvent, *p.user(d.Check.N == 0)
		own = func(e engine.Event) bool { return e.Data.CheckID == d.Check.ID }
	}
	earlier, ids := p.event, map[string]bool{}
	for _, e := range p.take(u, kind, copies(m), own) {
		ids[e.ID] = true
		e.Equal("/type", kind, "the event must be of this type")
		switch {
		case d.Check != nil:
			e.Equal("/data/eligibility_id", d.Check.ID, aboutStarted)
			e.Equal("/data/eligibility_response", d.Check.Step.Response, "the event must have the result on the card")
		case d.Visit != nil:
			e.Equal("/data/id", d.VisitID, "the event must be about the visit")
			e.Equal("/data/status", d.Status, "the event must have the status of the visit")
			e.Equal("/created", int(d.At.Unix()), "the event must have the time of the step")
		default:
			e.Equal("/data/claim_id", p.claim, "the event must be about the claim")
			e.Equal("/data/status", d.Status, "the event must have the status of the claim")
		}
		p.isSpoiled(e, m)
		p.isSigned(e, m)
		p.event = e
	}
	has(p.event, "/id", len(ids) == max(int(m.Burst), 1), "number of ids")
	if m.Hold.Next {
		place := func(body []byte) int {
			return slices.IndexFunc(p.t.Deliveries(), func(d engine.Delivery) bool {
				return bytes.Equal(d.Body, body)
			})
		}
		has(p.event, "", place(earlier.Body) < place(p.event.Body), "order")
	}
}

// has asserts a property of an event, with a word for it.
func has(e engine.Event, place string, ok bool, property string) {
	wanted := "the " + property + " of the scenario"
	e.Value(place).Holds(ok, wanted, "another "+property, "the event must have "+wanted)
}

// isSpoiled asserts the misbehaviour in the request of an event, and no other.
func (p *playing) isSpoiled(e engine.Event, m scenarios.Webhook) {
	encoding := ""
	if m.Gzip {
		encoding = "gzip"
	}
	has(e, "Content-Encoding", e.Header.Get("Content-Encoding") == encoding, "encoding")
	has(e, "", e.Delivery.Late == (m.Slow > 0), "duration")
	if m.NumericMemberID {
		_, text := e.At("/data/external_member_id").(string)
		has(e, "/data/external_member_id", !text, "type")
	}
	if p.scenario.HasWebhook(addsAField) { // elsewhere, observation notes fields
		has(e, "", (e.Undeclared() > 0) == addsAField(m), "set of fields")
	}
}

// shift is the distance from now of a stale timestamp, or of one in the future.
const shift = 10 * time.Minute

// isSigned asserts a genuine and current signature, apart from the misbehaviour.
func (p *playing) isSigned(e engine.Event, m scenarios.Webhook) {
	if p.t.Clinic.Webhook.Secret == "" {
		return
	}
	current := engine.Verify(e.Header, p.t.Clinic.Webhook.Secret, e.Body) == nil
	old := engine.Verify(e.Header, oldSecret, e.Body) == nil
	right := current
	switch {
	case m.Signature == "bad" || m.Altered:
		right = !current && !old
	case m.Signature == "old":
		right = !current && old
	}
	has(e, "webhook-signature", right, "signature")
	if p.t.IsMock() {
		off := map[string]time.Duration{"stale": -shift, "future": shift}[string(m.Timestamp)]
		at, err := engine.SignedAt(e.Header)
		has(e, "webhook-timestamp", err == nil && at.Sub(e.Began.Add(off)).Abs() <= engine.Tolerance, "timestamp")
	}
}
