package clinic

import (
	"cmp"
	"context"
	"maps"

	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// IntakePatch is a request to create an intake, or to change it. A nil field was not sent.
type IntakePatch struct {
	Provider     *string // a user id; empty or 0 for none
	Member       *string // a user's code, or else id
	Kind         *visits.Kind
	Reason       *string
	Room         *string // a code; empty for none
	Location     *string
	Phone        *string
	Consultation *string // the id of a consultation of the room
	Attachments  *[]string
	Custom       map[string]any // fields of the caller's own
}

var errNoIntake = refuse(NotFound, "the clinic has no intake with this id")

// CreateIntake makes an intake. The patient is the token's owner; for an admin or a provider the member of the request,
// if there is one.
func (c *Clinic) CreateIntake(ctx context.Context, token string, p IntakePatch) (visits.Intake, error) {
	return update(ctx, c, func(tx Tx) (visits.Intake, error) {
		caller, err := c.callerByToken(tx, token)
		if err != nil {
			return visits.Intake{}, err
		}
		now := c.clock.Now()
		intake := visits.Intake{Kind: visits.WalkIn, Created: now}
		if caller.isPatient() {
			intake.MemberID = caller.user.ID
		}
		if intake, err = p.apply(tx, caller, intake); err != nil {
			return visits.Intake{}, err
		}
		intake.ID, intake.Modified = newIDGenerator(tx).uuid("intake", now), now
		tx.PutIntake(intake)
		return intake, nil
	})
}

// UpdateIntake changes the fields of an intake that are in the patch.
func (c *Clinic) UpdateIntake(ctx context.Context, token, id string, p IntakePatch) (visits.Intake, error) {
	return update(ctx, c, func(tx Tx) (visits.Intake, error) {
		caller, intake, err := c.authorizedIntake(tx, token, id)
		if err != nil {
			return visits.Intake{}, err
		}
		if intake, err = p.apply(tx, caller, intake); err != nil {
			return visits.Intake{}, err
		}
		intake.Modified = c.clock.Now()
		tx.PutIntake(intake)
		return intake, nil
	})
}

// Intake returns an intake visible to the owner of a token, and its attachments.
func (c *Clinic) Intake(ctx context.Context, token, id string) (visits.Intake, []File, error) {
	type withFiles struct {
		visits.Intake
		files []File
	}
	found, err := view(ctx, c, func(v View) (withFiles, error) {
		_, intake, err := c.authorizedIntake(v, token, id)
		found := withFiles{Intake: intake}
		for _, attached := range intake.Attachments {
			if file, ok := v.File(attached); ok { // it may have been deleted since
				found.files = append(found.files, file)
			}
		}
		return found, err
	})
	return found.Intake, found.files, err
}

// authorizedIntake returns an intake that the owner of a token may read and change: a patient's own, the admin's any,
// and a provider's those for them or for no provider (inferred).
func (c *Clinic) authorizedIntake(v View, token, id string) (caller, visits.Intake, error) {
	caller, err := c.callerByToken(v, token)
	if err != nil {
		return caller, visits.Intake{}, err
	}
	intake, ok := v.Intakes().Get(id)
	if !ok {
		return caller, intake, errNoIntake
	}
	if caller.isPatient() && intake.MemberID != caller.user.ID ||
		caller.isProvider() && intake.ProviderID != "" && intake.ProviderID != caller.user.ID {
		return caller, visits.Intake{}, refuse(Forbidden, "the intake is another user's")
	}
	return caller, intake, nil
}

// apply returns the intake with the fields of the patch.
func (p IntakePatch) apply(v View, caller caller, intake visits.Intake) (visits.Intake, error) {
	if p.Member != nil && *p.Member != "" {
		member, err := patientNamed(v, caller, "member_id", *p.Member)
		if err != nil {
			return intake, err
		}
		intake.MemberID = member.ID
	}
	if p.Provider != nil {
		provider, err := providerNamed(v, *p.Provider)
		if err != nil {
			return intake, err
		}
		intake.ProviderID = provider
	}
	if p.Room != nil {
		if *p.Room != "" {
			if _, err := roomNamed(v, *p.Room); err != nil {
				return intake, err
			}
		}
		intake.RoomCode = *p.Room
	}
	if err := p.consult(v, &intake); err != nil {
		return intake, err
	}
	if p.Attachments != nil {
		for _, id := range *p.Attachments {
			file, ok := v.File(id)
			if !ok || !caller.admin && file.UserID != caller.user.ID && file.UserID != intake.MemberID {
				return intake, refuse(Invalid, "attachments must be ids of files of the patient: POST /files stores one")
			}
		}
		intake.Attachments = *p.Attachments
	}
	intake.Kind = valueOr(p.Kind, intake.Kind)
	intake.Reason, intake.Location = valueOr(p.Reason, intake.Reason), valueOr(p.Location, intake.Location)
	intake.Phone = valueOr(p.Phone, intake.Phone)
	if len(p.Custom) > 0 {
		custom := maps.Clone(intake.Custom)
		if custom == nil {
			custom = map[string]any{}
		}
		maps.Copy(custom, p.Custom)
		intake.Custom = custom
	}
	return intake, nil
}

// consult sets the consultation of an intake: one of its room's.
func (p IntakePatch) consult(v View, intake *visits.Intake) error {
	if p.Consultation == nil {
		return nil
	}
	room, _ := v.Rooms().Get(intake.RoomCode)
	consultation, ok := room.Consultation(*p.Consultation)
	if !ok {
		return refuse(Invalid, "consultation.id is not the id of a consultation of the room in room_code")
	}
	intake.Consultation = &consultation
	return nil
}

func valueOr[T any](sent *T, absent T) T {
	if sent == nil {
		return absent
	}
	return *sent
}

// isPatient reports whether the caller is a member or a guest.
func (c caller) isPatient() bool { return !c.admin && !c.isProvider() }

func (c caller) isProvider() bool { return !c.admin && c.user.Type == Provider }

// patientNamed returns the patient in a field of a body, by code or else by id; a clinic's page says code, and a
// deployed client sends the id. A patient may name no one else.
func patientNamed(v View, caller caller, field, name string) (User, error) {
	user, ok := v.UserByCode(name)
	if !ok {
		user = v.Users().Shared(name)
	}
	return checkPatient(caller, field, user)
}

// patientByID returns the patient in a field of a body, by id or else by code.
func patientByID(v View, caller caller, field, name string) (User, error) {
	user := v.Users().Shared(name)
	if user == nil {
		user, _ = v.UserByCode(name)
	}
	return checkPatient(caller, field, user)
}

// checkPatient refuses a user who is nil, or no patient.
func checkPatient(caller caller, field string, user *User) (User, error) {
	switch {
	case caller.isPatient() && (user == nil || user.ID != caller.user.ID):
		return User{}, refuse(Forbidden, "%s names another patient: this token may only act for its own user", field)
	case user == nil || user.Type != Member && user.Type != Guest:
		return User{}, refuse(Invalid, "%s is not a patient of this clinic", field)
	}
	return *user, nil
}

// intakeNamed returns the intake of a field intake_id in a body, for a visit of a patient; empty for none yet.
func intakeNamed(v View, caller caller, id string) (visits.Intake, error) {
	intake, ok := v.Intakes().Get(id)
	switch {
	case id == "":
		return intake, refuse(Invalid, "intake_id is required")
	case !ok:
		return intake, refuse(NotFound, "intake_id is not the id of an intake of this clinic")
	case caller.isPatient() && cmp.Or(intake.MemberID, caller.user.ID) != caller.user.ID:
		return intake, refuse(Forbidden, "intake_id is another patient's intake")
	}
	return intake, nil
}
