package contract

import (
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

func authSpecs(t *target) {
	t.in("Authentication", func() {
		t.require(required{
			id: "AUTH-001", title: "takes a token alone, without an account code",
			level: must, operation: "listInsurers", effect: safe, evidence: seed,
		}, func(w *world) {
			r := w.send(http.MethodGet, "/insurances/", payload{}, byToken(w.clinic.AdminToken))
			Expect(r.Status).To(Equal(ok))
		})
		t.require(required{
			id: "AUTH-002", title: "takes a token with the clinic's account code",
			level: must, operation: "listInsurers", effect: safe, evidence: seed,
		}, func(w *world) {
			header := byToken(w.clinic.AdminToken)
			header["X-AccountCode"] = w.clinic.AccountCode
			Expect(w.send(http.MethodGet, "/insurances/", payload{}, header).Status).To(Equal(ok))
		})
		t.require(required{
			id: "AUTH-003", title: "takes key, secret and token together for a sign-on",
			level: must, operation: "signOn", effect: mutating, evidence: seed,
		}, func(w *world) {
			header := w.byKey()
			header["X-ApiToken"] = w.clinic.AdminToken
			Expect(w.send(http.MethodPost, "/users/sso", asMultipart(somebody()), header).Status).To(Equal(ok))
		})
		t.require(required{
			id: "AUTH-004", title: "takes a key without a secret for a sign-on",
			level: may, operation: "signOn", effect: mutating, evidence: ours,
		}, func(w *world) {
			header := w.byKey()
			delete(header, "X-ApiSecret")
			Expect(w.send(http.MethodPost, "/users/sso", asMultipart(somebody()), header).Status).To(Equal(ok))
		})
		t.require(required{
			id: "AUTH-005", title: "takes `-` for the token's owner",
			level: must, operation: "getUser", effect: mutating, evidence: documented,
		}, func(w *world) {
			u := w.signOn(somebody())
			Expect(w.send(http.MethodGet, "/users/-", payload{}, byToken(u.token)).text("data", "id")).To(Equal(u.id))
		})
		t.require(required{
			id: "AUTH-006", title: "lets the admin see any user of the clinic",
			level: must, operation: "getUser", effect: mutating, evidence: documented,
		}, func(w *world) {
			u := w.signOn(somebody())
			Expect(w.send(http.MethodGet, "/users/"+u.id, payload{}, byToken(w.clinic.AdminToken)).text("data", "id")).To(Equal(u.id))
		})
		for _, c := range []struct {
			required
			method, path string
			status       int
			header       func(w *world) map[string]string
		}{
			{required{"AUTH-007", "refuses a request without a token", must, "listInsurers", safe, documented, nil}, "GET", "/insurances", 401, func(*world) map[string]string { return nil }},
			{required{"AUTH-008", "refuses a token that nobody has", must, "getMe", safe, documented, nil}, "GET", "/me", 401, func(*world) map[string]string {
				return byToken("00000000000000000000000000000000")
			}},
			{required{"AUTH-009", "refuses a sign-on with another key", must, "signOn", mutating, documented, nil}, "POST", "/users/sso", 401, func(w *world) map[string]string {
				h := w.byKey()
				h["X-ApiKey"] = "wrong"
				return h
			}},
			{required{"AUTH-010", "refuses a sign-on with another secret", may, "signOn", mutating, ours, nil}, "POST", "/users/sso", 401, func(w *world) map[string]string {
				h := w.byKey()
				h["X-ApiSecret"] = "wrong"
				return h
			}},
			{required{"AUTH-011", "refuses a sign-on for an unknown account code", must, "signOn", mutating, documented, nil}, "POST", "/users/sso", 401, func(w *world) map[string]string {
				h := w.byKey()
				h["X-AccountCode"] = unique()
				return h
			}},
			{required{"AUTH-012", "refuses a patient another user's data", should, "getUser", mutating, inferred, nil}, "GET", "/users/1", 403, func(w *world) map[string]string {
				return byToken(w.signOn(somebody()).token)
			}},
		} {
			t.require(c.required, func(w *world) {
				body := payload{}
				if c.method == http.MethodPost {
					body = asMultipart(somebody())
				}
				refused(w.send(c.method, c.path, body, c.header(w)), c.status)
			})
		}
	})
}

// refused requires that a reply is a refusal as VSee documents it: flat, its code the HTTP status.
func refused(r response, status int) {
	GinkgoHelper()
	Expect(r.Status).To(Equal(status))
	Expect(r.at("code")).To(BeEquivalentTo(status))
	Expect(r.text("message")).NotTo(BeEmpty())
	Expect(r.at("data")).To(BeNil())
}
