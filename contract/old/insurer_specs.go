//go:build ignore

package contract

import (
	"net/http"

	. "github.com/onsi/gomega"

	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

func insurerSpecs(t *target) {
	own := controlapi.Insurer{ID: "car7147", Name: "CIGNA HEALTH CARE"}
	t.in("Insurers", func() {
		t.require(required{
			id: "INS-001", title: "are those of the clinic, and no others",
			level: must, operation: "listInsurers", effect: mutating, evidence: seed, needs: []need{aMock},
		}, func(w *world) {
			r := w.send(http.MethodGet, "/insurances/", payload{}, byToken(w.clinic.AdminToken))
			Expect(r.at("data", "insurers")).To(Equal([]any{map[string]any{"id": own.ID, "name": own.Name}}), "the list of insurers")
		}, func(c *controlapi.ClinicSettings) { c.Insurers = []controlapi.Insurer{own} })
		t.require(required{
			id: "INS-002", title: "are listed once each",
			level: should, operation: "listInsurers", effect: safe, evidence: inferred,
		}, func(w *world) {
			r := w.send(http.MethodGet, "/insurances/", payload{}, byToken(w.clinic.AdminToken))
			isOK(r)
			insurers, _ := r.at("data", "insurers").([]any)
			ids := map[any]bool{}
			for _, one := range insurers {
				insurer, _ := one.(map[string]any)
				ids[insurer["id"]] = true
			}
			Expect(ids).To(HaveLen(len(insurers)), "how many insurers have an id of their own")
		})
	})
}
