package specs

import (
	"strings"
	"sync"

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
	return engine.Post("/users/"+u.ID+"/insurances/import", engine.JSON(map[string]any{"insurances": list})).By(u)
}

// carded signs on a patient with a primary card.
func (t *trial) carded() user {
	u := t.newPatient()
	r := t.Send(importCards(u, t.card(primary)))
	r.Need(r.Status == ok, "", "the import must succeed")
	return u
}

// showsCards asserts that a reply is a list of cards, one of each type.
func showsCards(types ...any) func(r reply) {
	return func(r reply) {
		r.Expected()
		kinds := r.Column("/data", "card_type")
		r.Value("/data/*/card_type", len(kinds)).Equal(len(types), "there must be one card of each type")
		for _, kind := range kinds {
			r.Value("/data/*/card_type", kind).OneOf(types, "the cards must be of these types")
		}
	}
}

// cardCalls are the sample calls of the operations on insurance cards.
func cardCalls() map[string]sampleCall {
	return map[string]sampleCall{
		"listCards":   {call: callListCards},
		"importCards": {call: callImportCards},
		"saveCard":    {call: callSaveCard},
		"deleteCard":  {call: callDeleteCard},
		"getFile":     {call: callGetFile},
	}
}

func callListCards(t *trial) call {
	u := sync.OnceValue(t.carded)
	return once(func() engine.Request { return engine.Get("/users/" + u().ID + "/insurances").By(u()) }, showsCards(primary))
}

func callImportCards(t *trial) call {
	u := sync.OnceValue(t.newPatient)
	return once(func() engine.Request { return importCards(u(), t.card(secondary)) }, showsCards(secondary))
}

func callSaveCard(t *trial) call {
	u := sync.OnceValue(t.newPatient)
	return once(func() engine.Request {
		return engine.Post("/users/"+u().ID+"/insurances/primary", engine.JSON(t.card(primary))).By(u())
	}, shown("/data/card_type", func() any { return primary }, "the card must be of the type in the path"))
}

func callDeleteCard(t *trial) call {
	u := sync.OnceValue(t.carded)
	return once(func() engine.Request { return engine.Delete("/users/" + u().ID + "/insurances/primary").By(u()) }, showsCards())
}

func callGetFile(t *trial) call {
	u := sync.OnceValue(t.newPatient)
	return once(func() engine.Request {
		r := t.Send(engine.Post("/users/"+u().ID+"/insurances/primary", t.withImage("card_front")).By(u()))
		return engine.Get(strings.TrimPrefix(r.NeedText("/data/card_front/fullpath"), t.BaseURL())).By(u())
	}, func(r reply) {
		r.Expected()
		r.Value("", string(r.Body) == dot).Equal(true, "the bytes must be those of the image that was sent")
	})
}
