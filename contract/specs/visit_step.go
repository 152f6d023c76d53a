package specs

import (
	"strconv"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// at is the field with a time of a visit that was sent.
func at(name string, want int64) engine.Field {
	return engine.Field{Pointer: "/data/" + name, Want: want, Rule: name + " must be as sent"}
}

// hasStatus is the field with the status of a visit.
func hasStatus(want int) engine.Field {
	return engine.Field{Pointer: "/data/status", Want: want, Rule: "the status must follow from the step"}
}

// visitStepSpecs cover a visit that starts, and one that is deleted.
func visitStepSpecs(l *list) {
	l.add(observed, "VISIT-024", "startVisit",
		"startVisit by the patient, with the clinic's key beside the token, moves a visit to in progress", func(t *trial) {
			for _, v := range []visit{t.waiting(), t.appointment()} {
				now := t.Now().Unix()
				q := v.step("inprogress", [2]string{"actual_start", strconv.FormatInt(now, 10)})
				r := t.Send(t.byKey(q))
				r.Equal("/data/id", v.id, "the reply must have the visit's id")
				t.ReadBack(r, v.ways(false), hasStatus(inProgress), at("actual_start", now))
				t.Send(v.read()).Absent("/data/actual_end", "a visit in progress has not ended")
			}
		}, visits)
	l.add(ours, "VISIT-025", "startVisit", "startVisit of a visit in progress changes nothing", func(t *trial) {
		v := t.started()
		before := t.Send(v.read())
		t.Pass(time.Minute)
		t.Send(v.step("inprogress")).Expected()
		t.Send(v.read()).Same("/data", before, "the visit must be as it was")
	}, visits)
	l.add(documented, "VISIT-026", "deleteVisit",
		"deleteVisit cancels a visit, which stays readable and in the list", func(t *trial) {
			for _, v := range []visit{t.waiting(), t.appointment(), t.started()} {
				r := t.Send(v.step("delete"))
				r.Equal("/data/id", v.id, "the reply must have the visit's id")
				t.ReadBack(r, v.ways(false), hasStatus(cancelled))
			}
		}, visits)
	l.add(documented, "VISIT-027", "deleteVisit", "deleteVisit by the admin cancels a patient's visit", func(t *trial) {
		v := t.waiting()
		r := t.Send(t.byAdmin(v.step("delete")))
		t.ReadBack(r, v.ways(false), hasStatus(cancelled))
	}, visits)
	l.add(ours, "VISIT-028", "startVisit", "An appointment starts and ends with its walk-in", func(t *trial) {
		v := t.appointment()
		entry := t.booked(t.Send(walkIn(v.of, form{{"visit_id", v.id}})), v.of)
		for _, c := range []struct {
			step string
			want int
		}{{"inprogress", inProgress}, {"close", completed}} {
			r := t.Send(entry.step(c.step))
			for _, one := range []visit{entry, v} {
				t.ReadBack(r, one.ways(false), hasStatus(c.want))
			}
		}
	}, visits)
}

// closingSpecs cover a visit that ends.
func closingSpecs(l *list) {
	l.add(inferred, "VISIT-029", "closeVisit",
		"closeVisit ends a visit, and notes the time and the user behind it", func(t *trial) {
			v, now := t.started(), t.Now().Unix()+60
			r := t.Send(v.step("close", [2]string{"actual_end", strconv.FormatInt(now, 10)}))
			r.Equal("/data/id", v.id, "the reply must have the visit's id")
			id, _ := strconv.Atoi(v.of.ID)
			t.ReadBack(r, v.ways(false), at("actual_end", now), engine.Field{Pointer: "/data/completed_by", Want: id,
				Rule: "the visit must have been ended by the token's owner"})
			t.Send(v.read()).OneOf("/data/status", []any{completed, cancelled}, "a closed visit must have ended")
		}, visits)
	const callEnds, leaves = "patient_end_call", "patient_exit_room"
	for i, c := range []struct {
		title   string
		of      func(*trial) visit
		reason  string
		byAdmin bool // with status=30
		want    int
	}{
		{"in progress without a reason", (*trial).started, "", false, completed},
		{"in progress with patient_end_call", (*trial).started, callEnds, false, completed},
		{"in progress with call_ended", (*trial).started, "call_ended", false, completed},
		{"in progress with patient_exit_room", (*trial).started, leaves, false, cancelled},
		{"in progress with patient_cancel_appointment", (*trial).started, "patient_cancel_appointment", false, cancelled},
		{"in progress with max_waiting_time_reached", (*trial).started, "max_waiting_time_reached", false, cancelled},
		{"waiting without a reason", (*trial).waiting, "", false, cancelled},
		{"waiting with patient_end_call", (*trial).waiting, callEnds, false, cancelled},
		{"booked with patient_exit_room", (*trial).appointment, leaves, false, cancelled},
		{"waiting by the admin with status 30", (*trial).waiting, "", true, completed},
		{"completed with patient_exit_room", (*trial).endedVisit, leaves, false, completed},
	} {
		l.add(ours, "VISIT-0"+strconv.Itoa(30+i), "closeVisit",
			"closeVisit of a visit "+c.title+" leads to "+statusWord(c.want), func(t *trial) {
				v, f := c.of(t), form(nil)
				if c.reason != "" {
					f = f.And("reason", c.reason)
				}
				q := v.step("close", f...)
				if c.byAdmin {
					q = t.byAdmin(v.step("close", [2]string{"status", "30"}))
				}
				t.ReadBack(t.Send(q), v.ways(false), hasStatus(c.want))
			})
	}
	l.add(ours, "VISIT-041", "closeVisit", "closeVisit refuses an unknown reason", func(t *trial) {
		v := t.started()
		if t.Send(v.step("close", [2]string{"reason", "contract-bored"}).As(result.BadField).Tests("/reason")).Refused() {
			t.Send(v.read()).Equal("/data/status", inProgress, "a refused request must end nothing")
		}
	})
}

func statusWord(status int) string {
	return map[int]string{completed: "completed", cancelled: "cancelled"}[status]
}

// forbiddenStepSpecs cover steps that the status of a visit forbids, and visits that the clinic does not have.
func forbiddenStepSpecs(l *list) {
	for _, c := range []struct {
		id, operation, title string
		send                 func(visit) engine.Request
	}{
		{"VISIT-042", "startVisit", "a completed visit", func(v visit) engine.Request { return v.step("inprogress") }},
		{"VISIT-043", "deleteVisit", "a completed visit", func(v visit) engine.Request { return v.step("delete") }},
		{"VISIT-044", "updateVisit", "a completed visit", func(v visit) engine.Request {
			return v.change(form{{"provider_id", "0"}})
		}},
		{"VISIT-045", "addWalkIn", "a completed appointment", func(v visit) engine.Request {
			return walkIn(v.of, form{{"visit_id", v.id}})
		}},
	} {
		l.add(ours, c.id, c.operation, c.operation+" refuses "+c.title, func(t *trial) {
			v := t.appointment()
			t.do(v.step("inprogress"))
			t.do(v.step("close"))
			before := t.Send(v.read())
			before.Equal("/data/status", completed, "the visit must be completed")
			if t.Send(c.send(v).As(result.BadField)).Refused() {
				t.Send(v.read()).Same("/data", before, "a refused request must change nothing")
			}
		})
	}
	for i, c := range []struct {
		operation string
		send      func(visit) engine.Request
	}{
		{"getVisit", visit.read}, {"updateVisit", func(v visit) engine.Request { return v.change(nil) }},
		{"getVisitSummary", visit.summary}, {"startVisit", func(v visit) engine.Request { return v.step("inprogress") }},
		{"closeVisit", func(v visit) engine.Request { return v.step("close") }},
		{"deleteVisit", func(v visit) engine.Request { return v.step("delete") }},
	} {
		l.add(ours, "VISIT-0"+strconv.Itoa(80+i), c.operation,
			c.operation+" answers a visit that the clinic does not have with 404", func(t *trial) {
				for _, id := range []string{"1", t.foreign().visit} {
					t.Send(c.send(visit{user{Token: t.Clinic.AdminToken}, id}).As(result.UnknownID)).Refused()
				}
			})
	}
}

// summary returns the request of the patient for the visit's summary.
func (v visit) summary() engine.Request {
	return engine.Get(v.path() + "/exports/visit_summary").By(v.of)
}

// summarySpecs cover the summary of a visit.
func summarySpecs(l *list) {
	for _, c := range []struct {
		id, title string
		evidence  requirement.Evidence
		of        func(*trial) visit
	}{
		{"VISIT-046", "a waiting visit", ours, (*trial).waiting},
		{"VISIT-047", "a visit in progress", ours, (*trial).started},
	} {
		l.add(c.evidence, c.id, "getVisitSummary", "getVisitSummary refuses "+c.title, func(t *trial) {
			t.Send(c.of(t).summary().As(result.BadField)).Refused()
		}, visits)
	}
	l.add(documented, "VISIT-048", "getVisitSummary",
		"getVisitSummary returns the address of a completed visit's summary", func(t *trial) {
			r := t.Send(t.endedVisit().summary())
			r.Value("/data/url").Matches(isAddress, "a URL outside the API", "the summary must have an address")
		}, visits)
}

// foreign are things of another clinic of the mock.
type foreign struct{ visit, intake, room, provider string }

// foreign makes a visit, an intake, a room and a provider in another clinic of the mock.
func (t *trial) foreign() foreign {
	own := t.Clinic
	defer func() { t.Clinic = own }()
	t.Clinic = t.Neighbour(func(s *controlapi.ClinicSettings) {
		s.Webhook.Events, s.FirstVisitID = []string{checkedEvent}, new(uint64(7_000_000))
	})
	u := t.booker()
	f := foreign{intake: t.intake(u), visit: t.booked(t.Send(t.addWalkIn(u)), u).id}
	f.room = t.Send(t.byAdmin(roomRequest(roomForm()))).NeedText("/data/code")
	f.provider = t.newProvider(f.room).ID
	return f
}
