package specs

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

const (
	visitCreated = "visit.created"
	visitUpdated = "visit.updated"
	visitEnded   = "visit.ended"

	noteSigned       = "visit.note.signed_and_sent"
	invoiceProcessed = "visit.invoice.processed"
)

func visitEventSpecs(l *list) {
	visitCountSpecs(l)
	portalEventSpecs(l)
	retriedEventSpecs(l)
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

// moved sends the request of a step, and lets a minute pass.
func (t *trial) moved(q engine.Request) {
	t.do(q)
	t.Pass(time.Minute)
}

// visitCountSpecs cover the number of events.
func visitCountSpecs(l *list) {
	for i, c := range []struct {
		kind, title string
		steps       []string
	}{
		{visitUpdated, "A repeated step has no event", []string{"inprogress", "inprogress"}},
		{visitEnded, "A visit.ended comes once for a deleted visit", []string{"delete", "delete"}},
		{visitEnded, "A visit.ended comes once for a visit closed twice", []string{"inprogress", "close", "close"}},
	} {
		l.require(eventRule("VEVENT-00"+strconv.Itoa(3+i), c.kind, c.title), func(t *trial) {
			v := t.waiting()
			for _, step := range c.steps {
				t.moved(v.step(step))
			}
			t.NeedEvents(v.of, c.kind, 1)
			t.NoEvents(v.of, c.kind, len(c.steps), "no step may have more events")
		})
	}
	l.require(eventRule("VEVENT-007", visitUpdated, "A moved appointment has no event"), func(t *trial) {
		v := t.appointment()
		t.moved(v.change(form{{"slot_start", strconv.FormatInt(t.farAway().Unix()+7200, 10)}}))
		t.NeedEvents(v.of, visitCreated, 1)
		t.NoEvents(v.of, visitUpdated, 1, "the turn to in progress alone has an event")
	})
}

// portalEventSpecs cover the events of the portal's buttons, which the control API of a mock has.
func portalEventSpecs(l *list) {
	for i, envelope := range []string{"unversioned", "1.0", "2.0"} {
		l.require(eventRule("VEVENT-04"+strconv.Itoa(i), noteSigned,
			"A signed note has an event in the envelope "+envelope+", and a draft has none"), func(t *trial) {
			v := t.served()
			t.note(v, "draft")
			t.Pass(time.Minute)
			t.note(v, "signed")
			e := t.portalEvent(v, noteSigned)
			if envelope != "2.0" {
				e.Absent("/data/note", "the version 2.0 alone has the note")
				return
			}
			e.Equal("/data/note/status", "signed", "the note must be the signed one")
			e.Value("/data/note/id").Same(t.do(v.read()).Value("/data/postvisit/id"), "the note must be that of the visit")
		}, inEnvelope(envelope))
		l.require(eventRule("VEVENT-05"+strconv.Itoa(i), invoiceProcessed,
			"A changed invoice has an event in the envelope "+envelope), func(t *trial) {
			v := t.served()
			t.invoice(v, controlapi.InvoiceChange{Due: new(int64(2500)), Paid: new(int64(1500))})
			e := t.portalEvent(v, invoiceProcessed)
			if envelope != "2.0" {
				e.Absent("/data/invoice", "the version 2.0 alone has the invoice")
				return
			}
			for name, want := range map[string]any{
				"status": "pending", "amount_due": 2500, "amount_paid": 1500, "currency": "USD",
			} {
				e.Equal("/data/invoice/"+name, want, "the invoice must be as it was set")
			}
			read := t.do(v.read())
			for _, name := range []string{"id", "amount_due", "currency"} {
				e.Value("/data/invoice/"+name).Same(read.Value("/data/invoice/"+name), "the invoice must be that of the visit")
			}
		}, inEnvelope(envelope))
	}
	l.require(eventRule("VEVENT-008", visitUpdated, "A provider who picks a visit up is in its event and in the visit"),
		func(t *trial) {
			v := t.waiting()
			t.Pass(time.Minute)
			provider := t.newProvider(t.room())
			t.Control("picking the visit up", func(ctx context.Context, c *controlapi.Client, account string) error {
				_, err := c.PickUpVisit(ctx, account, v.id, controlapi.ProviderOfVisit{ProviderID: provider.ID})
				return err
			})
			e := t.lastEvent(v, visitUpdated)
			e.Equal("/data/provider_id", provider.ID, "the event must name the provider")
			r := t.Send(v.read())
			r.Equal("/data/provider/id", provider.ID, "the visit must have the provider")
			r.Equal("/data/status", inProgress, "the visit must have started")
		})
}

// retriedEventSpecs cover the second attempt of each type of event.
func retriedEventSpecs(l *list) {
	for i, c := range []struct {
		kind string
		of   func(*trial) visit
		step func(*trial, visit)
	}{
		{visitCreated, (*trial).appointment, func(t *trial, v visit) { t.do(walkIn(v.of, form{{"visit_id", v.id}})) }},
		{visitUpdated, (*trial).waiting, func(t *trial, v visit) { t.do(v.step("inprogress")) }},
		{visitEnded, (*trial).started, func(t *trial, v visit) { t.do(v.step("close")) }},
		{noteSigned, (*trial).endedVisit, func(t *trial, v visit) { t.note(v, "signed") }},
		{invoiceProcessed, (*trial).endedVisit, func(t *trial, v visit) {
			t.invoice(v, controlapi.InvoiceChange{Due: new(int64(2500))})
		}},
	} {
		l.require(eventRule("VEVENT-09"+strconv.Itoa(i), c.kind,
			"An event "+c.kind+" comes again when the receiver refuses it"), func(t *trial) {
			v := c.of(t)
			t.Pass(time.Minute)
			t.Refuse(1)
			c.step(t, v)
			t.Pass(time.Second)
			ofKind := func() []engine.Event {
				return slices.DeleteFunc(t.Events(v.of), func(e engine.Event) bool { return e.Type != c.kind })
			}
			n := len(t.AwaitEvents(c.kind, 1, ofKind))
			t.Pass(retries()[0])
			t.AwaitEvents(c.kind, n+1, ofKind)
		})
	}
}

// served makes a walk-in with a provider that is completed.
func (t *trial) served() visit {
	u := t.booker()
	v := t.booked(t.Send(t.addWalkIn(u, [2]string{"provider_id", t.doctor().ID})), u)
	t.do(v.step("inprogress"))
	t.moved(v.step("close"))
	return v
}

// portalEvent returns the one event of a type about a visit, which a button of the portal has just caused.
func (t *trial) portalEvent(v visit, kind string) engine.Event {
	t.sameVisit(v, kind)
	return t.NeedEvents(v.of, kind, 1)[0]
}

// note sets the status of a visit's note.
func (t *trial) note(v visit, status string) {
	t.Control("setting the note", func(ctx context.Context, c *controlapi.Client, account string) error {
		_, err := c.SetNote(ctx, account, v.id, controlapi.NoteChange{Status: status})
		return err
	})
}

// invoice changes a visit's invoice.
func (t *trial) invoice(v visit, change controlapi.InvoiceChange) {
	t.Control("setting the invoice", func(ctx context.Context, c *controlapi.Client, account string) error {
		_, err := c.SetInvoice(ctx, account, v.id, change)
		return err
	})
}
