package specs

import (
	"slices"

	"github.com/vsee-mock/vsee-mock/contract/engine"
)

// card is an insurance card in a request.
type card map[string]any

// card returns the sample patient's card, of a type.
func (t *trial) card(kind string) card {
	return card{
		"card_type": kind, "insurer_code": t.carrier(), "subscriber_number": string(t.sample().SubscriberNum),
		"responsible_party": "self", "consent": true,
	}
}

// importCards returns the request of a user to import cards.
func importCards(u user, list ...card) engine.Request {
	return engine.Post(cardsPath(u)+"/import", engine.JSON(map[string]any{"insurances": list})).By(u)
}

// carded signs on a patient with a primary card.
func (t *trial) carded() user {
	u := t.newPatient()
	t.imported(u, t.card(primary))
	t.cards(u)
	return u
}

// imported imports cards of a user. Without a success that shows a card of each type, the requirement is blocked.
func (t *trial) imported(u user, list ...card) reply {
	r := t.Send(importCards(u, list...))
	r.Need(r.Trusted(), "", "the import must succeed")
	for _, c := range list {
		kind, _ := c["card_type"].(string)
		_, there := cardAt(r, kind)
		if c["group_number"] != nil {
			_, there = ownCard(r, kind, c)
		}
		r.Need(r.Value("/data/*", there).Sent(true, anotherCard), "/data/*", "the next request needs the card")
	}
	return r
}

// saveCard returns the request of a user to save one card.
func saveCard(u user, kind string, body payload) engine.Request {
	return engine.Post(cardsPath(u)+"/"+kind, body).By(u)
}

// deleteCard returns the request of a user to delete one card.
func deleteCard(u user, kind string) engine.Request {
	return engine.Delete(cardsPath(u) + "/" + kind).By(u)
}

// cardsPath is the path of a user's cards.
func cardsPath(u user) string { return "/users/" + u.ID + "/insurances" }

// cards returns the second of two lists of a user's cards: an outdated first one is a finding of the requirements on
// reading a card back.
func (t *trial) cards(u user) reply {
	t.Send(engine.Get(cardsPath(u)).By(u))
	return t.Send(engine.Get(cardsPath(u)).By(u))
}

// showsCards asserts a list of cards of these types, in this order.
func showsCards(types ...any) func(r reply) {
	return func(r reply) {
		r.Expected()
		hasCards(r, types)
	}
}

// hasCards asserts a list of cards of these types, in this order, and reports whether it is there.
func hasCards(r reply, types []any) bool {
	got := r.Column("/data", "card_type")
	if len(got) > len(types) {
		return r.Value("/data/*", "a card").Absent("there must be no card beside the user's own")
	}
	all := !slices.ContainsFunc(types, func(kind any) bool { return !slices.Contains(got, kind) })
	return r.Value("/data/*", sign(slices.Equal(got, types), all)).Sent(true, anotherCard)
}

// left asserts the cards of these types, and no others, after a deletion, and reports whether they are there.
func (t *trial) left(write reply, u user, types ...any) bool {
	return hasCards(write, types) && hasCards(t.cards(u), types)
}

// cardCalls are the sample calls of the operations on insurance cards.
func cardCalls() map[string]sampleCall {
	return map[string]sampleCall{
		"listCards":   {callListCards, []need{aMember}},
		"importCards": {call: callImportCards},
		"saveCard":    {call: callSaveCard},
		"deleteCard":  {call: callDeleteCard},
	}
}

func callListCards(t *trial) call {
	patient, shows := t.carded, showsCards(primary)
	if t.MemberToken() != "" { // this member may have any cards
		patient, shows = t.patient, func(r reply) { r.Expected() }
	}
	return once(func() engine.Request {
		u := patient()
		return engine.Get(cardsPath(u)).By(u)
	}, shows)
}

func callImportCards(t *trial) call {
	return once(func() engine.Request { return importCards(t.newPatient(), t.card(secondary)) }, showsCards(secondary))
}

func callSaveCard(t *trial) call {
	return once(func() engine.Request {
		return saveCard(t.newPatient(), primary, engine.JSON(t.card(primary)))
	}, shown("/data/card_type", func() any { return primary }, "the card must be of the type in the path"))
}

func callDeleteCard(t *trial) call {
	return once(func() engine.Request { return deleteCard(t.carded(), primary) }, showsCards())
}
