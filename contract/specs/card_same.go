package specs

import (
	"maps"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
)

// sameCardSpecs cover a card in each reply that shows it, and the whole name of a guarantor.
func sameCardSpecs(l *list) {
	l.add(inferred, "CARD-039", "listCards", "A card is the same in each reply that shows it", func(t *trial) {
		if t.IsMock() {
			t.sameCard(t.fullCard(primary), true)
			return
		}
		t.sameCard(t.fullCard(primary), false) // of nobody: no insurer is asked about it
		c := t.card(primary)
		c["group_number"], c["guarantor_city"] = engine.Unique(), "Ann Arbor"
		t.sameCard(c, true)
	})
	for _, c := range []struct {
		whole, joined    string // the ids
		operation, title string
		write            func(u user, c card) engine.Request
		at               string
	}{
		{"CARD-040", "CARD-042", "importCards", "POST /users/{id}/insurances/import", func(u user, c card) engine.Request {
			return importCards(u, c)
		}, "/data/0"},
		{"CARD-041", "CARD-043", "saveCard", "POST /users/{id}/insurances/{card}", func(u user, c card) engine.Request {
			return saveCard(u, primary, engine.JSON(c))
		}, "/data"},
	} {
		l.add(observed, c.whole, c.operation,
			c.title+" stores guarantor_name, the whole name of a guarantor", func(t *trial) {
				for _, name := range []string{accentedText, markedText, paddedText, "test 3"} {
					u, sent := t.newPatient(), t.plainCard(primary)
					sent["responsible_party"], sent["guarantor_name"] = "child", name
					t.ReadBack(t.Send(c.write(u, sent)), []engine.Way{listed(u, primary, sent)}, fieldsOf(c.at, sent)...)
				}
			})
		l.require(rule{ID: c.joined, Operation: c.operation, Evidence: inferred, Level: requirement.May,
			Title: c.title + " joins the parts of a guarantor's name to guarantor_name"}, func(t *trial) {
			u, sent := t.newPatient(), t.fullCard(primary)
			sent["guarantor_middle_name"] = plusText // the mock makes one blank of two
			joined := strings.Join([]string{accentedText, plusText, markedText}, " ")
			t.ReadBack(t.Send(c.write(u, sent)), []engine.Way{listed(u, primary, sent)}, engine.Field{
				Pointer: c.at + "/guarantor_name", Want: joined,
				Rule: "guarantor_name must be the parts of the name, joined by blanks",
				From: []string{c.at + "/guarantor_first_name", c.at + "/guarantor_middle_name", c.at + "/guarantor_last_name"},
			})
		})
	}
}

// importFormSpecs cover the forms of an import, with the list as JSON.
func importFormSpecs(l *list) {
	l.add(inferred, "CARD-045", "importCards",
		"POST /users/{id}/insurances/import takes its list as JSON in a form of each media type", func(t *trial) {
			for _, in := range []func(form) payload{engine.Multipart, engine.URLEncoded} {
				u, sent := t.newPatient(), t.specialCard(primary, specialTexts()[0])
				f := form{{"insurances", string(engine.JSON([]card{sent}).Data)}}
				r := t.Send(engine.Post(cardsPath(u)+"/import", in(f)).By(u))
				t.ReadBack(r, []engine.Way{listed(u, primary, sent)}, fieldsOf("/data/0", sent)...)
			}
		})
}

// sameCard saves a card, and compares it in the replies to requests that leave it as it is.
func (t *trial) sameCard(c card, check bool) {
	u := t.newPatient()
	if !t.Send(saveCard(u, primary, engine.JSON(c))).Expected() {
		return
	}
	names := append(slices.Sorted(maps.Keys(c)), "guarantor_name", "eligibility")
	if t.IsMock() {
		write := t.Send(saveCard(u, primary, t.withImages("card_front", "card_back")))
		for _, side := range []string{"card_front", "card_back"} {
			write.Value("/data/"+side, write.At("/data/"+side) != nil).Sent(true, side+" must be there once it was sent")
			names = append(names, side)
		}
	}
	if check {
		t.startCheck(u, t.carrier())
		t.Pass(cronDelay)
		t.result(u, primary)
	}
	places := []place{{in: t.Send(saveCard(u, primary, engine.JSON(c))), at: "/data"}}
	replies := []reply{t.imported(u, t.plainCard(secondary)), t.cards(u), t.Send(deleteCard(u, secondary))}
	for _, r := range replies {
		at, own := showsOwn(r, primary, c)
		if !own {
			return
		}
		places = append(places, place{in: r, at: at})
	}
	for i := range names {
		names[i] = "/" + names[i]
	}
	agree("a card must be the same in each reply that shows it", names, places...)
}
