package contract

import (
	"net/http"
	"strings"

	. "github.com/onsi/gomega"

	"github.com/vsee-mock/vsee-mock/contract/config"
)

func requestSpecs(t *target) {
	t.in("Paths", func() {
		for _, c := range [][3]string{
			{"PATH-001", "/me", "getMe"}, {"PATH-002", "/me.json", "getMe"}, {"PATH-003", "/users/-", "getUser"}, {"PATH-004", "/users/-.json", "getUser"},
		} {
			t.require(required{
				id: c[0], title: "has " + c[1],
				level: must, operation: c[2], effect: mutating, evidence: documented,
			}, func(w *world) {
				u := w.signOn(somebody())
				Expect(w.send(http.MethodGet, c[1], payload{}, byToken(u.token)).text("data", "id")).To(Equal(u.id))
			})
		}
		for _, c := range [][2]string{{"PATH-005", "/insurances"}, {"PATH-006", "/insurances/"}} {
			t.require(required{
				id: c[0], title: "has " + c[1],
				level: must, operation: "listInsurers", effect: safe, evidence: seed,
			}, func(w *world) {
				r := w.send(http.MethodGet, c[1], payload{}, byToken(w.clinic.AdminToken))
				Expect(r.Status).To(Equal(ok))
				Expect(r.at("data", "insurers")).NotTo(BeEmpty())
			})
		}
		root, _, _ := config.SplitPrefix(t.BaseURL)
		for _, c := range [][2]string{{"PATH-007", "/vc/dev/api_v3"}, {"PATH-008", "/vc/next/api_v3"}, {"PATH-009", "/vc/stable/api_v3"}} {
			t.require(required{
				id: c[0], title: "leads to the same clinic under " + c[1],
				level: should, operation: "getMe", effect: mutating, evidence: observed,
			}, func(w *world) {
				u := w.signOn(somebody())
				r, err := w.client.do(w.ctx, request{http.MethodGet, root + c[1], "/me", byToken(u.token), payload{}})
				Expect(err).NotTo(HaveOccurred())
				Expect(r.text("data", "id")).To(Equal(u.id))
			})
		}
		t.require(required{
			id: "PATH-010", title: "answers an unknown path with VSee's 404",
			level: must, effect: safe, evidence: documented,
		}, func(w *world) {
			r := w.send(http.MethodGet, "/nothing/here", payload{}, byToken(w.clinic.AdminToken))
			refused(r, http.StatusNotFound)
			Expect(r.text("message")).To(Equal("Sorry, this page is not available."))
		})
		t.require(required{
			id: "PATH-011", title: "answers a wrong method with 405 and Allow",
			level: may, effect: mutating, evidence: ours,
		}, func(w *world) {
			r := w.send(http.MethodDelete, "/me", payload{}, byToken(w.clinic.AdminToken))
			refused(r, http.StatusMethodNotAllowed)
			Expect(r.Header.Get("Allow")).To(Equal("GET, POST"))
		})
		t.require(required{
			id: "PATH-012", title: "answers an unknown user with 404",
			level: may, operation: "getUser", effect: safe, evidence: ours,
		}, func(w *world) {
			refused(w.send(http.MethodGet, "/users/999999999", payload{}, byToken(w.clinic.AdminToken)), http.StatusNotFound)
		})
	})

	t.in("Bodies", func() {
		guide := form{{"insurance.primary_carrier_code", "car7556"}, {"insurance.primary_subscriber_num", "234234"}, {"insurance.respparty", "self"}}
		nested := form{{"insurance.primary.carrier_code", "car7556"}, {"insurance.primary.subscriber_num", "234234"}, {"insurance.patient.respparty", "self"}}
		object := map[string]any{"insurance": map[string]any{
			"primary": map[string]string{"carrier_code": "car7556", "subscriber_num": "234234"},
			"patient": map[string]string{"respparty": "self"},
		}}
		flat := map[string]string{}
		for _, field := range guide {
			flat[field[0]] = field[1]
		}
		for _, c := range []struct {
			id, title, level, evidence string
			body                       payload
		}{
			{"BODY-001", "the guide's dots in multipart", must, seed, asMultipart(guide)},
			{"BODY-002", "the guide's dots urlencoded", must, documented, asURLEncoded(guide)},
			{"BODY-003", "the guide's dots in JSON", should, inferred, asJSON(flat)},
			{"BODY-004", "dots throughout", must, documented, asMultipart(nested)},
			{"BODY-005", "double underscores in multipart", must, documented, asMultipart(underscored(nested))},
			{"BODY-006", "double underscores urlencoded", must, documented, asURLEncoded(underscored(nested))},
			{"BODY-007", "objects in JSON", should, inferred, asJSON(object)},
		} {
			t.require(required{
				id: c.id, title: "may spell nested fields with " + c.title,
				level: c.level, operation: "updateMe", effect: mutating, evidence: c.evidence,
			}, func(w *world) {
				r := w.update(w.signOn(somebody()), c.body)
				Expect(r.text("data", "insurance", "primary", "carrier_code")).To(Equal("car7556"))
				Expect(r.text("data", "insurance", "primary", "subscriber_num")).To(Equal("234234"))
				Expect(r.text("data", "insurance", "patient", "respparty")).To(Equal("self"))
			})
		}
		t.require(required{
			id: "BODY-008", title: "may hold a percent-encoded plus",
			level: should, operation: "updateMe", effect: mutating, evidence: observed,
		}, func(w *world) {
			r := w.update(w.signOn(somebody()), asURLEncoded(form{{"street_addr", "1 A+B Street"}}))
			Expect(r.text("data", "street_addr")).To(Equal("1 A+B Street"))
		})
		t.require(required{
			id: "BODY-009", title: "may be empty with a form's content type",
			level: should, operation: "startEligibilityCheck", effect: mutating, evidence: observed,
		}, func(w *world) {
			u := w.insured()
			empty := payload{contentType: "application/x-www-form-urlencoded"}
			r := w.send(http.MethodPost, checkPath(u.id, w.carrier()), empty, byToken(u.token))
			Expect(r.Status).To(Equal(ok))
		})
		t.require(required{
			id: "BODY-010", title: "are partial updates: what is not sent stays",
			level: must, operation: "updateMe", effect: mutating, evidence: seed,
		}, func(w *world) {
			u := w.insured()
			r := w.update(u, asMultipart(form{{"insurance.secondary_carrier_code", "car11406"}}))
			Expect(r.text("data", "insurance", "primary", "subscriber_num")).To(Equal(string(w.sample.SubscriberNum)))
			Expect(r.text("data", "insurance", "secondary", "carrier_code")).To(Equal("car11406"))
			Expect(r.text("data", "dob")).To(Equal("1986-01-01"))
		})
		for _, c := range []struct {
			id, title string
			body      payload
		}{
			{"BODY-011", "that is broken JSON", payload{"application/json", []byte(`{"first_name": `)}},
			{"BODY-012", "with a name twice in its JSON", payload{"application/json", []byte(`{"city": "a", "city": "b"}`)}},
			{"BODY-013", "with something after its JSON", payload{"application/json", []byte(`{"city": "a"} x`)}},
			{"BODY-014", "that is malformed multipart", payload{"multipart/form-data; boundary=x", []byte("--x\r\nnonsense")}},
			{"BODY-015", "of another content type", payload{"text/plain", []byte("city=a")}},
			{"BODY-016", "that is not UTF-8", payload{"application/x-www-form-urlencoded", []byte("city=%ff")}},
			{"BODY-017", "with two values for one field", payload{"application/x-www-form-urlencoded", []byte("city=a&city=b")}},
			{"BODY-018", "with an impossible date", asURLEncoded(form{{"dob", "2020-02-31"}})},
			{"BODY-019", "with an unknown respparty", asURLEncoded(form{{"insurance.respparty", "uncle"}})},
			{"BODY-020", "with a field nobody knows", asURLEncoded(form{{"insurance.tertiary_carrier_code", "x"}})},
			{"BODY-021", "with text where an object goes", asURLEncoded(form{{"insurance", "x"}})},
		} {
			t.require(required{
				id: c.id, title: "are refused when one " + c.title + " comes",
				level: may, operation: "updateMe", effect: mutating, evidence: ours,
			}, func(w *world) {
				u := w.signOn(somebody())
				refused(w.send(http.MethodPost, "/me", c.body, byToken(u.token)), http.StatusBadRequest)
			})
		}
	})
}

func underscored(f form) form {
	var out form
	for _, field := range f {
		out = append(out, [2]string{strings.ReplaceAll(field[0], ".", "__"), field[1]})
	}
	return out
}
