package mutant

import (
	"net/http"
	"net/url"
	"strings"
)

// otherEventMutants send wrong events about a claim, or about a new user.
func otherEventMutants() []Mutant {
	var all []Mutant
	for _, m := range []struct {
		kind, name, caught, path string
		breaks                   []string
		edit                     edit
	}{
		{Claimed, "another claim", "CLAIM-014", "data/claim_id", nil, set(`"999999999"`)},
		{Claimed, "another status", "CLAIM-014", "data/status", nil, statuses(`"denied"`, `"paid"`)},
		{Claimed, "a status that there is not", "CLAIM-014", "data/status", []string{`must be one of ["acknowledged","accepted","rejected","paid","partly_paid","denied"]`}, set(`"ended"`)},
		{Claimed, "without a claim", "CLAIM-014", "data/claim_id", []string{required}, drop},
		{Claimed, "without what is billed", "CLAIM-014", "data/billed_cents", []string{required}, drop},
		{Created, "another user", "MADE-001 MADE-002", "data/member_id", nil, set(`"999999999"`)},
		{Created, "without a user", "MADE-001 MADE-002", "data/member_id", []string{required}, drop},
		{Created, "the type is a text", "MADE-001 MADE-002", "data/type", []string{"must be one of [200,400,600]"}, retyped("integer")},
		{Created, "an extra field", "MADE-001 MADE-002", "data/extra_field", []string{undeclared}, give("true")},
	} {
		path := strings.Split(m.path, "/")
		all = append(all, Mutant{Name: m.kind + "/" + m.name, Operation: m.kind, Breaks: m.breaks, Caught: by(m.caught), Pointer: "/" + m.path, event: telling(func(c *call) {
			c.body, _ = m.edit(c.body, path...)
		})})
	}
	return append(all,
		Mutant{Name: Claimed + "/never told", Operation: Claimed, Caught: by("CLAIM-014"), event: neverTold},
		Mutant{Name: Claimed + "/told twice", Operation: Claimed, Caught: by("CLAIM-014"), event: toldTwice},
		Mutant{Name: Claimed + "/an hour late", Operation: Claimed, Caught: by("CLAIM-014"), event: late},
		Mutant{Name: Created + "/never told", Operation: Created, Caught: by("MADE-001 MADE-002"), event: neverTold},
		Mutant{Name: Created + "/told twice", Operation: Created, Caught: by("MADE-001 MADE-002"), event: toldTwice},
		Mutant{Name: Created + "/the signature is missing", Operation: Created, Caught: by("MADE-001"), event: unsigned("")},
		Mutant{Name: "signOn/told of without being asked", Operation: "signOn", Caught: by("MADE-003"), reply: unasked},
	)
}

// unasked subscribes a clinic to user.created just before its first sign-on.
func unasked(m *memory) lie {
	return func(c call, on asks) (reply, error) {
		account := c.header.Get("X-AccountCode")
		if c.operation() == "signOn" && account != "" && m.count("asked for "+account) == 1 {
			change := c.with("Content-Type", "application/json")
			change.method, change.path, change.query = http.MethodPatch, "/_mock/clinics/"+url.PathEscape(account), ""
			change.body = []byte(`{"webhook":{"events":["eligibility.checked","user.created"]}}`)
			if r, err := on(change); err != nil {
				return r, err
			}
		}
		return on(c)
	}
}
