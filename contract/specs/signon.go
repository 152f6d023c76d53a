package specs

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
)

func signOnSpecs(l *list) {
	repeatedSpecs(l)
	codeSpecs(l)
	replySpecs(l)
	newPatientSpecs(l)
	kindSpecs(l)
	derivedSpecs(l)
	storedSpecs(l)
	refusedSpecs(l)
}

// again signs a user on who has signed on before. The reply must be about the same user.
func (t *trial) again(f form, u user) reply {
	r := t.Send(t.sso(f).About(u))
	t.hideTokens(r)
	return r
}

// againAs signs a user on who has signed on before, and returns the user with the new token.
func (t *trial) againAs(f form, u user) (reply, user) {
	r := t.again(f, u)
	r.Need(r.Trusted(), "/data/id", "the next request needs a token of the same user")
	u.Token = t.signedOn(f, r).Token
	return r, u
}

// repeatedSpecs cover a second sign-on.
func repeatedSpecs(l *list) {
	l.add(documented, "SIGN-001", "signOn", "signOn returns the same user for the same code", func(t *trial) {
		f := patientForm()
		first := t.Send(t.sso(f))
		second := t.again(f, t.signedOn(f, first))
		isSame(second, first, "id", "vseeid", "created")
	})
	l.add(inferred, "SIGN-002", "signOn", "signOn leaves the tokens of earlier calls valid", func(t *trial) {
		f := patientForm()
		u := t.signOn(f)
		_, later := t.againAs(f, u)
		t.Send(engine.Get("/me").By(u)).Expected()
		t.Send(engine.Get("/me").By(later)).Expected()
	})
	l.add(ours, "SIGN-003", "signOn", "signOn updates the fields that a later call sends", func(t *trial) {
		f := patientForm()
		r := t.again(f.With("first_name", "Second"), t.signOn(f))
		r.Value("/data/full_name").From("/data/first_name", "/data/last_name").Equal("Second Patient",
			"the name must be that of the second sign-on")
		r.Equal("/data/zip", "48226", "the zip code must be the one that both sign-ons sent")
	})
	l.add(inferred, "SIGN-036", "signOn", "signOn keeps the insurance that a later call does not send", func(t *trial) {
		f := patientForm()
		u := t.signOn(f)
		stored := t.ReadBack(t.update(u, engine.Multipart(guidesCards())), t.userWays(u), sentFields(guidesCards())...)
		r, u := t.againAs(f, u)
		t.ReadBack(r, t.userWays(u), stored...)
	})
	l.add(inferred, "SIGN-046", "signOn", "signOn keeps each field that a later call does not send", func(t *trial) {
		f := fullForm()
		first := t.Send(t.sso(f))
		u := t.signedOn(f, first)
		stored := t.ReadBack(first, t.userWays(u), sentFields(f)...)
		again := form{{"type", "200"}, {"code", u.Code}, {"first_name", f.Value("first_name")}, {"last_name",
			f.Value("last_name")}}
		r, u := t.againAs(again, u)
		t.ReadBack(r, t.userWays(u), stored...)
	})
}

// codeSpecs cover the codes of sign-ons.
func codeSpecs(l *list) {
	l.add(inferred, "SIGN-037", "signOn",
		"signOn knows a user by the code alone, and not by the e-mail address", func(t *trial) {
			f, email := reachable(engine.Unique(), "Contract")
			first := t.signOn(f)
			t.isOther(t.Send(t.sso(patientForm().And("email", email))), first)
		})
	l.add(inferred, "SIGN-038", "signOn", "signOn compares codes exactly, in upper and lower case", func(t *trial) {
		f := patientForm()
		first := t.signOn(f)
		code := "contract-" + strings.ToUpper(strings.TrimPrefix(first.Code, "contract-"))
		t.isOther(t.Send(t.sso(f.With("code", code))), first)
	})
}

// isOther asserts that the reply to a sign-on is about another user than the given one.
func (t *trial) isOther(r reply, u user) {
	t.hideTokens(r)
	r.Value("/data/id").Holds(r.Text("/data/id") != u.ID, "another user", "the same user",
		"another code must be another user")
}

// hexOf is the form of a VSee id that ends with 32 hex digits.
var hexOf = regexp.MustCompile(`\+([0-9a-f]{32})$`)

// signsOn adds a requirement about the reply to the sign-on of a new patient.
func signsOn(l *list, r rule, holds func(t *trial, f form, r reply)) {
	r.Operation = "signOn"
	l.require(r, func(t *trial) {
		f := patientForm()
		signedOn := t.Send(t.sso(f))
		t.hideTokens(signedOn)
		holds(t, f, signedOn)
	})
}

// replySpecs cover the values that VSee makes for a new patient.
func replySpecs(l *list) {
	signsOn(l, rule{ID: "SIGN-004", Evidence: observed, Level: "must",
		Title: "signOn answers a creation with 200, without a code at top level"}, func(_ *trial, _ form, r reply) {
		r.Present("/data/id", "a sign-on must return the user")
		r.Absent("/code", "a success must have no code at top level")
	})
	signsOn(l, rule{
		ID: "SIGN-005", Title: "signOn returns a token for a day, and a refresh token for 30 days",
		Evidence: seed,
	}, func(t *trial, _ form, r reply) { t.lives(r) })
	signsOn(l, rule{ID: "SIGN-047", Evidence: inferred,
		Title: "signOn makes the tokens of a new patient when it makes the patient"}, func(_ *trial, _ form, r reply) {
		for _, at := range []string{"/data/token/created", "/data/token/refresh_token/created"} {
			const rule = "the token must be made within a minute of the patient"
			if r.Present(at, rule) {
				r.Value(at, math.Abs(r.Number(at)-r.Number("/data/created")) < 60).From("/data/created").Equal(true, rule)
			}
		}
	})
	signsOn(l, rule{ID: "SIGN-006", Evidence: inferred, Level: "may",
		Title: "signOn returns an id of VSee that begins with the second of creation"}, func(_ *trial, _ form, r reply) {
		r.Present("/data/vseeid", "a sign-on must return an id of VSee")
		if hex := hexOf.FindStringSubmatch(r.Text("/data/vseeid")); hex != nil { // other forms have no time
			second := strconv.FormatInt(int64(r.Number("/data/created")), 16)
			r.Value("/data/vseeid", strings.HasPrefix(hex[1], second)).From("/data/created").Equal(true,
				"the id of VSee must begin with the second of creation")
		}
	})
}

// lives asserts the lives of the tokens in a reply.
func (t *trial) lives(r reply) {
	for place, life := range map[string]float64{"/data/token": 86_400, "/data/token/refresh_token": 2_592_000} {
		if t.IsMock() {
			r.Equal(place+"/created", t.Now().Unix(), "the token must be made at the second of the request")
		}
		r.Value(place+"/expiry", r.Number(place+"/expiry")-r.Number(place+"/created")).From(place+"/created").Equal(life,
			"the token must live as long as documented")
	}
}

// works asserts that the token of a reply is taken.
func (t *trial) works(r reply, u user) {
	probe := engine.Get("/me").By(u)
	probe.Probe = true
	r.Value("/data/token/token").Holds(t.Send(probe).Status == ok, "a token that works", "a token that is refused",
		"the token must be that of the user in the reply")
}

// newPatientSpecs cover the user in the reply for a new patient, and their tokens.
func newPatientSpecs(l *list) {
	signsOn(l, rule{ID: "SIGN-017", Evidence: seed,
		Title: "signOn returns the user as sent, in the clinic of the request"}, func(t *trial, f form, r reply) {
		for _, name := range []string{"first_name", "last_name", "code", "dob", "street_addr", "city", "state", "zip"} {
			r.Value("/data/"+name).Sent(f.Value(name), name+" must be as sent")
		}
		r.Value("/data/gender").Sent(1, "gender must be as sent")
		r.Equal("/data/token/user_type", f.Value("type"), "the type must be as sent")
		r.Value("/data/full_name").From("/data/first_name", "/data/last_name").Equal("Contract Patient",
			"the full name must be first and last name, joined by a space")
		r.Equal("/data/clinics", []any{t.Clinic.AccountCode}, "the user must be in the clinic of the request alone")
	})
	signsOn(l, rule{ID: "SIGN-018", Evidence: seed,
		Title: "signOn returns tokens of the user in the reply"}, func(t *trial, f form, r reply) {
		r.Value("/data/token/refresh_token/token", r.Text("/data/token/refresh_token/token") != r.Text("/data/token/token")).
			Equal(true, "the refresh token must be another one than the token")
		t.works(r, t.signedOn(f, r))
	})
	signsOn(l, rule{
		ID: "SIGN-019", Title: "signOn returns a new patient as active, verified, and without accepted terms",
		Evidence: seed,
	}, func(_ *trial, _ form, r reply) {
		r.Equal("/data/active", true, "a new patient must be active")
		r.Equal("/data/status", 20, "the status of a new patient must be 20, active")
		r.Equal("/data/email_verified", true, "the e-mail address must count as verified")
		r.Equal("/data/tos", false, "a new patient must not have accepted the terms")
	})
	signsOn(l, rule{ID: "SIGN-039", Evidence: seed,
		Title: "signOn sets the documented time zone when none is sent"}, func(_ *trial, _ form, r reply) {
		r.Equal("/data/timezone", "America/Los_Angeles", "the time zone must be the documented default")
	})
}

// kindSpecs cover users of each type, and the query of a sign-on.
func kindSpecs(l *list) {
	name := form{{"first_name", "Contract"}, {"last_name", ""}}
	provider := func() form { return name.And("type", "400").And("code", engine.Unique()) }
	l.add(inferred, "SIGN-007", "signOn", "signOn adds the VSee account with ?fields=vsee", func(t *trial) {
		q := t.sso(patientForm())
		q.Path += "?fields=vsee"
		r := t.Send(q)
		t.hideTokens(r)
		t.Hide(r.Text("/data/vsee/token"))
		if r.Present("/data/vsee", "the reply must have the VSee account") {
			r.Value("/data/vsee/id").Same(r.Value("/data/vseeid"), "the VSee account must be the user's")
		}
	})
	for _, c := range []struct {
		id, title string
		evidence  requirement.Evidence
		form      func() form
		kind      string
	}{
		{"SIGN-008", "accepts a guest with an empty last name and no code", observed,
			func() form { return name.And("type", "600") }, "600"},
		{"SIGN-030", "accepts a provider with an empty last name", observed, provider, "400"},
		{"SIGN-040", "makes a user without a type a member", inferred,
			func() form { return patientForm().Without("type") }, "200"},
	} {
		l.add(c.evidence, c.id, "signOn", "signOn "+c.title, func(t *trial) {
			r := t.Send(t.sso(c.form()))
			t.hideTokens(r)
			r.Equal("/data/token/user_type", c.kind, "the user must be of the type sent")
		})
	}
	l.add(inferred, "SIGN-031", "signOn", "signOn assigns a provider to the room in room_code", func(t *trial) {
		r := t.Send(t.sso(provider().And("room_code", "abcde")))
		t.hideTokens(r)
		r.Value("/data/rooms", r.Column("/data/rooms", "code")).Equal([]any{"abcde"},
			"the provider must be in the room sent")
	}, aMock)
}

// derivedSpecs cover values of the user that follow from others that were sent.
func derivedSpecs(l *list) {
	l.add(documented, "SIGN-041", "signOn",
		"signOn makes the e-mail address the username when none is sent", func(t *trial) {
			f, email := reachable(engine.Unique(), "Contract")
			r := t.Send(t.sso(f))
			t.hideTokens(r)
			r.Equal("/data/username", email, "the username must be the e-mail address")
		})
	l.add(documented, "SIGN-035", "signOn", "signOn accepts a gender as a word and as a number", func(t *trial) {
		for sent, want := range map[string]int{"male": 1, "female": 2, "2": 2} {
			r := t.Send(t.sso(patientForm().With("gender", sent)))
			t.hideTokens(r)
			r.Value("/data/gender").Sent(want, "the gender must be as sent, as a number")
		}
	})
}
