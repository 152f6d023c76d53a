package contract

import (
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// combination is a set of headers, and what comes of it at each operation that has an id.
type combination struct {
	title    string
	status   int
	evidence string
	right    bool // the headers are added to those by which the call goes through
	needs    []need
	header   func(w *world, h map[string]string)
	ids      row
}

// combinations are who may call what, and who may not.
func combinations() []combination {
	const (
		account = "X-AccountCode"
		token   = "X-ApiToken"
		key     = "X-ApiKey"
		secret  = "X-ApiSecret"
	)
	const yes, no, foreign = ok, http.StatusUnauthorized, http.StatusForbidden
	mock := []need{aMock}
	asIs := func(*world, map[string]string) {}
	say := func(name, value string) func(*world, map[string]string) {
		return func(_ *world, h map[string]string) { h[name] = value }
	}
	own := func(w *world, h map[string]string) { h[account] = w.clinic.AccountCode }
	another := func(w *world, h map[string]string) { h[account] = w.neighbour().AccountCode }
	nobody := func(_ *world, h map[string]string) { h[account] = unique() }
	keys := func(w *world, h map[string]string) {
		for name, value := range w.byKey() {
			h[name] = value
		}
	}
	keysOf := func(change func(*world, map[string]string)) func(*world, map[string]string) {
		return func(w *world, h map[string]string) { keys(w, h); change(w, h) }
	}
	patient := func(w *world, h map[string]string) { h[token] = w.signOn(somebody()).token }
	return []combination{
		//                                                                                        listInsurers getMe       updateMe    getUser     start       signOn
		{"takes a token alone, without an account code", yes, seed, true, nil, asIs, row{"AUTH-001", "", "AUTH-013", "", "", ""}},
		{"takes a token alone, without an account code", yes, documented, true, nil, asIs, row{"", "AUTH-014", "", "AUTH-015", "AUTH-016", ""}},
		{"takes a token with the clinic's account code", yes, seed, true, nil, own, row{"AUTH-002", "", "", "", "AUTH-017", ""}},
		{"takes a token with the clinic's account code", yes, documented, true, nil, own, row{"", "AUTH-018", "AUTH-019", "AUTH-020", "", ""}},
		{"takes a patient's token", yes, documented, false, nil, patient, row{"AUTH-021", "", "", "", "", ""}},
		{"refuses a token with the account code of another clinic", no, ours, true, nil, another, row{"AUTH-022", "AUTH-023", "AUTH-024", "AUTH-025", "AUTH-026", ""}},
		{"refuses a token with an account code that no clinic has", no, ours, true, nil, nobody, row{"AUTH-027", "AUTH-028", "AUTH-029", "AUTH-030", "AUTH-031", ""}},
		{"refuses key and secret in place of a token", no, inferred, false, nil, keys, row{"AUTH-032", "AUTH-033", "AUTH-034", "AUTH-035", "AUTH-036", ""}},
		{"refuses a request without a token", no, documented, false, nil, asIs, row{"AUTH-007", "AUTH-037", "AUTH-038", "AUTH-039", "AUTH-040", ""}},
		{"refuses an empty token", no, inferred, false, nil, say(token, ""), row{"AUTH-041", "AUTH-042", "AUTH-043", "AUTH-044", "AUTH-045", ""}},
		{"refuses a token that nobody has", no, documented, false, nil, say(token, "00000000000000000000000000000000"), row{"AUTH-046", "AUTH-008", "AUTH-047", "AUTH-048", "AUTH-049", ""}},
		{"refuses another patient's token", foreign, inferred, false, nil, patient, row{"", "", "", "AUTH-050", "AUTH-051", ""}},
		{"takes key, secret and token together for a sign-on", yes, seed, true, nil, func(w *world, h map[string]string) { h[token] = w.clinic.AdminToken }, row{signOn: "AUTH-003"}},
		{"takes a key without a secret for a sign-on", yes, ours, true, nil, func(_ *world, h map[string]string) { delete(h, secret) }, row{signOn: "AUTH-004"}},
		{"refuses a sign-on with another key", no, documented, true, nil, say(key, "wrong"), row{signOn: "AUTH-009"}},
		{"refuses a sign-on with another secret", no, ours, true, nil, say(secret, "wrong"), row{signOn: "AUTH-010"}},
		{"refuses a sign-on for an unknown account code", no, documented, true, nil, nobody, row{signOn: "AUTH-011"}},
		{"refuses a sign-on without any credentials", no, documented, false, nil, asIs, row{signOn: "AUTH-052"}},
		{"refuses a sign-on by key and secret without an account code", no, ours, true, nil, func(_ *world, h map[string]string) { delete(h, account) }, row{signOn: "AUTH-053"}},
		{"refuses a sign-on with an empty key", no, inferred, false, nil, keysOf(say(key, "")), row{signOn: "AUTH-054"}},
		{"refuses a sign-on by a token alone", no, inferred, false, nil, func(w *world, h map[string]string) { h[token] = w.clinic.AdminToken }, row{signOn: "AUTH-055"}},
		{"refuses a sign-on by a token and the account code, without a key", no, inferred, false, nil, func(w *world, h map[string]string) { own(w, h); h[token] = w.clinic.AdminToken }, row{signOn: "AUTH-056"}},
		{"refuses a sign-on for another clinic by this one's key", no, inferred, true, mock, another, row{signOn: "AUTH-057"}},
	}
}

// required is what a combination requires of the operation in a column. The first twelve say it without the operation:
// their titles stand in reports.
func (c combination) required(column int) required {
	r := required{
		id: c.ids[column], title: c.title, level: levelOf(c.evidence), operation: operations()[column],
		effect: mutating, evidence: c.evidence, needs: c.needs,
	}
	if column != signOn && r.id > "AUTH-012" {
		r.title += ": " + r.operation
	}
	adminOnly := column == listInsurers && c.title != "takes a patient's token"
	if adminOnly || column == getMe && !c.right {
		r.effect = safe
	}
	return r
}

// levelOf is the level of what is required by evidence of a grade.
func levelOf(evidence string) string {
	switch evidence {
	case seed, documented:
		return must
	case ours:
		return may
	}
	return should
}

func authSpecs(t *target) {
	t.in("Authentication", func() {
		for _, c := range combinations() {
			for column, id := range c.ids {
				if id == "" {
					continue
				}
				t.require(c.required(column), func(w *world) {
					made, header := w.call(column), map[string]string{}
					if c.right {
						header = made.header()
					}
					c.header(w, header)
					r := w.send(made.method, made.path(), made.body(), header)
					if c.status == ok {
						made.shows(r)
					} else {
						refused(r, c.status)
					}
				})
			}
		}
		t.require(required{
			id: "AUTH-005", title: "takes `-` for the token's owner",
			level: must, operation: "getUser", effect: mutating, evidence: documented,
		}, func(w *world) {
			u := w.signOn(somebody())
			Expect(w.send(http.MethodGet, "/users/-", payload{}, byToken(u.token)).text("data", "id")).To(Equal(u.id), "the id of the token's owner")
		})
		t.require(required{
			id: "AUTH-006", title: "lets the admin see any user of the clinic",
			level: must, operation: "getUser", effect: mutating, evidence: documented,
		}, func(w *world) {
			u := w.signOn(somebody())
			Expect(w.send(http.MethodGet, "/users/"+u.id, payload{}, byToken(w.clinic.AdminToken)).text("data", "id")).To(Equal(u.id), "the id of the user")
		})
		t.require(required{
			id: "AUTH-012", title: "refuses a patient another user's data",
			level: should, operation: "getUser", effect: mutating, evidence: inferred,
		}, func(w *world) {
			r := w.send(http.MethodGet, "/users/1", payload{}, byToken(w.signOn(somebody()).token))
			refused(r, http.StatusForbidden)
		})
	})
}

// refused requires that a reply is a refusal as VSee documents it: flat, its code the HTTP status.
func refused(r response, status int) {
	GinkgoHelper()
	Expect(r.Status).To(Equal(status), "the status of the refusal")
	Expect(r.at("code")).To(BeEquivalentTo(status), "the code of the refusal")
	Expect(r.text("message")).NotTo(BeEmpty(), "the message of the refusal")
	Expect(r.at("data")).To(BeNil(), "what a refusal shows")
}
