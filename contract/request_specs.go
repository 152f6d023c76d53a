package contract

import (
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

func requestSpecs(t *target) {
	Describe("Paths", func() {
		for _, path := range []string{"/me", "/me.json", "/users/-", "/users/-.json"} {
			t.require("has "+path, documented, nil, func(w *world) {
				u := w.signOn(somebody())
				Expect(w.send(http.MethodGet, path, payload{}, byToken(u.token)).text("data", "id")).To(Equal(u.id))
			})
		}
		for _, path := range []string{"/insurances", "/insurances/"} {
			t.require("has "+path, seed, nil, func(w *world) {
				r := w.send(http.MethodGet, path, payload{}, byToken(w.clinic.AdminToken))
				Expect(r.Status).To(Equal(ok))
				Expect(r.at("data", "insurers")).NotTo(BeEmpty())
			})
		}
		root, _, _ := splitPrefix(t.BaseURL)
		for _, prefix := range []string{"/vc/dev/api_v3", "/vc/next/api_v3", "/vc/stable/api_v3"} {
			t.require("leads to the same clinic under "+prefix, observed, nil, func(w *world) {
				u := w.signOn(somebody())
				r, err := w.client.do(w.ctx, request{http.MethodGet, root + prefix, "/me", byToken(u.token), payload{}})
				Expect(err).NotTo(HaveOccurred())
				Expect(r.text("data", "id")).To(Equal(u.id))
			})
		}
		t.require("answers an unknown path with VSee's 404", documented, nil, func(w *world) {
			r := w.send(http.MethodGet, "/nothing/here", payload{}, byToken(w.clinic.AdminToken))
			refused(r, http.StatusNotFound)
			Expect(r.text("message")).To(Equal("Sorry, this page is not available."))
		})
		t.require("answers a wrong method with 405 and Allow", ours, nil, func(w *world) {
			r := w.send(http.MethodDelete, "/me", payload{}, byToken(w.clinic.AdminToken))
			refused(r, http.StatusMethodNotAllowed)
			Expect(r.Header.Get("Allow")).To(Equal("GET, POST"))
		})
		t.require("answers an unknown user with 404", ours, nil, func(w *world) {
			refused(w.send(http.MethodGet, "/users/999999999", payload{}, byToken(w.clinic.AdminToken)), http.StatusNotFound)
		})
	})

	Describe("Bodies", func() {
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
			title, grade string
			body         payload
		}{
			{"the guide's dots in multipart", seed, asMultipart(guide)},
			{"the guide's dots urlencoded", documented, asURLEncoded(guide)},
			{"the guide's dots in JSON", inferred, asJSON(flat)},
			{"dots throughout", documented, asMultipart(nested)},
			{"double underscores in multipart", documented, asMultipart(underscored(nested))},
			{"double underscores urlencoded", documented, asURLEncoded(underscored(nested))},
			{"objects in JSON", inferred, asJSON(object)},
		} {
			t.require("may spell nested fields with "+c.title, c.grade, nil, func(w *world) {
				r := w.update(w.signOn(somebody()), c.body)
				Expect(r.text("data", "insurance", "primary", "carrier_code")).To(Equal("car7556"))
				Expect(r.text("data", "insurance", "primary", "subscriber_num")).To(Equal("234234"))
				Expect(r.text("data", "insurance", "patient", "respparty")).To(Equal("self"))
			})
		}
		t.require("may hold a percent-encoded plus", observed, nil, func(w *world) {
			r := w.update(w.signOn(somebody()), asURLEncoded(form{{"street_addr", "1 A+B Street"}}))
			Expect(r.text("data", "street_addr")).To(Equal("1 A+B Street"))
		})
		t.require("may be empty with a form's content type", observed, nil, func(w *world) {
			u := w.insured()
			empty := payload{contentType: "application/x-www-form-urlencoded"}
			r := w.send(http.MethodPost, checkPath(u.id, w.carrier()), empty, byToken(u.token))
			Expect(r.Status).To(Equal(ok))
		})
		t.require("are partial updates: what is not sent stays", seed, nil, func(w *world) {
			u := w.insured()
			r := w.update(u, asMultipart(form{{"insurance.secondary_carrier_code", "car11406"}}))
			Expect(r.text("data", "insurance", "primary", "subscriber_num")).To(Equal(string(w.sample.SubscriberNum)))
			Expect(r.text("data", "insurance", "secondary", "carrier_code")).To(Equal("car11406"))
			Expect(r.text("data", "dob")).To(Equal("1986-01-01"))
		})
		for _, c := range []struct {
			title string
			body  payload
		}{
			{"that is broken JSON", payload{"application/json", []byte(`{"first_name": `)}},
			{"with a name twice in its JSON", payload{"application/json", []byte(`{"city": "a", "city": "b"}`)}},
			{"with something after its JSON", payload{"application/json", []byte(`{"city": "a"} x`)}},
			{"that is malformed multipart", payload{"multipart/form-data; boundary=x", []byte("--x\r\nnonsense")}},
			{"of another content type", payload{"text/plain", []byte("city=a")}},
			{"that is not UTF-8", payload{"application/x-www-form-urlencoded", []byte("city=%ff")}},
			{"with two values for one field", payload{"application/x-www-form-urlencoded", []byte("city=a&city=b")}},
			{"with an impossible date", asURLEncoded(form{{"dob", "2020-02-31"}})},
			{"with an unknown respparty", asURLEncoded(form{{"insurance.respparty", "uncle"}})},
			{"with a field nobody knows", asURLEncoded(form{{"insurance.tertiary_carrier_code", "x"}})},
			{"with text where an object goes", asURLEncoded(form{{"insurance", "x"}})},
		} {
			t.require("are refused when one "+c.title+" comes", ours, nil, func(w *world) {
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
