package clinic

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// Visit is a visit with the rest of its reply.
type Visit struct {
	visits.Visit
	Clinic      string // the display name of the clinic
	Member      User
	Provider    User // without an ID for none
	Creator     User
	Room        visits.Room
	Intake      visits.Intake
	WalkIn      visits.Visit // of an appointment; without an ID for none
	Appointment visits.Visit // of a walk-in, likewise
}

// NewWalkIn is a request to walk in, or to enter an appointment. An empty field was not sent.
type NewWalkIn struct {
	Intake      string
	Room        string
	Provider    string
	Member      string // a user's code, or else id
	Appointment string // the id of the appointment to enter
	Scenario    string // the id of the scenario to plan the visit with, for a mock; likewise below
}

// The lengths of visits without a consultation, and the time to answer an e-consult (from VSee's samples).
const (
	visitLength    = 15 * time.Minute
	econsultExpiry = 4 * time.Hour
)

var errNoVisit = refuse(NotFound, "the clinic has no visit with this id")

// AddWalkIn makes a visit that starts as soon as a provider is there. With an appointment, it is the patient's way into
// that appointment: the two begin and end together.
func (c *Clinic) AddWalkIn(ctx context.Context, token string, r NewWalkIn) (Visit, error) {
	return updateAndWake(ctx, c, func(tx Tx) (Visit, error) {
		caller, err := c.callerByToken(tx, token)
		if err != nil {
			return Visit{}, err
		}
		appointment, err := c.appointmentToEnter(tx, caller, r.Appointment)
		if err != nil {
			return Visit{}, err
		}
		if appointment.WalkInID != "" { // entered before, and still to begin
			walkIn, _ := tx.Visits().Get(appointment.WalkInID)
			return detailsOf(tx, walkIn), nil
		}
		draft := draftVisit{
			caller: caller, scenario: r.Scenario, member: appointment.MemberID,
			intake: cmp.Or(r.Intake, appointment.IntakeID), room: cmp.Or(r.Room, appointment.RoomCode),
			provider: cmp.Or(r.Provider, appointment.ProviderID),
		}
		if r.Member != "" {
			member, err := patientNamed(tx, caller, "user_code", r.Member)
			if err != nil {
				return Visit{}, err
			}
			draft.member = member.ID
		}
		visit, intake, err := draft.resolve(tx)
		if err != nil {
			return Visit{}, err
		}
		return c.putNewWalkIn(tx, caller, visit, intake, appointment)
	})
}

// putNewWalkIn stores a walk-in, and ties it to the appointment that the patient enters by it, if there is one.
func (c *Clinic) putNewWalkIn(
	tx Tx, caller caller, visit visits.Visit, intake visits.Intake, appointment visits.Visit,
) (Visit, error) {
	now := c.clock.Now()
	visit.Kind, visit.Subtype, visit.Status = visits.WalkIn, visits.Video, visits.Pending
	visit.Start, visit.End, visit.AppointmentID = now, now.Add(lengthOf(visit.Consultation)), appointment.ID
	visit = c.identify(tx, visit, caller, now)
	if appointment.ID != "" {
		appointment.WalkInID, appointment.Modified = visit.ID, now
		tx.PutVisit(appointment)
	}
	return c.putNewVisit(tx, visit, intake)
}

// appointmentToEnter returns the appointment with an id in a body; none for an empty id.
func (c *Clinic) appointmentToEnter(v View, caller caller, id string) (visits.Visit, error) {
	if id == "" {
		return visits.Visit{}, nil
	}
	appointment, ok := v.Visits().Get(id)
	if !ok {
		return appointment, refuse(NotFound, "visit_id is not the id of a visit of this clinic")
	}
	if !caller.mayUse(appointment) {
		return appointment, errForeignVisit
	}
	if err := appointment.Enterable(); err != nil {
		return appointment, refuse(Invalid, "%s", err)
	}
	return appointment, nil
}

// NewEConsult is a request for an e-consult.
type NewEConsult struct{ Intake, Room, Scenario string }

// AddEConsult makes an asynchronous visit, without a slot, for whichever provider of the room accepts it.
func (c *Clinic) AddEConsult(ctx context.Context, token string, r NewEConsult) (Visit, error) {
	return updateAndWake(ctx, c, func(tx Tx) (Visit, error) {
		caller, err := c.callerByToken(tx, token)
		if err != nil {
			return Visit{}, err
		}
		visit, intake, err := draftVisit{caller: caller, scenario: r.Scenario, intake: r.Intake, room: r.Room}.resolve(tx)
		if err != nil {
			return Visit{}, err
		}
		now := c.clock.Now()
		visit.Kind, visit.Subtype, visit.Status = visits.EConsult, visits.Asynchronous, visits.Confirmed
		visit.ProviderID = ""
		visit.Start, visit.End = now, now.Add(visitLength)
		intake.Location = cmp.Or(intake.Location, "--") // as in VSee's sample without one
		visit.Expiry, visit.State = visit.End.Add(econsultExpiry), intake.Location
		visit = c.identify(tx, visit, caller, now)
		visit.Invoice = newInvoice(tx, now)
		return c.putNewVisit(tx, visit, intake)
	})
}

// NewAppointment is a request for an appointment. An empty field was not sent.
type NewAppointment struct {
	Start, End time.Time
	Intake     string
	Room       string
	Provider   string
	Member     string // a user's id, or else code
	Scenario   string
}

// AddAppointment books a time, with or without a provider. A block of a provider's time that covers it is booked too.
func (c *Clinic) AddAppointment(ctx context.Context, token string, r NewAppointment) (Visit, error) {
	return updateAndWake(ctx, c, func(tx Tx) (Visit, error) {
		caller, err := c.callerByToken(tx, token)
		if err != nil {
			return Visit{}, err
		}
		if !r.End.After(r.Start) {
			return Visit{}, refuse(Invalid, "slot_end must be after slot_start")
		}
		draft := draftVisit{
			caller: caller, scenario: r.Scenario, intake: r.Intake, room: r.Room, provider: r.Provider,
		}
		if r.Member != "" {
			member, err := patientByID(tx, caller, "member_id", r.Member)
			if err != nil {
				return Visit{}, err
			}
			draft.member = member.ID
		}
		visit, intake, err := draft.resolve(tx)
		if err != nil {
			return Visit{}, err
		}
		now := c.clock.Now()
		visit.Kind, visit.Subtype, visit.Status = visits.Scheduled, visits.Video, visits.Confirmed
		visit.Start, visit.End = r.Start, r.End
		if visit, err = bookBlock(tx, visit); err != nil {
			return Visit{}, err
		}
		return c.putNewVisit(tx, c.identify(tx, visit, caller, now), intake)
	})
}

// draftVisit is a visit to be made, by the names in a request.
type draftVisit struct {
	caller                         caller
	intake, room, provider, member string // member is a user id
	scenario                       string
}

// resolve returns the visit with its patient, intake, room and provider. What is missing comes from the intake.
func (d draftVisit) resolve(v View) (visits.Visit, visits.Intake, error) {
	intake, err := intakeNamed(v, d.caller, d.intake)
	if err != nil {
		return visits.Visit{}, intake, err
	}
	member := cmp.Or(d.member, intake.MemberID)
	if d.caller.isPatient() {
		member = d.caller.user.ID
	}
	switch {
	case member == "":
		return visits.Visit{}, intake, refuse(Invalid, "there is no patient: name one, or send an intake that has one")
	case intake.MemberID != "" && intake.MemberID != member:
		return visits.Visit{}, intake, refuse(Invalid, "intake_id is the intake of another patient")
	}
	code := cmp.Or(d.room, intake.RoomCode)
	if code == "" {
		return visits.Visit{}, intake, refuse(Invalid, "room_code is required: neither the request nor its intake has one")
	}
	room, err := roomNamed(v, code)
	if err != nil {
		return visits.Visit{}, intake, err
	}
	provider, err := providerNamed(v, cmp.Or(d.provider, intake.ProviderID))
	return visits.Visit{
		MemberID: member, ProviderID: provider, RoomCode: room.Code, IntakeID: intake.ID, Consultation: intake.Consultation,
		Scenario: d.scenario,
	}, intake, err
}

// lengthOf returns the planned length of a visit.
func lengthOf(consultation *visits.Consultation) time.Duration {
	if consultation == nil {
		return visitLength
	}
	return time.Duration(consultation.Minutes) * time.Minute
}

// identify gives a new visit its ids.
func (c *Clinic) identify(tx Tx, visit visits.Visit, caller caller, now time.Time) visits.Visit {
	draw, first := newIDGenerator(tx), cmp.Or(tx.Settings().FirstVisitID, firstVisitID)
	visit.ID = strconv.FormatUint(first+tx.NextCount("visit")-1, 10)
	visit.Code = strings.ReplaceAll(draw.uuid("visit code", now), "-", "")
	visit.PostID = draw.uuid("postvisit", now)
	random := draw.randomBytes("meeting", tx.NextCount("meeting"))
	random[6], random[8] = random[6]&0x0f|0x40, random[8]&0x3f|0x80
	visit.MeetingID = fmt.Sprintf("%d_%x-%x-%x-%x-%x__jitsi", now.UnixMilli(), random[:4], random[4:6], random[6:8],
		random[8:10], random[10:16])
	visit.PIN = 100_000 + (int(random[16])<<16|int(random[17])<<8|int(random[18]))%900_000
	visit.LinkToken = draw.letters("visit link", 10)
	visit.CreatorID, visit.UpdatedBy, visit.Created, visit.Modified = caller.user.ID, caller.user.ID, now, now
	return visit
}

// newInvoice returns a new invoice.
func newInvoice(tx Tx, now time.Time) *visits.Invoice {
	return &visits.Invoice{
		ID: newIDGenerator(tx).uuid("invoice", now), Status: visits.PendingInvoice, Currency: visits.Currency, Created: now,
		Modified: now,
	}
}

// putNewVisit stores a new visit with its plan and its intake, and records the event.
func (c *Clinic) putNewVisit(tx Tx, visit visits.Visit, intake visits.Intake) (Visit, error) {
	visit = c.planned(tx, visit)
	tx.PutVisit(visit)
	tx.PutIntake(intake.UseBy(visit))
	for _, id := range intake.Attachments {
		if file, ok := tx.File(id); ok && file.Category == IntakeAttachment { // it shows at its visit only (documented)
			file.Target = Target{visit.ID, TargetVisit}
			tx.PutFile(file)
		}
	}
	if err := recordVisitEvent(tx, visits.CreatedEvent, visit, visit.Created); err != nil {
		return Visit{}, err
	}
	return detailsOf(tx, visit), nil
}

// detailsOf returns a visit with the rest of its reply.
func detailsOf(v View, visit visits.Visit) Visit {
	d := Visit{Visit: visit, Clinic: v.Settings().Name}
	d.Member, _ = v.Users().Get(visit.MemberID)
	d.Provider, _ = v.Users().Get(visit.ProviderID)
	d.Creator, _ = v.Users().Get(visit.CreatorID)
	d.Room, _ = v.Rooms().Get(visit.RoomCode)
	d.Intake, _ = v.Intakes().Get(visit.IntakeID)
	d.WalkIn, _ = v.Visits().Get(visit.WalkInID)
	d.Appointment, _ = v.Visits().Get(visit.AppointmentID)
	return d
}

var errForeignVisit = refuse(Forbidden, "the visit is another user's: this token may not see or change it")

// mayUse reports whether the caller may see and change a visit: a patient their own; a provider their own, and those
// without a provider in their rooms (inferred); the admin any.
func (c caller) mayUse(v visits.Visit) bool {
	switch {
	case c.admin:
		return true
	case c.isProvider():
		return v.ProviderID == c.user.ID || !v.HasProvider() && slices.Contains(c.user.Assigned.Rooms, v.RoomCode)
	}
	return v.MemberID == c.user.ID
}

// authorizedVisit returns a visit that the owner of a token may see and change.
func (c *Clinic) authorizedVisit(v View, token, id string) (caller, visits.Visit, error) {
	caller, err := c.callerByToken(v, token)
	if err != nil {
		return caller, visits.Visit{}, err
	}
	visit, ok := v.Visits().Get(id)
	if !ok {
		return caller, visit, errNoVisit
	}
	if !caller.mayUse(visit) {
		return caller, visits.Visit{}, errForeignVisit
	}
	return caller, visit, nil
}

// Visit returns a visit visible to the owner of a token.
func (c *Clinic) Visit(ctx context.Context, token, id string) (Visit, error) {
	return view(ctx, c, func(v View) (Visit, error) {
		_, visit, err := c.authorizedVisit(v, token, id)
		if err != nil {
			return Visit{}, err
		}
		return detailsOf(v, visit), nil
	})
}

// CurrentVisit returns the newest visit in progress of the token's owner, or else the newest walk-in that waits; false
// for none (ours).
func (c *Clinic) CurrentVisit(ctx context.Context, token string) (Visit, bool, error) {
	visit, err := view(ctx, c, func(v View) (Visit, error) {
		caller, err := c.callerByToken(v, token)
		if err != nil {
			return Visit{}, err
		}
		var waiting visits.Visit
		for _, visit := range v.Visits().Newest("", v.Visits().Len()) {
			switch {
			case visit.MemberID != caller.user.ID && visit.ProviderID != caller.user.ID:
			case visit.Status == visits.InProgress && visit.WalkInID == "":
				return detailsOf(v, visit), nil
			case waiting.ID == "" && visit.Status == visits.Pending && visit.Kind == visits.WalkIn:
				waiting = visit
			}
		}
		return detailsOf(v, waiting), nil
	})
	return visit, visit.ID != "", err
}

// VisitByID returns a visit of any patient. It returns an Error when the clinic has none of this id.
func (c *Clinic) VisitByID(ctx context.Context, id string) (visits.Visit, error) {
	return getRow(ctx, c, id, View.Visits, errNoVisit)
}

// AllVisits returns visits of the clinic, newest first.
func (c *Clinic) AllVisits(ctx context.Context, p Page) ([]visits.Visit, error) {
	return listPage(ctx, c, p, View.Visits)
}
