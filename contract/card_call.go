package contract

import (
	"net/http"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// showsCards requires that a reply is a list of cards, one of each type.
func showsCards(types ...any) func(r response) {
	return func(r response) {
		GinkgoHelper()
		got := []any{}
		for kind := range listed(r) {
			got = append(got, kind)
		}
		Expect(got).To(ConsistOf(types...), "the types of the cards")
	}
}

// carded signs on a patient with a primary card.
func (w *world) carded() user {
	GinkgoHelper()
	u := w.anybody()
	listed(w.importing(u, w.card("primary")))
	return u
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

func callListCards(w *world) call {
	patient, header := w.patient(w.carded)
	path := func() string { return "/users/" + patient().id + "/insurances" }
	return call{method: http.MethodGet, path: path, header: header, shows: showsCards("primary")}
}

func callImportCards(w *world) call {
	patient, header := w.patient(w.anybody)
	path := func() string { return "/users/" + patient().id + "/insurances/import" }
	body := func() payload { return asJSON(map[string]any{"insurances": []card{w.card("secondary")}}) }
	return call{method: http.MethodPost, path: path, body: body, header: header, shows: showsCards("secondary")}
}

func callSaveCard(w *world) call {
	patient, header := w.patient(w.anybody)
	path := func() string { return "/users/" + patient().id + "/insurances/primary" }
	body := func() payload { return asJSON(w.card("primary")) }
	return call{method: http.MethodPost, path: path, body: body, header: header, shows: showsText(always("primary"), "card_type", "the type of the card")}
}

func callDeleteCard(w *world) call {
	patient, header := w.patient(w.carded)
	path := func() string { return "/users/" + patient().id + "/insurances/primary" }
	return call{method: http.MethodDelete, path: path, header: header, shows: showsCards()}
}

func callGetFile(w *world) call {
	patient, header := w.patient(w.anybody)
	image := sync.OnceValue(func() string {
		r := w.saving(patient(), "primary", w.withImage("card_front"))
		Expect(r.Status).To(Equal(ok), "the status of the upload")
		return strings.TrimPrefix(r.text("data", "card_front", "fullpath"), w.base())
	})
	return call{method: http.MethodGet, path: image, header: header, shows: func(r response) {
		GinkgoHelper()
		isOK(r)
		Expect(r.Body).To(Equal([]byte(dot)), "the bytes of the image")
	}}
}
