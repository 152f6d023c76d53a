//go:build ignore

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
			{"PATH-001", "/me", "getMe"}, {"PATH-003", "/users/-", "getUser"}, {"PATH-004", "/users/-.json", "getUser"},
		} {
			t.require(required{
				id: c[0], title: "has " + c[1],
				level: must, operation: c[2], effect: mutating, evidence: documented,
			}, func(w *world) {
				u := w.signOn(somebody())
				Expect(w.send(http.MethodGet, c[1], payload{}, byToken(u.token)).text("data", "id")).To(Equal(u.id), "the id of the token's owner")
			})
		}
		t.require(required{
			id: "PATH-005", title: "has /insurances",
			level: must, operation: "listInsurers", effect: safe, evidence: seed,
		}, func(w *world) {
			made := callListInsurers(w)
			made.shows(made.send(w, w.base(), "", nil))
		})
		root, _, _ := config.SplitPrefix(t.BaseURL)
		pathTable(t, root)
		t.require(required{
			id: "PATH-010", title: "answers an unknown path with VSee's 404",
			level: must, effect: safe, evidence: documented,
		}, func(w *world) {
			r := w.send(http.MethodGet, "/nothing/here", payload{}, byToken(w.clinic.AdminToken))
			refused(r, http.StatusNotFound)
			Expect(r.text("message")).To(Equal("Sorry, this page is not available."), "the message")
		})
		t.require(required{
			id: "PATH-011", title: "answers a wrong method with 405 and Allow",
			level: may, effect: mutating, evidence: ours,
		}, func(w *world) {
			r := w.send(http.MethodDelete, "/me", payload{}, byToken(w.clinic.AdminToken))
			refused(r, http.StatusMethodNotAllowed)
			Expect(r.Header.Get("Allow")).To(Equal("GET, POST"), "the methods that are allowed")
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
				Expect(r.text("data", "insurance", "primary", "carrier_code")).To(Equal("car7556"), "the carrier of the primary card")
				Expect(r.text("data", "insurance", "primary", "subscriber_num")).To(Equal("234234"), "the subscriber's number on the primary card")
				Expect(r.text("data", "insurance", "patient", "respparty")).To(Equal("self"), "the responsible party")
			})
		}
		t.require(required{
			id: "BODY-008", title: "may hold a percent-encoded plus",
			level: should, operation: "updateMe", effect: mutating, evidence: observed,
		}, func(w *world) {
			r := w.update(w.signOn(somebody()), asURLEncoded(form{{"street_addr", "1 A+B Street"}}))
			Expect(r.text("data", "street_addr")).To(Equal("1 A+B Street"), "the street with a plus in it")
		})
		for _, c := range [][3]string{
			{"BODY-009", "a form's content type", "application/x-www-form-urlencoded"},
			{"BODY-028", "multipart for a content type", "multipart/form-data; boundary=x"},
		} {
			t.require(required{
				id: c[0], title: "may be empty with " + c[1],
				level: should, operation: "startEligibilityCheck", effect: mutating, evidence: observed,
			}, func(w *world) {
				u := w.insured()
				isOK(w.send(http.MethodPost, checkPath(u.id, w.carrier()), payload{contentType: c[2]}, byToken(u.token)))
			})
		}
		t.require(required{
			id: "BODY-010", title: "are partial updates: what is not sent stays",
			level: must, operation: "updateMe", effect: mutating, evidence: seed,
		}, func(w *world) {
			u := w.insured()
			before := w.send(http.MethodGet, "/me", payload{}, byToken(u.token))
			r := w.update(u, asMultipart(form{{"insurance.secondary_carrier_code", "car11406"}}))
			Expect(r.text("data", "insurance", "primary", "subscriber_num")).To(Equal(string(w.sample.SubscriberNum)), "the subscriber's number, which was not sent")
			Expect(r.text("data", "insurance", "secondary", "carrier_code")).To(Equal("car11406"), "the carrier of the secondary card")
			Expect(r.text("data", "dob")).To(Equal("1986-01-01"), "the birth date, which was not sent")
			isSame(r, before, "active", "tos", "status", "email_verified", "account_code", "clinics", "created")
		})
		spellings(t)
		signOnBodies(t)
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
			{"BODY-020", "with a field whose name is mistyped", asURLEncoded(form{{"insurance.primary_carrier_cdoe", "x"}})},
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

// spellings adds the ways to write a field, or to leave it out, from VSee's other pages and from real clients.
func spellings(t *target) {
	t.require(required{
		id: "BODY-040", title: "may spell nested fields with brackets",
		level: may, operation: "updateMe", effect: mutating, evidence: ours,
	}, func(w *world) {
		r := w.update(w.signOn(somebody()), asURLEncoded(form{{"insurance[primary][carrier_code]", "car7556"}, {"insurance[primary_subscriber_num]", "234234"}}))
		Expect(r.text("data", "insurance", "primary", "carrier_code")).To(Equal("car7556"), "the carrier of the primary card")
		Expect(r.text("data", "insurance", "primary", "subscriber_num")).To(Equal("234234"), "the subscriber's number on the primary card")
	})
	t.require(required{
		id: "BODY-041", title: "may have null for what is not given",
		level: may, operation: "updateMe", effect: mutating, evidence: ours,
	}, func(w *world) {
		r := w.update(w.signOn(somebody()), asJSON(map[string]any{"dob": nil, "gender": nil, "city": "Ann Arbor"}))
		Expect(r.text("data", "dob")).To(Equal("1986-01-01"), "the birth date, which was not given")
		Expect(r.at("data", "gender")).To(BeEquivalentTo(1), "the gender, which was not given")
		Expect(r.text("data", "city")).To(Equal("Ann Arbor"), "the city")
	})
	t.require(required{
		id: "BODY-042", title: "may have slashes in a date that begins with the year",
		level: may, operation: "updateMe", effect: mutating, evidence: ours,
	}, func(w *world) {
		r := w.update(w.signOn(somebody()), asURLEncoded(form{{"dob", "1980/01/31"}}))
		Expect(r.text("data", "dob")).To(Equal("1980-01-31"), "the birth date, with dashes")
	})
	t.require(required{
		id: "BODY-043", title: "may spell insurance fields as earlier pages do",
		level: should, operation: "updateMe", effect: mutating, evidence: documented,
	}, func(w *world) {
		r := w.update(w.signOn(somebody()), asMultipart(form{
			{"insurance.insurer_id", "car7556"}, {"insurance.subscriber_num", "234234"}, {"insurance.secondary_insurer_id", "car11406"}, {"standardrelationship", "3"},
		}))
		Expect(r.text("data", "insurance", "primary", "carrier_code")).To(Equal("car7556"), "the carrier of the primary card")
		Expect(r.text("data", "insurance", "primary", "subscriber_num")).To(Equal("234234"), "the subscriber's number on the primary card")
		Expect(r.text("data", "insurance", "secondary", "carrier_code")).To(Equal("car11406"), "the carrier of the secondary card")
		Expect(r.text("data", "insurance", "patient", "respparty")).To(Equal("child"), "the responsible party")
	})
	t.require(required{
		id: "BODY-044", title: "are refused when one with two spellings of a field and two values comes",
		level: may, operation: "updateMe", effect: mutating, evidence: ours,
	}, func(w *world) {
		u := w.signOn(somebody())
		body := asURLEncoded(form{{"insurance.carrier", "car7556"}, {"insurance.primary.carrier_code", "car7551"}})
		refused(w.send(http.MethodPost, "/me", body, byToken(u.token)), http.StatusBadRequest)
	})
}

// pathTable adds each spelling of the path of each operation.
func pathTable(t *target, root string) {
	for _, c := range []struct{ name, title, prefix, end, evidence string }{ // prefix is "" for the base URL's own
		{"json", "has .json at the end of every path", "", ".json", documented},
		{"slash", "may have a slash at the end of every path", "", "/", ours},
		{"dev", "leads to the same clinic under /vc/dev/api_v3", "/vc/dev/api_v3", "", observed},
		{"next", "leads to the same clinic under /vc/next/api_v3", "/vc/next/api_v3", "", observed},
		{"stable", "leads to the same clinic under /vc/stable/api_v3", "/vc/stable/api_v3", "", observed},
	} {
		for _, o := range operations() {
			r := cell("PATH", c.name, c.title, c.evidence, o)
			if c.name == "slash" && o.id == "listInsurers" { // the guide's own
				r.evidence, r.level = seed, must
			}
			t.require(r, func(w *world) {
				base := w.base()
				if c.prefix != "" {
					base = root + c.prefix
				}
				made := o.call(w)
				made.shows(made.send(w, base, c.end, nil))
			})
		}
	}
}

func underscored(f form) form {
	var out form
	for _, field := range f {
		out = append(out, [2]string{strings.ReplaceAll(field[0], ".", "__"), field[1]})
	}
	return out
}

// signOnBodies adds the encodings for a sign-on, each with a street as a sign of correct decoding. An encoding the
// suite cannot decode itself goes to a mock alone: data sent to other targets must be verifiably made up.
func signOnBodies(t *target) {
	for _, c := range []struct {
		id, title, evidence, street string
		needs                       []need
		body                        func(form) payload
	}{
		{"BODY-022", "urlencoded", documented, "2868 Tully Street", nil, asURLEncoded},
		{"BODY-023", "JSON", documented, "2868 Tully Street", nil, func(f form) payload { return asJSON(f.object(false)) }},
		{"BODY-024", "JSON with numbers for its type and gender", documented, "2868 Tully Street", nil, func(f form) payload { return asJSON(f.object(true)) }},
		{"BODY-025", "urlencoded with a percent-encoded plus", observed, "1 A+B Street", nil, asURLEncoded},
		{"BODY-026", "multipart with a boundary made by hand, without the quotes it needs", observed, "2868 Tully Street", []need{aMock}, asHandMade},
		{"BODY-027", "multipart with quotes inside a value, which stay", ours, `"2868 Tully Street"`, nil, asMultipart},
	} {
		t.require(required{
			id: c.id, title: "may be, for a sign-on, " + c.title,
			level: levelOf(c.evidence), operation: "signOn", effect: mutating, evidence: c.evidence, needs: c.needs,
		}, func(w *world) {
			f := somebody().with("street_addr", c.street)
			r := w.send(http.MethodPost, "/users/sso", c.body(f), w.byKey())
			isOK(r)
			w.redactor.Hide(r.text("data", "token", "token"))
			Expect(r.text("data", "street_addr")).To(Equal(c.street), "the street as it was sent")
			Expect(r.text("data", "code")).To(Equal(f.value("code")), "the code as it was sent")
			Expect(r.text("data", "token", "user_type")).To(Equal("200"), "the type as it was sent")
			Expect(r.at("data", "gender")).To(BeEquivalentTo(1), "the gender as it was sent")
		})
	}
}

// asHandMade is a multipart body as in clients without a multipart library: its boundary lacks the necessary
// quotes.
func asHandMade(f form) payload {
	const boundary = "----=_Part/1:2"
	var b strings.Builder
	for _, field := range f {
		b.WriteString("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + field[0] + "\"\r\n\r\n" + field[1] + "\r\n")
	}
	b.WriteString("--" + boundary + "--\r\n")
	return payload{"multipart/form-data; boundary=" + boundary, []byte(b.String())}
}
