package specs

import (
	"regexp"
	"slices"
	"strconv"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

func visitSpecs(l *list) {
	walkInSpecs(l)
	forPatientSpecs(l)
	enteredSpecs(l)
	appointmentSpecs(l)
	changedVisitSpecs(l)
	visitListSpecs(l)
	currentVisitSpecs(l)
	visitStepSpecs(l)
	closingSpecs(l)
	forbiddenStepSpecs(l)
	summarySpecs(l)
	badVisitSpecs(l)
	visitIDSpecs(l)
}

// meetingForm is the form of a meeting's id: the millisecond of its creation, and a UUID (documented).
var meetingForm = regexp.MustCompile(`^[0-9]{13}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}__jitsi$`)

// walkInSpecs cover a new walk-in.
func walkInSpecs(l *list) {
	for i, c := range encodings() {
		evidence := []requirement.Evidence{documented, inferred, documented}[i]
		l.add(evidence, "VISIT-00"+strconv.Itoa(i+1), "addWalkIn",
			"addWalkIn "+c.title+" makes a waiting walk-in of the intake in its room", func(t *trial) {
				u, room := t.booker(), t.room()
				f := form{{"intake_id", t.intake(u)}, {"room_code", room}}
				r := t.Send(engine.Post("/visits/add_walkin", c.body(f)).By(u))
				v := t.booked(r, u)
				t.ReadBack(r, v.ways(true), roomOf(room), intakeOf(f.Value("intake_id")))
				r.Equal("/data/type", "1", "the visit must be a walk-in")
				r.Equal("/data/status", strconv.Itoa(pending), "a new walk-in waits")
				r.Equal("/data/member_id", u.ID, "the patient must be the token's owner")
				r.Equal("/data/intake/visit_id", v.id, "the intake must name the visit")
				r.Value("/data/meeting/meeting_id").Matches(meetingForm, "the milliseconds, a UUID and __jitsi",
					"the meeting must have an id")
				start, _ := strconv.Atoi(r.Text("/data/start"))
				end, _ := strconv.Atoi(r.Text("/data/end"))
				r.Value("/data/end", end > start).From("/data/start").Equal(true, "the end must be after the start")
				for _, at := range []string{"actual_start", "actual_end", "completed_by"} {
					r.Absent("/data/"+at, "a waiting visit has not started")
				}
			}, visits)
	}
	l.add(documented, "VISIT-004", "addEConsult",
		"addEConsult makes a confirmed e-consult without a provider, with an invoice and four hours more to answer",
		func(t *trial) {
			u, room := t.booker(), t.room()
			f := map[string]string{"intake_id": t.intake(u), "room_code": room}
			r := t.Send(engine.Post("/visits/add_econsult", engine.JSON(f)).By(u))
			v := t.booked(r, u)
			t.ReadBack(r, v.ways(false), roomOf(room), intakeOf(f["intake_id"]))
			for pointer, want := range map[string]any{
				"type": 3, "subtype": 4, "status": confirmed, "provider_id": 0, "state": "--", "invoice/status": 10,
				"invoice/visit_id": v.id,
			} {
				r.Equal("/data/"+pointer, want, "the value must be that of a new e-consult")
			}
			r.Value("/data/expiry", r.Number("/data/expiry")-r.Number("/data/end")).From("/data/end").Equal(14400,
				"the e-consult must end four hours after its time")
		}, visits)
}

// roomOf is the field with the room of a visit.
func roomOf(room string) engine.Field {
	return engine.Field{Pointer: "/data/room/code", Want: room, Rule: "the room must be the one that was sent"}
}

// intakeOf is the field with the intake of a visit.
func intakeOf(id string) engine.Field {
	return engine.Field{Pointer: "/data/intake/id", Want: id, Rule: "the intake must be the one that was sent"}
}

// ways are the ways of reading a visit: by id, with numbers, and in the patient's list, with texts. The fields are
// compared in the form of the write: with texts, or with numbers.
func (v visit) ways(texts bool) []engine.Way {
	at := func(r reply, pointer string) any { return inForm(r.At(pointer), texts) }
	return []engine.Way{
		{Request: v.read(), At: at},
		{
			Request: engine.Get("/visits").By(v.of), Lacks: []string{"/data/intake/id"},
			At:      func(r reply, pointer string) any { return at(r, v.row(r, pointer)) },
			Pointer: v.row,
		},
	}
}

// row returns the pointer in a list for a pointer in the reply about the visit alone. A list without the visit has no
// such value.
func (v visit) row(r reply, pointer string) string {
	return "/data/" + strconv.Itoa(slices.Index(r.Column("/data", "id"), any(v.id))) + pointer[len("/data"):]
}

// inForm returns a number as a text, or a text of digits as a number.
func inForm(value any, texts bool) any {
	switch value := value.(type) {
	case float64:
		if texts {
			return strconv.FormatFloat(value, 'f', -1, 64)
		}
	case string:
		if number, err := strconv.ParseFloat(value, 64); err == nil && !texts && digits.MatchString(value) {
			return number
		}
	}
	return value
}

// forPatientSpecs cover a walk-in made by the admin.
func forPatientSpecs(l *list) {
	for _, c := range []struct {
		id, title string
		evidence  requirement.Evidence
		fields    func(user) form
	}{
		{"VISIT-005", "of the patient named by user_code", documented,
			func(u user) form { return form{{"user_code", u.Code}} }},
		{"VISIT-006", "of the intake's patient", ours, func(user) form { return nil }},
	} {
		l.add(c.evidence, c.id, "addWalkIn", "addWalkIn by the admin makes a walk-in "+c.title, func(t *trial) {
			u := t.booker()
			q := t.addWalkIn(u, c.fields(u)...)
			q.Header = nil
			r := t.Send(t.byAdmin(q))
			t.booked(r, u)
			r.Equal("/data/member_id", u.ID, "the walk-in must be the patient's")
		}, visits)
	}
	l.add(documented, "VISIT-007", "addVisit",
		"addVisit by the admin books for the patient named by member_id", func(t *trial) {
			u := t.booker()
			q := t.addVisit(u, [2]string{"member_id", u.ID})
			q.Header = nil
			r := t.Send(t.byAdmin(q))
			t.booked(r, u)
			r.Equal("/data/member/id", u.ID, "the appointment must be the patient's")
		}, visits)
}

// enteredSpecs cover an appointment entered by a walk-in.
func enteredSpecs(l *list) {
	for i, name := range []string{"visit_id", "visit_data_id"} {
		l.add(documented, "VISIT-00"+strconv.Itoa(8+i), "addWalkIn",
			"addWalkIn with "+name+" enters an appointment, and both visits name each other", func(t *trial) {
				v := t.appointment()
				r := t.Send(walkIn(v.of, form{{name, v.id}}))
				entry := t.booked(r, v.of)
				r.Equal("/data/related_appointment_id", v.id, "the walk-in must name its appointment")
				a := t.Send(v.read())
				a.Equal("/data/related_walkin_id", entry.id, "the appointment must name its walk-in")
				a.Equal("/data/related_walkin/id", entry.id, "the appointment must show its walk-in")
				a.Equal("/data/related_walkin/status", pending, "the walk-in waits")
				a.Equal("/data/type", 2, "the appointment stays one")
				t.Send(entry.read()).Equal("/data/related_appointment_id", v.id, "the walk-in must name its appointment")
			}, visits)
	}
}

// visitIDSpecs cover ids.
func visitIDSpecs(l *list) {
	const large = 9007199254740993 // a float64 rounds it
	l.require(rule{ID: "VISIT-010", Operation: "getVisit", Evidence: ours, Needs: []need{visits},
		Title: "An id beyond 2^53 comes out as it went in"}, func(t *trial) {
		v := t.waiting()
		for _, r := range []reply{t.Send(v.read()), t.Send(v.step("inprogress")), t.Send(v.step("close"))} {
			r.Equal("/data/id", strconv.Itoa(large), "the id must come out digit for digit")
		}
		next := visit{v.of, strconv.Itoa(large - 1)}
		t.Send(next.read().As(result.UnknownID)).Refused()
	}, func(s *controlapi.ClinicSettings) { s.FirstVisitID = new(uint64(large)) })
}
