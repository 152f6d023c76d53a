package specs

import (
	"maps"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

func cardSpecs(l *list) {
	storedCardSpecs(l)
	cardChoiceSpecs(l)
	specialCardSpecs(l)
	olderCardSpecs(l)
	importSpecs(l)
	sameCardSpecs(l)
	importFormSpecs(l)
	keptCardSpecs(l)
	partialCardSpecs(l)
	cardOwnerSpecs(l)
	cardRefusalSpecs(l)
	cardFieldSpecs(l)
	decidedCardSpecs(l)
	changedPersonSpecs(l)
}

// importSpecs cover the other statements about an import.
func importSpecs(l *list) {
	l.add(inferred, "CARD-003", "importCards",
		"POST /users/{id}/insurances/import overwrites a card: a field that is not sent is unset", func(t *trial) {
			u := t.newPatient()
			t.imported(u, t.fullCard(primary))
			c := t.card(primary)
			c["guarantor_last_name"] = engine.Unique() // one more sign of it
			write := t.imported(u, c)
			written, _ := cardAt(write, primary)
			r := t.cards(u)
			if at, own := showsOwn(r, primary, c); own {
				for _, name := range []string{"group_number", "guarantor_dob", "guarantor_city"} {
					rule := name + " was not sent with the card that overwrites the former one"
					if write.Absent(written+"/"+name, rule) {
						r.Absent(at+"/"+name, rule)
					}
				}
			}
		})
	l.add(documented, "CARD-004", "importCards",
		"POST /users/{id}/insurances/import takes an insurer by its id and by its text", func(t *trial) {
			u := t.newPatient()
			options := t.Send(t.byAdmin(engine.Get("/insurances/list/insurers")))
			listed := namesOf(t.Send(t.byAdmin(engine.Get("/insurances"))), "/data/insurers", "name")
			for _, name := range []string{"id", "text"} {
				c := t.card(primary)
				c["insurer_code"] = options.NeedText("/data/0/" + name)
				if shown, is := listed[options.Text("/data/0/id")]; !is || name == "text" && shown != c["insurer_code"] {
					return // the two lists have a cause of their own
				}
				showsCards(primary)(t.Send(importCards(u, c).Tests("/insurances/*/insurer_code")))
			}
		})
	l.add(documented, "CARD-005", "importCards",
		"POST /users/{id}/insurances/import takes subscriber_num for subscriber_number", func(t *trial) {
			u, c := t.newPatient(), t.plainCard(primary)
			sent := maps.Clone(c)
			c["subscriber_num"] = c["subscriber_number"]
			delete(c, "subscriber_number")
			r := t.Send(importCards(u, c).Tests("/insurances/*/subscriber_num"))
			at, _ := cardAt(r, primary)
			t.ReadBack(r, []engine.Way{listed(u, primary, sent)}, sentAt(at+"/subscriber_number", sent["subscriber_number"]))
		})
	l.add(documented, "CARD-006", "importCards", "The admin's token reads and writes a patient's cards", func(t *trial) {
		u, c := t.newPatient(), t.plainCard(primary)
		r := t.Send(t.byAdmin(importCards(u, c)))
		r.Expected()
		at, _ := cardAt(r, primary)
		t.ReadBack(r, []engine.Way{inList(t.byAdmin(engine.Get(cardsPath(u))).About(u), primary, c)}, fieldsOf(at, c)...)
	})
}

// keptCardSpecs cover a card when the other one, or another field, is written.
func keptCardSpecs(l *list) {
	l.add(inferred, "CARD-026", "saveCard",
		"POST /users/{id}/insurances/{card} leaves the other card as it was", func(t *trial) {
			for _, order := range [][2]string{{secondary, primary}, {primary, secondary}} {
				u, first := t.newPatient(), t.plainCard(order[0])
				t.Send(saveCard(u, order[0], engine.JSON(first)))
				first, second := t.stored(u, order[0], first), t.plainCard(order[1])
				t.keeps(t.Send(saveCard(u, order[1], engine.JSON(second))), u, order[0], first, second)
			}
		})
	l.add(inferred, "CARD-027", "importCards",
		"POST /users/{id}/insurances/import leaves a card of another type as it was", func(t *trial) {
			for _, order := range [][2]string{{secondary, primary}, {primary, secondary}} {
				u, first := t.newPatient(), t.plainCard(order[0])
				t.imported(u, first)
				first, second := t.stored(u, order[0], first), t.plainCard(order[1])
				t.keeps(t.imported(u, second), u, order[0], first, second)
			}
		})
	l.add(seed, "CARD-028", "updateMe",
		"POST /me leaves the fields of both cards that it does not send", func(t *trial) {
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
	l.add(inferred, "CARD-009", "deleteCard",
		"DELETE /users/{id}/insurances/{card} deletes that card and leaves the other", func(t *trial) {
			for _, order := range [][2]string{{secondary, primary}, {primary, secondary}} {
				u, stays := t.newPatient(), t.plainCard(order[0])
				t.imported(u, stays, t.plainCard(order[1]))
				stays = t.stored(u, order[0], stays)
				write := t.Send(deleteCard(u, order[1]))
				if !t.left(write, u, order[0]) {
					return
				}
				t.keeps(write, u, order[0], stays, nil)
				t.left(t.Send(deleteCard(u, order[0])), u)
			}
		})
}

// partialCardSpecs cover the fields of a card that an update does not send.
func partialCardSpecs(l *list) {
	l.add(ours, "CARD-067", "saveCard",
		"POST /users/{id}/insurances/{card} keeps each field that it does not send", func(t *trial) {
			u, c := t.newPatient(), t.fullCard(primary)
			ways := []engine.Way{listed(u, primary, c)}
			stored := t.ReadBack(t.Send(saveCard(u, primary, engine.JSON(c))), ways, fieldsOf("/data", c)...)
			for i, change := range [][2]string{
				{"guarantor_city", "Flint"}, {"guarantor_zip", "48502"}, {"group_number", "test 3"},
			} {
				name, text := change[0], change[1]
				c[name] = text
				r := t.Send(saveCard(u, primary, encodings()[i].body(form{change})))
				stored = t.ReadBack(r, ways, with(stored, sentAt("/data/"+name, text))...)
			}
		})
}

// cardOwnerSpecs cover the patient and the check of a card.
func cardOwnerSpecs(l *list) {
	l.add(documented, "CARD-029", "listCards",
		"GET /users/{id}/insurances lists the cards of the user in the path, also after those of another user",
		func(t *trial) {
			var users []user
			var sent []card
			for i := range 2 {
				sent, users = append(sent, t.card(primary)), append(users, t.newPatient())
				sent[i]["subscriber_number"] = engine.Unique()
				r := t.imported(users[i], sent[i])
				if !r.Value("/data/*/subscriber_number", r.At("/data/0/subscriber_number")).Sent(sent[i]["subscriber_number"],
					anotherCard) {
					return
				}
				t.cards(users[i])
			}
			for range 2 {
				for i, u := range users {
					for _, q := range []engine.Request{
						engine.Get(cardsPath(u)).By(u), t.byAdmin(engine.Get(cardsPath(u))).About(u),
						engine.Get("/users/-/insurances").By(u),
					} {
						r := t.Send(q)
						number := r.Text("/data/0/subscriber_number")
						if r.Value("/data/*", number).Own(number == "" || number == sent[i]["subscriber_number"],
							"the cards must be those of the user in the path") {
							hasCards(r, []any{primary})
						}
					}
				}
			}
		})
	l.add(inferred, "CARD-010", "listCards",
		"GET /users/{id}/insurances says active after a check with Success, and inactive after another result",
		func(t *trial) {
			for _, number := range []string{string(t.sample().SubscriberNum), ""} { // "" ends with a reject reason
				u, c := t.newPatient(), t.card(primary)
				c["subscriber_number"], c["group_number"], c["guarantor_city"] = number, engine.Unique(), "Ann Arbor"
				t.imported(u, c)
				t.startCheck(u, t.carrier())
				t.Pass(cronDelay)
				text := t.result(u, primary).Text(resultAt(primary))
				list := t.cards(u)
				at, own := showsOwn(list, primary, c)
				if want, known := statusOf(text); known && own {
					list.Equal(at+"/eligibility/status", want, "the status must be the one of the check's result")
				}
			}
		})
}

// cardRefusalSpecs cover the refused requests about cards.
func cardRefusalSpecs(l *list) {
	for _, c := range []struct {
		id, title string
		types     []string
	}{
		{"CARD-011", "refuses two cards of one type", []string{primary, primary}},
		{"CARD-012", "refuses three cards", []string{primary, secondary, primary}},
		{"CARD-066", "refuses a card that is neither primary nor secondary", []string{"tertiary"}},
	} {
		l.add(inferred, c.id, "importCards", "POST /users/{id}/insurances/import "+c.title, func(t *trial) {
			var list []card
			for _, kind := range c.types {
				list = append(list, t.card(kind))
			}
			t.Send(importCards(t.newPatient(), list...).As(result.Limit).Tests("/insurances")).Refused()
		})
	}
	for _, c := range []struct {
		id, operation, title string
		request              func(u user, c card) engine.Request
	}{
		{"CARD-030", "listCards", "GET /users/{id}/insurances", func(u user, _ card) engine.Request {
			return engine.Get(cardsPath(u))
		}},
		{"CARD-031", "importCards", "POST /users/{id}/insurances/import", func(u user, c card) engine.Request {
			return importCards(u, c)
		}},
		{"CARD-032", "saveCard", "POST /users/{id}/insurances/{card}", func(u user, c card) engine.Request {
			return saveCard(u, primary, engine.JSON(c))
		}},
		{"CARD-033", "deleteCard", "DELETE /users/{id}/insurances/{card}", func(u user, _ card) engine.Request {
			return deleteCard(u, primary)
		}},
	} {
		l.add(inferred, c.id, c.operation, c.title+" refuses the id of no user", func(t *trial) {
			t.Send(t.byAdmin(c.request(user{ID: "999999999"}, t.card(primary))).As(result.UnknownID)).Refused()
		})
	}
}

// cardFieldSpecs cover the refused fields of a card.
func cardFieldSpecs(l *list) {
	l.add(ours, "CARD-034", "saveCard",
		"POST /users/{id}/insurances/{card} refuses an unknown member of an enumeration and a wrong date", func(t *trial) {
			u := t.newPatient()
			for _, field := range [][2]string{
				{"responsible_party", "cousin"}, {"guarantor_dob", "1960-02-30"}, {"guarantor_gender", "9"},
			} {
				c := t.card(primary)
				c[field[0]] = field[1]
				if !t.Send(saveCard(u, primary, engine.JSON(c)).As(result.BadField).Tests("/" + field[0])).Refused() {
					return
				}
			}
			showsCards()(t.cards(u))
		})
	l.add(ours, "CARD-038", "importCards",
		"POST /users/{id}/insurances/import refuses a card without its type or insurer", func(t *trial) {
			u := t.newPatient()
			for _, name := range []string{"card_type", "insurer_code"} {
				c := t.card(primary)
				delete(c, name)
				t.Send(importCards(u, c).As(result.BadField).Tests("/insurances/*/" + name)).Refused()
			}
		})
}
