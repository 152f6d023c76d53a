package specs

import (
	"net/url"
	"strconv"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// timeOf are the fields with the time of an appointment.
func timeOf(start, end int64) []engine.Field {
	return []engine.Field{
		{Pointer: "/data/start", Want: start, Rule: "the start must be the one that was sent"},
		{Pointer: "/data/end", Want: end, Rule: "the end must be the one that was sent"},
	}
}

// appointmentSpecs cover a new appointment.
func appointmentSpecs(l *list) {
	for _, c := range []struct {
		id, title, path, intake string
		body                    func(form) payload
		evidence                requirement.Evidence
	}{
		{"VISIT-011", "by multipart", "/visits", "intake_id", engine.Multipart, documented},
		{"VISIT-012", "by JSON", "/visits", "intake_id",
			func(f form) payload { return engine.JSON(f.Object(true)) }, observed},
		{"VISIT-013", "by a urlencoded form", "/visits", "intake_id", engine.URLEncoded, inferred},
		{"VISIT-014", "at /appointments", "/appointments", "intake_id", engine.Multipart, documented},
		{"VISIT-015", "of an intake named by intakeId", "/visits", "intakeId", engine.Multipart, documented},
	} {
		l.add(c.evidence, c.id, "addVisit",
			"addVisit "+c.title+" books an appointment for the time that was sent", func(t *trial) {
				u, room, start := t.booker(), t.room(), t.farAway().Unix()
				intake := t.intake(u)
				f := form{
					{c.intake, intake}, {"room_code", room}, {"slot_start", strconv.FormatInt(start, 10)},
					{"slot_end", strconv.FormatInt(start+slotSeconds, 10)}, {"type", "2"},
				}
				r := t.Send(engine.Post(c.path, c.body(f)).By(u))
				v := t.booked(r, u)
				t.ReadBack(r, v.ways(false), append(timeOf(start, start+slotSeconds), roomOf(room), intakeOf(intake))...)
				r.Equal("/data/member/id", u.ID, "the patient must be the token's owner")
				r.Equal("/data/root_visit/id", v.id, "the visit is the root of itself")
			}, visits)
	}
	l.add(inferred, "VISIT-016", "addVisit",
		"addVisit makes a confirmed visit by video, without a provider", func(t *trial) {
			u := t.booker()
			r := t.Send(t.addVisit(u))
			t.booked(r, u)
			for name, want := range map[string]int{
				"status": confirmed, "type": 2, "subtype": 3, "subType": 3, "provider_id": 0,
			} {
				r.Equal("/data/"+name, want, "the value must be that of a new appointment")
			}
			for _, name := range []string{"actual_start", "actual_end", "completed_by", "related_walkin_id"} {
				r.Absent("/data/"+name, "a booked visit has not started")
			}
		}, visits)
}

// changedVisitSpecs cover appointments moved to another time or provider.
func changedVisitSpecs(l *list) {
	l.add(documented, "VISIT-017", "updateVisit", "updateVisit moves an appointment to another time", func(t *trial) {
		v, start := t.appointment(), t.farAway().Unix()+7200
		r := t.Send(v.change(form{
			{"slot_start", strconv.FormatInt(start, 10)}, {"slot_end", strconv.FormatInt(start+2*slotSeconds, 10)},
		}))
		t.ReadBack(r, v.ways(false), timeOf(start, start+2*slotSeconds)...)
		r.Equal("/data/status", confirmed, "a moved appointment stays confirmed")
	}, visits)
	l.add(ours, "VISIT-018", "updateVisit", "updateVisit with a start alone keeps the length", func(t *trial) {
		v, start := t.appointment(), t.farAway().Unix()+7200
		r := t.Send(v.change(form{{"slot_start", strconv.FormatInt(start, 10)}}))
		t.ReadBack(r, v.ways(false), timeOf(start, start+slotSeconds)...)
	}, visits)
	l.add(documented, "VISIT-019", "updateVisit",
		"updateVisit gives an appointment a provider, and 0 removes it", func(t *trial) {
			v := t.appointment()
			id, _ := strconv.Atoi(t.newProvider(t.room()).ID)
			for _, want := range []int{id, 0} {
				r := t.Send(v.change(form{{"provider_id", strconv.Itoa(want)}}))
				t.ReadBack(r, v.ways(false), engine.Field{Pointer: "/data/provider_id", Want: want,
					Rule: "the provider must be the one that was sent"})
				r.Value("/data/provider", r.At("/data/provider") != nil).Equal(want != 0, "the provider must be shown")
			}
		}, visits, aMock) // a provider is made on a mock alone
}

// change returns the request of the patient to change the visit.
func (v visit) change(f form) engine.Request {
	return engine.Post(v.path()+"?version=2", engine.Multipart(f)).By(v.of)
}

// visitListSpecs cover the list of visits.
func visitListSpecs(l *list) {
	l.add(documented, "VISIT-020", "listVisits",
		"listVisits shows the patient, the room and the price of each visit", func(t *trial) {
			v := t.appointment()
			r := t.Send(engine.Get("/visits").By(v.of))
			r.Value("/data/*/id", r.Column("/data", "id")).Equal([]any{v.id}, "the list must have the patient's visit alone")
			r.Equal("/data/0/member/id", v.of.ID, "the patient must be the token's owner")
			r.Equal("/data/0/member/full_name", "Contract Patient", "the list must have the patient's name")
			r.Present("/data/0/room/code", "the list must have the room")
			r.Present("/data/0/payment/description", "the list must have the kind of price")
			r.Equal("/data/0/status", strconv.Itoa(confirmed), "the status must be that of the visit")
			r.Equal("/data/0/type", "2", "the type must be that of the visit")
		}, visits)
	l.add(observed, "VISIT-021", "listVisits",
		"A patient's list has cancelled visits, and none of another patient", func(t *trial) {
			v, other := t.waiting(), t.waiting()
			t.do(v.step("delete"))
			r := t.Send(engine.Get("/visits").By(v.of))
			ids := r.Column("/data", "id")
			r.Value("/data/*/id", ids).Equal([]any{v.id}, "the list must have the cancelled visit of the patient alone")
			t.Send(engine.Get("/visits").By(other.of)).Equal("/data/0/member_id", other.of.ID, "the list must be the patient's")
		}, visits)
	filterVisitSpecs(l)
}

// filterVisitSpecs cover the parameters of the list, of which VSee publishes none.
func filterVisitSpecs(l *list) {
	for i, c := range []struct {
		query url.Values
		want  []int // of a cancelled walk-in and an appointment
	}{
		{url.Values{"status": {"40"}}, []int{0}}, {url.Values{"status": {"20,10"}}, []int{1}},
		{url.Values{"type": {"1"}}, []int{0}}, {url.Values{"type[]": {"1", "2"}}, []int{1, 0}},
		{url.Values{"room_code": {"contract-nowhere"}}, nil}, {url.Values{"upcoming": {"false"}}, nil},
		{url.Values{"limit": {"1"}}, []int{1}}, {url.Values{"limit": {"1"}, "page": {"2"}}, []int{0}},
		{url.Values{"sort": {"start.asc"}}, []int{0, 1}}, {url.Values{}, []int{1, 0}},
	} {
		l.add(ours, "VISIT-0"+strconv.Itoa(70+i), "listVisits",
			"listVisits selects and sorts by "+nameOf(c.query), func(t *trial) {
				u := t.booker()
				first := t.booked(t.Send(t.addWalkIn(u)), u)
				second := t.booked(t.Send(t.addVisit(u)), u)
				t.do(first.step("delete"))
				want := []any{}
				for _, n := range c.want {
					want = append(want, []string{first.id, second.id}[n])
				}
				r := t.Send(engine.Get("/visits?" + c.query.Encode()).By(u))
				r.Value("/data/*/id", r.Column("/data", "id")).Equal(want, "the list must have the matching visits in order")
				if c.query.Has("limit") {
					r.Equal("/total_count", 2, "the count must be that of the matching visits, on every page")
				}
			})
	}
}

// nameOf returns a query for a title.
func nameOf(query url.Values) string {
	if len(query) == 0 {
		return "the latest start"
	}
	text, _ := url.QueryUnescape(query.Encode())
	return text
}

// currentVisitSpecs cover the current visit.
func currentVisitSpecs(l *list) {
	l.add(documented, "VISIT-022", "getCurrentVisit", "getCurrentVisit shows the visit in progress", func(t *trial) {
		v := t.started()
		r := t.Send(engine.Get("/visits/current").By(v.of))
		r.Equal("/data/id", v.id, "the visit must be the one in progress")
		r.Equal("/data/status", strconv.Itoa(inProgress), "the visit must be in progress")
		r.Equal("/data/member_id", v.of.ID, "the visit must be that of the token's owner")
	}, visits)
	l.add(ours, "VISIT-023", "getCurrentVisit",
		"getCurrentVisit shows a waiting walk-in, and null when there is none", func(t *trial) {
			v := t.waiting()
			t.Send(engine.Get("/visits/current").By(v.of)).Equal("/data/id", v.id, "the visit must be the waiting one")
			t.do(v.step("delete"))
			t.Send(engine.Get("/visits/current").By(v.of)).Absent("/data", "a cancelled visit is not current")
		}, visits)
}

// badVisitSpecs cover the values that a new visit must refuse.
func badVisitSpecs(l *list) {
	for _, c := range []struct {
		id, operation, title, field string
		change                      func(form) form
	}{
		{"VISIT-050", "addVisit", "an end that is not after the start", "slot_end",
			func(f form) form { return f.With("slot_end", f.Value("slot_start")) }},
		{"VISIT-051", "addVisit", "a type other than 2", "type", func(f form) form { return f.And("type", "1") }},
		{"VISIT-052", "addVisit", "a missing start", "slot_start", func(f form) form { return f.Without("slot_start") }},
		{"VISIT-053", "addVisit", "an unknown room", "room_code",
			func(f form) form { return f.With("room_code", "contract-nowhere") }},
		{"VISIT-054", "addVisit", "an unknown provider", "provider_id",
			func(f form) form { return f.And("provider_id", "1") }},
		{"VISIT-055", "addVisit", "a start that is no second", "slot_start",
			func(f form) form { return f.With("slot_start", "contract-soon") }},
	} {
		l.add(ours, c.id, c.operation, c.operation+" refuses "+c.title, func(t *trial) {
			u, start := t.booker(), t.farAway().Unix()
			f := c.change(form{{"intake_id", t.intake(u)}, {"room_code", t.room()},
				{"slot_start", strconv.FormatInt(start, 10)}, {"slot_end", strconv.FormatInt(start+slotSeconds, 10)}})
			q := engine.Post("/visits", engine.Multipart(f)).By(u).As(result.BadField).Tests("/" + c.field)
			if t.Send(q).Refused() {
				t.Send(engine.Get("/visits").By(u)).Equal("/data", []any{}, "a refused request must book nothing")
			}
		})
	}
	badWalkInSpecs(l)
}

func badWalkInSpecs(l *list) {
	for _, c := range []struct {
		id, title, field string
		of               result.Case
		form             func(t *trial, u user) form
	}{
		{"VISIT-056", "a request without an intake", "intake_id", result.BadField,
			func(t *trial, _ user) form { return form{{"room_code", t.room()}} }},
		{"VISIT-057", "an unknown intake", "intake_id", result.UnknownID,
			func(*trial, user) form { return form{{"intake_id", "contract-none"}} }},
		{"VISIT-058", "another patient's intake", "intake_id", result.OtherUser,
			func(t *trial, _ user) form { return form{{"intake_id", t.intake(t.booker())}} }},
		{"VISIT-059", "an unknown room", "room_code", result.BadField, func(t *trial, u user) form {
			return form{{"intake_id", t.intake(u)}, {"room_code", "contract-nowhere"}}
		}},
		{"VISIT-060", "another patient's code", "user_code", result.OtherUser, func(t *trial, u user) form {
			return form{{"intake_id", t.intake(u)}, {"user_code", t.booker().Code}}
		}},
		{"VISIT-061", "a visit that is no appointment", "visit_id", result.BadField, func(t *trial, u user) form {
			return form{{"visit_id", t.booked(t.Send(t.addWalkIn(u)), u).id}}
		}},
		{"VISIT-062", "another patient's appointment", "visit_id", result.OtherUser,
			func(t *trial, _ user) form { return form{{"visit_id", t.appointment().id}} }},
	} {
		l.add(ours, c.id, "addWalkIn", "addWalkIn refuses "+c.title, func(t *trial) {
			u := t.booker()
			t.Send(walkIn(u, c.form(t, u)).As(c.of).Tests("/" + c.field)).Refused()
		})
	}
}
