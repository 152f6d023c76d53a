package ui

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// mark is one thing that happened to a patient, or will happen.
type mark struct {
	Kind   string // request, check, answer, claim, visit, event, attempt or due
	Tone   string
	Label  string
	Note   string // empty for none
	To     string // the address of its view; empty for none
	At     time.Time
	Ahead  bool // it is due
	member string
}

// marks collects the marks of a stream's items: one for each thing, with its latest state.
type marks struct {
	*call
	past   []*mark
	ahead  map[string]*mark // by the id of the check, claim or event
	events map[string]*mark // by the id of the event
}

// add adds an item of the stream. Items are added in their order.
func (s *marks) add(i controlapi.StreamItem) {
	switch {
	case i.Exchange != nil:
		s.addExchange(*i.Exchange)
	case i.Check != nil:
		s.addCheck(*i.Check, i.At)
	case i.Claim != nil:
		s.addStep(&mark{
			Kind: "claim", Tone: toneOfClaim(i.Claim.Status), Label: strings.ReplaceAll(i.Claim.Status, "_", " "),
			Note: "claim " + i.Claim.ID, To: s.address("/claims/" + i.Claim.ID), At: i.At, member: i.MemberID,
		})
		s.expect(i.Claim.ID, mark{Label: "claim goes on", At: i.Claim.Due, member: i.MemberID})
	case i.Visit != nil:
		s.addStep(&mark{
			Kind: "visit", Tone: plain, Label: i.Visit.StatusWord, Note: "visit " + i.Visit.ID,
			To: s.address("/visits/" + i.Visit.ID), At: i.At, member: i.MemberID,
		})
	case i.Event != nil:
		s.addEvent(*i.Event)
	case i.Delivery != nil:
		s.addAttempt(*i.Delivery)
	case i.Kind == controlapi.KindReset:
		*s = marks{call: s.call, ahead: map[string]*mark{}, events: map[string]*mark{}}
	}
}

// addStep adds a mark, unless the last one of the same thing is equal.
func (s *marks) addStep(m *mark) {
	for i := len(s.past) - 1; i >= 0; i-- {
		if last := s.past[i]; last.To == m.To {
			if last.Label == m.Label {
				return
			}
			break
		}
	}
	s.past = append(s.past, m)
}

// expect notes when the next step of a thing is due, instead of an earlier note; a zero time for never.
func (s *marks) expect(id string, m mark) {
	delete(s.ahead, id)
	if !m.At.IsZero() {
		m.Kind, m.Tone, m.Ahead = "due", waiting, true
		s.ahead[id] = &m
	}
}

func (s *marks) addExchange(x controlapi.ExchangeFacts) {
	path, _, _ := strings.Cut(x.Path, "?")
	if _, below, ok := strings.Cut(path, "/api_v3"); ok {
		path = below
	}
	m := &mark{
		Kind: "request", Tone: toneOfStatus(x.Status), Label: x.Method + " " + path,
		To: s.address("/exchanges/" + x.ID), At: x.At, member: x.MemberID,
	}
	notes := []string{fmt.Sprint(x.Status)}
	if x.Status == 0 {
		notes = []string{"connection reset"}
	}
	if x.Fault != "" {
		notes = append(notes, "fault: "+x.Fault)
	}
	if n := len(x.Warnings); n > 0 {
		notes = append(notes, plural(n, "warning"))
		m.Tone = cmp.Or(map[string]string{good: warning}[m.Tone], m.Tone)
	}
	if x.Violation != "" {
		notes, m.Tone = append(notes, "breaks the document"), bad
	}
	m.Note = strings.Join(notes, " · ")
	s.past = append(s.past, m)
}

func (s *marks) addCheck(k controlapi.Check, at time.Time) {
	m := &mark{
		Kind: "check", Tone: waiting, Label: "check started", Note: k.Carrier + ", " + k.Card,
		To: s.address("/checks/" + k.ID), At: k.Started, member: k.MemberID,
	}
	s.expect(k.ID, mark{})
	switch {
	case k.Status != "pending":
		for _, started := range s.past {
			if started.To == m.To && started.Tone == waiting {
				started.Tone = plain
			}
		}
		m.Kind, m.Label, m.At, m.Tone = "answer", k.Response, at, toneOfAnswer(k.Response)
		if k.RejectCode != "" {
			m.Note = "code " + k.RejectCode + " · " + m.Note
		}
	case k.Due.IsZero():
		m.Note += " · never answered"
	default:
		s.expect(k.ID, mark{Label: "check ends", To: m.To, At: k.Due, member: k.MemberID})
	}
	s.addStep(m)
}

func (s *marks) addEvent(e controlapi.Event) {
	m, ok := s.events[e.ID]
	if !ok {
		m = &mark{Kind: "event", Label: e.Type, To: s.address("/events/" + e.ID), At: e.Created, member: e.MemberID}
		s.events[e.ID] = m
		s.past = append(s.past, m)
	}
	m.Note, m.Tone = e.Status, toneOfEvent(e.Status)
	if e.Status == "skipped" {
		m.Note = "not sent: the clinic has no webhook for it"
	}
	if e.WaitsFor != "" {
		m.Note += " · waits for " + e.WaitsFor
	}
	s.expect(e.ID, mark{Label: fmt.Sprintf("attempt %d", e.Attempts+1), To: m.To, At: e.Next, member: e.MemberID})
}

func (s *marks) addAttempt(d controlapi.Delivery) {
	m := &mark{
		Kind: "attempt", Tone: good, Label: fmt.Sprintf("attempt %d", d.Attempt), Note: d.Outcome(),
		To: s.address("/events/" + d.EventID + fmt.Sprintf("#attempt-%d", d.Attempt)), At: d.At, member: d.MemberID,
	}
	if d.Reason != "" {
		m.Tone = bad
	}
	if len(d.Misbehaviour) > 0 {
		m.Note += " · " + strings.Join(d.Misbehaviour, ", ")
	}
	s.past = append(s.past, m)
}

func toneOfClaim(status string) string {
	switch status {
	case "paid", "partly_paid", "accepted":
		return good
	case "rejected", "denied":
		return warning
	}
	return plain
}

func toneOfEvent(status string) string {
	switch status {
	case "delivered":
		return good
	case "failed":
		return bad
	case "pending":
		return waiting
	}
	return plain
}

// plural writes a number of things.
func plural(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}
