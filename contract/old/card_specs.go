//go:build ignore

package contract

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// cards is the path of the cards of the token's owner.
const cards = "/users/-/insurances"

// card is an insurance card in a request or a reply.
type card map[string]any

// card returns the sample patient's card, of a type.
func (w *world) card(kind string) card {
	return card{
		"card_type": kind, "insurer_code": w.carrier(), "subscriber_number": string(w.sample.SubscriberNum), "responsible_party": "self", "consent": true,
	}
}

// importing sends a request to import cards.
func (w *world) importing(u user, list ...card) response {
	GinkgoHelper()
	return w.send(http.MethodPost, cards+"/import", asJSON(map[string]any{"insurances": list}), byToken(u.token))
}

// saving sends one card.
func (w *world) saving(u user, kind string, body payload) response {
	GinkgoHelper()
	return w.send(http.MethodPost, cards+"/"+kind, body, byToken(u.token))
}

// listed returns the cards of a reply by their types; anything but a list of cards fails the spec.
func listed(r response) map[string]card {
	GinkgoHelper()
	Expect(r.Status).To(Equal(ok), "the status of the cards")
	Expect(r.text("version")).To(Equal("2.0"), "the version at the top of the reply")
	list, isList := r.at("data").([]any)
	Expect(isList).To(BeTrue(), "data is a list")
	byType := map[string]card{}
	for _, item := range list {
		one, _ := item.(map[string]any)
		kind, _ := one["card_type"].(string)
		byType[kind] = one
	}
	Expect(byType).To(HaveLen(len(list)), "one card of each type")
	return byType
}

// cards returns the cards of a user by their types.
func (w *world) cards(u user) map[string]card {
	GinkgoHelper()
	return listed(w.send(http.MethodGet, "/users/"+u.id+"/insurances", payload{}, byToken(u.token)))
}

// status returns the status of a card's last check, "" for none.
func (c card) status() string {
	result, _ := c["eligibility"].(map[string]any)
	status, _ := result["status"].(string)
	return status
}

func cardSpecs(t *target) {
	t.in("Insurance cards", func() { documentedCardSpecs(t) })
	t.in("Insurance cards", func() { decidedCardSpecs(t) })
	t.in("Insurance cards", func() { personSpecs(t) })
}

// documentedCardSpecs cover VSee's statements about cards, and their consequences.
func documentedCardSpecs(t *target) {
	t.require(required{
		id: "CARD-001", title: "are an empty list when there are none",
		level: should, operation: "listCards", effect: mutating, evidence: inferred,
	}, func(w *world) { Expect(w.cards(w.signOn(somebody()))).To(BeEmpty(), "the cards of a new patient") })
	t.require(required{
		id: "CARD-002", title: "come back from an import as they are stored",
		level: must, operation: "importCards", effect: mutating, evidence: documented,
	}, func(w *world) {
		u := w.signOn(somebody())
		got := listed(w.importing(u, w.card("primary"), w.card("secondary")))
		Expect(got).To(Equal(w.cards(u)), "the cards as the import and as the list has them")
		for _, kind := range []string{"primary", "secondary"} {
			Expect(got[kind]).To(HaveKeyWithValue("subscriber_number", string(w.sample.SubscriberNum)), "the subscriber number of the card")
			Expect(got[kind]).To(HaveKeyWithValue("responsible_party", "self"), "the responsible party of the card")
			Expect(got[kind]).To(HaveKeyWithValue("consent", true), "the consent of the card")
		}
	})
	t.require(required{
		id: "CARD-003", title: "are overwritten by an import of their type, and by no other",
		level: must, operation: "importCards", effect: mutating, evidence: documented,
	}, func(w *world) {
		u := w.signOn(somebody())
		first := w.card("primary")
		first["group_number"] = "contract-before"
		listed(w.importing(u, first, w.card("secondary")))
		got := listed(w.importing(u, w.card("primary")))
		Expect(got["primary"]).NotTo(HaveKeyWithValue("group_number", "contract-before"), "what the second import has not sent of the card")
		Expect(got).To(HaveKey("secondary"), "the card that the second import is not about")
	})
	t.require(required{
		id: "CARD-004", title: "name their insurer as the form's list does, by id or by text",
		level: must, operation: "importCards", effect: mutating, evidence: documented,
	}, func(w *world) {
		u := w.signOn(somebody())
		options, _ := w.send(http.MethodGet, "/insurances/list/insurers", payload{}, byToken(u.token)).at("data").([]any)
		Expect(options).NotTo(BeEmpty(), "the insurers for a form")
		first, _ := options[0].(map[string]any)
		for _, name := range []string{"id", "text"} {
			c := w.card("primary")
			c["insurer_code"] = first[name]
			Expect(listed(w.importing(u, c))).To(HaveKey("primary"), "the card of each of these insurers")
		}
	})
	t.require(required{
		id: "CARD-005", title: "may be sent with subscriber_num",
		level: must, operation: "importCards", effect: mutating, evidence: documented,
	}, func(w *world) {
		c := w.card("primary")
		c["subscriber_num"] = c["subscriber_number"]
		delete(c, "subscriber_number")
		got := listed(w.importing(w.signOn(somebody()), c))
		Expect(got["primary"]).To(HaveKeyWithValue("subscriber_number", c["subscriber_num"]), "the subscriber number that was sent as subscriber_num")
	})
	t.require(required{
		id: "CARD-006", title: "are read and written by the admin",
		level: must, operation: "importCards", effect: mutating, evidence: documented,
	}, func(w *world) {
		u := w.signOn(somebody())
		admin := byToken(w.clinic.AdminToken)
		r := w.send(http.MethodPost, "/users/"+u.id+"/insurances/import", asJSON(map[string]any{"insurances": []card{w.card("primary")}}), admin)
		Expect(listed(r)).To(Equal(listed(w.send(http.MethodGet, "/users/"+u.id+"/insurances", payload{}, admin))), "the cards as the admin reads them")
	})
	t.require(required{
		id: "CARD-008", title: "are written one by one",
		level: should, operation: "saveCard", effect: mutating, evidence: inferred,
	}, func(w *world) {
		u := w.signOn(somebody())
		r := w.saving(u, "secondary", asJSON(w.card("secondary")))
		Expect(r.Status).To(Equal(ok), "the status of the new card's reply")
		Expect(r.text("version")).To(Equal("2.0"), "the version at the top of the reply")
		Expect(r.text("data", "card_type")).To(Equal("secondary"), "the type of the card")
		Expect(w.cards(u)).To(HaveLen(1), "the cards that there are then")
	})
	t.require(required{
		id: "CARD-009", title: "are deleted one by one",
		level: should, operation: "deleteCard", effect: mutating, evidence: inferred,
	}, func(w *world) {
		u := w.signOn(somebody())
		listed(w.importing(u, w.card("primary"), w.card("secondary")))
		Expect(w.send(http.MethodDelete, cards+"/primary", payload{}, byToken(u.token)).Status).To(Equal(ok), "the status of the deletion")
		Expect(w.cards(u)).To(And(HaveLen(1), HaveKey("secondary")), "the cards that are left")
	})
	t.require(required{
		id: "CARD-010", title: "say active or inactive once a check of them has ended",
		level: should, operation: "listCards", effect: mutating, evidence: inferred,
	}, func(w *world) {
		u := w.insured()
		listed(w.importing(u, w.card("primary")))
		w.start(u, w.carrier())
		w.pass(cronDelay)
		w.eventually("the result on the card", func() any { return w.saved(u, "primary") }, Not(BeEmpty()))
		want := map[bool]string{true: "active", false: "inactive"}[w.saved(u, "primary") == "Success"]
		Expect(w.cards(u)["primary"].status()).To(Equal(want), "the status of eligibility on the card")
	})
	for _, c := range []struct {
		id, title string
		list      func(w *world) []card
	}{
		{"CARD-011", "are refused when an import has two of a type", func(w *world) []card { return []card{w.card("primary"), w.card("primary")} }},
		{"CARD-012", "are refused when an import has three", func(w *world) []card {
			return []card{w.card("primary"), w.card("secondary"), w.card("primary")}
		}},
	} {
		t.require(required{id: c.id, title: c.title, level: should, operation: "importCards", effect: mutating, evidence: inferred}, func(w *world) {
			refused(w.importing(w.signOn(somebody()), c.list(w)...), http.StatusBadRequest)
		})
	}
}

// decidedCardSpecs cover the decisions of this project, where VSee is silent.
func decidedCardSpecs(t *target) {
	ask := func(id, operation, title string, body func(w *world, u user)) {
		t.require(required{id: id, title: title, level: may, operation: operation, effect: mutating, evidence: ours}, func(w *world) {
			body(w, w.signOn(somebody()))
		})
	}
	ask("CARD-013", "listCards", "show what the older fields have written", func(w *world, u user) {
		w.update(u, asMultipart(cardOf(w.sample)))
		got := w.cards(u)["primary"]
		Expect(got).To(HaveKeyWithValue("insurer_code", w.carrier()), "the insurer on the card")
		Expect(got).To(HaveKeyWithValue("subscriber_number", string(w.sample.SubscriberNum)), "the subscriber number on the card")
		Expect(got).To(HaveKeyWithValue("responsible_party", "self"), "the responsible party on the card")
	})
	ask("CARD-014", "getMe", "are shown by the older fields", func(w *world, u user) {
		c := w.card("primary")
		c["responsible_party"], c["guarantor_first_name"], c["guarantor_last_name"] = "spouse", "Sam", "Sample"
		listed(w.importing(u, c))
		r := w.send(http.MethodGet, "/me", payload{}, byToken(u.token))
		Expect(r.text("data", "insurance", "primary", "carrier_code")).To(Equal(w.carrier()), "the insurer in the older fields")
		Expect(r.text("data", "insurance", "patient", "respparty")).To(Equal("spouse"), "the relation in the older fields")
		Expect(r.text("data", "insurance", "patient", "guarantor_name")).To(Equal("Sam Sample"), "the guarantor in the older fields")
	})
	ask("CARD-015", "saveCard", "keep what an update does not send", func(w *world, u user) {
		listed(w.importing(u, w.card("primary")))
		r := w.saving(u, "primary", asURLEncoded(form{{"group_number", "g"}}))
		Expect(r.text("data", "group_number")).To(Equal("g"), "the group number that was sent")
		Expect(r.text("data", "subscriber_number")).To(Equal(string(w.sample.SubscriberNum)), "the subscriber number that was not sent")
	})
	ask("CARD-016", "importCards", "are all stored by an import, or none", func(w *world, u user) {
		wrong := w.card("secondary")
		wrong["insurer_code"] = "nobody"
		refused(w.importing(u, w.card("primary"), wrong), http.StatusBadRequest)
		Expect(w.cards(u)).To(BeEmpty(), "the cards after a refused import")
	})
	ask("CARD-017", "importCards", "have names of their own in a form", func(w *world, u user) {
		f := form{{"insurances.0.card_type", "primary"}, {"insurances.0.insurer_code", w.carrier()}, {"insurances.0.subscriber_number", "234234"}}
		for _, body := range []payload{asMultipart(f), asURLEncoded(underscored(f))} {
			Expect(listed(w.send(http.MethodPost, cards+"/import", body, byToken(u.token)))).To(HaveKey("primary"), "the card in each media type")
		}
	})
	ask("CARD-018", "saveCard", "lose their result with their number", func(w *world, u user) {
		listed(w.importing(u, w.card("primary")))
		w.start(u, w.carrier())
		w.pass(cronDelay)
		Expect(w.saved(u, "primary")).NotTo(BeEmpty(), "the result of the check")
		Expect(w.saving(u, "primary", asURLEncoded(form{{"subscriber_number", "another"}})).Status).To(Equal(ok), "the status of the change")
		Expect(w.saved(u, "primary")).To(BeEmpty(), "the result after the number has changed")
		Expect(w.cards(u)["primary"].status()).To(BeEmpty(), "the status of eligibility after the number has changed")
	})
	ask("CARD-019", "deleteCard", "are answered with 404 when they do not exist", func(w *world, u user) {
		refused(w.send(http.MethodDelete, cards+"/primary", payload{}, byToken(u.token)), http.StatusNotFound)
	})
	ask("CARD-020", "saveCard", "are primary or secondary", func(w *world, u user) {
		refused(w.saving(u, "tertiary", asJSON(w.card("primary"))), http.StatusBadRequest)
	})
	ask("CARD-021", "getFile", "have images, for who may read the card", func(w *world, u user) {
		r := w.saving(u, "primary", w.withImage("card_front"))
		Expect(r.Status).To(Equal(ok), "the status of the upload")
		path, here := strings.CutPrefix(r.text("data", "card_front", "fullpath"), w.base())
		Expect(here).To(BeTrue(), "fullpath is where the card was sent to")
		served := w.send(http.MethodGet, path, payload{}, byToken(u.token))
		Expect(served.Status).To(Equal(ok), "the status of the image's reply")
		Expect(served.Header.Get("Content-Type")).To(Equal("image/gif"), "the media type of the image")
		Expect(served.Body).To(Equal([]byte(dot)), "the bytes of the image")
		refused(w.send(http.MethodGet, path, payload{}, byToken(w.signOn(somebody()).token)), http.StatusForbidden)
	})
}

// personSpecs cover a saved result after the card or the patient changes to another person.
func personSpecs(t *target) {
	t.require(required{
		id: "CARD-022", title: "lose their result when another person is meant",
		level: may, operation: "saveCard", effect: mutating, evidence: ours, needs: []need{aMock},
	}, func(w *world) {
		u := w.insured()
		for _, change := range []struct {
			what string
			send func() response
		}{
			{"the responsible party", func() response {
				return w.saving(u, "primary", asURLEncoded(form{{"responsible_party", "child"}}))
			}},
			{"the birth date", func() response { return w.update(u, asURLEncoded(form{{"dob", "1971-02-03"}})) }},
		} {
			w.start(u, w.carrier())
			w.pass(cronDelay)
			Expect(w.saved(u, "primary")).NotTo(BeEmpty(), "the result of the check")
			Expect(change.send().Status).To(Equal(ok), "the status of the change of "+change.what)
			Expect(w.saved(u, "primary")).To(BeEmpty(), "the result after a change of "+change.what)
			Expect(w.cards(u)["primary"].status()).To(BeEmpty(), "the status of eligibility after a change of "+change.what)
		}
	})
}

// dot is a GIF of one pixel.
const dot = "GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"

// withImage is a card with an image in a multipart body.
func (w *world) withImage(side string) payload {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	_ = m.WriteField("insurer_code", w.carrier()) // a buffer never fails
	file, _ := m.CreateFormFile(side, "card.gif")
	_, _ = file.Write([]byte(dot))
	_ = m.Close()
	return payload{m.FormDataContentType(), b.Bytes()}
}
