package specs

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/scenarios"
	"github.com/vsee-mock/vsee-mock/scenarios/play"
)

// Observe implements play.Observer: it asserts each moment of the scenario.
func (p *playing) Observe(_ context.Context, m play.Moment) error {
	switch m := m.(type) {
	case play.Call:
		p.called(m)
	case play.Exchange:
		p.exchanged(m)
	case play.Due:
		p.due(m)
	case play.End:
		p.ended()
	}
	return nil
}

// called prepares the receiver for the events of a call.
func (p *playing) called(c play.Call) {
	p.call = c
	p.noSurplus()
	switch c.Act {
	case play.StartCheck:
		p.prepare(c.Check.Step.Webhook)
	case play.SubmitClaim:
		p.prepare(p.scenario.ClaimWebhook)
	case play.ListInsurers, play.SignOn, play.StoreCards, play.ReadPatient, play.ReadClaim, play.Pause, play.ListRooms,
		play.MakeIntake, play.FindSlot, play.Book, play.WalkIn, play.ReadVisit, play.ChangeCard:
	}
}

// exchanged asserts a reply to the client. Where the scenario cannot go on, the requirement ends.
func (p *playing) exchanged(x play.Exchange) {
	refused := p.sent.Case != ""
	if refused {
		p.last.Refused()
	}
	if f := x.Request.Fault; f != nil {
		p.isFaulty(*f, x)
		refused = refused || breaks(*f) || f.Probability > 0
	}
	unwanted := x.Act == play.SubmitClaim && x.Claim.Step.Refused != "" // by a refusal
	switch {
	case x.Reply.Status == ok && x.Failure == "" && !unwanted:
		p.succeeded(x)
	case !refused || x.Reply.Status == ok && unwanted:
		p.last.Need(false, "", "the scenario goes on with the expected reply alone")
	}
}

// succeeded asserts a reply, and takes from it what the scenario goes on with.
func (p *playing) succeeded(x play.Exchange) {
	r, u := p.last, p.user(x.Other)
	switch x.Act {
	case play.SignOn:
		if u.ID != "" {
			r.Equal("/data/id", u.ID, "the id must be that of the first sign-on")
		}
		*u = p.t.signedOn(form{{"code", x.Request.Form.Get("code")}}, r)
		p.signedOn[u.Token] = p.t.Passed()
	case play.StartCheck:
		r.Equal("/data/carrier_code", x.Check.Carrier, "the check must be with the carrier in the path")
		id := p.t.newCheck(r)
		p.t.Started(id, *u)
		p.started[id] = true
	case play.ReadPatient:
		p.unread = false
		p.shows(r)
	case play.SubmitClaim:
		r.Equal("/data/status", scenarios.Submitted, "a new claim is submitted")
		p.claim, p.status = r.NeedText("/data/claim_id"), scenarios.Submitted
	case play.ReadClaim:
		r.Equal("/data/status", p.status, "the claim must have its last status")
		if stages := x.Claim.Step.Claim.Stages(); len(stages) > 0 && stages[len(stages)-1].Category == "" {
			addsUp(r)
		}
	case play.FindSlot:
		r.Present("/data/slots/0/slot_start", "a block of a provider's time must be offered")
	case play.Book:
		r.Equal("/data/status", 20, "a new appointment is confirmed")
		r.NeedText("/data/id")
	case play.WalkIn:
		r.Equal("/data/status", "10", "a new walk-in waits")
		if id := x.Visit.AppointmentID; id != "" {
			r.Equal("/data/related_appointment_id", id, "the walk-in must be that of the appointment")
		}
		r.NeedText("/data/id")
	case play.ReadVisit:
		p.hasStatus(r, cmp.Or(x.Visit.ID, x.Visit.AppointmentID), "the visit must have its last status")
	case play.ChangeCard:
		delete(p.saved, x.Card)
		p.shows(p.read(p.patient))
	case play.ListInsurers, play.StoreCards, play.Pause, play.ListRooms, play.MakeIntake:
	}
}

// due asserts a thing required by now.
func (p *playing) due(d play.Due) {
	before := p.saved
	p.saved, p.visits = d.Saved, d.Visits
	switch d.Kind {
	case play.Result:
		p.isSaved(d, before)
	case play.Attempt:
		p.isTold(d)
	case play.Status:
		p.status = d.Status
		p.readClaim().Equal("/data/status", d.Status, "the claim must have the status when it is due")
		if hasWebhook(p.scenario) && !d.Webhook.Drop {
			p.isTold(d)
		}
	case play.Step:
		p.hasStatus(p.readVisit(d.VisitID), d.VisitID, "the visit must have the status when it is due")
		if hasWebhook(p.scenario) {
			p.isTold(d)
		}
	case play.Silence:
		p.unchanged()
	}
}

// isSaved asserts the result of a check on its card, and on no other.
func (p *playing) isSaved(d play.Due, before map[string]string) {
	card, want, u := resultAt(d.Check.Step.Card), d.Check.Step.Response, *p.user(d.Check.N == 0)
	if d.Check.Step.Webhook.AfterRead {
		p.unread = true // a reading would release the event
		return
	}
	if d.Check.Late {
		p.shows(p.read(u))
		return
	}
	var r reply
	p.t.Poll(func() bool {
		r = p.read(u)
		text := r.Text(card)
		return text == want || text != "" && text != before[d.Check.Step.Card] || !r.Trusted()
	})
	came := r.Late(card, "the result of a check must be on the card when it is due")
	r.Need(came, card, "the scenario goes on with a result") // the rest would be wrong, too
	if d.Check.N == 0 {
		r.Equal(card, want, "the result must be that of the scenario")
	} else {
		p.shows(r)
	}
}

// shows asserts the results so far in a reading of the patient, and reports whether it has them.
func (p *playing) shows(r reply) bool {
	all := true
	for _, card := range []string{primary, secondary} {
		if text := p.saved[card]; text != "" {
			all = r.Equal(resultAt(card), text, "the result must be that of the scenario") && all
		} else {
			all = r.Absent(resultAt(card), "nothing may be on the card before a result is due") && all
		}
	}
	return all
}

// readClaim reads the latest claim.
func (p *playing) readClaim() reply {
	return p.t.Send(p.t.byAdmin(engine.Get(claimPath + "/" + p.claim)).About(p.patient))
}

// readVisit reads a visit of the patient.
func (p *playing) readVisit(id string) reply {
	return p.t.Send(p.t.byAdmin(engine.Get("/visits/" + id)).About(p.patient))
}

// hasStatus asserts the required status of a visit in a reading of it.
func (p *playing) hasStatus(r reply, id, rule string) bool {
	status, _ := strconv.Atoi(p.visits[id]) // digits
	return r.Equal("/data/status", status, rule)
}

// unchanged asserts no change since the last due thing. An early event of an early result is no finding of its own.
func (p *playing) unchanged() {
	same := p.patient.ID == "" || p.unread || p.shows(p.read(p.patient))
	if p.claim != "" {
		claim := p.readClaim()
		same = claim.Equal("/data/status", p.status, "the claim must keep its status until the next one is due") && same
	}
	for _, id := range slices.Sorted(maps.Keys(p.visits)) {
		same = p.hasStatus(p.readVisit(id), id, "the visit must keep its status until the next step is due") && same
	}
	if same {
		p.noSurplus()
	}
}

// ended asserts no change after the end. On a mock, a scenario for certain times must not apply at others.
func (p *playing) ended() {
	if !p.t.IsMock() {
		p.unchanged()
		return
	}
	for _, f := range p.scenario.HTTP {
		if f.Probability > 0 {
			p.isByChance(f)
		}
	}
	p.t.Pass(play.Quiet)
	p.unchanged()
	if p.scenario.When.IsTimed() {
		p.isOver()
	}
}

// isOver asserts a success after the usual time, for a check at another time than the scenario's.
func (p *playing) isOver() {
	now := p.t.Now()
	at, _ := p.scenario.When.Next(now, false)
	p.t.Pass(at.Sub(now))
	step := p.scenario.Steps()[0]
	carrier := p.scenario.Carriers(p.scenario.Person())[step.Card]
	r := p.t.Send(p.t.byAdmin(engine.Post(checkPath(p.patient.ID, carrier), payload{})).About(p.patient))
	step = scenarios.Step{Card: step.Card, Response: scenarios.Success}
	check := &play.Check{N: 1, Step: step, ID: p.t.newCheck(r)}
	p.t.Started(check.ID, p.patient)
	p.started[check.ID] = true
	_ = p.Advance(context.Background(), cronDelay) // never fails
	saved := map[string]string{step.Card: scenarios.Success}
	p.due(play.Due{Kind: play.Result, Check: check, Saved: saved})
	p.due(play.Due{Kind: play.Attempt, Check: check, Saved: saved})
	p.t.Pass(time.Hour)
	p.unchanged()
}
