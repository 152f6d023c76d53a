package specs

import (
	"context"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// wholeVisitSpecs cover each field of the requests about visits in each encoding, and the replies with all of their
// fields. They need a provider, whom the suite makes on a mock alone.
func wholeVisitSpecs(l *list) {
	for _, e := range encodings() {
		wholeIntakeSpecs(l, e)
		wholeNewVisitSpecs(l, e)
		wholeStepSpecs(l, e)
		wholeRoomSpecs(l, e)
	}
	sameVisitSpecs(l)
	listedVisitSpecs(l)
	refundSpecs(l)
}

// whole is the rule of a requirement on the fields of a request in an encoding.
func (e encoding) whole(id, operation, title string) rule {
	return rule{ID: id + e.id, Operation: operation, Evidence: inferred, Needs: []need{aMock},
		Title: operation + " " + title + ", " + e.title}
}

// doctor signs a provider of the clinic's first room on, with all that visits show of one.
func (t *trial) doctor() user {
	mark := engine.Unique()
	return t.signOn(append(providerForm(), form{
		{"room_code", t.room()}, {"dob", "1970-02-28"}, {"gender", "2"}, {"phone", "+13135550144"}, {"username", mark},
		{"email", mark + "@example.com"}, {"timezone", "America/Detroit"},
	}...))
}

// markedRoom makes a room and returns its code, which has characters that servers damage.
func (t *trial) markedRoom() string {
	return t.Send(t.byAdmin(roomRequest(roomForm().And("code", markedCode())))).NeedText("/data/code")
}

// markedCode is a new code of a room with characters that servers damage, of the most characters.
func markedCode() string {
	code := engine.Unique() + "<É&日>"
	return code + strings.Repeat("7", 128-utf8.RuneCountInString(code))
}

// markedPatient signs a patient on with a code that servers damage.
func (t *trial) markedPatient() user {
	return t.signOn(patientForm().With("code", engine.Unique()+specialTexts()[0]))
}

// consultation returns the id of a consultation of the clinic's first room.
func (t *trial) consultation() string {
	return t.Send(t.byVisitor(engine.Get("/rooms/" + t.room()))).NeedText("/data/payment/consultations/0/id")
}

// paidIntake makes an intake for a consultation, and returns its id. Without the consultation in it, the requirement is
// blocked.
func (t *trial) paidIntake(u user) string {
	body := map[string]any{"room_code": t.room(), "consultation": map[string]string{"id": t.consultation()}}
	return t.withConsultation(u, "/intakes", body)
}

// withConsultation sends an intake with a consultation, and returns its id.
func (t *trial) withConsultation(u user, path string, body map[string]any) string {
	r := t.Send(engine.Post(path, engine.JSON(body)).By(u))
	id, consultation := t.madeIntake(r, u), t.consultation()
	stored := t.ReadBack(r, t.intakeWays(u, id), sentTexts(form{{"consultation/id", consultation}})...)
	r.Need(len(stored) > 0 && stored[0].Want == consultation, "/data/consultation/id",
		"the intake must have its consultation")
	return id
}

// attachmentPath is the form of a file's path in an intake (documented).
func attachmentPath(id string) *regexp.Regexp {
	return regexp.MustCompile(`^files/[0-9]{4}/[0-9]{2}/[0-9]{2}/` + regexp.QuoteMeta(id) + `\.[a-z]+$`)
}

// wholeIntakeSpecs cover the fields of an intake.
func wholeIntakeSpecs(l *list, e encoding) {
	for _, operation := range []string{"createIntake", "updateIntake"} {
		id := map[string]string{"createIntake": "INTAKE-02", "updateIntake": "INTAKE-03"}[operation]
		l.require(e.whole(id, operation, "stores each documented field"), func(t *trial) {
			u, doctor := t.markedPatient(), t.doctor()
			file, stored := t.uploaded(u)
			other, _ := t.uploaded(u)
			f := form{
				{"provider_id", doctor.ID}, {"member_id", u.Code}, {"attachments", file + "," + other}, {"location", markedText},
				{"type", "2"}, {"phone", zeroedText}, {"reason_for_visit", specialTexts()[0]}, {"room_code", t.markedRoom()},
			}
			path := "/intakes"
			if operation == "updateIntake" {
				path += "/" + t.intake(u)
			}
			r := t.Send(engine.Post(path, e.body(f)).By(u))
			id := t.madeIntake(r, u)
			fields := sentTexts(f.Without("member_id").Without("attachments"))
			t.ReadBack(r, t.intakeWays(u, id), append(fields, sentTexts(form{{"member_id", u.ID}})...)...)
			read := t.Send(engine.Get("/intakes/" + id).By(u))
			read.Value("/data/provider").Same(read.Value("/data/provider_id"), "the provider must be shown twice")
			const lost = "the files must be those that were sent"
			const at = "/data/attachments"
			r.Need(len(read.List(at)) > 0 || r.Value(at).Sent([]any{}, lost), at, lost)
			read.Value("/data/attachments/*/_id", read.Column("/data/attachments", "_id")).Sent([]any{file, other}, lost)
			for _, name := range []string{"name", "size", "ext"} {
				read.Value("/data/attachments/0/"+name).Same(stored.Value("/data/"+name), name+" must be that of the file")
			}
			read.Value("/data/attachments/0/path").Matches(attachmentPath(file), "a path of the day and the file's id",
				"the path must be that of the file")
			read.Equal("/data/attachments/0/creator_id", u.ID, "the file must be the patient's")
		})
	}
	if e.id != "2" { // forms have flat fields
		return
	}
	l.add(documented, "INTAKE-040", "updateIntake", "updateIntake stores a consultation of the room", func(t *trial) {
		u := t.newPatient()
		body := map[string]any{"consultation": map[string]string{"id": t.consultation()}}
		id := t.withConsultation(u, "/intakes/"+t.intake(u), body)
		const at = "/data/payment/consultations/0"
		read, room := t.do(engine.Get("/intakes/"+id).By(u)), t.do(t.byVisitor(engine.Get("/rooms/"+t.room())))
		agree("the consultation must be that of the room", []string{""},
			place{in: room, at: at, lacks: []string{at + "/currency", at + "/visible_to_patient"}},
			place{in: read, at: "/data/consultation"})
		read.Equal("/data/consultation/currency", "USD", "the currency must be the clinic's")
		read.Equal("/data/consultation/visible_to_patient", true, "the patient has chosen the consultation")
	}, aMock)
}

// wholeNewVisitSpecs cover the fields of new visits.
func wholeNewVisitSpecs(l *list, e encoding) {
	paid := func(t *trial, r reply, doctor user) {
		r.Equal("/data/payment/id", t.consultation(), "the price must be that of the intake's consultation")
		r.Equal("/data/provider/id", doctor.ID, "the provider must be the one that was sent")
		r.Equal("/data/provider/dob", "1970-02-28", "the provider must be shown whole")
		r.Equal("/data/provider/gender", 2, "the provider must be shown whole")
	}
	l.require(e.whole("VISIT-10", "addWalkIn", "takes the provider, the patient and an appointment"), func(t *trial) {
		u, doctor := t.markedPatient(), t.doctor()
		f := form{{"intake_id", t.paidIntake(u)}, {"room_code", t.markedRoom()}, {"provider_id", doctor.ID},
			{"user_code", u.Code}}
		r := t.Send(engine.Post("/visits/add_walkin", e.body(f)).By(u))
		v := t.booked(r, u)
		t.ReadBack(r, v.ways(true), sentTexts(form{{"provider_id", doctor.ID}})...)
		paid(t, r, doctor)
		a := t.booked(t.Send(t.addVisit(u)), u)
		r = t.Send(engine.Post("/visits/add_walkin", e.body(form{{"visit_id", a.id}})).By(u))
		r.Equal("/data/related_appointment_id", a.id, "the walk-in must name its appointment")
	})
	l.require(e.whole("VISIT-11", "addVisit", "takes the provider and the patient"), func(t *trial) {
		u, doctor, start := t.markedPatient(), t.doctor(), strconv.FormatInt(t.farAway().Unix(), 10)
		end := strconv.FormatInt(t.farAway().Unix()+slotSeconds, 10)
		f := form{
			{"intake_id", t.paidIntake(u)}, {"room_code", t.markedRoom()}, {"provider_id", doctor.ID}, {"member_id", u.Code},
			{"slot_start", start}, {"slot_end", end}, {"type", "2"},
		}
		r := t.Send(engine.Post("/visits", e.body(f)).By(u))
		t.booked(r, u)
		paid(t, r, doctor)
		r.Equal("/data/host_ids", []any{doctor.ID}, "the provider is the host")
		r.Equal("/data/hosts/0/id", doctor.ID, "the provider is the host")
	})
	l.require(e.whole("VISIT-12", "addEConsult", "makes the e-consult of an intake with a consultation"), func(t *trial) {
		u := t.booker()
		f := form{{"intake_id", t.paidIntake(u)}, {"room_code", t.markedRoom()}}
		r := t.Send(engine.Post("/visits/add_econsult", e.body(f)).By(u))
		t.booked(r, u)
		r.Equal("/data/payment/id", t.consultation(), "the price must be that of the intake's consultation")
		r.Value("/data/invoice_id").Same(r.Value("/data/invoice/id"), "the visit must name its invoice")
		intake := t.Send(engine.Get("/intakes/" + f.Value("intake_id")).By(u))
		intake.Value("/data/invoice_id").Same(r.Value("/data/invoice_id"), "the intake must name the invoice, too")
	})
	l.require(e.whole("VISIT-13", "updateVisit", "moves the time and the provider"), func(t *trial) {
		u, doctor, start := t.booker(), t.doctor(), t.farAway().Unix()+7200
		v := t.booked(t.Send(t.addVisit(u)), u)
		f := form{
			{"slot_start", strconv.FormatInt(start, 10)}, {"slot_end", strconv.FormatInt(start+60, 10)},
			{"provider_id", doctor.ID},
		}
		r := t.Send(engine.Post(v.path()+"?version=2", e.body(f)).By(u))
		t.ReadBack(r, v.ways(false), timeOf(start, start+60)...)
		r.Equal("/data/provider/id", doctor.ID, "the provider must be the one that was sent")
	})
}

// wholeStepSpecs cover the fields of the steps of a visit.
func wholeStepSpecs(l *list, e encoding) {
	l.require(e.whole("VISIT-14", "startVisit", "starts a visit at the time that was sent"), func(t *trial) {
		v, now := t.waiting(), t.Now().Unix()+60
		q := engine.Post("/visits/inprogress", e.body(form{{"id", v.id}, {"actual_start", strconv.FormatInt(now, 10)}}))
		t.ReadBack(t.Send(q.By(v.of)), v.ways(false), at("actual_start", now), hasStatus(inProgress))
	})
	l.require(e.whole("VISIT-15", "closeVisit", "ends a visit with each field of a deployed client"), func(t *trial) {
		v, now, doctor := t.started(), t.Now().Unix()+60, t.doctor()
		f := form{
			{"id", v.id}, {"reason", "call_ended"}, {"status", "30"}, {"actual_end", strconv.FormatInt(now, 10)},
			{"completed_by", v.of.ID}, {"provider_id", doctor.ID},
		}
		t.ReadBack(t.Send(engine.Post("/visits/close", e.body(f)).By(v.of)), v.ways(false), at("actual_end", now),
			hasStatus(completed))
	})
	l.require(e.whole("VISIT-16", "deleteVisit", "cancels a visit"), func(t *trial) {
		v := t.waiting()
		r := t.Send(engine.Post("/visits/delete", e.body(form{{"id", v.id}})).By(v.of))
		t.ReadBack(r, v.ways(false), hasStatus(cancelled))
	})
}

// wholeRoomSpecs cover the fields of a search for slots and of an assignment.
func wholeRoomSpecs(l *list, e encoding) {
	l.require(e.whole("SLOT-04", "searchAvailability", "finds the slots that getAvailability finds by each parameter"),
		func(t *trial) {
			first, doctor, u := t.farAway(), t.doctor(), t.newPatient()
			t.block(first, 4, 1, doctor.ID)
			start := strconv.FormatInt(first.Unix()-60, 10)
			f := form{
				{"room_code", t.room()}, {"intake_id", t.intake(u)}, {"provider_id", doctor.ID}, {"member_id", u.ID},
				{"consultation_id", t.consultation()}, {"location", "MI"}, {"start", start}, {"duration", "1800"}, {"nearest", "1"},
			}
			for _, f := range []form{f, f.And("end", strconv.FormatInt(first.Unix()+900, 10))} {
				query := url.Values{}
				for _, field := range f {
					query.Set(field[0], field[1])
				}
				found := t.slots(query)
				showsQuarters(found, first, map[bool]string{true: "0", false: "0 1"}[query.Has("end")])
				t.Send(t.byAdmin(engine.Post("/availability", e.body(f)))).Same("/data", found, "both must find the same slots")
			}
		})
	r := e.whole("ROOM-03", "assignRooms", "adds a room by its code and by its id")
	r.Evidence = ours
	l.require(r, func(t *trial) {
		for _, name := range []string{"code", "id"} {
			u := t.signOn(providerForm())
			made := t.Send(t.byAdmin(roomRequest(roomForm())))
			q := engine.Post("/users/"+u.ID+"/rooms", e.body(form{{"room_" + name, made.NeedText("/data/" + name)}}))
			t.Send(t.byAdmin(q)).Value("/data/0/code").Same(made.Value("/data/code"), "the provider must have the room")
		}
	})
}

// listedVisitSpecs cover the filters of the list by a user.
func listedVisitSpecs(l *list) {
	l.add(ours, "VISIT-179", "listVisits", "listVisits selects by patient and by provider", func(t *trial) {
		u, doctor := t.booker(), t.doctor()
		intake := t.paidIntake(u)
		v := t.booked(t.Send(walkIn(u, form{{"intake_id", intake}, {"provider_id", doctor.ID}})), u)
		t.waiting()
		for _, query := range []string{"member_id=" + u.ID, "provider_id=" + doctor.ID} {
			r := t.Send(t.byAdmin(engine.Get("/visits?" + query)))
			r.Value("/data/*/id", r.Column("/data", "id")).Equal([]any{v.id}, "the list must have the matching visit alone")
			r.Equal("/data/0/payment/id", t.consultation(), "the price must be that of the intake's consultation")
		}
	})
}

// refundSpecs cover a refunded visit, and each status of an invoice, which the portal alone sets.
func refundSpecs(l *list) {
	l.require(eventRule("VEVENT-060", invoiceProcessed,
		"A refunded visit and its invoice are refunded in the event and the visit"),
		func(t *trial) {
			v := t.endedVisit()
			t.Control("refunding", func(ctx context.Context, c *controlapi.Client, account string) error {
				_, err := c.RefundVisit(ctx, account, v.id)
				return err
			})
			e := t.lastEvent(v, invoiceProcessed)
			e.Equal("/data/status", "refunded", "the visit must be refunded")
			e.Equal("/data/invoice/status", "refunded", "the invoice must be refunded")
			r := t.Send(v.read())
			t.ReadBack(r, v.ways(false), hasStatus(50))
		}, inEnvelope("2.0"))
	for i, status := range []string{"processing", "paid", "closed", "forgiven", "cancelled", "failed"} {
		l.require(eventRule("VEVENT-07"+strconv.Itoa(i), invoiceProcessed, "An invoice that is "+status+" has an event"),
			func(t *trial) {
				v := t.endedVisit()
				t.invoice(v, controlapi.InvoiceChange{Status: &status})
				t.lastEvent(v, invoiceProcessed).Equal("/data/invoice/status", status, "the status must be the invoice's")
			}, inEnvelope("2.0"))
	}
}
