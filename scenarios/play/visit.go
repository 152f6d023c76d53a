package play

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Visit is a visit of the scenario.
type Visit struct {
	N             int             // counted from 1
	Course        scenarios.Visit // the zero value when nothing happens by itself
	AppointmentID string          // empty for a walk-in without one, and before the booking
	ID            string          // of the walk-in; empty until the patient walks in
}

// The statuses of a new walk-in and of a new appointment, as in Due.
const (
	waits  = "10"
	booked = "20"
)

// lead is how long before its start the patient books an appointment in a clinic without free slots. slot is its
// length.
const (
	lead = time.Hour
	slot = 15 * time.Minute
)

// visit fills in an intake, and walks in or books an appointment. Unless the scenario lists its calls, it then waits
// until nothing is pending and reads the visit.
func (p *player) visit(ctx context.Context) error {
	p.visits++
	v := &Visit{N: p.visits}
	if p.scenario.Visit != nil {
		v.Course = *p.scenario.Visit
	}
	if err := p.readClock(ctx); err != nil {
		return err
	}
	form, err := p.fillIn(ctx, v)
	if form == nil || err != nil {
		return err
	}
	comes := true
	if v.Course.IsAppointment() {
		if comes, err = p.book(ctx, v, form); err != nil {
			return err
		}
		form = url.Values{"visit_id": {v.AppointmentID}}
	}
	if comes {
		err = p.walkIn(ctx, v, form)
	}
	switch id := cmp.Or(v.ID, v.AppointmentID); {
	case err != nil:
	case p.listed():
		err = p.pass(ctx, 0)
	case id != "":
		if err = p.finish(ctx); err == nil {
			_, err = p.ask(ctx, Call{Act: ReadVisit, Visit: v}, "getVisit", "/visits/"+url.PathEscape(id), nil, nil)
		}
	}
	return err
}

// fillIn makes an intake for the clinic's first room, and returns the fields of a visit with both; nil when it gives
// up.
func (p *player) fillIn(ctx context.Context, v *Visit) (url.Values, error) {
	var rooms struct {
		Data []struct {
			Code string `json:"code"`
		} `json:"data"`
	}
	ok, err := p.ask(ctx, Call{Act: ListRooms, Visit: v}, "listRooms", "/rooms", nil, &rooms)
	if !ok || len(rooms.Data) == 0 {
		return nil, err
	}
	form := url.Values{"room_code": {rooms.Data[0].Code}, "reason_for_visit": {"Cough"}}
	id, err := p.askID(ctx, Call{Act: MakeIntake, Visit: v}, "createIntake", "/intakes", form)
	if id == "" {
		return nil, err
	}
	return url.Values{"room_code": form["room_code"], "intake_id": {id}}, nil
}

// book books the first free slot, or a time of its own in a clinic without one, and waits for its start. It returns
// false for an appointment that the patient does not enter.
func (p *player) book(ctx context.Context, v *Visit, form url.Values) (bool, error) {
	var free struct {
		Data struct {
			Slots []struct {
				Start int64 `json:"slot_start"`
				End   int64 `json:"slot_end"`
			} `json:"slots"`
		} `json:"data"`
	}
	path := "/availability?room_code=" + url.QueryEscape(form.Get("room_code"))
	if ok, err := p.ask(ctx, Call{Act: FindSlot, Visit: v}, "getAvailability", path, nil, &free); !ok {
		return false, err
	}
	start, end := p.now.Add(lead), p.now.Add(lead+slot)
	if len(free.Data.Slots) > 0 {
		start, end = time.Unix(free.Data.Slots[0].Start, 0), time.Unix(free.Data.Slots[0].End, 0)
	}
	form.Set("type", "2")
	form.Set("slot_start", strconv.FormatInt(start.Unix(), 10))
	form.Set("slot_end", strconv.FormatInt(end.Unix(), 10))
	var err error
	if v.AppointmentID, err = p.askID(ctx, Call{Act: Book, Visit: v}, "addVisit", "/visits", form); v.AppointmentID == "" {
		return false, err
	}
	p.planStep(v, v.AppointmentID, p.now, "visit.created", booked)
	switch {
	case v.Course.Outcome == scenarios.Missed:
		p.plan(Due{At: end.Add(Quiet), Kind: Silence, Visit: v})
		return false, nil
	case v.Course.EndsBooking():
		p.planCourse(v, v.AppointmentID)
		return false, nil
	}
	return true, p.pass(ctx, max(start.Sub(p.now), 0))
}

// walkIn lets the patient walk in, or enter the appointment in the form.
func (p *player) walkIn(ctx context.Context, v *Visit, form url.Values) (err error) {
	if v.ID, err = p.askID(ctx, Call{Act: WalkIn, Visit: v}, "addWalkIn", "/visits/add_walkin", form); v.ID == "" {
		return err
	}
	p.planStep(v, v.ID, p.now, "visit.created", waits)
	p.planCourse(v, v.ID)
	return nil
}

// planCourse plans what happens to a visit from now on. An appointment starts and ends with its walk-in.
func (p *player) planCourse(v *Visit, id string) {
	at, stages := p.now, v.Course.Stages()
	for _, stage := range stages {
		at = at.Add(stage.After)
		p.planStep(v, id, at, stage.Event, strconv.Itoa(stage.Status))
		if v.AppointmentID != "" && v.AppointmentID != id && stage.IsShared() {
			p.planStep(v, v.AppointmentID, at, stage.Event, strconv.Itoa(stage.Status))
		}
	}
	if len(stages) == 0 {
		p.plan(Due{At: at.Add(Quiet), Kind: Silence, Visit: v})
	}
}

func (p *player) planStep(v *Visit, id string, at time.Time, event, status string) {
	p.plan(Due{At: at, Kind: Step, Visit: v, VisitID: id, Event: event, Status: status, Attempt: 1, Last: true})
}

// ask makes a request of the patient: a GET, or a POST of a form.
func (p *player) ask(ctx context.Context, c Call, operation, path string, form url.Values, result any) (bool, error) {
	r := Request{Operation: operation, Method: http.MethodGet, Path: path, Form: form, patient: p.patient}
	if form != nil {
		r.Method = http.MethodPost
	}
	return p.call(ctx, c, r, result)
}

// askID is ask for a reply with an id; empty when the client gives up.
func (p *player) askID(ctx context.Context, c Call, operation, path string, form url.Values) (string, error) {
	var made struct {
		Data struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	_, err := p.ask(ctx, c, operation, path, form, &made)
	return made.Data.ID, err
}
