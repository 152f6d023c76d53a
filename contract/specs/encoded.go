package specs

import (
	"encoding/json"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// encodings are the ways to write the fields of a form, each with the end of an id. JSON has objects, not dots.
func encodings() []encoding {
	return []encoding{
		{"0", "in multipart", documented, engine.Multipart},
		{"1", "urlencoded", documented, engine.URLEncoded},
		{"2", "in JSON", inferred, func(f form) payload { return engine.JSON(nested(f)) }},
	}
}

type encoding struct {
	id, title string
	evidence  requirement.Evidence
	body      func(form) payload
}

// nested returns the fields of a form as JSON objects, at the places where replies show them.
func nested(f form) map[string]any {
	all := map[string]any{}
	for _, field := range f {
		object, names := all, strings.Split(shownAt(field[0]), "/")
		for _, name := range names[:len(names)-1] {
			inner, ok := object[name].(map[string]any)
			if !ok {
				inner = map[string]any{}
				object[name] = inner
			}
			object = inner
		}
		object[names[len(names)-1]] = field[1]
	}
	return all
}

// encodedSpecs cover each documented field of a write in each encoding. SIGN-032 and USER-011 cover multipart.
func encodedSpecs(l *list) {
	for _, e := range encodings()[1:] {
		l.add(e.evidence, "SIGN-06"+e.id, "signOn",
			"signOn stores every documented field as sent "+e.title, func(t *trial) {
				for _, f := range []form{fullForm(), special(patientForm(), specialTexts()[0])} {
					q := t.sso(f)
					q.Body = e.body(f)
					write := t.Send(q)
					t.ReadBack(write, t.userWays(t.signedOn(f, write)), sentFields(f)...)
				}
			})
		l.add(e.evidence, "USER-06"+e.id, "updateMe",
			"POST /me stores every documented field as sent "+e.title, func(t *trial) {
				u := t.signOn(fullForm())
				for _, f := range []form{otherFields(), special(form{}, specialTexts()[0])} {
					t.ReadBack(t.update(u, e.body(f)), t.userWays(u), sentFields(f)...)
				}
			})
	}
	for _, e := range encodings() {
		l.add(ours, "LOGIN-06"+e.id, "login", "login accepts an e-mail address and its token "+e.title, func(t *trial) {
			u, email := t.member()
			f := form{{"email", email}, {"email_token", password}}
			r := t.Send(t.byVisitor(engine.Post("/users/login", e.body(f))).About(u))
			t.session(func() user { return u })(r)
		})
	}
	relationSpecs(l)
	genderSpecs(l)
	providerSpecs(l)
	claimFormSpecs(l)
	envelopeSpecs(l)
}

// providerSpecs cover the rooms of a provider in each reply with a user, after a sign-on in each encoding, and the name
// of an insurer that the clinic does not have.
func providerSpecs(l *list) {
	for _, e := range encodings() {
		l.add(ours, "SIGN-08"+e.id, "signOn",
			"each reply about a provider has the rooms of a sign-on "+e.title, func(t *trial) {
				f := patientForm().With("type", "400").And("room_code", t.room()).And("username", engine.Unique()).
					And("insurance.primary.carrier_name_others", "contract-insurer")
				q := t.sso(f)
				q.Body = e.body(f)
				signedOn := t.Send(q)
				u := t.signedOn(f, signedOn)
				signedOn.Value("/data/rooms", signedOn.Column("/data/rooms", "code")).Equal([]any{f.Value("room_code")},
					"the provider must be in the room sent")
				t.credentials(u, password)
				_, login := t.enters("login", form{{"username", f.Value("username")}, {"password", password}}, u)
				_, refresh := t.enters("refresh_token", form{{"refresh_token",
					signedOn.NeedText("/data/token/refresh_token/token")}}, u)
				t.Agree("must be the same in each reply about a provider", signedOn,
					[]reply{login, refresh, t.Send(engine.Get("/me").By(u)), t.read(u),
						t.update(u, e.body(form{{"insurance.primary.carrier_name_others", "contract-insurer"}}))},
					"/data/rooms", "/data/insurance/primary/carrier_name_others")
			}, aMock)
	}
}

// relationSpecs cover the two codes for the relation of a patient to the insured, in each encoding.
func relationSpecs(l *list) {
	for n, c := range [][3]string{
		{"standardrelationship", "2", "spouse"}, {"standardrelationship", "3", "child"},
		{"hipaarelationship", "01", "spouse"}, {"hipaarelationship", "19", "child"},
	} {
		e := encodings()[n%2]
		l.add(documented, "SIGN-07"+string(rune('0'+n)), "signOn",
			"signOn takes the relation "+c[2]+" as "+c[0]+", "+e.title, func(t *trial) {
				f := patientForm().And(c[0], c[1])
				q := t.sso(f)
				q.Body = e.body(f)
				write := t.Send(q)
				t.ReadBack(write, t.userWays(t.signedOn(f, write)), sentAt("/data/insurance/patient/respparty", c[2]))
			})
		l.add(documented, "USER-07"+string(rune('0'+n)), "updateMe",
			"POST /me takes the relation "+c[2]+" as "+c[0]+", "+e.title, func(t *trial) {
				u := t.newPatient()
				write := t.update(u, e.body(form{{c[0], c[1]}}))
				t.ReadBack(write, t.userWays(u), sentAt("/data/insurance/patient/respparty", c[2]))
			})
	}
}

// genderSpecs cover the genders 3 and 4, of a clinic that takes them.
func genderSpecs(l *list) {
	l.require(rule{ID: "SIGN-074", Operation: "signOn", Evidence: ours,
		Title: "signOn and POST /me store the genders 3 and 4, for a clinic that accepts them"}, func(t *trial) {
		f := patientForm().With("gender", "3")
		write := t.Send(t.sso(f))
		u := t.signedOn(f, write)
		t.ReadBack(write, t.userWays(u), sentAt("/data/gender", 3))
		t.ReadBack(t.update(u, engine.Multipart(form{{"gender", "4"}})), t.userWays(u), sentAt("/data/gender", 4))
	}, func(s *controlapi.ClinicSettings) { s.AcceptGender3And4 = new(true) })
}

// claimFormSpecs cover claims as forms: in a form, the lists of a claim are JSON.
func claimFormSpecs(l *list) {
	for _, e := range encodings()[:2] {
		l.add(ours, "CLAIM-06"+e.id, "submitClaim",
			"POST /insurance/claims stores each field of a claim "+e.title, func(t *trial) {
				u := t.eligible()
				claim := t.sampleClaim(u)
				text, _ := json.Marshal(claim) // plain fields never fail
				var fields map[string]json.RawMessage
				_ = json.Unmarshal(text, &fields)
				var f form
				for name, raw := range fields {
					value := string(raw)
					_ = json.Unmarshal(raw, &value) // a list stays JSON
					f = f.And(name, value)
				}
				t.claimReadBack(u, claim, e.body(f))
			}, aMock)
	}
}

// envelopeSpecs cover the envelope of events that a clinic is set up with.
func envelopeSpecs(l *list) {
	for n, envelope := range []string{"unversioned", "1.0", "2.0"} {
		l.require(rule{
			ID:        "HOOK-06" + string(rune('0'+n)),
			Title:     "Each event is in the envelope that the clinic is set up with, " + envelope,
			Operation: checkedEvent, Evidence: ours, Needs: []need{aReceiver, aMock},
		}, func(t *trial) {
			f := patientForm().And("email", engine.Unique()+"@example.com")
			u := t.signOn(f)
			t.update(u, engine.Multipart(guidesCards()))
			t.startCheck(u, "car7556")
			t.Pass(cronDelay)
			t.submitted(t.sampleClaim(u), u)
			t.Pass(cronDelay)
			for _, kind := range []string{"user.created", checkedEvent, claimEvent} {
				e := t.NeedEvents(u, kind, 1)[0]
				t.enveloped(e, envelope)
				t.signed(e, "the signature must be that of the id, the timestamp and the body")
			}
		}, func(s *controlapi.ClinicSettings) {
			s.Webhook.Envelope = new(envelope)
			s.Webhook.Events = []string{"user.created", checkedEvent, claimEvent}
		})
	}
}

// enveloped asserts the fields that only some envelopes have.
func (t *trial) enveloped(e engine.Event, envelope string) {
	version, account, clinic := any(envelope), any(t.Clinic.AccountCode), any(nil)
	switch envelope {
	case "unversioned":
		version = nil
	case "2.0":
		account, clinic = nil, t.Clinic.AccountCode
	}
	e.Equal("/version", version, "the version must be that of the clinic's envelope")
	e.Equal("/account_code", account, "the clinic must be where its envelope has it")
	e.Equal("/clinic_code", clinic, "the clinic must be where its envelope has it")
}
