package specs

import (
	"path"
	"slices"
	"strconv"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/engine"
)

// sameVisitSpecs follow a visit of each kind from its first reply to its last event: each reply and each event must
// show it alike. The visits have all that a mock can give them.
func sameVisitSpecs(l *list) {
	for i, c := range []struct {
		operation, title, envelope, end string
		events                          int // of all visits
		of                              func(t *trial, u user, with form) (made reply, v visit)
	}{
		{"addVisit", "an appointment", "2.0", "close", 3, func(t *trial, u user, with form) (reply, visit) {
			start := t.farAway().Unix()
			r := t.Send(engine.Post("/visits", engine.Multipart(append(with, form{
				{"slot_start", strconv.FormatInt(start, 10)}, {"slot_end", strconv.FormatInt(start+slotSeconds, 10)},
			}...))).By(u))
			return r, t.booked(r, u)
		}},
		{"addWalkIn", "a walk-in", "1.0", "close", 3, func(t *trial, u user, with form) (reply, visit) {
			r := t.Send(walkIn(u, with))
			return r, t.booked(r, u)
		}},
		{"addEConsult", "an e-consult", "2.0", "close", 3, func(t *trial, u user, with form) (reply, visit) {
			r := t.Send(engine.Post("/visits/add_econsult", engine.Multipart(with.Without("provider_id"))).By(u))
			return r, t.booked(r, u)
		}},
		{"getVisit", "an entered appointment", "unversioned", "close", 6, func(t *trial, u user, _ form) (reply, visit) {
			v := t.booked(t.Send(t.addVisit(u)), u)
			t.booked(t.Send(walkIn(u, form{{"visit_id", v.id}})), u)
			return reply{}, v
		}},
		{"addWalkIn", "the walk-in of an appointment", "2.0", "delete", 6, func(t *trial, u user, _ form) (reply, visit) {
			v := t.booked(t.Send(t.addVisit(u)), u)
			r := t.Send(walkIn(u, form{{"visit_id", v.id}}))
			return r, t.booked(r, u)
		}},
	} {
		l.require(eventRule("VISIT-20"+strconv.Itoa(i), c.operation, "Each reply and event shows "+c.title+" alike"),
			func(t *trial) {
				u := t.signOn(fullForm())
				made, v := c.of(t, u, form{{"intake_id", t.paidIntake(u)}, {"room_code", t.room()}, {"provider_id", t.doctor().ID}})
				t.note(v, "draft")
				var places []place
				if made.Status == ok {
					places = []place{{in: made, at: "/data", lacks: []string{"/data/postvisit/draft"}}} // it had no note then
				}
				t.sameVisit(v, visitCreated, places...)
				t.do(v.step("inprogress"))
				t.sameVisit(v, visitUpdated)
				t.do(v.step(c.end))
				t.sameVisit(v, visitEnded)
				t.NoEvents(u, visitEnded, c.events, "each step must have one event of each visit")
			}, inEnvelope(c.envelope))
	}
}

// lastEvent lets a second pass, and returns the last event of a type about a visit. Without one, the requirement is
// blocked.
func (t *trial) lastEvent(v visit, kind string) engine.Event {
	t.Pass(time.Second)
	all := t.AwaitEvents(kind, 1, func() []engine.Event {
		return slices.DeleteFunc(t.Events(v.of),
			func(e engine.Event) bool { return e.Type != kind || e.Data.VisitID != v.id })
	})
	return all[len(all)-1]
}

// sameVisit asserts that an update that changes nothing, the readings of a visit, the last event of a type, and other
// places show the visit alike. Only a new visit is updated, because no other one takes it. Of an ended one, it compares
// the fields of events alone. The event must have been made in this second.
func (t *trial) sameVisit(v visit, kind string, others ...place) {
	places, pointers := others, []string{""}
	if kind == visitCreated {
		start, _ := inForm(t.do(v.read()).At("/data/start"), true).(string)
		places = append(places, place{in: t.do(v.change(form{{"slot_start", start}})), at: "/data"})
	}
	if kind == visitCreated || kind == visitUpdated {
		if current := t.do(engine.Get("/visits/current").By(v.of)); current.Text("/data/id") == v.id {
			places = append(places, place{in: current, at: "/data"})
		}
	} else {
		pointers = []string{"/id", "/member_id", "/provider_id", "/start", "/end", "/actual_start", "/actual_end", "/status",
			"/completed_by"}
	}
	list := t.do(engine.Get("/visits").By(v.of))
	at := v.row(list, "/data")
	second := t.Now().Unix()
	last := t.lastEvent(v, kind)
	last.Equal("/created", second, "the second of creation must be that of the step")
	idBegins(last)
	identified(last)
	t.signed(last, "an event about a visit must be signed")
	e := place{in: last, at: "/data"}
	if last.At("/version") == "2.0" {
		e.lacks = []string{"/data/completed_by"}
		last.Equal("/data/status_updated_by", v.of.ID, "the patient must have caused the last status")
	}
	read := t.do(v.read())
	if read.At("/data/provider_id") == 0.0 {
		last.Absent("/data/provider_id", "no provider must be null in an event")
	}
	places = append(places, place{in: read, at: "/data"},
		place{in: list, at: at, lacks: []string{at + "/intake"}}, e)
	for i := range places {
		places[i].form = visitValue
	}
	agree("the visit must be the same in each reply and event", pointers, places...)
}

// visitValue returns a value of a visit as a number, for texts of digits and words for a status. No provider is nil.
func visitValue(pointer string, value any) any {
	value = inForm(value, false)
	switch name := path.Base(pointer); {
	case name == "provider_id" && value == 0.0:
		return nil
	case name == "status":
		if number, is := statusNumbers()[value]; is {
			return number
		}
	}
	return value
}

func statusNumbers() map[any]any {
	return map[any]any{"pending": 10.0, "confirmed": 20.0, "inprogress": 25.0, "completed": 30.0, "cancelled": 40.0}
}
