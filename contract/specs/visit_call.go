package specs

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/engine"
)

// visit is a visit made by the suite, and its patient.
type visit struct {
	of user
	id string
}

// reason is the reason of the suite's visits.
const reason = "contract-cough"

// booker signs a patient on whose visits cause no e-mail to the patient.
func (t *trial) booker() user { return t.signOn(patientForm().And("disable_emails", "1")) }

// intakeForm is an intake for a room.
func (t *trial) intakeForm() form { return form{{"room_code", t.room()}, {"reason_for_visit", reason}} }

// intake makes an intake, and returns its id. Without one, the requirement is blocked.
func (t *trial) intake(u user) string {
	return t.madeIntake(t.Send(engine.Post("/intakes", engine.URLEncoded(t.intakeForm())).By(u)), u)
}

// madeIntake returns the id of the new intake in a reply. When neither a reading nor an update finds the intake, the id
// is wrong, and the requirement is blocked.
func (t *trial) madeIntake(r reply, u user) string {
	id := r.NeedText("/data/id")
	for _, q := range []engine.Request{engine.Get("/intakes/" + id), engine.Post("/intakes/"+id, payload{})} {
		if q.Probe = true; t.Send(q.By(u)).Status != http.StatusNotFound {
			return id
		}
	}
	const rule = "the id must be that of the intake"
	r.Need(r.Value("/data/id").Holds(false, "the id of the intake", "the id of none", rule), "/data/id", rule)
	return id
}

// addWalkIn returns the request of a patient to walk in, with a new intake.
func (t *trial) addWalkIn(u user, more ...[2]string) engine.Request {
	return walkIn(u, append(form{{"intake_id", t.intake(u)}, {"room_code", t.room()}}, more...))
}

// walkIn returns the request of a patient to walk in.
func walkIn(u user, f form) engine.Request {
	return engine.Post("/visits/add_walkin", engine.Multipart(f)).By(u)
}

// addVisit returns the request of a patient to book an appointment, with a new intake.
func (t *trial) addVisit(u user, more ...[2]string) engine.Request {
	start := t.farAway().Unix()
	f := form{{"intake_id", t.intake(u)}, {"room_code", t.room()}, {"slot_start", strconv.FormatInt(start, 10)},
		{"slot_end", strconv.FormatInt(start+slotSeconds, 10)}}
	return engine.Post("/visits", engine.Multipart(append(f, more...))).By(u)
}

// addEConsult returns the request of a patient for an e-consult, with a new intake.
func (t *trial) addEConsult(u user) engine.Request {
	f := map[string]string{"intake_id": t.intake(u), "room_code": t.room()}
	return engine.Post("/visits/add_econsult", engine.JSON(f)).By(u)
}

// slotSeconds is the length of the suite's appointments.
const slotSeconds = 900

// farAway is a time without a provider's own appointments: nine months from now, on a full hour.
func (t *trial) farAway() time.Time { return t.Now().AddDate(0, 9, 0).Truncate(time.Hour) }

// waiting makes a walk-in of a new patient.
func (t *trial) waiting() visit {
	u := t.booker()
	return t.booked(t.Send(t.addWalkIn(u)), u)
}

// appointment makes an appointment of a new patient.
func (t *trial) appointment() visit {
	u := t.booker()
	return t.booked(t.Send(t.addVisit(u)), u)
}

// do sends a request that the next one needs. Without a success, the requirement is blocked.
func (t *trial) do(q engine.Request) reply {
	r := t.Send(q)
	r.Need(r.Trusted(), "", "the next request needs this one")
	return r
}

// started makes a walk-in in progress.
func (t *trial) started() visit {
	v := t.waiting()
	t.do(v.step("inprogress"))
	return v
}

// ended makes a completed walk-in.
func (t *trial) endedVisit() visit {
	v := t.started()
	t.do(v.step("close"))
	return v
}

// booked returns the visit of a reply, and ends it after the requirement on a target that other people use. Without an
// id, the requirement is blocked.
func (t *trial) booked(r reply, u user) visit {
	v := visit{u, r.NeedText("/data/id")}
	thing := "a visit"
	if digits.MatchString(v.id) {
		thing = "visit " + v.id
	}
	t.Started(v.id, u) // its events are the trial's
	open := thing + " (not ended)"
	t.Undo(open, func() string {
		for _, q := range []engine.Request{v.step("delete"), t.byAdmin(v.step("delete"))} {
			if q.Probe = true; t.Send(q).Status == ok {
				return thing + " (cancelled)"
			}
		}
		q := v.read()
		if q.Probe = true; t.Send(q).Number("/data/status") >= completed {
			return thing + " (ended)"
		}
		return open
	})
	return v
}

// The statuses of a visit, as VSee's SDK numbers them.
const (
	pending    = 10
	confirmed  = 20
	inProgress = 25
	completed  = 30
	cancelled  = 40
)

// step returns the request of the patient to move a visit: inprogress, close or delete.
func (v visit) step(name string, more ...[2]string) engine.Request {
	return engine.Post("/visits/"+name, engine.URLEncoded(append(form{{"id", v.id}}, more...))).By(v.of)
}

// read returns the request of the patient to read the visit.
func (v visit) read() engine.Request { return engine.Get(v.path()).By(v.of) }

// path is the path of the visit.
func (v visit) path() string { return "/visits/" + v.id }

// visitCalls are the sample calls of the operations on intakes, visits and free slots. In the tables, visits are made
// on a mock alone: each row would leave a visit behind. The requirements of a visit itself make a few elsewhere.
func visitCalls() map[string]sampleCall {
	mock, member := []need{aMock}, []need{aMember}
	return map[string]sampleCall{
		"createIntake":       {call: callCreateIntake},
		"updateIntake":       {call: callUpdateIntake},
		"getIntake":          {call: callGetIntake},
		"addWalkIn":          {callAddWalkIn, mock},
		"addEConsult":        {callAddEConsult, mock},
		"addVisit":           {callAddVisit, mock},
		"getAvailability":    {call: callGetAvailability},
		"searchAvailability": {call: callSearchAvailability},
		"listVisits":         {callListVisits, member},
		"getCurrentVisit":    {callGetCurrentVisit, member},
		"startVisit":         {callStep((*trial).waiting, "inprogress"), mock},
		"closeVisit":         {callStep((*trial).started, "close"), mock},
		"deleteVisit":        {callStep((*trial).appointment, "delete"), mock},
		"getVisit":           {callGetVisit, mock},
		"updateVisit":        {callUpdateVisit, mock},
		"getVisitSummary":    {callGetVisitSummary, mock},
	}
}

func callCreateIntake(t *trial) call {
	return once(func() engine.Request {
		return engine.Post("/intakes", engine.URLEncoded(t.intakeForm())).By(t.newPatient())
	},
		present("/data/id", "an intake has an id"))
}

// callWithIntake is a call about an intake of a new patient.
func callWithIntake(t *trial, request func(path string) engine.Request) call {
	u := sync.OnceValue(t.newPatient)
	id := sync.OnceValue(func() string { return t.intake(u()) })
	return once(func() engine.Request { return request("/intakes/" + id()).By(u()) },
		shown("/data/id", func() any { return id() }, "the intake must be the one in the path"))
}

func callUpdateIntake(t *trial) call {
	return callWithIntake(t, func(path string) engine.Request {
		return engine.Post(path, engine.Multipart(form{{"reason_for_visit", "contract-rash"}}))
	})
}

func callGetIntake(t *trial) call { return callWithIntake(t, engine.Get) }

func callAddWalkIn(t *trial) call {
	return once(func() engine.Request { return t.addWalkIn(t.booker()) },
		shown("/data/status", func() any { return "10" }, "a new walk-in waits"))
}

func callAddEConsult(t *trial) call {
	return once(func() engine.Request { return t.addEConsult(t.booker()) },
		shown("/data/type", func() any { return 3 }, "the visit must be an e-consult"))
}

func callAddVisit(t *trial) call {
	return once(func() engine.Request { return t.addVisit(t.booker()) },
		shown("/data/type", func() any { return 2 }, "the visit must be an appointment"))
}

func callGetAvailability(t *trial) call {
	return once(func() engine.Request { return t.byAdmin(engine.Get("/availability?room_code=" + t.room())) }, showsSlots)
}

func callSearchAvailability(t *trial) call {
	return once(func() engine.Request {
		return t.byAdmin(engine.Post("/availability", engine.URLEncoded(form{{"room_code", t.room()}})))
	}, showsSlots)
}

// showsSlots asserts a list of slots, which may be empty.
func showsSlots(r reply) {
	r.Expected()
	_, isList := r.At("/data/slots").([]any)
	r.Value("/data/slots", isList).Equal(true, "the reply must have a list of slots")
}

func callListVisits(t *trial) call {
	return once(func() engine.Request { return engine.Get("/visits").By(t.patient()) }, func(r reply) { r.Expected() })
}

func callGetCurrentVisit(t *trial) call {
	return once(func() engine.Request { return engine.Get("/visits/current").By(t.patient()) },
		func(r reply) { r.Expected() })
}

// callStep returns a call that moves a visit.
func callStep(prepared func(*trial) visit, name string) func(*trial) call {
	return func(t *trial) call {
		v := sync.OnceValue(func() visit { return prepared(t) })
		return once(func() engine.Request { return v().step(name) }, showsVisit(v))
	}
}

// showsVisit asserts that a reply is about a visit.
func showsVisit(v func() visit) func(reply) {
	return shown("/data/id", func() any { return v().id }, "the visit must be the one of the request")
}

func callGetVisit(t *trial) call {
	v := sync.OnceValue(t.waiting)
	return once(func() engine.Request { return v().read() }, showsVisit(v))
}

func callUpdateVisit(t *trial) call {
	v := sync.OnceValue(t.appointment)
	return once(func() engine.Request {
		later := strconv.FormatInt(t.farAway().Unix()+2*slotSeconds, 10)
		return engine.Post(v().path()+"?version=2", engine.Multipart(form{{"slot_start", later}})).By(v().of)
	}, showsVisit(v))
}

func callGetVisitSummary(t *trial) call {
	v := sync.OnceValue(t.endedVisit)
	return once(func() engine.Request { return v().summary() },
		present("/data/url", "a completed visit has the address of a summary"))
}
