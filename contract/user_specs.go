package contract

import (
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

func userSpecs(t *target) {
	// two signs on two users with different names, and returns the replies.
	two := func(w *world) [2]response {
		GinkgoHelper()
		var said [2]response
		for n, name := range []string{"Contract-first", "Contract-second"} {
			f := append(form{{"first_name", name}}, somebody()[1:]...)
			said[n] = w.send(http.MethodPost, "/users/sso", asMultipart(f), w.byKey())
			Expect(said[n].Status).To(Equal(ok), "the status of the sign-on")
			w.redactor.Hide(said[n].text("data", "token", "token"))
		}
		return said
	}
	t.in("User", func() {
		t.require(required{
			id: "USER-001", title: "is by /me the token's owner, as the sign-on returned them",
			level: must, operation: "getMe", effect: mutating, evidence: documented,
		}, func(w *world) {
			for _, said := range two(w) {
				isOwner(w.send(http.MethodGet, "/me", payload{}, byToken(said.text("data", "token", "token"))), said)
			}
		})
		t.require(required{
			id: "USER-002", title: "is by their id the one who has it, as the sign-on returned them",
			level: must, operation: "getUser", effect: mutating, evidence: documented,
		}, func(w *world) {
			for _, said := range two(w) {
				isOwner(w.send(http.MethodGet, "/users/"+said.text("data", "id"), payload{}, byToken(w.clinic.AdminToken)), said)
			}
		})
		for _, c := range []struct{ id, title, operation, path string }{
			{"USER-003", "is by /me as the last update left them", "getMe", "/me"},
			{"USER-004", "is by their id as the last update left them", "getUser", "/users/-"},
		} {
			t.require(required{
				id: c.id, title: c.title, level: should, operation: c.operation, effect: mutating, evidence: inferred,
			}, func(w *world) {
				u := w.signOn(somebody())
				w.update(u, asMultipart(form{
					{"city", "Ann Arbor"}, {"insurance.primary_carrier_code", "car7556"}, {"insurance.primary_subscriber_num", "234234"},
					{"insurance.secondary_carrier_code", "car11406"},
				}))
				r := w.send(http.MethodGet, c.path, payload{}, byToken(u.token))
				Expect(r.text("data", "city")).To(Equal("Ann Arbor"), "the city")
				Expect(r.text("data", "insurance", "primary", "carrier_code")).To(Equal("car7556"), "the carrier of the primary card")
				Expect(r.text("data", "insurance", "primary", "subscriber_num")).To(Equal("234234"), "the subscriber's number on the primary card")
				Expect(r.at("data", "insurance", "primary", "insurance_order")).To(BeEquivalentTo(1), "the order of the primary card")
				Expect(r.text("data", "insurance", "secondary", "carrier_code")).To(Equal("car11406"), "the carrier of the secondary card")
				Expect(r.at("data", "insurance", "secondary", "insurance_order")).To(BeEquivalentTo(2), "the order of the secondary card")
			})
		}
		t.require(required{
			id: "USER-010", title: "is by their id told with how far signing up has come",
			level: should, operation: "getUser", effect: mutating, evidence: documented,
		}, func(w *world) {
			u := w.signOn(somebody())
			r := w.send(http.MethodGet, "/users/"+u.id, payload{}, byToken(u.token))
			Expect(r.at("data", "signup_step")).To(BeAssignableToTypeOf(0.0), "the step of signing up is a number")
		})
		t.require(required{
			id: "USER-006", title: "is not changed by the same update sent again",
			level: should, operation: "updateMe", effect: mutating, evidence: inferred,
		}, func(w *world) {
			u := w.signOn(somebody())
			same := asMultipart(form{
				{"city", "Ann Arbor"}, {"insurance.primary_carrier_code", "car7556"}, {"insurance.primary_subscriber_num", "234234"},
				{"insurance.secondary_carrier_code", "car11406"},
			})
			first := w.update(u, same)
			before := w.send(http.MethodGet, "/me", payload{}, byToken(u.token))
			Expect(w.update(u, same).at("data")).To(Equal(first.at("data")), "the reply to the same update")
			Expect(w.send(http.MethodGet, "/me", payload{}, byToken(u.token)).at("data")).To(Equal(before.at("data")), "the user after the same update")
		})
		t.require(required{
			id: "USER-005", title: "is refused to a token that has expired",
			level: must, operation: "getMe", effect: mutating, evidence: seed, needs: []need{aClock},
		}, func(w *world) {
			u := w.signOn(somebody())
			w.pass(86_400*time.Second - 1)
			Expect(w.send(http.MethodGet, "/me", payload{}, byToken(u.token)).Status).To(Equal(ok), "the status before the token has expired")
			w.pass(1)
			refused(w.send(http.MethodGet, "/me", payload{}, byToken(u.token)), http.StatusUnauthorized)
		})
	})
}

// isOwner requires that a reply shows the user returned by a sign-on, with all fields that do not change by
// themselves.
func isOwner(r, signedOn response) {
	GinkgoHelper()
	Expect(r.Status).To(Equal(ok), "the status")
	isSame(r, signedOn,
		"id", "code", "first_name", "last_name", "full_name", "username", "vseeid", "dob", "gender", "active", "tos", "status", "subtype",
		"street_addr", "city", "state", "zip", "timezone", "email_verified", "account_code", "clinics", "created",
	)
}

// isSame requires that two replies agree on the named fields of a user. A field missing from one must be missing
// from the other.
func isSame(r, before response, names ...string) {
	GinkgoHelper()
	for _, name := range names {
		want := before.at("data", name)
		if want == nil {
			Expect(r.at("data", name)).To(BeNil(), name)
		} else {
			Expect(r.at("data", name)).To(Equal(want), name)
		}
	}
}
