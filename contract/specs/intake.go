package specs

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

func intakeSpecs(l *list) {
	newIntakeSpecs(l)
	keptIntakeSpecs(l)
	intakeOwnerSpecs(l)
	badIntakeSpecs(l)
}

// fullIntake is an intake with every text of a patient, and two fields of the clinic's own.
func (t *trial) fullIntake() form {
	return append(t.intakeForm(), form{
		{"type", "2"}, {"location", "MI"}, {"phone", "+13135550142"}, {"custom_contract", "contract-yes"},
		{"contract_pain", "contract-3"},
	}...)
}

// isUUID is the form of an intake's id: it begins with the second of its creation (documented).
var isUUID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// newIntakeSpecs cover a new intake, in each encoding.
func newIntakeSpecs(l *list) {
	for _, c := range []struct {
		id, title string
		body      func(form) payload
	}{
		{"INTAKE-001", "JSON", func(f form) payload { return engine.JSON(f.Object(false)) }},
		{"INTAKE-002", "multipart", engine.Multipart},
		{"INTAKE-003", "a urlencoded form", engine.URLEncoded},
	} {
		l.add(documented, c.id, "createIntake",
			"createIntake keeps each field of "+c.title+", and returns the id and the clinic's own fields", func(t *trial) {
				u, f := t.newPatient(), t.fullIntake()
				r := t.Send(engine.Post("/intakes", c.body(f)).By(u))
				r.Value("/data/id").Matches(isUUID, "a UUID", "the id must be a UUID")
				for _, name := range []string{"reason_for_visit", "room_code", "location", "phone", "type"} {
					r.Absent("/data/"+name, "the reply must have the clinic's own fields alone")
				}
				for _, name := range []string{"custom_contract", "contract_pain"} {
					r.Value("/data/"+name).Sent(f.Value(name), "the reply must have the clinic's own fields")
				}
				t.ReadBack(r, t.intakeWays(u, t.madeIntake(r, u)), sentTexts(f)...)
			})
	}
	l.add(inferred, "INTAKE-019", "createIntake",
		"createIntake and updateIntake keep special characters and long texts as sent", func(t *trial) {
			for _, text := range append(specialTexts(), strings.Repeat("contract", 500)) {
				u, f := t.newPatient(), t.intakeForm()
				for _, name := range []string{"reason_for_visit", "location", "custom_contract"} {
					f = f.Without(name).And(name, text)
				}
				r := t.Send(engine.Post("/intakes", engine.Multipart(f)).By(u))
				id := t.madeIntake(r, u)
				t.ReadBack(r, t.intakeWays(u, id), sentTexts(f)...)
				change := form{{"reason_for_visit", text[1:]}, {"location", text[1:]}, {"custom_contract", text[1:]}}
				r = t.Send(engine.Post("/intakes/"+id, engine.URLEncoded(change)).By(u))
				t.ReadBack(r, t.intakeWays(u, id), sentTexts(change)...)
			}
		})
	l.add(observed, "INTAKE-004", "createIntake",
		"createIntake accepts an empty body with a form's content type", func(t *trial) {
			empty := payload{ContentType: "application/x-www-form-urlencoded"}
			t.Send(engine.Post("/intakes", empty).By(t.newPatient())).Present("/data/id", "an intake has an id")
		})
	l.add(documented, "INTAKE-005", "getIntake",
		"The id of an intake begins with the second of its creation", func(t *trial) {
			u := t.newPatient()
			id := t.intake(u)
			r := t.Send(engine.Get("/intakes/" + id).By(u))
			r.Need(r.Number("/data/created") > 0, "/data/created", "the second of creation is compared")
			r.Value("/data/id", id[:min(len(id), 8)]).Equal(strconv.FormatInt(int64(r.Number("/data/created")), 16),
				"the id must begin with the second of creation, in hex")
			r.Equal("/data/modified", r.At("/data/created"), "a new intake was not modified")
		})
}

// sentTexts are the fields of a form, which a reading shows as text below the same names.
func sentTexts(f form) []engine.Field {
	var fields []engine.Field
	for _, field := range f {
		fields = append(fields, engine.Field{
			Pointer: "/data/" + field[0], Want: field[1], Rule: field[0] + " must be as sent",
		})
	}
	return fields
}

// intakeWays are the ways of reading an intake.
func (t *trial) intakeWays(u user, id string) []engine.Way {
	path := "/intakes/" + id
	return []engine.Way{{Request: engine.Get(path).By(u)}}
}

// keptIntakeSpecs cover an intake that is read, changed and used.
func keptIntakeSpecs(l *list) {
	l.add(documented, "INTAKE-006", "updateIntake",
		"updateIntake returns the id alone, and keeps each field that it does not send", func(t *trial) {
			u, f := t.newPatient(), t.fullIntake()
			r := t.Send(engine.Post("/intakes", engine.URLEncoded(f)).By(u))
			id := t.madeIntake(r, u)
			stored := t.ReadBack(r, t.intakeWays(u, id), sentTexts(f)...)
			for i, change := range []form{
				{{"phone", "+13135550143"}}, {{"location", "CA"}}, {{"reason_for_visit", "contract-rash"}}, {{"type", "1"}},
				{{"custom_contract", "contract-no"}},
			} {
				r := t.Send(engine.Post("/intakes/"+id, encodings()[i%3].body(change)).By(u))
				r.Equal("/data", map[string]any{"id": id}, "the reply must have the id alone")
				stored = t.ReadBack(r, t.intakeWays(u, id), with(stored, sentTexts(change)...)...)
			}
		})
	l.add(documented, "INTAKE-007", "getIntake",
		"getIntake shows the patient by id, the room twice, and the type as text", func(t *trial) {
			u, room := t.newPatient(), t.room()
			body := engine.JSON(map[string]any{"room_code": room, "type": 1})
			id := t.madeIntake(t.Send(engine.Post("/intakes", body).By(u)), u)
			r := t.Send(engine.Get("/intakes/" + id).By(u))
			r.Equal("/data/member_id", u.ID, "the patient must be the token's owner, by id")
			r.Equal("/data/room", room, "the room must be the one that was sent")
			r.Equal("/data/type", "1", "the type must be a text")
			r.Absent("/data/visit_id", "an unused intake has no visit")
		})
	l.add(documented, "INTAKE-008", "getIntake", "getIntake names the visit that used the intake", func(t *trial) {
		u := t.booker()
		id := t.intake(u)
		v := t.booked(t.Send(walkIn(u, form{{"intake_id", id}, {"room_code", t.room()}})), u)
		t.Send(engine.Get("/intakes/"+id).By(u)).Equal("/data/visit_id", v.id, "the visit must be that of the walk-in")
	}, visits)
}

// with returns fields without those at the places of others, and the others.
func with(fields []engine.Field, others ...engine.Field) []engine.Field {
	return append(slices.DeleteFunc(slices.Clone(fields), func(f engine.Field) bool {
		return slices.ContainsFunc(others, func(o engine.Field) bool { return o.Pointer == f.Pointer })
	}), others...)
}

// intakeOwnerSpecs cover the patient of an intake.
func intakeOwnerSpecs(l *list) {
	for _, c := range []struct {
		id, title string
		evidence  requirement.Evidence
		name      func(user) string
	}{
		{"INTAKE-009", "code", documented, func(u user) string { return u.Code }},
		{"INTAKE-010", "id", observed, func(u user) string { return u.ID }},
	} {
		l.add(c.evidence, c.id, "createIntake",
			"createIntake makes the intake of a patient that the admin names by "+c.title, func(t *trial) {
				u := t.newPatient()
				body := engine.JSON(map[string]string{"member_id": c.name(u), "room_code": t.room()})
				id := t.madeIntake(t.Send(t.byAdmin(engine.Post("/intakes", body)).About(u)), u)
				t.Send(engine.Get("/intakes/"+id).By(u)).Equal("/data/member_id", u.ID, "the intake must be the patient's")
			})
	}
	l.add(ours, "INTAKE-011", "createIntake",
		"createIntake refuses another patient's code from a patient", func(t *trial) {
			body := engine.JSON(map[string]string{"member_id": t.newPatient().Code})
			t.Send(engine.Post("/intakes", body).By(t.newPatient()).As(result.OtherUser).Tests("/member_id")).Refused()
		})
	for _, c := range [][2]string{{"INTAKE-012", "getIntake"}, {"INTAKE-013", "updateIntake"}} {
		l.add(ours, c[0], c[1], c[1]+" answers an intake that the clinic does not have with 404", func(t *trial) {
			for _, id := range []string{"5c34979c-30dc-496c-8cd3-6eb9925862c1", t.foreign().intake} {
				q := t.byAdmin(engine.Get("/intakes/" + id))
				if c[1] == "updateIntake" {
					q = t.byAdmin(engine.Post("/intakes/"+id, engine.JSON(map[string]string{"phone": "+13135550142"})))
				}
				t.Send(q.As(result.UnknownID)).Refused()
			}
		})
	}
}

// badIntakeSpecs cover the values that a new intake must refuse.
func badIntakeSpecs(l *list) {
	for _, c := range []struct{ id, title, field, body string }{
		{"INTAKE-014", "an unknown type", "type", `{"type": 3}`},
		{"INTAKE-015", "an unknown room", "room_code", `{"room_code": "contract-nowhere"}`},
		{"INTAKE-016", "an unknown provider", "provider_id", `{"provider_id": "1"}`},
		{"INTAKE-017", "an unknown file", "attachments", `{"attachments": ["contract-file"]}`},
		{"INTAKE-018", "an unknown consultation", "consultation/id", `{"consultation": {"id": "contract-none"}}`},
	} {
		l.add(ours, c.id, "createIntake", "createIntake refuses "+c.title, func(t *trial) {
			q := engine.Post("/intakes", payload{ContentType: "application/json", Data: []byte(c.body)}).By(t.newPatient())
			t.Send(q.As(result.BadField).Tests("/" + c.field)).Refused()
		})
	}
}
