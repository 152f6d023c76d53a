package specs

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// combination is a combination of headers, and the case of a request with them.
type combination struct {
	name, title string
	of          result.Case
	evidence    requirement.Evidence
	by          []caller
	right       bool // starts from the headers of a successful call; header changes some of them
	header      func(t *trial, header map[string]string)
	seeds       []string // the operations for which the guide itself documents it
}

// combinations are the headers of allowed and refused callers.
func combinations() []combination {
	const yes, none, wrong, other = result.OK, result.NoToken, result.WrongToken, result.OtherUser
	tokens := []caller{anyUser, admin, owner, self}
	codes := []caller{visitor, partner}
	return []combination{
		{"token", "accepts a token alone, without an account code", yes, documented,
			tokens, true, asIs, []string{"listInsurers", "updateMe"}},
		{"own-code", "accepts a token with the clinic's account code", yes, documented,
			tokens, true, ownCode, []string{"listInsurers", "startEligibilityCheck"}},
		{"patient", "accepts a patient's token", yes, documented, []caller{anyUser}, true, byPatient, nil},
		{"admin", "accepts the admin's token", yes, documented,
			[]caller{owner}, false, tokenOfAdmin, []string{"startEligibilityCheck"}},
		{"open", "needs no credentials", yes, documented, []caller{anybody, link}, false, asIs, nil},
		{"other-code", "refuses a token with the account code of another clinic", wrong, ours, tokens, true, othersCode, nil},
		{"nobodys-code", "refuses a token with an unknown account code", wrong, ours, tokens, true, nobodysCode, nil},
		{"code-case", "refuses the account code in other upper and lower case", wrong, ours,
			slices.Concat(tokens, codes[:1]), true, changed(engine.AccountHeader, strings.ToUpper), nil},
		{"code-suffix", "refuses the account code with one more character", wrong, ours,
			slices.Concat(tokens, codes[:1]), true, changed(engine.AccountHeader, longer), nil},
		{"token-suffix", "refuses a token with one more character", wrong, inferred,
			tokens, true, changed(engine.TokenHeader, longer), nil},
		{"key", "refuses key and secret in place of a token", none, inferred, tokens, false, keys, nil},
		{"nothing", "refuses a request without a token", none, documented, tokens, false, asIs, nil},
		{"empty-token", "refuses an empty token", none, inferred, tokens, false, set(engine.TokenHeader, ""), nil},
		{"unknown-token", "refuses an unknown token", wrong, documented,
			tokens, false, set(engine.TokenHeader, "00000000000000000000000000000000"), nil},
		{"expired-token", "refuses a token that has expired", wrong, inferred,
			[]caller{owner, self, anyUser}, true, afterADay, nil},
		{"token-case", "refuses a token in other upper and lower case", wrong, inferred,
			tokens, true, changed(engine.TokenHeader, strings.ToUpper), nil},
		{"patient", "refuses another patient's token", other, inferred, []caller{owner, admin}, false, asPatient, nil},
		{"no-code", "refuses a request without an account code", none, ours, codes, true, noCode, nil},
		{"unknown-code", "refuses an unknown account code", wrong, documented, codes, true, nobodysCode, nil},
	}
}

// rule returns the requirement of a combination at an operation.
func (c combination) rule(o operation) rule {
	r := cell("AUTH", c.name, c.title, c.evidence, o)
	if slices.Contains(c.seeds, o.id) {
		r.Evidence = seed
	}
	if c.name == "expired-token" {
		r.Needs = append(r.Needs, aClock)
	}
	switch {
	case c.name == "patient" || c.name == "expired-token" || c.name == "other-code" && o.effect != safe:
		r.Effect = requirement.Changes
		r.Needs = slices.DeleteFunc(r.Needs, func(n need) bool { return n == aMember }) // it makes a patient of its own
	case o.id == "getMe" && !c.right: // without an id in the path or a signed-on user
		r.Effect, r.Needs = safe, nil
	}
	return r
}

func asIs(*trial, map[string]string) {}

func ownCode(t *trial, h map[string]string) { h[engine.AccountHeader] = t.Clinic.AccountCode }

func othersCode(t *trial, h map[string]string) { h[engine.AccountHeader] = t.Neighbour().AccountCode }

func nobodysCode(_ *trial, h map[string]string) { h[engine.AccountHeader] = engine.Unique() }

func noCode(_ *trial, h map[string]string) { delete(h, engine.AccountHeader) }

func asPatient(t *trial, h map[string]string) { h[engine.TokenHeader] = t.newPatient().Token }

// byPatient is a patient's token: that of the call itself, unless it is the admin's.
func byPatient(t *trial, h map[string]string) {
	if h[engine.TokenHeader] == t.Clinic.AdminToken {
		asPatient(t, h)
	}
}

// afterADay lets the token of a patient expire; the admin's does not.
func afterADay(t *trial, h map[string]string) {
	if h[engine.TokenHeader] == t.Clinic.AdminToken {
		asPatient(t, h)
	}
	t.Pass(86_400 * time.Second)
}

func tokenOfAdmin(t *trial, h map[string]string) { h[engine.TokenHeader] = t.Clinic.AdminToken }

func keys(t *trial, h map[string]string) { maps.Copy(h, t.byKey(engine.Request{}).Header) }

// set returns a function that sets a header to a value.
func set(name, value string) func(*trial, map[string]string) {
	return func(_ *trial, h map[string]string) { h[name] = value }
}

// changed returns a function that changes a header of a caller. The account code is the clinic's own.
func changed(name string, change func(string) string) func(*trial, map[string]string) {
	return func(t *trial, h map[string]string) {
		if name == engine.AccountHeader {
			ownCode(t, h)
		}
		h[name] = change(h[name])
		t.Hide(h[name])
	}
}

// longer returns a text with one more character.
func longer(text string) string { return text + "0" }

func authSpecs(l *list) {
	for _, c := range combinations() {
		for _, o := range operations() {
			if slices.Contains(c.by, o.by) && (c.name != "key" || !takesKey(o.id)) {
				c.require(l, c.rule(o), o)
			}
		}
	}
	for _, o := range operations() {
		if o.by == partner {
			keySpecs(l, o)
		}
	}
	dashSpecs(l)
	l.add(inferred, "AUTH-024", "getMe", "getMe refuses a refresh token in place of a token", func(t *trial) {
		r := t.Send(t.sso(patientForm()))
		t.hideTokens(r)
		t.Send(engine.Get("/me").Token(r.NeedText("/data/token/refresh_token/token")).As(result.WrongToken)).Refused()
	})
	l.addSafe(documented, "AUTH-005", "getUser", "getUser accepts - for the token's owner", func(t *trial) {
		u := t.patient()
		t.Send(engine.Get("/users/-").By(u)).Equal("/data/id", u.ID, "the user must be the token's owner")
	}, aMember)
}

// takesKey reports whether an operation accepts a key and a secret in place of a token.
func takesKey(id string) bool {
	o, _ := embedded.Spec().Operation(id)
	return o.Declared.Security != nil && slices.ContainsFunc(*o.Declared.Security,
		func(one openapi3.SecurityRequirement) bool { _, has := one["ApiKey"]; return has })
}

// dashSpecs add - in place of the user's id at each operation below one user. AUTH-005 is that of getUser.
func dashSpecs(l *list) {
	for _, o := range operations() {
		at, _ := embedded.Spec().Operation(o.id)
		if !strings.HasPrefix(at.Path, "/users/{id}/") || o.by != owner {
			continue
		}
		l.require(cell("AUTH", "dash", "accepts - for the token's owner", documented, o), func(t *trial) {
			made := o.call(t)
			q := made.request()
			q.Path = strings.Replace(q.Path, "/users/"+q.Of.ID, "/users/-", 1)
			made.shows(t.Send(q))
		})
	}
}

// require adds the requirement of a combination at an operation.
func (c combination) require(l *list, r rule, o operation) {
	l.require(r, func(t *trial) {
		made := o.call(t)
		q := engine.Get("/me")
		if c.right || o.id != "getMe" { // no user is signed on without a need: the target may be read-only
			q = made.request()
		}
		header := map[string]string{}
		if c.right {
			header = maps.Clone(q.Header)
		}
		c.header(t, header)
		q.Header, q.Case = header, c.of
		if r := t.Send(q); c.of == result.OK {
			made.shows(r)
		} else {
			r.Refused()
		}
	})
}

// keySpecs adds the requirements of a sign-on alone, the only operation with an API key.
func keySpecs(l *list, o operation) {
	const yes, none, wrong = result.OK, result.NoToken, result.WrongToken
	for _, c := range []struct {
		id    string
		needs []need
		combination
	}{
		{"AUTH-003", nil, combination{title: "accepts key, secret and token together", of: yes, evidence: seed,
			right: true, header: tokenOfAdmin}},
		{"AUTH-004", nil, combination{title: "accepts a key without a secret", of: yes, evidence: ours,
			right: true, header: func(_ *trial, h map[string]string) { delete(h, engine.SecretHeader) }}},
		{"AUTH-009", nil, combination{title: "refuses another key", of: wrong, evidence: documented,
			right: true, header: set(engine.KeyHeader, "wrong")}},
		{"AUTH-010", nil, combination{title: "refuses another secret", of: wrong, evidence: ours,
			right: true, header: set(engine.SecretHeader, "wrong")}},
		{"AUTH-013", nil, combination{title: "refuses a request without any credentials", of: none, evidence: documented,
			header: asIs}},
		{"AUTH-014", nil, combination{title: "refuses an empty key", of: none, evidence: inferred,
			right: true, header: set(engine.KeyHeader, "")}},
		{"AUTH-015", nil, combination{title: "refuses a token alone", of: none, evidence: inferred, header: tokenOfAdmin}},
		{"AUTH-016", nil, combination{title: "refuses a token and the account code, without a key",
			of: none, evidence: inferred, header: func(t *trial, h map[string]string) { ownCode(t, h); tokenOfAdmin(t, h) }}},
		{"AUTH-017", []need{aMock}, combination{title: "refuses this clinic's key for another clinic",
			of: wrong, evidence: inferred, right: true, header: othersCode}},
		{"AUTH-018", nil, combination{title: "refuses the key in other upper and lower case",
			of: wrong, evidence: inferred, right: true, header: changed(engine.KeyHeader, strings.ToUpper)}},
		{"AUTH-019", nil, combination{title: "refuses the secret in other upper and lower case",
			of: wrong, evidence: ours, right: true, header: changed(engine.SecretHeader, strings.ToUpper)}},
		{"AUTH-020", nil, combination{title: "refuses the account code in other upper and lower case",
			of: wrong, evidence: inferred, right: true, header: changed(engine.AccountHeader, strings.ToUpper)}},
		{"AUTH-021", nil, combination{title: "refuses the key with one more character", of: wrong, evidence: inferred,
			right: true, header: changed(engine.KeyHeader, longer)}},
		{"AUTH-022", nil, combination{title: "refuses the secret with one more character", of: wrong, evidence: ours,
			right: true, header: changed(engine.SecretHeader, longer)}},
		{"AUTH-023", nil, combination{title: "refuses the account code with one more character",
			of: wrong, evidence: inferred, right: true, header: changed(engine.AccountHeader, longer)}},
	} {
		c.require(l, rule{ID: c.id, Title: o.id + " " + c.title, Operation: o.id, Effect: o.effect, Evidence: c.evidence,
			Needs: c.needs}, o)
	}
}
