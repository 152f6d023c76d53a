//go:build ignore

package contract

import (
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// typeSpecs adds the rules of openapi.yaml about ids. Every spec already fails for a reply that breaks them; these
// specs give the rules ids of their own, because they matter.
func typeSpecs(t *target) {
	t.in("Types", func() {
		t.require(required{
			id: "TYPE-001", title: "have a user's id be a text of digits, in all that shows a user",
			level: must, operation: "getUser", effect: mutating, evidence: seed,
		}, func(w *world) {
			f := somebody()
			u := w.signOn(f)
			for _, r := range []response{
				w.send(http.MethodPost, "/users/sso", asMultipart(f), w.byKey()),
				w.send(http.MethodGet, "/me", payload{}, byToken(u.token)),
				w.update(u, asMultipart(form{{"city", "Ann Arbor"}, {"insurance.primary_carrier_code", "car7556"}})),
				w.send(http.MethodGet, "/users/"+u.id, payload{}, byToken(u.token)),
			} {
				isID(r.at("data", "id"), "the user's id")
			}
		})
		t.require(required{
			id: "TYPE-002", title: "have a check's id be a text of digits",
			level: must, operation: "startEligibilityCheck", effect: mutating, evidence: seed,
		}, func(w *world) {
			isID(callStartEligibilityCheck(w).send(w, w.base(), "", nil).at("data", "eligibility_id"), "the check's id")
		})
		t.require(required{
			id: "TYPE-003", title: "have an insurer's id be a text",
			level: must, operation: "listInsurers", effect: safe, evidence: seed,
		}, func(w *world) {
			insurers, _ := w.send(http.MethodGet, "/insurances", payload{}, byToken(w.clinic.AdminToken)).at("data", "insurers").([]any)
			Expect(insurers).NotTo(BeEmpty(), "the list of insurers")
			for _, one := range insurers {
				insurer, _ := one.(map[string]any)
				Expect(insurer["id"]).To(BeAssignableToTypeOf(""), "the insurer's id is a text")
			}
		})
	})
}

// isID requires that a value is an id as VSee writes it: a text of digits.
func isID(value any, what string) {
	GinkgoHelper()
	text, _ := value.(string)
	Expect(text).NotTo(BeEmpty(), what+" is a text")
	Expect(strings.Trim(text, "0123456789")).To(BeEmpty(), what+" is of digits")
}
