package specs

import (
	"net/http"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

func bodySpecs(l *list) {
	spellingSpecs(l)
	clientSpecs(l)
	nestedSpecs(l)
	signOnBodySpecs(l)
	badBodySpecs(l)
}

// sent asserts that the own reply of a request has the values that it sent.
func sent(r reply, fields ...[2]string) {
	for _, f := range fields {
		r.Value(f[0]).Sent(f[1], strings.TrimPrefix(f[0], "/data/")+" must be as sent")
	}
}

const (
	carrierAt    = "/data/insurance/primary/carrier_code"
	subscriberAt = "/data/insurance/primary/subscriber_num"
	respondentAt = "/data/insurance/patient/respparty"
)

// spellingSpecs cover the ways to write the fields of an update.
func spellingSpecs(l *list) {
	guide := form{{"insurance.primary_carrier_code", "car7556"}, {"insurance.primary_subscriber_num", "234234"},
		{"insurance.respparty", "self"}}
	nested := form{{"insurance.primary.carrier_code", "car7556"}, {"insurance.primary.subscriber_num", "234234"},
		{"insurance.patient.respparty", "self"}}
	object := map[string]any{
		"primary": map[string]string{"carrier_code": "car7556", "subscriber_num": "234234"},
		"patient": map[string]string{"respparty": "self"},
	}
	var underscored form
	for _, field := range nested {
		underscored = underscored.And(strings.ReplaceAll(field[0], ".", "__"), field[1])
	}
	relation := guide.Without("insurance.respparty")
	for _, c := range []struct {
		id, title string
		evidence  requirement.Evidence
		body      payload
		party     string
	}{
		{"BODY-001", "the guide's dots in multipart", seed, engine.Multipart(guide), "self"},
		{"BODY-002", "the guide's dots urlencoded", documented, engine.URLEncoded(guide), "self"},
		{"BODY-003", "the guide's dots in JSON", inferred, engine.JSON(guide.Object(false)), "self"},
		{"BODY-004", "dots throughout", documented, engine.Multipart(nested), "self"},
		{"BODY-005", "double underscores in multipart", documented, engine.Multipart(underscored), "self"},
		{"BODY-006", "double underscores urlencoded", documented, engine.URLEncoded(underscored), "self"},
		{"BODY-007", "objects in JSON", inferred, engine.JSON(map[string]any{"insurance": object}), "self"},
		{"BODY-056", "the guide's dots in JSON with a charset", inferred, payload{
			ContentType: "application/json; charset=utf-8", Data: engine.JSON(guide.Object(false)).Data}, "self"},
		{"BODY-057", "the guide's dots urlencoded with a charset", inferred, payload{
			ContentType: "application/x-www-form-urlencoded; charset=UTF-8", Data: engine.URLEncoded(guide).Data}, "self"},
		{"BODY-045", "an older name of the carrier, insurance.carrier", documented, engine.Multipart(renamed(guide,
			"carrier")), "self"},
		{"BODY-046", "an older name of the carrier, insurance.carrier_code", documented, engine.Multipart(renamed(guide,
			"carrier_code")), "self"},
		{"BODY-047", "a relationship by its X12 code", documented, engine.Multipart(relation.And("hipaarelationship",
			"19")), "child"},
		{"BODY-048", "a relationship by its number", documented, engine.Multipart(relation.And("standardrelationship",
			"2")), "spouse"},
	} {
		l.add(c.evidence, c.id, "updateMe", "updateMe accepts "+c.title, func(t *trial) {
			r := t.update(t.newPatient(), c.body)
			sent(r, [2]string{carrierAt, "car7556"}, [2]string{subscriberAt, "234234"}, [2]string{respondentAt, c.party})
		})
	}
	l.add(seed, "BODY-010", "updateMe",
		"updateMe is partial: it keeps each field that it does not send", func(t *trial) {
			u := t.newInsured()
			before := t.update(u, engine.Multipart(form{{"insurance.respparty", "self"}}))
			r := t.update(u, engine.Multipart(form{{"insurance.secondary_carrier_code", "car11406"}}))
			sent(r, [2]string{subscriberAt, string(t.sample().SubscriberNum)},
				[2]string{"/data/insurance/secondary/carrier_code", "car11406"})
			isSame(r, before, append(lasting(), "dob")...)
		})
}

// renamed returns the guide's form with another name for the carrier of the primary card.
func renamed(guide form, name string) form {
	return guide.Without("insurance.primary_carrier_code").And("insurance."+name,
		guide.Value("insurance.primary_carrier_code"))
}

// clientSpecs cover ways to write a body that real clients and VSee's other pages use.
func clientSpecs(l *list) {
	for _, c := range []struct {
		id, title string
		evidence  requirement.Evidence
		body      payload
		shows     map[string]any
	}{
		{"BODY-008", "decodes a percent-encoded plus", observed,
			engine.URLEncoded(form{{"street_addr", "1 A+B Street"}}), map[string]any{"/data/street_addr": "1 A+B Street"}},
		{"BODY-040", "accepts brackets in nested fields", ours, engine.URLEncoded(form{
			{"insurance[primary][carrier_code]", "car7556"}, {"insurance[primary_subscriber_num]", "234234"},
		}), map[string]any{carrierAt: "car7556", subscriberAt: "234234"}},
		{"BODY-041", "takes null for a field without a value", ours,
			engine.JSON(map[string]any{"dob": nil, "gender": nil, "city": "Ann Arbor"}),
			map[string]any{"/data/dob": "1986-01-01", "/data/gender": 1, "/data/city": "Ann Arbor"}},
		{"BODY-042", "accepts slashes in a date, year first", ours,
			engine.URLEncoded(form{{"dob", "1980/01/31"}}), map[string]any{"/data/dob": "1980-01-31"}},
		{"BODY-043", "accepts the insurance fields of earlier pages", documented, engine.Multipart(form{
			{"insurance.insurer_id", "car7556"}, {"insurance.subscriber_num", "234234"},
			{"insurance.secondary_insurer_id", "car11406"}, {"standardrelationship", "3"},
		}), map[string]any{carrierAt: "car7556", subscriberAt: "234234",
			"/data/insurance/secondary/carrier_code": "car11406", respondentAt: "child"}},
		{"BODY-049", "accepts the clinic's own fields with double underscores", documented,
			engine.URLEncoded(form{{"extra.contract_id", "contract-7"}, {"extra__contract_mark", "contract-8"}}),
			map[string]any{"/data/extra/contract_id": "contract-7", "/data/extra/contract_mark": "contract-8"}},
	} {
		l.add(c.evidence, c.id, "updateMe", "updateMe "+c.title, func(t *trial) {
			r := t.update(t.newPatient(), c.body)
			for pointer, want := range c.shows {
				r.Value(pointer).Sent(want, strings.TrimPrefix(pointer, "/data/")+" must be as sent")
			}
		})
	}
	encodingSpecs(l)
}

// nestedSpecs cover the spellings of nested names in a sign-on.
func nestedSpecs(l *list) {
	for _, c := range []struct {
		id, title string
		evidence  requirement.Evidence
		nested    form
	}{
		{"BODY-053", "dots", documented, form{
			{"insurance.primary.carrier_code", "car7556"}, {"insurance.primary.subscriber_num", "234234"}}},
		{"BODY-054", "double underscores", documented, form{
			{"insurance__primary__carrier_code", "car7556"}, {"insurance__primary__subscriber_num", "234234"}}},
		{"BODY-055", "brackets", ours, form{
			{"insurance[primary][carrier_code]", "car7556"}, {"insurance[primary_subscriber_num]", "234234"}}},
	} {
		l.add(c.evidence, c.id, "signOn", "signOn accepts "+c.title+" in nested fields", func(t *trial) {
			r := t.Send(t.sso(append(patientForm(), c.nested...)))
			t.hideTokens(r)
			sent(r, [2]string{carrierAt, "car7556"}, [2]string{subscriberAt, "234234"})
		})
	}
}

// encodingSpecs cover every field, and characters beyond ASCII, in each encoding of an update, and empty bodies.
func encodingSpecs(l *list) {
	for _, c := range []struct {
		id, title string
		evidence  requirement.Evidence
		body      func(form) payload
	}{
		{"BODY-050", "multipart", documented, engine.Multipart},
		{"BODY-051", "a urlencoded form", documented, engine.URLEncoded},
		{"BODY-052", "JSON", inferred, func(f form) payload { return engine.JSON(f.Object(false)) }},
	} {
		l.add(c.evidence, c.id, "updateMe",
			"updateMe reads every field, and characters beyond ASCII, in "+c.title, func(t *trial) {
				u, written := t.signOn(fullForm()), otherFields().With("city", accentedText)
				t.ReadBack(t.update(u, c.body(written)), t.userWays(u), sentFields(written)...)
			})
	}
	for _, c := range [][3]string{
		{"BODY-009", "a form's content type", "application/x-www-form-urlencoded"},
		{"BODY-028", "the content type multipart", "multipart/form-data; boundary=x"},
	} {
		l.add(observed, c[0], "startEligibilityCheck",
			"startEligibilityCheck accepts an empty body with "+c[1], func(t *trial) {
				u := t.newInsured()
				r := t.Send(engine.Post(checkPath(u.ID, t.carrier()), payload{ContentType: c[2]}).By(u))
				t.Started(r.Text("/data/eligibility_id"), u)
				r.Expected()
			})
	}
}

// signOnBodySpecs cover the encodings of a sign-on, each with a street as a sign of correct decoding. An encoding that
// the suite cannot decode itself goes to a mock alone: data sent to other targets must be verifiably made up.
func signOnBodySpecs(l *list) {
	inJSON := func(numbers bool) func(form) payload {
		return func(f form) payload { return engine.JSON(f.Object(numbers)) }
	}
	const street = "2868 Söhne 東 Street"
	for _, c := range []struct {
		id, title string
		evidence  requirement.Evidence
		street    string
		needs     []need
		body      func(form) payload
	}{
		{"BODY-022", "urlencoded", documented, street, nil, engine.URLEncoded},
		{"BODY-023", "JSON", documented, street, nil, inJSON(false)},
		{"BODY-024", "JSON with numbers for its type and gender", documented, street, nil, inJSON(true)},
		{"BODY-025", "urlencoded with a percent-encoded plus", observed, "1 A+B Street", nil, engine.URLEncoded},
		{"BODY-026", "multipart with a boundary made by hand, without the quotes it needs", observed, street,
			[]need{aMock}, handMade},
		{"BODY-027", "multipart with quotes inside a value, which stay", ours, `"2868 Tully Street"`, nil, engine.Multipart},
	} {
		l.require(rule{ID: c.id, Operation: "signOn", Evidence: c.evidence, Needs: c.needs,
			Title: "signOn accepts a body that is " + c.title}, func(t *trial) {
			f := patientForm().With("street_addr", c.street)
			q := t.sso(f)
			q.Body = c.body(f)
			r := t.Send(q)
			t.hideTokens(r)
			sent(r, [2]string{"/data/street_addr", c.street}, [2]string{"/data/code", f.Value("code")})
			r.Value("/data/gender").Sent(1, "the gender must be as sent")
			r.Equal("/data/token/user_type", "200", "the type must be as sent")
		})
	}
}

// handMade is a multipart body as in clients without a multipart library: its boundary lacks the necessary quotes.
func handMade(f form) payload {
	const boundary = "----=_Part/1:2"
	var b strings.Builder
	for _, field := range f {
		b.WriteString("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + field[0] + "\"\r\n\r\n")
		b.WriteString(field[1] + "\r\n")
	}
	b.WriteString("--" + boundary + "--\r\n")
	return payload{ContentType: "multipart/form-data; boundary=" + boundary, Data: []byte(b.String())}
}

// badBodySpecs cover bodies that an update must refuse.
func badBodySpecs(l *list) {
	const asForm = "application/x-www-form-urlencoded"
	for _, c := range []struct {
		id, title, field string
		body             payload
	}{
		{"BODY-012", "JSON with a name twice", "", payload{ContentType: "application/json",
			Data: []byte(`{"city": "a", "city": "b"}`)}},
		{"BODY-013", "JSON with something after its end", "", payload{ContentType: "application/json",
			Data: []byte(`{"city": "a"} x`)}},
		{"BODY-014", "malformed multipart", "", payload{ContentType: "multipart/form-data; boundary=x",
			Data: []byte("--x\r\nnonsense")}},
		{"BODY-015", "another content type", "", payload{ContentType: "text/plain", Data: []byte("city=a")}},
		{"BODY-016", "text outside UTF-8", "", payload{ContentType: asForm, Data: []byte("city=%ff")}},
		{"BODY-017", "two values for one field", "", payload{ContentType: asForm, Data: []byte("city=a&city=b")}},
		{"BODY-018", "an impossible date", "dob", engine.URLEncoded(form{{"dob", "2020-02-31"}})},
		{"BODY-019", "an unknown respparty", "insurance/respparty", engine.URLEncoded(form{{"insurance.respparty",
			"uncle"}})},
		{"BODY-020", "a field with a mistyped name", "", engine.URLEncoded(form{{"insurance.primary_carrier_cdoe", "x"}})},
		{"BODY-021", "a text in place of an object", "insurance", engine.URLEncoded(form{{"insurance", "x"}})},
		{"BODY-044", "two spellings of a field with two values", "", engine.URLEncoded(form{{"insurance.carrier",
			"car7556"}, {"insurance.primary.carrier_code", "car7551"}})},
	} {
		l.add(ours, c.id, "updateMe", "updateMe refuses "+c.title, func(t *trial) {
			q := engine.Post("/me", c.body).By(t.newPatient()).Status(result.BadField, http.StatusBadRequest)
			if c.field != "" {
				q = q.Tests("/" + c.field)
			}
			t.Send(q).Refused()
		})
	}
}
