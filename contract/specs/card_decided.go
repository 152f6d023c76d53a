package specs

import (
	"net/http"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// decidedCardSpecs cover the decisions of this project, where VSee is silent.
func decidedCardSpecs(l *list) {
	ask := func(id, operation, title string, body func(t *trial, u user)) {
		l.require(rule{ID: id, Operation: operation, Evidence: ours,
			Title: title}, func(t *trial) { body(t, t.newPatient()) })
	}
	ask("CARD-014", "getMe", "GET /me shows the cards that were saved or imported", func(t *trial, u user) {
		for _, kind := range []string{primary, secondary} {
			u, c := t.newPatient(), t.fullCard(kind)
			fields := fieldsOf("/data", c)
			t.ReadBack(t.Send(saveCard(u, kind, engine.JSON(c))), t.older(u, kind, fields), fields...)
		}
		c := t.card(primary)
		c["responsible_party"], c["guarantor_first_name"], c["guarantor_last_name"] = "spouse", "Sam", "Sample"
		write := t.imported(u, c)
		fields := append(fieldsOf("/data/0", c), engine.Field{
			Pointer: "/data/0/guarantor_name", Want: "Sam Sample", Rule: "guarantor_name must be made of its parts",
			From: []string{"/data/0/guarantor_first_name", "/data/0/guarantor_last_name"},
		})
		t.ReadBack(write, t.older(u, primary, fields), fields...)
	})
	ask("CARD-015", "saveCard",
		"POST /users/{id}/insurances/{card} leaves the fields that it does not send", func(t *trial, u user) {
			c := t.fullCard(primary)
			t.imported(u, c)
			c = t.stored(u, primary, c)
			c["group_number"] = "g"
			write := t.Send(saveCard(u, primary, engine.URLEncoded(form{{"group_number", "g"}})))
			t.ReadBack(write, []engine.Way{listed(u, primary, c)}, fieldsOf("/data", c)...)
		})
	olderListSpecs(ask)
	imageSpecs(ask)
	decidedImportSpecs(ask)
	decidedEndSpecs(ask)
	cardLimitSpecs(ask)
}

// olderListSpecs cover the list of cards that were written by the older fields.
func olderListSpecs(ask func(id, operation, title string, body func(t *trial, u user))) {
	for _, c := range []struct {
		id, operation, by string
		write             func(t *trial, u user) (reply, user)
	}{
		{"CARD-013", "updateMe", "POST /me", func(t *trial, u user) (reply, user) {
			return t.update(u, engine.Multipart(olderForm())), u
		}},
		{"CARD-046", "signOn", "a sign-on", func(t *trial, _ user) (reply, user) {
			f := append(patientForm(), olderForm()...)
			write := t.Send(t.sso(f))
			return write, t.signedOn(f, write)
		}},
	} {
		title := "GET /users/{id}/insurances shows the cards that " + c.by + " has written"
		ask(c.id, c.operation, title, func(t *trial, u user) {
			write, u := c.write(t, u)
			for _, kind := range []string{primary, secondary} {
				sent := card{"guarantor_zip": "00501", "guarantor_city": accentedText} // of the one guarantor, on both cards
				var of []engine.Field
				for _, f := range olderFields(true) {
					if strings.Contains(f.Pointer, "/"+kind+"/") || strings.Contains(f.Pointer, "/patient/") {
						of = append(of, f)
					}
				}
				t.ReadBack(write, []engine.Way{listed(u, kind, sent)}, of...)
			}
		})
	}
}

// imageSpecs cover images that are written with other fields, and both generations of fields after a deletion.
func imageSpecs(ask func(id, operation, title string, body func(t *trial, u user))) {
	ask("CARD-050", "updateMe", "GET /users/{id}/insurances shows the images that POST /me has written",
		func(t *trial, u user) {
			f := form{{"insurance.primary_carrier_code", t.carrier()}}
			t.update(u, withFiles(f, dotName, "insurance.card_front", "insurance.card_back"))
			t.showsImages(u)
		})
	ask("CARD-052", "importCards", "GET /users/{id}/insurances shows the images that an import has written",
		func(t *trial, u user) {
			f := form{{"insurances.0.card_type", primary}, {"insurances.0.insurer_code", t.carrier()}}
			body := withFiles(f, dotName, "insurances.0.card_front", "insurances.0.card_back")
			if t.Send(engine.Post(cardsPath(u)+"/import", body).By(u)).Expected() {
				t.showsImages(u)
			}
		})
	ask("CARD-051", "signOn", "GET /users/{id}/insurances shows the images that a sign-on has written",
		func(t *trial, _ user) {
			f := patientForm().And("insurance.primary_carrier_code", t.carrier())
			q := t.sso(f)
			q.Body = withFiles(f, dotName, "insurance.card_front", "insurance.card_back")
			t.showsImages(t.signedOn(f, t.Send(q)))
		})
	ask("CARD-047", "deleteCard", "GET /me and GET /users/{id} show no card that was deleted", func(t *trial, u user) {
		t.imported(u, t.plainCard(primary), t.plainCard(secondary))
		if t.left(t.Send(deleteCard(u, secondary)), u, primary) {
			for _, r := range []reply{t.Send(engine.Get("/me").By(u)), t.read(u)} {
				r.Absent("/data/insurance/secondary/subscriber_num", "a deleted card must be gone")
				r.Present("/data/insurance/primary/subscriber_num", "the other card must be there")
			}
		}
	})
}

// showsImages asserts both images on a user's primary card.
func (t *trial) showsImages(u user) {
	r := t.cards(u)
	r.Present("/data/0/card_front", "the front of the card must be there once it was sent")
	r.Present("/data/0/card_back", "the back of the card must be there once it was sent")
}

// decidedImportSpecs cover the imports of one wrong card, and of a form.
func decidedImportSpecs(ask func(id, operation, title string, body func(t *trial, u user))) {
	ask("CARD-016", "importCards",
		"POST /users/{id}/insurances/import stores no card when it refuses one", func(t *trial, u user) {
			wrong := t.card(secondary)
			wrong["insurer_code"] = "nobody"
			q := importCards(u, t.card(primary), wrong).As(result.BadField).Tests("/insurances/*/insurer_code")
			if t.Send(q).Refused() {
				showsCards()(t.cards(u))
			}
		})
	ask("CARD-017", "importCards",
		"POST /users/{id}/insurances/import takes the fields of a form by name and number", func(t *trial, u user) {
			f := form{
				{"insurances.0.card_type", primary}, {"insurances.0.insurer_code", t.carrier()},
				{"insurances.0.subscriber_number", "234234"},
			}
			var underscored form
			for _, field := range f {
				underscored = underscored.And(strings.ReplaceAll(field[0], ".", "__"), field[1])
			}
			for _, body := range []payload{engine.Multipart(f), engine.URLEncoded(underscored)} {
				showsCards(primary)(t.Send(engine.Post(cardsPath(u)+"/import", body).By(u)))
			}
		})
}

// decidedEndSpecs cover the end of a card and of its result, its types and its images.
func decidedEndSpecs(ask func(id, operation, title string, body func(t *trial, u user))) {
	ask("CARD-018", "saveCard", "A card loses its result when its subscriber number changes", func(t *trial, u user) {
		t.imported(u, t.card(primary))
		t.loses(u, func() reply {
			return t.Send(saveCard(u, primary, engine.URLEncoded(form{{"subscriber_number", "another"}})))
		})
	})
	ask("CARD-019", "deleteCard",
		"DELETE /users/{id}/insurances/{card} refuses a card that does not exist", func(t *trial, u user) {
			t.Send(deleteCard(u, primary).As(result.UnknownID)).Refused()
		})
	ask("CARD-020", "saveCard",
		"POST /users/{id}/insurances/{card} refuses a type other than primary and secondary", func(t *trial, u user) {
			t.Send(saveCard(u, "tertiary", engine.JSON(t.card(primary))).As(result.BadField).Tests("/card")).Refused()
		})
	ask("CARD-021", "getFile",
		"GET /files/{file_id} shows an image of a card by its link, and to the card's owner", func(t *trial, u user) {
			r := t.Send(saveCard(u, primary, t.withImages("card_front")))
			served := t.Send(linked(r, "/data/card_front/fullpath"))
			served.Value("", served.Header.Get("Content-Type")).Equal("image/gif", "the media type must be that of the image")
			showsDot(served)
			q := engine.Get("/files/" + r.NeedText("/data/card_front/id"))
			showsDot(t.Send(q.By(u)))
			t.Send(q.By(t.newPatient()).As(result.OtherUser)).Refused()
		})
}

// cardLimitSpecs cover both sides of the limits of a card's texts.
func cardLimitSpecs(ask func(id, operation, title string, body func(t *trial, u user))) {
	const longest = 255
	ask("CARD-035", "saveCard",
		"POST /users/{id}/insurances/{card} takes texts of 255 characters, and refuses longer ones", func(t *trial, u user) {
			for _, name := range []string{
				"subscriber_number", "group_number", "guarantor_last_name", "guarantor_address", "guarantor_address_2",
				"guarantor_city", "guarantor_zip", "guarantor_state",
			} {
				c := t.card(primary)
				c[name] = strings.Repeat("é", longest)
				r := t.Send(saveCard(u, primary, engine.JSON(c)).Status(result.Limit, http.StatusOK).Tests("/" + name))
				t.ReadBack(r, []engine.Way{listed(u, primary, c)}, sentAt("/data/"+name, c[name]))
				c[name] = strings.Repeat("é", longest+1)
				t.Send(saveCard(u, primary, engine.JSON(c)).As(result.Limit).Tests("/" + name)).Refused()
			}
		})
	ask("CARD-036", "saveCard",
		"POST /users/{id}/insurances/{card} empties a field that is sent empty", func(t *trial, u user) {
			t.imported(u, t.fullCard(primary))
			if !t.Send(saveCard(u, primary, engine.JSON(card{"group_number": "", "guarantor_city": ""}))).Expected() {
				return
			}
			r := t.cards(u)
			r.Absent("/data/0/group_number", "the group number must be empty after an empty one")
			r.Absent("/data/0/guarantor_city", "the city must be empty after an empty one")
		})
	for _, c := range []struct {
		id, operation, at, title string
		write                    func(u user, c card) engine.Request
	}{
		{"CARD-037", "importCards", "/data/0", "POST /users/{id}/insurances/import", func(u user, c card) engine.Request {
			return importCards(u, c)
		}},
		{"CARD-044", "saveCard", "/data", "POST /users/{id}/insurances/{card}", func(u user, c card) engine.Request {
			return saveCard(u, primary, engine.JSON(c))
		}},
	} {
		ask(c.id, c.operation, c.title+" takes a card as it was read, and leaves its result", func(t *trial, u user) {
			sent := t.card(primary)
			sent["group_number"] = engine.Unique()
			t.imported(u, sent)
			t.startCheck(u, t.carrier())
			t.Pass(cronDelay)
			status, _ := statusOf(t.result(u, primary).Text(resultAt(primary)))
			before, stored := t.cards(u), t.stored(u, primary, sent)
			fields := fieldsOf(c.at, stored)
			for _, name := range []string{"card_type", "insurer_code", "subscriber_number"} {
				stored[name] = sent[name] // no card is taken without it, whatever the list shows
			}
			sent = stored
			sent["eligibility"] = map[string]string{"status": status}
			if write := t.Send(c.write(u, sent)); write.Expected() {
				t.ReadBack(write, []engine.Way{listed(u, primary, sent)}, fields...)
				t.cards(u).Same("/data/0/eligibility", before, "the result must stay when the card is sent as it was read")
			}
		})
	}
}

// statusOf returns the status on a card after a check with a result, and whether the result is a documented one.
func statusOf(text string) (status string, known bool) {
	if text == "Success" || text == "Success / Reject reason not found" {
		return "active", true
	}
	return "inactive", isReason(text)
}

// loses asserts the end of the primary card's result after a change.
func (t *trial) loses(u user, change func() reply) {
	t.startCheck(u, t.carrier())
	t.Pass(cronDelay)
	t.result(u, primary)
	if !change().Expected() {
		return
	}
	t.read(u).Absent(resultAt(primary), "the result must be gone after the change")
	t.cards(u).Absent("/data/0/eligibility", "the status must be gone after the change")
}

// changedPersonSpecs cover a saved result after the card or the patient changes to another person.
func changedPersonSpecs(l *list) {
	l.add(ours, "CARD-022", "saveCard", "A card loses its result when another person is meant", func(t *trial) {
		u := t.newInsured()
		for _, change := range []func() reply{
			func() reply {
				return t.Send(saveCard(u, primary, engine.URLEncoded(form{{"responsible_party", "child"}})))
			},
			func() reply { return t.update(u, engine.URLEncoded(form{{"dob", "1971-02-03"}})) },
		} {
			t.loses(u, change)
		}
	}, aMock)
}
