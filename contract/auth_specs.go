package contract

import (
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

func authSpecs(t *target) {
	Describe("Authentication", func() {
		t.require("takes a token alone, without an account code", seed, nil, func(w *world) {
			r := w.send(http.MethodGet, "/insurances/", payload{}, byToken(w.clinic.AdminToken))
			Expect(r.Status).To(Equal(ok))
		})
		t.require("takes a token with the clinic's account code", seed, nil, func(w *world) {
			header := byToken(w.clinic.AdminToken)
			header["X-AccountCode"] = w.clinic.AccountCode
			Expect(w.send(http.MethodGet, "/insurances/", payload{}, header).Status).To(Equal(ok))
		})
		t.require("takes key, secret and token together for a sign-on", seed, nil, func(w *world) {
			header := w.byKey()
			header["X-ApiToken"] = w.clinic.AdminToken
			Expect(w.send(http.MethodPost, "/users/sso", asMultipart(somebody()), header).Status).To(Equal(ok))
		})
		t.require("takes a key without a secret for a sign-on", ours, nil, func(w *world) {
			header := w.byKey()
			delete(header, "X-ApiSecret")
			Expect(w.send(http.MethodPost, "/users/sso", asMultipart(somebody()), header).Status).To(Equal(ok))
		})
		t.require("takes `-` for the token's owner", documented, nil, func(w *world) {
			u := w.signOn(somebody())
			Expect(w.send(http.MethodGet, "/users/-", payload{}, byToken(u.token)).text("data", "id")).To(Equal(u.id))
		})
		t.require("lets the admin see any user of the clinic", documented, nil, func(w *world) {
			u := w.signOn(somebody())
			Expect(w.send(http.MethodGet, "/users/"+u.id, payload{}, byToken(w.clinic.AdminToken)).text("data", "id")).To(Equal(u.id))
		})
		for _, c := range []struct {
			title, grade string
			method, path string
			status       int
			header       func(w *world) map[string]string
		}{
			{"refuses a request without a token", documented, "GET", "/insurances", 401, func(*world) map[string]string { return nil }},
			{"refuses a token that nobody has", documented, "GET", "/me", 401, func(*world) map[string]string {
				return byToken("00000000000000000000000000000000")
			}},
			{"refuses a sign-on with another key", documented, "POST", "/users/sso", 401, func(w *world) map[string]string {
				h := w.byKey()
				h["X-ApiKey"] = "wrong"
				return h
			}},
			{"refuses a sign-on with another secret", ours, "POST", "/users/sso", 401, func(w *world) map[string]string {
				h := w.byKey()
				h["X-ApiSecret"] = "wrong"
				return h
			}},
			{"refuses a sign-on for an unknown account code", documented, "POST", "/users/sso", 401, func(w *world) map[string]string {
				h := w.byKey()
				h["X-AccountCode"] = unique()
				return h
			}},
			{"refuses a patient another user's data", inferred, "GET", "/users/1", 403, func(w *world) map[string]string {
				return byToken(w.signOn(somebody()).token)
			}},
		} {
			t.require(c.title, c.grade, nil, func(w *world) {
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
