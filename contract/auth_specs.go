package contract

import (
	"maps"
	"net/http"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// The headers with the caller's credentials.
const (
	accountHeader = "X-AccountCode"
	tokenHeader   = "X-ApiToken"
	keyHeader     = "X-ApiKey"
	secretHeader  = "X-ApiSecret"
)

// combination is a combination of headers, and the status that operations answer it with.
type combination struct {
	name, title string
	status      int
	evidence    string
	of          []caller
	right       bool // starts from the headers of a successful call; header changes some of them
	header      func(w *world, header map[string]string)
	seeds       []string // the operations for which the guide itself documents it
}

// combinations are the headers of allowed and refused callers.
func combinations() []combination {
	const yes, no, foreign = ok, http.StatusUnauthorized, http.StatusForbidden
	tokens := []caller{anyUser, admin, owner, self}
	codes := []caller{visitor, partner}
	return []combination{
		{"token", "takes a token alone, without an account code", yes, documented, tokens, true, asIs, []string{"listInsurers", "updateMe"}},
		{"own-code", "takes a token with the clinic's account code", yes, documented, tokens, true, ownCode, []string{"listInsurers", "startEligibilityCheck"}},
		{"patient", "takes a patient's token", yes, documented, []caller{anyUser}, false, asPatient, nil},
		{"admin", "takes the admin's token", yes, documented, []caller{owner}, false, tokenOfAdmin, []string{"startEligibilityCheck"}},
		{"open", "asks nobody who they are", yes, documented, []caller{anybody}, false, asIs, nil},
		{"other-code", "refuses a token with the account code of another clinic", no, ours, tokens, true, othersCode, nil},
		{"nobodys-code", "refuses a token with an account code that no clinic has", no, ours, tokens, true, nobodysCode, nil},
		{"key", "refuses key and secret in place of a token", no, inferred, tokens, false, keys, nil},
		{"nothing", "refuses a request without a token", no, documented, tokens, false, asIs, nil},
		{"empty-token", "refuses an empty token", no, inferred, tokens, false, say(tokenHeader, ""), nil},
		{"unknown-token", "refuses a token that nobody has", no, documented, tokens, false, say(tokenHeader, "00000000000000000000000000000000"), nil},
		{"patient", "refuses another patient's token", foreign, inferred, []caller{owner, admin}, false, asPatient, nil},
		{"no-code", "refuses a request without an account code", no, ours, codes, true, noCode, nil},
		{"unknown-code", "refuses an unknown account code", no, documented, codes, true, nobodysCode, nil},
	}
}

// required returns the requirement of a combination at an operation.
func (c combination) required(o operation) required {
	r := cell("AUTH", c.name, c.title, c.evidence, o)
	if slices.Contains(c.seeds, o.id) {
		r.evidence = seed
	}
	switch {
	case c.name == "patient" || c.name == "other-code" && o.effect != safe:
		r.effect = mutating
	case o.id == "getMe" && !c.right: // without an id in the path or a signed-on user
		r.effect = safe
	}
	return r
}

func asIs(*world, map[string]string) {}

func ownCode(w *world, h map[string]string) { h[accountHeader] = w.clinic.AccountCode }

func othersCode(w *world, h map[string]string) { h[accountHeader] = w.neighbour().AccountCode }

func nobodysCode(_ *world, h map[string]string) { h[accountHeader] = unique() }

func noCode(_ *world, h map[string]string) { delete(h, accountHeader) }

func asPatient(w *world, h map[string]string) { h[tokenHeader] = w.anybody().token }

func tokenOfAdmin(w *world, h map[string]string) { h[tokenHeader] = w.clinic.AdminToken }

func keys(w *world, h map[string]string) { maps.Copy(h, w.byKey()) }

// say returns a function that sets a header to a value.
func say(name, value string) func(*world, map[string]string) {
	return func(_ *world, h map[string]string) { h[name] = value }
}

func authSpecs(t *target) {
	t.in("Authentication", func() {
		for _, c := range combinations() {
			for _, o := range operations() {
				if slices.Contains(c.of, o.by) {
					c.require(t, c.required(o), o)
				}
			}
		}
		for _, o := range operations() {
			if o.by == partner {
				keySpecs(t, o)
			}
		}
		t.require(required{
			id: "AUTH-005", title: "takes `-` for the token's owner",
			level: must, operation: "getUser", effect: mutating, evidence: documented,
		}, func(w *world) {
			u := w.signOn(somebody())
			Expect(w.send(http.MethodGet, "/users/-", payload{}, byToken(u.token)).text("data", "id")).To(Equal(u.id), "the id of the token's owner")
		})
	})
}

// require adds the requirement of a combination at an operation.
func (c combination) require(t *target, r required, o operation) {
	t.require(r, func(w *world) {
		made, header := o.call(w), map[string]string{}
		if c.right {
			header = made.header()
		}
		c.header(w, header)
		said := made.send(w, w.base(), "", header)
		if c.status == ok {
			made.shows(said)
		} else {
			refused(said, c.status)
		}
	})
}

// keySpecs adds the requirements of a sign-on alone, the only operation with an API key.
func keySpecs(t *target, o operation) {
	const yes, no = ok, http.StatusUnauthorized
	for _, c := range []struct {
		id    string
		needs []need
		combination
	}{
		{"AUTH-003", nil, combination{title: "takes key, secret and token together for a sign-on", status: yes, evidence: seed, right: true, header: tokenOfAdmin}},
		{"AUTH-004", nil, combination{title: "takes a key without a secret for a sign-on", status: yes, evidence: ours, right: true, header: func(_ *world, h map[string]string) { delete(h, secretHeader) }}},
		{"AUTH-009", nil, combination{title: "refuses a sign-on with another key", status: no, evidence: documented, right: true, header: say(keyHeader, "wrong")}},
		{"AUTH-010", nil, combination{title: "refuses a sign-on with another secret", status: no, evidence: ours, right: true, header: say(secretHeader, "wrong")}},
		{"AUTH-013", nil, combination{title: "refuses a sign-on without any credentials", status: no, evidence: documented, header: asIs}},
		{"AUTH-014", nil, combination{title: "refuses a sign-on with an empty key", status: no, evidence: inferred, right: true, header: say(keyHeader, "")}},
		{"AUTH-015", nil, combination{title: "refuses a sign-on by a token alone", status: no, evidence: inferred, header: tokenOfAdmin}},
		{"AUTH-016", nil, combination{title: "refuses a sign-on by a token and the account code, without a key", status: no, evidence: inferred, header: func(w *world, h map[string]string) { ownCode(w, h); tokenOfAdmin(w, h) }}},
		{"AUTH-017", []need{aMock}, combination{title: "refuses a sign-on for another clinic by this one's key", status: no, evidence: inferred, right: true, header: othersCode}},
	} {
		c.require(t, required{
			id: c.id, title: c.title, level: levelOf(c.evidence), operation: o.id, effect: o.effect, evidence: c.evidence, needs: c.needs,
		}, o)
	}
}

// refused requires a refusal as VSee documents it: flat, with the HTTP status as its code.
func refused(r response, status int) {
	GinkgoHelper()
	Expect(r.Status).To(Equal(status), "the status of the refusal")
	Expect(r.at("code")).To(BeEquivalentTo(status), "the code of the refusal")
	Expect(r.text("message")).NotTo(BeEmpty(), "the message of the refusal")
	Expect(r.at("data")).To(BeNil(), "what a refusal shows")
}
