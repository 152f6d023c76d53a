package api

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// CreateIntake makes an intake. The reply has its id and the caller's own fields (documented).
func (handlers) CreateIntake(ctx context.Context, c call) (reply, error) {
	patch, err := intakePatchOf(c.body)
	if err != nil {
		return reply{}, err
	}
	made, err := c.clinic.CreateIntake(ctx, c.token, patch)
	return reply{data: withCustom(made.Custom, map[string]any{"id": made.ID})}, err
}

// UpdateIntake changes the fields of an intake that are sent.
func (handlers) UpdateIntake(ctx context.Context, c call) (reply, error) {
	patch, err := intakePatchOf(c.body)
	if err != nil {
		return reply{}, err
	}
	changed, err := c.clinic.UpdateIntake(ctx, c.token, c.params.Get("intake_id"), patch)
	return reply{data: idOnly{changed.ID}}, err
}

// GetIntake returns an intake.
func (handlers) GetIntake(ctx context.Context, c call) (reply, error) {
	found, files, err := c.clinic.Intake(ctx, c.token, c.params.Get("intake_id"))
	shape := intakeOf(found)
	if len(files) > 0 {
		shape["attachments"] = attachmentsOf(files)
	}
	return reply{data: shape}, err
}

// idOnly is a reply with an id alone.
type idOnly struct {
	ID string `json:"id"`
}

// declaredIntake are the fields of an intake with a meaning, and those of a reply that are no fields of the caller's.
var declaredIntake = []string{
	"provider_id", "reason_for_visit", "type", "member_id", "room_code", "attachments", "location", "phone",
	"consultation",
	"id", "created", "modified", "visit_id", "invoice_id", "provider", "room",
}

// intakePatchOf returns the fields of a valid body.
func intakePatchOf(body fields) (clinic.IntakePatch, error) {
	var p clinic.IntakePatch
	for place, field := range map[string]**string{
		"provider_id": &p.Provider, "member_id": &p.Member, "reason_for_visit": &p.Reason, "room_code": &p.Room,
		"location": &p.Location, "phone": &p.Phone, "consultation.id": &p.Consultation,
	} {
		*field = body.optional(place)
	}
	if text := body.text("type"); text != "" {
		p.Kind = new(visits.Kind(whole(text)))
	}
	if value := body.value("attachments"); body.has("attachments") {
		p.Attachments = new(textsOf(value))
	}
	p.Custom = map[string]any{}
	for _, place := range slices.Sorted(body.places()) {
		name, rest, _ := strings.Cut(place, ".")
		if name == "consultation" {
			if rest != "id" && p.Consultation == nil {
				return p, &document.Violation{Field: "consultation.id", Rule: "is required"}
			}
			continue
		}
		if !slices.Contains(declaredIntake, name) {
			put(p.Custom, strings.Split(place, "."), body.value(place))
		}
	}
	return p, nil
}

// optional returns a field as text, nil when it was not sent.
func (f *fields) optional(place string) *string {
	if !f.has(place) {
		return nil
	}
	return new(f.text(place))
}

// withCustom adds the caller's own fields of an intake to a reply.
func withCustom(custom, shape map[string]any) map[string]any {
	for name, value := range custom {
		if _, taken := shape[name]; !taken {
			shape[name] = value
		}
	}
	return shape
}

// intakeOf returns an intake as VSee's samples have it: only what is set.
func intakeOf(i visits.Intake) map[string]any {
	shape := map[string]any{
		"id": i.ID, "type": fmt.Sprint(int(i.Kind)), "modified": i.Modified.Unix(), "created": i.Created.Unix(),
	}
	for name, text := range map[string]string{
		"provider_id": i.ProviderID, "provider": i.ProviderID, "member_id": i.MemberID, "room_code": i.RoomCode,
		"room": i.RoomCode, "location": i.Location, "phone": i.Phone, "reason_for_visit": i.Reason, "visit_id": i.VisitID,
		"invoice_id": i.InvoiceID,
	} {
		if text != "" {
			shape[name] = text
		}
	}
	if c := i.Consultation; c != nil {
		shape["consultation"] = consultation{
			ID: c.ID, Description: c.Description, Duration: c.Minutes, Currency: visits.Currency, Slots: c.Places,
			Visible: new(true),
		}
	}
	return withCustom(i.Custom, shape)
}

// attachment is a file of an intake, in the order of VSee's sample.
type attachment struct {
	ID        string   `json:"_id"`
	Name      string   `json:"name"`
	Path      string   `json:"path"`
	Size      int      `json:"size"`
	Ext       string   `json:"ext"`
	Type      int      `json:"type"`
	CreatorID string   `json:"creator_id"`
	Remark    *string  `json:"remark"`
	Using     int      `json:"using"`
	Modified  fileTime `json:"modified"`
	Created   fileTime `json:"created"`
}

// fileTime is a time as VSee's database has it.
type fileTime struct {
	Seconds int64 `json:"sec"`
	Micros  int64 `json:"usec"`
}

func attachmentsOf(files []clinic.File) []attachment {
	shapes := make([]attachment, 0, len(files))
	for _, f := range files {
		at, ext := fileTime{Seconds: f.Created.Unix()}, extension(f.Name)
		shapes = append(shapes, attachment{
			ID: f.ID, Name: f.Name, Path: f.Created.UTC().Format("files/2006/01/02/") + f.ID + "." + ext,
			Size: len(f.Data), Ext: ext, CreatorID: f.UserID, Using: 1, Modified: at, Created: at,
		})
	}
	return shapes
}
