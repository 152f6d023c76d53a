package specs

import (
	"strconv"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

func userSpecs(l *list) {
	ownerSpecs(l)
	updateSpecs(l)
	l.require(rule{ID: "USER-010", Title: "GET /users/{id} says how far signing up has come", Operation: "getUser", Evidence: documented, Level: requirement.Should}, func(t *trial) {
		_, isNumber := t.read(t.patient()).At("/data/signup_step").(float64)
		t.read(t.patient()).Value("/data/signup_step", isNumber).Equal(true, "the step of signing up must be a number")
	})
	l.require(rule{ID: "USER-005", Title: "GET /me refuses a token that has expired", Operation: "getMe", Evidence: seed, Needs: []need{aClock}}, func(t *trial) {
		u := t.newPatient()
		t.Pass(86_400*time.Second - 1)
		t.Send(engine.Get("/me").By(u)).Expected()
		t.Pass(1)
		t.Send(engine.Get("/me").By(u).As(result.WrongToken)).Refused()
	})
}

// ownerSpecs cover two ways to read a user.
func ownerSpecs(l *list) {
	for _, c := range []struct {
		id, title, operation string
		request              func(t *trial, u user) engine.Request
	}{
		{"USER-001", "GET /me shows the token's owner, as the sign-on returned them", "getMe", func(_ *trial, u user) engine.Request {
			return engine.Get("/me").By(u)
		}},
		{"USER-002", "GET /users/{id} shows the user with the id, as the sign-on returned them", "getUser", func(t *trial, u user) engine.Request {
			return t.byAdmin(engine.Get("/users/" + u.ID)).About(u)
		}},
	} {
		l.require(rule{ID: c.id, Title: c.title, Operation: c.operation, Evidence: documented}, func(t *trial) {
			for n := range 2 { // the second user must not be shown as the first
				f := patientForm().With("first_name", "Contract-"+strconv.Itoa(n))
				signedOn := t.Send(t.sso(f))
				isSame(t.Send(c.request(t, t.signedOn(f, signedOn))), signedOn, append(lasting(),
					"id", "code", "first_name", "last_name", "full_name", "username", "vseeid", "dob", "gender", "subtype",
					"street_addr", "city", "state", "zip", "timezone")...)
			}
		})
	}
}

// updateSpecs cover a user after an update.
func updateSpecs(l *list) {
	written := func() form {
		return form{
			{"city", "Ann Arbor"}, {"insurance.primary_carrier_code", "car7556"}, {"insurance.primary_subscriber_num", "234234"},
			{"insurance.secondary_carrier_code", "car11406"},
		}
	}
	for n, c := range [][3]string{{"USER-003", "getMe", "GET /me"}, {"USER-004", "getUser", "GET /users/{id}"}} {
		l.require(rule{ID: c[0], Title: c[2] + " shows the user as the last update left them", Operation: c[1], Evidence: inferred}, func(t *trial) {
			u := t.newPatient()
			write := t.update(u, engine.Multipart(written()))
			t.ReadBack(write, t.userWays(u),
				engine.Field{Pointer: "/data/city", Want: "Ann Arbor", Rule: "the city must be the one that was sent"},
				engine.Field{Pointer: "/data/insurance/primary/carrier_code", Want: "car7556", Rule: "the carrier of the primary card must be the one that was sent"},
				engine.Field{Pointer: "/data/insurance/primary/subscriber_num", Want: "234234", Rule: "the subscriber's number on the primary card must be the one that was sent"},
				engine.Field{Pointer: "/data/insurance/secondary/carrier_code", Want: "car11406", Rule: "the carrier of the secondary card must be the one that was sent"},
			)
			r := t.Send(t.userWays(u)[n].Request)
			r.Equal("/data/insurance/primary/insurance_order", 1, "the primary card is the first")
			r.Equal("/data/insurance/secondary/insurance_order", 2, "the secondary card is the second")
		})
	}
	l.require(rule{ID: "USER-006", Title: "POST /me changes nothing when the same update comes again", Operation: "updateMe", Evidence: inferred}, func(t *trial) {
		u, same := t.newPatient(), engine.Multipart(written())
		first := t.update(u, same)
		before := t.Send(engine.Get("/me").By(u))
		t.update(u, same).Same("/data", first, "the reply to the same update must be the same")
		t.Send(engine.Get("/me").By(u)).Same("/data", before, "the user must be the same after the same update")
	})
}

// lasting are the fields of a user that no request changes.
func lasting() []string {
	return []string{"active", "tos", "status", "email_verified", "account_code", "clinics", "created"}
}

// isSame asserts that two replies agree on the named fields of a user.
func isSame(r, before reply, names ...string) {
	r.Expected()
	for _, name := range names {
		r.Same("/data/"+name, before, name+" must be the same in both replies")
	}
}
