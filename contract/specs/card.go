package specs

import (
	"maps"
	"net/http"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

func cardSpecs(l *list) {
	storedCardSpecs(l)
	importSpecs(l)
	keptCardSpecs(l)
	cardOwnerSpecs(l)
	cardRefusalSpecs(l)
	decidedCardSpecs(l)
	changedPersonSpecs(l)
}

// The texts of the guarantor that a server may damage, one kind of text to a field.
const (
	accentedText = "José 王芳"
	doubleText   = "van  der"
	markedText   = "D'Arc & <Sons>"
	paddedText   = " 12 Contract Street "
	plusText     = "+1 Rear"
	zeroedText   = "00234234"
)

// madeUpTexts are the texts of this file that stand in fields for which a shared target takes made-up values alone.
func madeUpTexts() []string {
	return []string{accentedText, doubleText, markedText, paddedText, plusText, zeroedText, "aaaaa", "test 3", "asdasd"}
}

// fullCard returns a card of a type with all fields that VSee documents.
func (t *trial) fullCard(kind string) card {
	c := t.card(kind)
	maps.Copy(c, card{
		"subscriber_number": zeroedText, "group_number": "test 3", "responsible_party": "child",
		"guarantor_first_name": accentedText, "guarantor_middle_name": doubleText, "guarantor_last_name": markedText,
		"guarantor_dob": "1960-01-31", "guarantor_gender": 2, "guarantor_address": paddedText, "guarantor_address_2": plusText,
		"guarantor_city": "Ann Arbor", "guarantor_state": "MI", "guarantor_zip": "00501",
	})
	if kind == secondary {
		maps.Copy(c, card{"subscriber_number": "aaaaa", "group_number": "asdasd"})
	}
	return c
}

// storedCardSpecs cover each way of writing a card, with all of its fields.
func storedCardSpecs(l *list) {
	l.require(rule{ID: "CARD-001", Title: "GET /users/{id}/insurances is an empty list for a patient without cards", Operation: "listCards", Evidence: inferred}, func(t *trial) {
		showsCards()(t.Send(engine.Get(cardsPath(t.patient())).By(t.patient())))
	})
	l.require(rule{ID: "CARD-002", Title: "POST /users/{id}/insurances/import stores each field of two cards", Operation: "importCards", Evidence: documented}, func(t *trial) {
		u := t.newPatient()
		sent := map[string]card{primary: t.fullCard(primary), secondary: t.fullCard(secondary)}
		r := t.imported(u, sent[primary], sent[secondary])
		for kind, c := range sent {
			at, _ := cardAt(r, kind)
			t.ReadBack(r, []engine.Way{listed(u, kind, c)}, fieldsOf(at, c)...)
		}
	})
	l.require(rule{ID: "CARD-008", Title: "POST /users/{id}/insurances/{card} stores each field of a card", Operation: "saveCard", Evidence: inferred}, func(t *trial) {
		for _, kind := range []string{primary, secondary} {
			u, c := t.newPatient(), t.fullCard(kind)
			r := t.Send(saveCard(u, kind, engine.JSON(c)))
			t.ReadBack(r, []engine.Way{listed(u, kind, c)}, fieldsOf("/data", c)...)
		}
	})
	l.require(rule{ID: "CARD-023", Title: "POST /users/{id}/insurances/{card} takes a card in each media type", Operation: "saveCard", Evidence: inferred}, func(t *trial) {
		c := t.fullCard(secondary)
		delete(c, "guarantor_gender") // a form has its number as a text
		var f form
		for _, field := range fieldsOf("", c) {
			text, isText := field.Want.(string)
			if !isText {
				text = "true" // consent
			}
			f = f.And(field.Pointer[1:], text)
		}
		for _, body := range []payload{engine.Multipart(f), engine.URLEncoded(f)} {
			u := t.newPatient()
			t.ReadBack(t.Send(saveCard(u, secondary, body)), []engine.Way{listed(u, secondary, c)}, fieldsOf("/data", c)...)
		}
	})
	l.require(rule{ID: "CARD-024", Title: "POST /me stores each older field of two cards", Operation: "updateMe", Evidence: documented}, func(t *trial) {
		u := t.newPatient()
		write := t.update(u, engine.Multipart(olderForm()))
		t.ReadBack(write, t.userWays(u), olderFields(t.IsMock())...)
		for _, party := range []string{"spouse", "other", "self", "child"} {
			write := t.update(u, engine.Multipart(form{{"insurance.respparty", party}}))
			t.ReadBack(write, t.userWays(u), engine.Field{
				Pointer: "/data/insurance/patient/respparty", Want: party, Rule: "the relation to the insured must be the one that was sent",
			})
		}
	})
	l.require(rule{ID: "CARD-025", Title: "GET /users/{id}/insurances lists the primary card first", Operation: "listCards", Evidence: inferred}, func(t *trial) {
		u := t.newPatient()
		t.imported(u, t.card(secondary), t.card(primary))
		r := t.cards(u)
		r.Value("/data", r.Column("/data", "card_type")).Equal([]any{primary, secondary}, "the primary card must be the first, the secondary one the second")
	})
}

// olderForm are the older fields of two cards, with the values of the guide.
func olderForm() form {
	return form{
		{"insurance.primary_carrier_code", "car7556"}, {"insurance.primary_subscriber_num", zeroedText}, {"insurance.primary_group_number", "test 3"},
		{"insurance.secondary_carrier_code", "car11406"}, {"insurance.secondary_subscriber_num", "aaaaa"}, {"insurance.secondary_group_number", "asdasd"},
		{"insurance.respparty", "child"}, {"insurance.patient.guarantor_name", markedText}, {"insurance.patient.guarantor_dob", "1960-01-31"},
		{"insurance.patient.guarantor_address", paddedText}, {"insurance.patient.guarantor_city", accentedText}, {"insurance.patient.guarantor_state", "MI"},
		{"insurance.patient.guarantor_zip", "00501"},
	}
}

// olderFields are the fields of a user that olderForm writes. The guide's own reply lacks the primary card's group
// number, which was sent.
func olderFields(withGroup bool) []engine.Field {
	var fields []engine.Field
	for _, field := range olderForm() {
		name := strings.TrimPrefix(strings.TrimPrefix(field[0], "insurance."), "patient.")
		place := "patient/" + name
		for _, kind := range []string{primary, secondary} {
			if rest, of := strings.CutPrefix(name, kind+"_"); of {
				place = kind + "/" + rest
			}
		}
		if withGroup || place != "primary/group_number" {
			fields = append(fields, engine.Field{Pointer: "/data/insurance/" + place, Want: field[1], Rule: field[0] + " must be the one that was sent"})
		}
	}
	return fields
}

// importSpecs cover the other statements about an import.
func importSpecs(l *list) {
	l.require(rule{ID: "CARD-003", Title: "POST /users/{id}/insurances/import overwrites a card: a field that is not sent is unset", Operation: "importCards", Evidence: inferred}, func(t *trial) {
		u := t.newPatient()
		t.imported(u, t.fullCard(primary))
		at, _ := cardAt(t.imported(u, t.card(primary)), primary)
		r := t.cards(u)
		for _, name := range []string{"group_number", "guarantor_dob", "guarantor_city"} {
			r.Absent(at+"/"+name, name+" was not sent with the card that overwrites the former one")
		}
	})
	l.require(rule{ID: "CARD-004", Title: "POST /users/{id}/insurances/import takes an insurer by the id or the text of GET /insurances/list/insurers", Operation: "importCards", Evidence: documented}, func(t *trial) {
		u := t.newPatient()
		options := t.Send(t.byAdmin(engine.Get("/insurances/list/insurers")))
		for _, name := range []string{"id", "text"} {
			c := t.card(primary)
			c["insurer_code"] = options.NeedText("/data/0/" + name)
			showsCards(primary)(t.Send(importCards(u, c).Tests("/insurances/*/insurer_code")))
		}
	})
	l.require(rule{ID: "CARD-005", Title: "POST /users/{id}/insurances/import takes subscriber_num for subscriber_number", Operation: "importCards", Evidence: documented}, func(t *trial) {
		u, c := t.newPatient(), t.card(primary)
		sent := maps.Clone(c)
		c["subscriber_num"] = c["subscriber_number"]
		delete(c, "subscriber_number")
		r := t.Send(importCards(u, c).Tests("/insurances/*/subscriber_num"))
		at, _ := cardAt(r, primary)
		t.ReadBack(r, []engine.Way{listed(u, primary, sent)}, engine.Field{
			Pointer: at + "/subscriber_number", Want: sent["subscriber_number"], Rule: "the number must be the one that was sent as subscriber_num",
		})
	})
	l.require(rule{ID: "CARD-006", Title: "The admin's token reads and writes a patient's cards", Operation: "importCards", Evidence: documented}, func(t *trial) {
		u, c := t.newPatient(), t.card(primary)
		r := t.Send(t.byAdmin(importCards(u, c)))
		r.Expected()
		at, _ := cardAt(r, primary)
		t.ReadBack(r, []engine.Way{inList(t.byAdmin(engine.Get(cardsPath(u))).About(u), primary, c)}, fieldsOf(at, c)...)
	})
}

// keptCardSpecs cover a card when the other one, or another field, is written.
func keptCardSpecs(l *list) {
	l.require(rule{ID: "CARD-026", Title: "POST /users/{id}/insurances/{card} leaves the other card as it was", Operation: "saveCard", Evidence: inferred}, func(t *trial) {
		for _, order := range [][2]string{{secondary, primary}, {primary, secondary}} {
			u, first := t.newPatient(), t.fullCard(order[0])
			t.Send(saveCard(u, order[0], engine.JSON(first)))
			t.keeps(t.Send(saveCard(u, order[1], engine.JSON(t.card(order[1])))), u, order[0], first)
		}
	})
	l.require(rule{ID: "CARD-027", Title: "POST /users/{id}/insurances/import leaves a card of another type as it was", Operation: "importCards", Evidence: inferred}, func(t *trial) {
		for _, order := range [][2]string{{secondary, primary}, {primary, secondary}} {
			u, first := t.newPatient(), t.fullCard(order[0])
			t.imported(u, first)
			t.keeps(t.imported(u, t.card(order[1])), u, order[0], first)
		}
	})
	l.require(rule{ID: "CARD-028", Title: "POST /me leaves the fields of both cards that it does not send", Operation: "updateMe", Evidence: seed}, func(t *trial) {
		u := t.newPatient()
		t.update(u, engine.Multipart(olderForm()))
		t.update(u, engine.Multipart(form{{"city", "Ann Arbor"}}))
		write := t.update(u, engine.Multipart(form{{"insurance.primary_subscriber_num", "234234"}}))
		fields := olderFields(t.IsMock())
		for i := range fields {
			if fields[i].Pointer == "/data/insurance/primary/subscriber_num" {
				fields[i].Want = "234234"
			}
		}
		t.ReadBack(write, t.userWays(u), fields...)
	})
	l.require(rule{ID: "CARD-009", Title: "DELETE /users/{id}/insurances/{card} deletes that card and leaves the other", Operation: "deleteCard", Evidence: inferred}, func(t *trial) {
		for _, order := range [][2]string{{secondary, primary}, {primary, secondary}} {
			u, stays := t.newPatient(), t.fullCard(order[0])
			t.imported(u, stays, t.card(order[1]))
			write := t.Send(deleteCard(u, order[1]))
			t.left(write, u, order[0])
			t.keeps(write, u, order[0], stays)
			t.left(t.Send(deleteCard(u, order[0])), u)
		}
	})
}

// cardOwnerSpecs cover to which patient, and to which check, the cards belong.
func cardOwnerSpecs(l *list) {
	l.require(rule{ID: "CARD-029", Title: "GET /users/{id}/insurances lists the cards of the user in the path, also after those of another user", Operation: "listCards", Evidence: documented}, func(t *trial) {
		numbers := []string{"234234", zeroedText}
		var users []user
		for _, number := range numbers {
			u, c := t.newPatient(), t.card(primary)
			c["subscriber_number"] = number
			t.imported(u, c)
			t.cards(u)
			users = append(users, u)
		}
		for range 2 {
			for i, u := range users {
				for _, q := range []engine.Request{engine.Get(cardsPath(u)).By(u), t.byAdmin(engine.Get(cardsPath(u))).About(u), engine.Get("/users/-/insurances").By(u)} {
					r := t.Send(q)
					is := len(r.List("/data")) == 1 && r.Text("/data/0/subscriber_number") == numbers[i]
					r.Value("/data/*").Sent(map[bool]any{true: r.At("/data/*"), false: "the user's card"}[is], "the cards must be those of the user in the path")
				}
			}
		}
	})
	l.require(rule{ID: "CARD-010", Title: "GET /users/{id}/insurances says active after a check with Success, and inactive after another result", Operation: "listCards", Evidence: inferred}, func(t *trial) {
		u := t.newPatient()
		t.imported(u, t.card(primary))
		t.startCheck(u, t.carrier())
		t.cards(u).Absent("/data/0/eligibility", "a card must have no result before a check of it has ended")
		t.Pass(cronDelay)
		r := t.result(u, primary)
		text := r.Text(resultAt(primary))
		if want, known := t.statusOf(text); known {
			t.cards(u).Equal("/data/0/eligibility/status", want, "the status must be the one of the check's result")
		}
	})
}

// cardRefusalSpecs cover the requests about cards that are refused.
func cardRefusalSpecs(l *list) {
	for _, c := range []struct {
		id, title string
		list      func(t *trial) []card
	}{
		{"CARD-011", "refuses two cards of one type", func(t *trial) []card { return []card{t.card(primary), t.card(primary)} }},
		{"CARD-012", "refuses three cards", func(t *trial) []card { return []card{t.card(primary), t.card(secondary), t.card(primary)} }},
	} {
		l.require(rule{ID: c.id, Title: "POST /users/{id}/insurances/import " + c.title, Operation: "importCards", Evidence: inferred}, func(t *trial) {
			t.Send(importCards(t.newPatient(), c.list(t)...).As(result.Limit).Tests("/insurances")).Refused()
		})
	}
	for _, c := range []struct {
		id, operation, title string
		request              func(u user, c card) engine.Request
	}{
		{"CARD-030", "listCards", "GET /users/{id}/insurances", func(u user, _ card) engine.Request { return engine.Get(cardsPath(u)) }},
		{"CARD-031", "importCards", "POST /users/{id}/insurances/import", func(u user, c card) engine.Request { return importCards(u, c) }},
		{"CARD-032", "saveCard", "POST /users/{id}/insurances/{card}", func(u user, c card) engine.Request { return saveCard(u, primary, engine.JSON(c)) }},
		{"CARD-033", "deleteCard", "DELETE /users/{id}/insurances/{card}", func(u user, _ card) engine.Request { return deleteCard(u, primary) }},
	} {
		l.require(rule{ID: c.id, Title: c.title + " refuses the id of no user", Operation: c.operation, Evidence: inferred}, func(t *trial) {
			t.Send(t.byAdmin(c.request(user{ID: "999999999"}, t.card(primary))).As(result.UnknownID)).Refused()
		})
	}
	l.require(rule{ID: "CARD-034", Title: "POST /users/{id}/insurances/{card} refuses a value outside an enumeration, and a date that does not exist", Operation: "saveCard", Evidence: inferred}, func(t *trial) {
		u := t.newPatient()
		for _, field := range [][2]string{{"responsible_party", "cousin"}, {"guarantor_dob", "1960-02-30"}, {"guarantor_gender", "9"}} {
			c := t.card(primary)
			c[field[0]] = field[1]
			t.Send(saveCard(u, primary, engine.JSON(c)).As(result.BadField).Tests("/" + field[0])).Refused()
		}
		showsCards()(t.cards(u))
	})
}

// decidedCardSpecs cover the decisions of this project, where VSee is silent.
func decidedCardSpecs(l *list) {
	ask := func(id, operation, title string, body func(t *trial, u user)) {
		l.require(rule{ID: id, Title: title, Operation: operation, Evidence: ours}, func(t *trial) { body(t, t.newPatient()) })
	}
	ask("CARD-013", "updateMe", "GET /users/{id}/insurances shows the cards that POST /me has written", func(t *trial, u user) {
		write := t.update(u, engine.Multipart(olderForm()))
		fields := olderFields(true)
		for _, kind := range []string{primary, secondary} {
			sent := card{"guarantor_zip": "00501"} // of the one guarantor, on both cards
			var of []engine.Field
			for _, f := range fields {
				if strings.Contains(f.Pointer, "/"+kind+"/") || strings.Contains(f.Pointer, "/patient/") {
					of = append(of, f)
				}
			}
			t.ReadBack(write, []engine.Way{listed(u, kind, sent)}, of...)
		}
	})
	ask("CARD-014", "getMe", "GET /me shows the cards that were saved or imported", func(t *trial, u user) {
		for _, kind := range []string{primary, secondary} {
			u, c := t.newPatient(), t.fullCard(kind)
			fields := fieldsOf("/data", c)
			t.ReadBack(t.Send(saveCard(u, kind, engine.JSON(c))), t.older(u, kind, fields), fields...)
		}
		c := t.card(primary)
		c["responsible_party"], c["guarantor_first_name"], c["guarantor_last_name"] = "spouse", "Sam", "Sample"
		write := t.imported(u, c)
		fields := append(fieldsOf("/data/0", c), engine.Field{Pointer: "/data/0/guarantor_name", Want: "Sam Sample", Rule: "the name must be made of its parts"})
		t.ReadBack(write, t.older(u, primary, fields), fields...)
	})
	ask("CARD-015", "saveCard", "POST /users/{id}/insurances/{card} leaves the fields that it does not send", func(t *trial, u user) {
		c := t.fullCard(primary)
		t.imported(u, c)
		c["group_number"] = "g"
		write := t.Send(saveCard(u, primary, engine.URLEncoded(form{{"group_number", "g"}})))
		t.ReadBack(write, []engine.Way{listed(u, primary, c)}, fieldsOf("/data", c)...)
	})
	ask("CARD-016", "importCards", "POST /users/{id}/insurances/import stores no card when it refuses one", func(t *trial, u user) {
		wrong := t.card(secondary)
		wrong["insurer_code"] = "nobody"
		t.Send(importCards(u, t.card(primary), wrong).As(result.BadField).Tests("/insurances/*/insurer_code")).Refused()
		showsCards()(t.cards(u))
	})
	ask("CARD-017", "importCards", "POST /users/{id}/insurances/import takes the fields of a form by name and number", func(t *trial, u user) {
		f := form{{"insurances.0.card_type", primary}, {"insurances.0.insurer_code", t.carrier()}, {"insurances.0.subscriber_number", "234234"}}
		var underscored form
		for _, field := range f {
			underscored = underscored.And(strings.ReplaceAll(field[0], ".", "__"), field[1])
		}
		for _, body := range []payload{engine.Multipart(f), engine.URLEncoded(underscored)} {
			showsCards(primary)(t.Send(engine.Post(cardsPath(u)+"/import", body).By(u)))
		}
	})
	ask("CARD-018", "saveCard", "A card loses its result when its subscriber number changes", func(t *trial, u user) {
		t.imported(u, t.card(primary))
		t.loses(u, func() reply {
			return t.Send(saveCard(u, primary, engine.URLEncoded(form{{"subscriber_number", "another"}})))
		})
	})
	ask("CARD-019", "deleteCard", "DELETE /users/{id}/insurances/{card} refuses a card that does not exist", func(t *trial, u user) {
		t.Send(deleteCard(u, primary).As(result.UnknownID)).Refused()
	})
	ask("CARD-020", "saveCard", "POST /users/{id}/insurances/{card} refuses a type other than primary and secondary", func(t *trial, u user) {
		t.Send(saveCard(u, "tertiary", engine.JSON(t.card(primary))).As(result.BadField).Tests("/card")).Refused()
	})
	ask("CARD-021", "getFile", "GET /files/{file_id} shows an image to those who may read the card", func(t *trial, u user) {
		r := t.Send(saveCard(u, primary, t.withImage("card_front")))
		path, here := strings.CutPrefix(r.NeedText("/data/card_front/fullpath"), t.BaseURL())
		r.Value("/data/card_front/fullpath", here).Equal(true, "the image must be where the card was sent to")
		served := t.Send(engine.Get(path).By(u))
		served.Value("", served.Header.Get("Content-Type")).Equal("image/gif", "the media type must be that of the image")
		served.Value("", string(served.Body) == dot).Equal(true, "the bytes must be those of the image that was sent")
		t.Send(engine.Get(path).By(t.newPatient()).As(result.OtherUser)).Refused()
	})
	cardLimitSpecs(ask)
}

// cardLimitSpecs cover both sides of the limits of a card's texts.
func cardLimitSpecs(ask func(id, operation, title string, body func(t *trial, u user))) {
	const longest = 255
	ask("CARD-035", "saveCard", "POST /users/{id}/insurances/{card} takes texts of 255 characters, and refuses longer ones", func(t *trial, u user) {
		for _, name := range []string{"subscriber_number", "group_number", "guarantor_last_name", "guarantor_address", "guarantor_address_2", "guarantor_city", "guarantor_zip", "guarantor_state"} {
			c := t.card(primary)
			c[name] = strings.Repeat("é", longest)
			r := t.Send(saveCard(u, primary, engine.JSON(c)).Status(result.Limit, http.StatusOK).Tests("/" + name))
			t.ReadBack(r, []engine.Way{listed(u, primary, c)}, engine.Field{Pointer: "/data/" + name, Want: c[name], Rule: name + " must be the one that was sent"})
			c[name] = strings.Repeat("é", longest+1)
			t.Send(saveCard(u, primary, engine.JSON(c)).As(result.Limit).Tests("/" + name)).Refused()
		}
	})
	ask("CARD-036", "saveCard", "POST /users/{id}/insurances/{card} empties a field that is sent empty", func(t *trial, u user) {
		t.imported(u, t.fullCard(primary))
		t.Send(saveCard(u, primary, engine.JSON(card{"group_number": "", "guarantor_city": ""})))
		r := t.cards(u)
		r.Absent("/data/0/group_number", "the group number must be empty after an empty one")
		r.Absent("/data/0/guarantor_city", "the city must be empty after an empty one")
	})
	ask("CARD-037", "importCards", "POST /users/{id}/insurances/import takes a card as it was read, and leaves its result", func(t *trial, u user) {
		t.imported(u, t.card(primary))
		t.startCheck(u, t.carrier())
		t.Pass(cronDelay)
		t.result(u, primary)
		before := t.cards(u)
		read, _ := before.At("/data/0").(map[string]any)
		t.imported(u, read)
		t.cards(u).Same("/data", before, "the card must be the same after it was sent as it was read")
	})
}

// statusOf returns the status on a card after a check with a result, and whether the result is a documented one.
func (t *trial) statusOf(text string) (status string, known bool) {
	if text == "Success" || text == "Success / Reject reason not found" {
		return "active", true
	}
	return "inactive", isReason(text)
}

// loses asserts that the primary card loses its result by a change.
func (t *trial) loses(u user, change func() reply) {
	t.startCheck(u, t.carrier())
	t.Pass(cronDelay)
	t.result(u, primary)
	change().Expected()
	t.read(u).Absent(resultAt(primary), "the result must be gone after the change")
	t.cards(u).Absent("/data/0/eligibility", "the status must be gone after the change")
}

// changedPersonSpecs cover a saved result after the card or the patient changes to another person.
func changedPersonSpecs(l *list) {
	l.require(rule{ID: "CARD-022", Title: "A card loses its result when another person is meant", Operation: "saveCard", Evidence: ours, Needs: []need{aMock}}, func(t *trial) {
		u := t.newInsured()
		for _, change := range []func() reply{
			func() reply {
				return t.Send(saveCard(u, primary, engine.URLEncoded(form{{"responsible_party", "child"}})))
			},
			func() reply { return t.update(u, engine.URLEncoded(form{{"dob", "1971-02-03"}})) },
		} {
			t.loses(u, change)
		}
	})
}
