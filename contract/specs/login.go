package specs

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// enter returns the request that logs a user in, or refreshes their token.
func (t *trial) enter(path string, f form) engine.Request {
	return t.byVisitor(engine.Post("/users/"+path, engine.Multipart(f)))
}

// enters logs a user in, or refreshes their token, and uses the new token once.
func (t *trial) enters(path string, f form, u user) (entered user, r reply) {
	r = t.Send(t.enter(path, f).About(u))
	entered = t.signedOn(form{{"code", u.Code}}, r)
	t.works(r, entered)
	t.lives(r)
	return entered, r
}

func loginSpecs(l *list) {
	l.add(inferred, "LOGIN-001", "login", "login refuses an unknown username", func(t *trial) {
		t.Send(t.enter("login.json", form{{"username", engine.Unique()}, {"password",
			password}}).As(result.WrongToken)).Refused()
	})
	l.add(ours, "LOGIN-002", "login", "login accepts username and password", func(t *trial) {
		u, email := t.member()
		t.enters("login.json", form{{"username", email}, {"password", password}}, u)
	})
	l.add(ours, "LOGIN-003", "login", "login accepts e-mail address and e-mail token", func(t *trial) {
		u, email := t.member()
		t.enters("login.json", form{{"email", email}, {"email_token", password}}, u)
	})
	l.add(ours, "LOGIN-004", "login", "login refuses a wrong password and an unknown user alike", func(t *trial) {
		u, email := t.member()
		right := form{{"username", email}, {"password", password}}
		t.enters("login.json", right, u) // a wrong one is refused also after the right one
		wrong := t.Send(t.enter("login.json", right.With("password", "contract-wrong")).As(result.WrongToken))
		wrong.Refused()
		unknown := t.Send(t.enter("login.json", form{{"username", engine.Unique()}, {"password",
			"contract-wrong"}}).As(result.WrongToken))
		unknown.Same("/message", wrong, "the message for an unknown user must be that for a wrong password")
	})
	l.addSafe(ours, "LOGIN-005", "login", "login refuses a username without a password", func(t *trial) {
		t.Send(t.enter("login.json", form{{"username", engine.Unique()}}).As(result.BadField)).Refused()
	})
	l.add(ours, "LOGIN-008", "login", "login compares passwords exactly, in upper and lower case", func(t *trial) {
		u, email := t.member()
		right := form{{"username", email}, {"password", password}}
		t.enters("login.json", right, u)
		t.Send(t.enter("login.json", right.With("password", "Contract-password")).As(result.WrongToken)).Refused()
	})
	refreshSpecs(l)
}

// refreshSpecs cover the tokens of a login, and the encodings of a login and a refresh.
func refreshSpecs(l *list) {
	refresh := func(r reply) form { return form{{"refresh_token", r.NeedText("/data/token/refresh_token/token")}} }
	l.add(ours, "LOGIN-006", "refreshToken", "refreshToken renews a login by its refresh token, once", func(t *trial) {
		u, email := t.member()
		entered, r := t.enters("login.json", form{{"username", email}, {"password", password}}, u)
		_, again := t.enters("refresh_token", refresh(r), u)
		again.Value("/data/token/token").Holds(again.Text("/data/token/token") != entered.Token, "another token",
			"the same token", "a refresh must return another token")
		t.Send(t.enter("refresh_token", refresh(r)).As(result.WrongToken)).Refused()
	})
	l.add(ours, "LOGIN-011", "login", "login reads a password beyond ASCII in each encoding", func(t *trial) {
		const secret = "contract-Söhne-東"
		u, email := t.member()
		t.credentials(u, secret)
		f := form{{"username", email}, {"password", secret}}
		for _, body := range []payload{engine.Multipart(f), engine.URLEncoded(f), engine.JSON(f.Object(false))} {
			t.session(func() user { return u })(t.Send(t.byVisitor(engine.Post("/users/login", body)).About(u)))
		}
	})
	l.add(ours, "LOGIN-012", "refreshToken", "refreshToken reads its token in each encoding", func(t *trial) {
		for _, body := range []func(form) payload{engine.URLEncoded,
			func(f form) payload { return engine.JSON(f.Object(false)) }} {
			f := patientForm()
			r := t.Send(t.sso(f))
			u := t.signedOn(f, r)
			t.session(func() user { return u })(t.Send(t.byVisitor(engine.Post("/users/refresh_token",
				body(refresh(r)))).About(u)))
		}
	})
	l.add(ours, "LOGIN-014", "refreshToken", "refreshToken refuses a refresh token that has expired", func(t *trial) {
		f := patientForm()
		r := t.Send(t.sso(f))
		u := t.signedOn(f, r)
		t.Pass(2_592_000*time.Second - 1)
		t.enters("refresh_token", refresh(r), u)
		f = patientForm()
		r = t.Send(t.sso(f))
		t.hideTokens(r)
		t.Pass(2_592_000 * time.Second)
		t.Send(t.enter("refresh_token", refresh(r)).As(result.WrongToken)).Refused()
	})
	l.add(ours, "LOGIN-013", "refreshToken", "refreshToken refuses a request without a refresh token", func(t *trial) {
		t.Send(t.enter("refresh_token", form{{"refresh_token", ""}}).As(result.BadField)).Refused()
	})
	l.add(ours, "LOGIN-007", "logout", "logout ends the login's token and refresh token", func(t *trial) {
		u, email := t.member()
		entered, r := t.enters("login.json", form{{"username", email}, {"password", password}}, u)
		left := t.Send(engine.Post("/users/logout", payload{}).By(entered))
		left.Equal("/data/user_id", u.ID, "the reply must name the user")
		for _, q := range []engine.Request{engine.Get("/me").By(entered), t.enter("refresh_token", refresh(r))} {
			q.Probe = true
			left.Value("/data").Holds(t.Send(q).Status == http.StatusUnauthorized, "an ended token", "a token that works",
				"a logout must end the token and its refresh token")
		}
	})
}

func accountSpecs(l *list) {
	accountKeySpecs(l)
	l.addSafe(documented, "ACCT-001", "getAccount", "getAccount needs no token", func(t *trial) {
		t.Send(engine.Get("/accounts/"+t.Clinic.AccountCode+".json")).Equal("/data/code", t.Clinic.AccountCode,
			"the account must be the one in the path")
	})
	l.addSafe(ours, "ACCT-002", "getAccount", "getAccount answers an unknown account code with 404", func(t *trial) {
		t.Send(engine.Get("/accounts/" + engine.Unique()).As(result.UnknownID)).Refused()
	})
	l.addSafe(ours, "ACCT-008", "getAccount",
		"getAccount compares account codes exactly, in upper and lower case", func(t *trial) {
			t.Send(engine.Get("/accounts/" + strings.ToUpper(t.Clinic.AccountCode)).As(result.UnknownID)).Refused()
		})
	l.addSafe(ours, "ACCT-003", "listAccounts", "listAccounts returns a page of all clinics", func(t *trial) {
		r := t.Send(engine.Get("/accounts?limit=1"))
		r.Value("/data", len(r.List("/data"))).Equal(1, "a page of one must have one account")
		r.Value("/total_count", r.Number("/total_count") >= 1).Equal(true, "the count must be that of all accounts")
		beyond := t.Send(engine.Get("/accounts?limit=1&start=1000000"))
		beyond.Value("/data", len(beyond.List("/data"))).Equal(0, "a page beyond all accounts must be empty")
	})
	l.addSafe(inferred, "ACCT-005", "listAccounts",
		"listAccounts shows each account as getAccount does", func(t *trial) {
			list, at := t.listedAccount()
			one := t.Send(engine.Get("/accounts/" + list.NeedText(at+"/code")))
			agree("the account must be the same in the list and alone", []string{""}, place{in: list, at: at},
				place{in: one, at: "/data"})
		})
	l.addSafe(documented, "ACCT-004", "getAccount", "getAccount accepts - for the account of the token", func(t *trial) {
		t.Send(t.byAdmin(engine.Get("/accounts/-"))).Equal("/data/code", t.Clinic.AccountCode,
			"the account must be the token's")
	})
}

// accountKeySpecs cover the keys of an account.
func accountKeySpecs(l *list) {
	for _, c := range []struct {
		id, operation, at string
		path              func(t *trial) string
	}{
		{"ACCT-006", "getAccount", "/data/", func(t *trial) string { return "/accounts/" + t.Clinic.AccountCode }},
		{"ACCT-007", "listAccounts", "/data/0/", func(*trial) string { return "/accounts?limit=1" }},
	} {
		l.addSafe(observed, c.id, c.operation, c.operation+" has the keys that VSee shows of an account", func(t *trial) {
			r := t.Send(engine.Get(c.path(t)))
			for _, name := range []string{"code", "name", "description", "theme", "payment/enabled", "eligibility/enabled"} {
				r.Value(c.at+name).Holds(r.At(c.at+name) != nil, result.Present, result.Absent, "an account must have the key")
			}
		})
	}
}

// createdSpecs cover an event that VSee names without describing its contents.
func createdSpecs(l *list) {
	const created = "user.created"
	asked := func(s *controlapi.ClinicSettings) { s.Webhook.Events = []string{created} }
	for _, c := range []struct {
		id, title string
		signOns   int
	}{
		{"MADE-001", "VSee sends user.created for a new user to a clinic that asks for it", 1},
		{"MADE-002", "VSee sends user.created once, however often the user signs on", 2},
	} {
		l.require(rule{ID: c.id, Operation: created, Evidence: ours, Needs: []need{aReceiver},
			Title: c.title}, func(t *trial) {
			f := patientForm()
			u := t.signOn(f)
			for range c.signOns - 1 {
				t.again(f, u)
			}
			t.Pass(time.Second)
			e := t.NeedEvents(u, created, 1)[0]
			verified := engine.Verify(e.Header, t.Clinic.Webhook.Secret, e.Body) == nil
			e.Value("webhook-signature", verified).Equal(true, "the signature must be that of the clinic's secret")
		}, asked)
	}
	for n, kind := range []int{400, 600} {
		l.require(rule{ID: "MADE-06" + string(rune('0'+n)), Operation: created, Evidence: ours, Needs: []need{aReceiver},
			Title: fmt.Sprint("user.created has the type of the user, ", kind)}, func(t *trial) {
			u := t.signOn(patientForm().With("type", strconv.Itoa(kind)))
			t.Pass(time.Second)
			t.NeedEvents(u, created, 1)[0].Equal("/data/type", kind, "the type must be that of the sign-on")
		}, asked)
	}
	l.add(ours, "MADE-003", created, "VSee sends no user.created to a clinic that does not ask for it", func(t *trial) {
		u := t.signOn(patientForm())
		t.Pass(time.Second)
		t.NoEvents(u, created, 0, "the clinic must get no event that it does not ask for")
	}, aReceiver)
}

// listedAccount returns a page of the list of accounts, and the place of one of them. On a mock this is the trial's
// own: other accounts may come and go meanwhile.
func (t *trial) listedAccount() (page reply, at string) {
	if !t.IsMock() {
		return t.Send(engine.Get("/accounts?limit=1")), "/data/0"
	}
	const limit = 100
	for start := 0; ; start += limit {
		page = t.Send(engine.Get(fmt.Sprintf("/accounts?limit=%d&start=%d", limit, start)))
		codes := page.Column("/data", "code")
		if i := slices.Index(codes, any(t.Clinic.AccountCode)); i >= 0 {
			return page, fmt.Sprintf("/data/%d", i)
		}
		page.Need(len(codes) == limit, "/data", "the list of accounts must have the clinic's own")
	}
}
