package specs

import (
	"fmt"
	"maps"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// The texts of the guarantor, easily damaged by a server: one kind of text to a field.
const (
	accentedText = "José 王芳"
	doubleText   = "van  der"
	markedText   = "D'Arc & <Sons>"
	paddedText   = " 12 Contract Street "
	plusText     = "+1 Rear"
	zeroedText   = "00234234"
)

// madeUpTexts are the texts of this file in fields with made-up values alone on a shared target.
func madeUpTexts() []string {
	return []string{accentedText, doubleText, markedText, paddedText, plusText, zeroedText, "aaaaa", "test 3", "asdasd"}
}

// plainCard returns a card of a type with plain texts.
func (t *trial) plainCard(kind string) card {
	c := t.card(kind)
	maps.Copy(c, card{
		"subscriber_number": engine.Unique(), "group_number": engine.Unique(), "guarantor_city": engine.Unique(),
	})
	return c
}

// fullCard returns a card of a type with all documented fields.
func (t *trial) fullCard(kind string) card {
	c := t.card(kind)
	maps.Copy(c, card{
		"subscriber_number": zeroedText, "group_number": "test 3", "responsible_party": "child",
		"guarantor_first_name": accentedText, "guarantor_middle_name": doubleText, "guarantor_last_name": markedText,
		"guarantor_dob": "1924-02-29", "guarantor_gender": 2,
		"guarantor_address": paddedText, "guarantor_address_2": plusText,
		"guarantor_city": "Ann Arbor", "guarantor_state": "MI", "guarantor_zip": "00501",
	})
	if kind == secondary {
		maps.Copy(c, card{"subscriber_number": "aaaaa", "group_number": "asdasd"})
	}
	return c
}

// specialCard returns a card of a type with a text in each field that takes any, and with the rarer choices.
func (t *trial) specialCard(kind, text string) card {
	c := t.card(kind)
	c["responsible_party"], c["consent"], c["guarantor_zip"] = "spouse", false, "00501"
	if text == zeroedText {
		c["responsible_party"] = "other"
	}
	for _, name := range []string{
		"subscriber_number", "group_number", "guarantor_first_name", "guarantor_middle_name", "guarantor_last_name",
		"guarantor_address", "guarantor_address_2", "guarantor_city", "guarantor_state",
	} {
		c[name] = text
	}
	return c
}

// storedCardSpecs cover each way of writing a card, with all of its fields.
func storedCardSpecs(l *list) {
	l.add(inferred, "CARD-001", "listCards",
		"GET /users/{id}/insurances is an empty list for a patient without cards", func(t *trial) {
			showsCards()(t.Send(engine.Get(cardsPath(t.patient())).By(t.patient())))
		})
	l.add(documented, "CARD-002", "importCards",
		"POST /users/{id}/insurances/import stores each field of two cards", func(t *trial) {
			u := t.newPatient()
			sent := map[string]card{primary: t.fullCard(primary), secondary: t.fullCard(secondary)}
			for _, id := range t.Send(t.byAdmin(engine.Get("/insurances/list/insurers"))).Column("/data", "id") {
				if text, _ := id.(string); text != "" && text != t.carrier() {
					sent[secondary]["insurer_code"] = text // each card has its own
				}
			}
			r := t.imported(u, sent[primary], sent[secondary])
			for kind, c := range sent {
				at, there := cardAt(r, kind)
				if !r.Value("/data/*", sign(there, there)).Sent(true, anotherCard) {
					return
				}
				t.ReadBack(r, []engine.Way{listed(u, kind, c)}, fieldsOf(at, c)...)
			}
		})
	l.add(inferred, "CARD-008", "saveCard",
		"POST /users/{id}/insurances/{card} stores each field of a card", func(t *trial) {
			for _, kind := range []string{primary, secondary} {
				u, c := t.newPatient(), t.fullCard(kind)
				r := t.Send(saveCard(u, kind, engine.JSON(c)))
				t.ReadBack(r, []engine.Way{listed(u, kind, c)}, fieldsOf("/data", c)...)
			}
		})
	l.add(inferred, "CARD-023", "saveCard",
		"POST /users/{id}/insurances/{card} takes a card in each media type", func(t *trial) {
			c := t.fullCard(secondary)
			var f form
			for _, field := range fieldsOf("", c) {
				f = f.And(field.Pointer[1:], fmt.Sprint(field.Want))
			}
			for _, body := range []payload{engine.Multipart(f), engine.URLEncoded(f)} {
				u := t.newPatient()
				t.ReadBack(t.Send(saveCard(u, secondary, body)), []engine.Way{listed(u, secondary, c)}, fieldsOf("/data", c)...)
			}
		})
}

// cardChoiceSpecs cover the fields of a card with a choice, and the older name of a guarantor.
func cardChoiceSpecs(l *list) {
	for n, c := range []struct {
		field    string
		evidence requirement.Evidence
		values   []any
	}{
		{"responsible_party", documented, []any{"other", "spouse", "child", "self"}},
		{"guarantor_gender", inferred, []any{1, 2}},
		{"guarantor_gender", ours, []any{3, 4}}, // for a clinic that takes them
	} {
		l.require(rule{
			ID:        "CARD-06" + string(rune('0'+n)),
			Title:     fmt.Sprint("POST /users/{id}/insurances/{card} stores the choices ", c.values, " of ", c.field),
			Operation: "saveCard", Evidence: c.evidence,
		}, func(t *trial) {
			u := t.newPatient()
			for _, value := range c.values {
				sent := t.fullCard(primary)
				sent[c.field] = value
				r := t.Send(saveCard(u, primary, engine.JSON(sent)))
				t.ReadBack(r, []engine.Way{listed(u, primary, sent)}, sentAt("/data/"+c.field, value))
			}
		}, func(s *controlapi.ClinicSettings) { s.AcceptGender3And4 = new(true) })
	}
	l.add(ours, "CARD-063", "saveCard",
		"POST /users/{id}/insurances/{card} takes guarantor_name in a form", func(t *trial) {
			for _, body := range []func(form) payload{engine.Multipart, engine.URLEncoded} {
				u, sent := t.newPatient(), card{"insurer_code": t.carrier(), "guarantor_name": "Sam Sample"}
				r := t.Send(saveCard(u, primary, body(form{{"insurer_code", t.carrier()}, {"guarantor_name", "Sam Sample"}})))
				t.ReadBack(r, []engine.Way{listed(u, primary, sent)}, sentAt("/data/guarantor_name", "Sam Sample"))
			}
		})
}

// specialCardSpecs cover texts that servers damage.
func specialCardSpecs(l *list) {
	l.add(inferred, "CARD-048", "importCards",
		"POST /users/{id}/insurances/import stores outer blanks and special characters as sent", func(t *trial) {
			for _, text := range specialTexts() {
				u, c := t.newPatient(), t.specialCard(primary, text)
				t.ReadBack(t.imported(u, c), []engine.Way{listed(u, primary, c)}, fieldsOf("/data/0", c)...)
			}
		})
	l.add(inferred, "CARD-049", "saveCard",
		"POST /users/{id}/insurances/{card} stores outer blanks and special characters as sent", func(t *trial) {
			for _, text := range specialTexts() {
				u, c := t.newPatient(), t.specialCard(secondary, text)
				r := t.Send(saveCard(u, secondary, engine.JSON(c)))
				t.ReadBack(r, []engine.Way{listed(u, secondary, c)}, fieldsOf("/data", c)...)
			}
		})
}

// olderCardSpecs cover the older fields of both cards, and the order of the cards.
func olderCardSpecs(l *list) {
	l.add(documented, "CARD-024", "updateMe", "POST /me stores each older field of two cards", func(t *trial) {
		u := t.newPatient()
		write := t.update(u, engine.Multipart(olderForm()))
		t.ReadBack(write, t.userWays(u), olderFields(t.IsMock())...)
		for _, party := range []string{"spouse", "other", "self", "child"} {
			write := t.update(u, engine.Multipart(form{{"insurance.respparty", party}}))
			t.ReadBack(write, t.userWays(u), sentAt("/data/insurance/patient/respparty", party))
		}
	})
	l.add(inferred, "CARD-025", "listCards",
		"GET /users/{id}/insurances lists the primary card first, as does the reply to an import", func(t *trial) {
			u := t.newPatient()
			sent := []card{t.plainCard(secondary), t.plainCard(primary)}
			write, r := t.imported(u, sent...), t.cards(u)
			const rule = "the primary card must be the first, the secondary one the second"
			_, second := showsOwn(r, secondary, sent[0])
			if _, first := showsOwn(r, primary, sent[1]); first && second {
				r.Value("/data/*", r.Column("/data", "card_type")).Equal([]any{primary, secondary}, rule)
			}
			if len(write.List("/data")) == len(sent) {
				write.Value("/data/*", write.Column("/data", "card_type")).Equal([]any{primary, secondary}, rule)
			}
		})
}

// olderForm are the older fields of two cards, with the values of the guide.
func olderForm() form {
	return form{
		{"insurance.primary_carrier_code", "car7556"}, {"insurance.primary_subscriber_num", zeroedText},
		{"insurance.primary_group_number", "test 3"},
		{"insurance.secondary_carrier_code", "car11406"}, {"insurance.secondary_subscriber_num", "aaaaa"},
		{"insurance.secondary_group_number", "asdasd"},
		{"insurance.respparty", "child"}, {"insurance.patient.guarantor_name", markedText},
		{"insurance.patient.guarantor_dob", "1960-01-31"},
		{"insurance.patient.guarantor_address", paddedText},
		{"insurance.patient.guarantor_city", accentedText}, {"insurance.patient.guarantor_state", "MI"},
		{"insurance.patient.guarantor_zip", "00501"},
	}
}

// olderFields are the fields of a user written by olderForm. The guide's own reply lacks the sent group number of the
// primary card.
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
			fields = append(fields, sentAt("/data/insurance/"+place, field[1]))
		}
	}
	return fields
}
