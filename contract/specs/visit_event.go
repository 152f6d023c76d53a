package specs

import (
	"context"
	"strconv"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

const (
	visitCreated = "visit.created"
	visitUpdated = "visit.updated"
	visitEnded   = "visit.ended"
)

func visitEventSpecs(l *list) {
	visitLifeSpecs(l)
	visitCountSpecs(l)
	portalEventSpecs(l)
}

// eventRule is the rule of a requirement on an event about a visit. VSee lists actions of its portal as the causes.
// This project has decided that the calls of the API cause the same events.
func eventRule(id, kind, title string) rule {
	return rule{ID: id, Title: title, Operation: kind, Evidence: ours, Needs: []need{aReceiver, visits, aClock}}
}

// inEnvelope sets the envelope of a clinic's events.
func inEnvelope(envelope string) func(*controlapi.ClinicSettings) {
	return func(s *controlapi.ClinicSettings) { s.Webhook.Envelope = &envelope }
}

// moved sends the request of a step, lets a minute pass, and returns the second before it.
func (t *trial) moved(q engine.Request) (r reply, at int64) {
	at = t.Now().Unix()
	r = t.do(q)
	t.Pass(time.Minute)
	return r, at
}

// visitLifeSpecs cover the events of a walk-in in each envelope, and their data.
func visitLifeSpecs(l *list) {
	for i, envelope := range []string{"unversioned", "1.0", "2.0"} {
		for n, kind := range []string{visitCreated, visitUpdated, visitEnded} {
			l.require(eventRule("VEVENT-0"+strconv.Itoa(10*(i+1)+n), kind,
				"An event "+kind+" in the envelope "+envelope+" has the visit as it is, and comes once"), func(t *trial) {
				u := t.booker()
				made, second := t.moved(t.addWalkIn(u))
				v := t.booked(made, u)
				for _, name := range []string{"inprogress", "close"}[:n] {
					_, second = t.moved(v.step(name))
				}
				e := t.NeedEvents(u, kind, 1)[0]
				t.sameVisit(v, kind)
				e.Equal("/created", second, "the second of creation must be that of the step")
				idBegins(e)
				identified(e)
				t.signed(e, "an event about a visit must be signed")
				t.NoEvents(u, kind, n+1, "each step must have one event")
			}, inEnvelope(envelope))
		}
	}
}

// visitCountSpecs cover the number of events.
func visitCountSpecs(l *list) {
	for _, c := range []struct {
		id, kind, title string
		of              func(*trial) visit
		steps           []string
		want            int // of events about the patient's visits
	}{
		{"VEVENT-001", visitCreated, "A visit.created comes for an appointment", (*trial).appointment, nil, 1},
		{"VEVENT-002", visitCreated, "A visit.created comes for an e-consult", (*trial).eConsult, nil, 1},
		{"VEVENT-003", visitUpdated, "A repeated step has no event", (*trial).waiting,
			[]string{"inprogress", "inprogress"}, 2},
		{"VEVENT-004", visitEnded, "A visit.ended comes once for a deleted visit", (*trial).waiting,
			[]string{"delete", "delete"}, 2},
		{"VEVENT-005", visitEnded, "A visit.ended comes once for a visit closed twice", (*trial).waiting,
			[]string{"inprogress", "close", "close"}, 3},
		{"VEVENT-006", visitEnded, "An appointment and its walk-in have an event each when they start and end",
			(*trial).entered, []string{"inprogress", "close"}, 6},
	} {
		l.require(eventRule(c.id, c.kind, c.title), func(t *trial) {
			v := c.of(t)
			for _, step := range c.steps {
				t.moved(v.step(step))
			}
			t.Pass(time.Minute)
			got := t.Events(v.of)
			for _, e := range got {
				if e.Type == c.kind && e.Text("/data/id") == v.id {
					e.Equal("/data/member_id", v.of.ID, "the event must be about the patient")
				}
			}
			t.NeedEvents(v.of, c.kind, map[bool]int{true: 2, false: 1}[c.want == 6])
			t.NoEvents(v.of, c.kind, c.want, "no step may have more events")
		})
	}
	l.require(eventRule("VEVENT-007", visitUpdated, "A moved appointment has no event"), func(t *trial) {
		v := t.appointment()
		t.moved(v.change(form{{"slot_start", strconv.FormatInt(t.farAway().Unix()+7200, 10)}}))
		t.NeedEvents(v.of, visitCreated, 1)
		t.NoEvents(v.of, visitUpdated, 1, "the turn to in progress alone has an event")
	})
}

// entered makes an appointment, and returns the walk-in that enters it.
func (t *trial) entered() visit {
	v := t.appointment()
	t.Pass(time.Second)
	return t.booked(t.Send(walkIn(v.of, form{{"visit_id", v.id}})), v.of)
}

// eConsult makes an e-consult of a new patient.
func (t *trial) eConsult() visit {
	u := t.booker()
	return t.booked(t.Send(t.addEConsult(u)), u)
}

// portalEventSpecs cover the events of the portal's buttons, which the control API of a mock has.
func portalEventSpecs(l *list) {
	for i, envelope := range []string{"unversioned", "1.0", "2.0"} {
		const signed, processed = "visit.note.signed_and_sent", "visit.invoice.processed"
		l.require(eventRule("VEVENT-04"+strconv.Itoa(i), signed,
			"A signed note has an event in the envelope "+envelope+", and a draft has none"), func(t *trial) {
			v := t.endedVisit()
			var second int64
			for _, status := range []string{"draft", "signed"} {
				second = t.button("setting the note", func(ctx context.Context, c *controlapi.Client, account string) error {
					_, err := c.SetNote(ctx, account, v.id, controlapi.NoteChange{Status: status})
					return err
				})
			}
			e := t.NeedEvents(v.of, signed, 1)[0]
			e.Equal("/created", second, "the second of creation must be that of the step")
			idBegins(e)
			e.Equal("/data/id", v.id, "the event must be about the visit")
			if envelope != "2.0" {
				e.Absent("/data/note", "the version 2.0 alone has the note")
				return
			}
			e.Equal("/data/note/status", "signed", "the note must be the signed one")
			e.Present("/data/note/id", "the note must have an id")
		}, inEnvelope(envelope))
		l.require(eventRule("VEVENT-05"+strconv.Itoa(i), processed,
			"A changed invoice has an event in the envelope "+envelope), func(t *trial) {
			v := t.endedVisit()
			second := t.button("setting the invoice", func(ctx context.Context, c *controlapi.Client, account string) error {
				_, err := c.SetInvoice(ctx, account, v.id, controlapi.InvoiceChange{Due: new(int64(2500)), Paid: new(int64(1500))})
				return err
			})
			e := t.NeedEvents(v.of, processed, 1)[0]
			e.Equal("/created", second, "the second of creation must be that of the step")
			idBegins(e)
			e.Equal("/data/id", v.id, "the event must be about the visit")
			if envelope != "2.0" {
				e.Absent("/data/invoice", "the version 2.0 alone has the invoice")
				return
			}
			for name, want := range map[string]any{
				"status": "pending", "amount_due": 2500, "amount_paid": 1500, "currency": "USD",
			} {
				e.Equal("/data/invoice/"+name, want, "the invoice must be as it was set")
			}
		}, inEnvelope(envelope))
	}
	l.require(eventRule("VEVENT-008", visitUpdated, "A provider who picks a visit up is in its event and in the visit"),
		func(t *trial) {
			v := t.waiting()
			t.Pass(time.Minute)
			provider := t.newProvider(t.room())
			t.button("picking the visit up", func(ctx context.Context, c *controlapi.Client, account string) error {
				_, err := c.PickUpVisit(ctx, account, v.id, controlapi.ProviderOfVisit{ProviderID: provider.ID})
				return err
			})
			e := t.NeedEvents(v.of, visitUpdated, 1)[0]
			e.Equal("/data/provider_id", provider.ID, "the event must name the provider")
			r := t.Send(v.read())
			r.Equal("/data/provider/id", provider.ID, "the visit must have the provider")
			r.Equal("/data/status", inProgress, "the visit must have started")
		})
}

// button presses a button of the portal, lets a minute pass, and returns the second before it.
func (t *trial) button(
	doing string, press func(ctx context.Context, c *controlapi.Client, account string) error,
) (at int64) {
	at = t.Now().Unix()
	t.Control(doing, press)
	t.Pass(time.Minute)
	return at
}
