package specs

import (
	"net/http"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

func pathSpecs(l *list) {
	for _, c := range [][3]string{
		{"PATH-001", "/me", "getMe"}, {"PATH-003", "/users/-", "getUser"}, {"PATH-004", "/users/-.json", "getUser"},
	} {
		l.add(documented, c[0], c[2], "The API has "+c[1], func(t *trial) {
			t.Send(engine.Get(c[1]).By(t.patient())).Expected()
		})
	}
	l.addSafe(seed, "PATH-005", "listInsurers", "The API has /insurances", func(t *trial) {
		made := callListInsurers(t)
		made.shows(t.Send(made.request()))
	})
	pathTable(l)
	missingSpecs(l)
}

// pathTable adds each spelling of the path of each operation.
func pathTable(l *list) {
	for _, c := range []struct {
		name, title, prefix, end string // prefix is "" for the base URL's own
		evidence                 requirement.Evidence
	}{
		{"json", "accepts .json at the end of its path", "", ".json", documented},
		{"slash", "accepts a slash at the end of its path", "", "/", ours},
		{"dev", "leads to the same clinic under /vc/dev/api_v3", "/vc/dev/api_v3", "", observed},
		{"next", "leads to the same clinic under /vc/next/api_v3", "/vc/next/api_v3", "", observed},
		{"stable", "leads to the same clinic under /vc/stable/api_v3", "/vc/stable/api_v3", "", observed},
	} {
		for _, o := range operations() {
			r := cell("PATH", c.name, c.title, c.evidence, o)
			if c.name == "slash" && o.id == "listInsurers" { // the guide's own
				r.Evidence = seed
			}
			l.require(r, func(t *trial) {
				made := o.call(t)
				q := to(made.request(), c.end)
				if root, _, _ := config.SplitPrefix(t.BaseURL()); c.prefix != "" {
					q.Root = root + c.prefix
				}
				made.shows(t.Send(q))
			})
		}
	}
}

// missingSpecs cover paths that lead nowhere, and methods that a path does not have.
func missingSpecs(l *list) {
	l.require(rule{ID: "PATH-010", Evidence: inferred, Effect: safe,
		Title: "The API answers an unknown path with 404"}, func(t *trial) {
		r := t.Send(t.byAdmin(engine.Get("/nothing/here")).As(result.UnknownID))
		if r.Refused(); t.IsMock() { // the sentence is published, and nobody knows where else VSee says it
			r.Equal("/message", "Sorry, this page is not available.", "the message must be the published one")
		}
	})
	l.require(rule{ID: "PATH-011", Evidence: ours,
		Title: "The API answers a method that a path lacks with 405 and Allow"}, func(t *trial) {
		r := t.Send(t.byAdmin(engine.Delete("/me")).Status(result.BadField, http.StatusMethodNotAllowed))
		r.Refused()
		r.Value("Allow", r.Header.Get("Allow")).Equal("GET, POST", "the methods of the path must be allowed")
	})
	l.addSafe(inferred, "PATH-012", "getUser", "getUser answers an unknown user with 404", func(t *trial) {
		t.Send(t.byAdmin(engine.Get("/users/999999999")).As(result.UnknownID)).Refused()
	})
	l.add(ours, "PATH-014", "getUser", "getUser answers the user of another clinic with 404", func(t *trial) {
		u := t.newPatient()
		t.Send(engine.Get("/users/" + u.ID).Token(t.Neighbour().AdminToken).As(result.UnknownID)).Refused()
	}, aMock)
	l.add(ours, "PATH-013", "getFile", "getFile answers an unknown file with 404", func(t *trial) {
		t.Send(t.byAdmin(engine.Get("/files/" + engine.Unique())).As(result.UnknownID)).Refused()
	})
}
