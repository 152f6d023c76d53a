package mockserver_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// The secrets of these tests, easy to find where they must not be.
const (
	password   = `cor"rect horse & battery`
	emailToken = "f00d-f00d-f00d"
)

// account returns a clinic with a user able to log in both ways, and the user's id.
func account(t *testing.T) (*mocktest.Clinic, string) {
	t.Helper()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "door"})
	id := signOn(t, c, edward).at(t, "data", "id").(string)
	c.Control(t, http.MethodPut, "/users/"+id+"/credentials",
		map[string]string{"password": password, "email_token": emailToken}, nil)
	return c, id
}

// at names a clinic without a token, by its account code.
func at(c *mocktest.Clinic) func(*http.Request) { return with("X-AccountCode", c.AccountCode) }

func TestAUserLogsInBothWaysInEachMediaType(t *testing.T) {
	t.Parallel()
	c, id := account(t)
	byPassword := fields{{"username", "edward+001.vclinic@vseelab.com"}, {"password", password}}
	byEmail := fields{{"email", "Edward+001.VClinic@vseelab.com"}, {"email_token", emailToken}}
	for name, sent := range map[string]body{
		"password, multipart":  multipartBody(byPassword),
		"password, urlencoded": formBody(byPassword),
		"password, JSON": jsonBody(`{"username": "edward+001.vclinic@vseelab.com", "password": "cor\"rect horse & ` +
			`battery"}`),
		"e-mail, multipart":  multipartBody(byEmail),
		"e-mail, urlencoded": formBody(byEmail),
		"e-mail, JSON":       jsonBody(`{"email": "edward+001.vclinic@vseelab.com", "email_token": "f00d-f00d-f00d"}`),
	} {
		for _, path := range []string{"/users/login.json", "/users/login"} {
			r := post(t, c.BaseURL+path, sent, at(c))
			if got := r.at(t, "data", "id"); got != id {
				t.Errorf("%s: the user is %v", name, got)
			}
			token := r.at(t, "data", "token", "token").(string)
			if got := get(t, c.BaseURL+"/me", byToken(token)).at(t, "data", "id"); got != id {
				t.Errorf("%s: the token is of %v", name, got)
			}
		}
	}
	if got := post(t, c.BaseURL+"/users/login", formBody(byPassword), host("api-door.localhost")).at(t, "data",
		"id"); got != id {
		t.Errorf("by the host, the user is %v", got)
	}
}

// Each kind of a bad login, refresh and logout has its own sentence of refusal.
func TestABadLoginIsRefused(t *testing.T) {
	t.Parallel()
	c, id := account(t)
	session := signOn(t, c, edward)
	token := session.at(t, "data", "token", "token").(string)
	const wrong, wrongEmail = "username or password is wrong", "email or email_token is wrong"
	long := strings.Repeat("x", 201)
	for _, tc := range []struct {
		path    string
		body    body
		change  func(*http.Request)
		status  int
		message string
	}{
		{"login", jsonBody(`{}`), nil, 400, "username and password are required, or email and email_token"},
		{"login", noBody, nil, 400, "username and password are required, or email and email_token"},
		{"login", jsonBody(`{"username": "edward+001.vclinic@vseelab.com"}`), nil, 400, "password is required with username"},
		{"login", jsonBody(`{"password": "x"}`), nil, 400, "username is required with password"},
		{"login", jsonBody(`{"email": "edward+001.vclinic@vseelab.com"}`), nil, 400, "email_token is required with email"},
		{"login", jsonBody(`{"email_token": "x"}`), nil, 400, "email is required with email_token"},
		{"login", jsonBody(`{"username": "a", "password": "b", "email": "c@example.com"}`), nil, 400,
			"username and password exclude email and email_token"},
		{"login", jsonBody(`{"username": "a", "email_token": "b"}`), nil, 400,
			"username and password exclude email and email_token"},
		{"login", jsonBody(`{"username": "", "password": "b"}`), nil, 400, "username must be 1 to 200 characters"},
		{"login", jsonBody(`{"username": "` + long + `", "password": "b"}`), nil, 400,
			"username must be 1 to 200 characters"},
		{"login", jsonBody(`{"username": "a", "password": ""}`), nil, 400, "password must be 1 to 200 characters"},
		{"login", jsonBody(`{"username": "a", "password": "` + long + `"}`), nil, 400,
			"password must be 1 to 200 characters"},
		{"login", jsonBody(`{"username": "a", "password": ["b"]}`), nil, 400, "password must be 1 to 200 characters"},
		{"login", jsonBody(`{"email": "nobody", "email_token": "b"}`), nil, 400, "email must be an e-mail address"},
		{"login", jsonBody(`{"email": "", "email_token": "b"}`), nil, 400, "email must be an e-mail address"},
		{"login", jsonBody(`{"email": "a@example.com", "email_token": ""}`), nil, 400,
			"email_token must be 1 to 200 characters"},
		{"login", jsonBody(`{"email": "a@example.com", "email_token": null}`), nil, 400,
			"email_token is required with email"},
		{"login", jsonBody(`{"user": "a", "password": "b"}`), nil, 400, "username is required with password"},
		{"login", jsonBody(`{"username": "a", "pasword": "b"}`), nil, 400, "pasword is not a field of this request (did " +
			"you mean password?)"},
		{"login", formBody(fields{{"username", "a"}, {"password", "b"}, {"password", "c"}}), nil, 400,
			"password is sent more than once, with different values"},
		{"login", jsonBody(`{"username": "edward+001.vclinic@vseelab.com", "password": "wrong"}`), nil, 401, wrong},
		{"login", jsonBody(`{"username": "nobody", "password": "wrong"}`), nil, 401, wrong},
		{"login", jsonBody(`{"username": "admin", "password": "x"}`), nil, 401, wrong}, // the admin has no password
		{"login", jsonBody(`{"username": "edward+001.vclinic@vseelab.com", "password": "f00d-f00d-f00d"}`), nil, 401, wrong},
		{"login", jsonBody(`{"email": "edward+001.vclinic@vseelab.com", "email_token": "wrong"}`), nil, 401, wrongEmail},
		{"login", jsonBody(`{"email": "nobody@example.com", "email_token": "wrong"}`), nil, 401, wrongEmail},
		{"login", jsonBody(`{"username": "a", "password": "b"}`), minus("X-AccountCode"), 401,
			"X-AccountCode is required, or a host api-{account}"},
		{"login", jsonBody(`{"username": "a", "password": "b"}`), with("X-AccountCode", "nobody"), 401,
			"X-AccountCode names no clinic of this server"},
		{"login", formBody(fields{{"username", "edward+001.vclinic@vseelab.com"}, {"password", password}}),
			with("X-AccountCode", "vclinic"), 401, wrong},

		{"refresh_token", jsonBody(`{}`), nil, 400, "refresh_token is required"},
		{"refresh_token", jsonBody(`{"refresh_token": ""}`), nil, 400, "refresh_token must be 32 lower-case hex digits"},
		{"refresh_token", jsonBody(`{"refresh_token": "` + strings.Repeat("g", 32) + `"}`), nil, 400,
			"refresh_token must be 32 lower-case hex digits"},
		{"refresh_token", jsonBody(`{"refresh_token": {"token": "x"}}`), nil, 400,
			"refresh_token must be 32 lower-case hex digits"},
		{"refresh_token", jsonBody(`{"refresh_token": "` + strings.Repeat("0", 32) + `"}`), nil, 401,
			"refresh_token is not known"},
		// an access token
		{"refresh_token", jsonBody(`{"refresh_token": "` + token + `"}`), nil, 401, "refresh_token is not known"},
		{"refresh_token", jsonBody(`{"refresh_token": "` + strings.Repeat("0", 32) + `"}`), minus("X-AccountCode"), 401,
			"X-AccountCode is required, or a host api-{account}"},

		{"logout", noBody, nil, 401, "X-ApiToken is required"},
		{"logout", noBody, with("X-ApiToken", strings.Repeat("0", 32)), 401, "X-ApiToken is not known"},
		{"logout", noBody, with("X-ApiToken", c.AdminToken), 403, "the clinic's admin token cannot be logged out"},
	} {
		change := tc.change
		if change == nil {
			change = func(*http.Request) {}
		}
		got := post(t, c.BaseURL+"/users/"+tc.path, tc.body, at(c), change).message(t, tc.status)
		if diff := cmp.Diff(tc.message, got); diff != "" {
			t.Errorf("%s %s: message (-want +got):\n%s", tc.path, tc.body.data, diff)
		}
	}
	c.Control(t, http.MethodPut, "/users/"+id+"/credentials", map[string]string{"password": ""}, nil)
	gone := formBody(fields{{"username", "edward+001.vclinic@vseelab.com"}, {"password", password}})
	if got := post(t, c.BaseURL+"/users/login", gone, at(c)).message(t, 401); got != wrong {
		t.Errorf("with a password that was taken away: %q", got)
	}
	if got := get(t, c.BaseURL+"/users/login").message(t, 405); got != "this path takes POST" {
		t.Errorf("a GET is told %q", got)
	}
}

// refresh requests a new token in place of the one in a reply.
func refresh(t *testing.T, c *mocktest.Clinic, session reply) reply {
	t.Helper()
	text, _ := json.Marshal(map[string]any{"refresh_token": session.at(t, "data", "token", "refresh_token", "token")})
	return post(t, c.BaseURL+"/users/refresh_token", jsonBody(string(text)), at(c))
}

func TestARefreshTokenWorksOnce(t *testing.T) {
	t.Parallel()
	c, id := account(t)
	session := signOn(t, c, edward)
	second := refresh(t, c, session)
	if got := second.at(t, "data", "id"); got != id {
		t.Errorf("the user is %v", got)
	}
	for name, s := range map[string]reply{"the token that was refreshed": session, "the new one": second} {
		if got := get(t, c.BaseURL+"/me", byToken(s.at(t, "data", "token", "token").(string))); got.status != 200 {
			t.Errorf("%s is answered %d", name, got.status)
		}
	}
	if got := refresh(t, c, session).message(t, 401); got != "refresh_token was used before: each works once" {
		t.Errorf("used again: %q", got)
	}
	if got := refresh(t, c, second); got.status != 200 {
		t.Errorf("the refresh token that came with the new one is answered %d %s", got.status, got.body)
	}
}

// The access token has long expired when the refresh token does, to the second, by the clinic's clock.
func TestARefreshTokenExpiresOnTheClinicsClock(t *testing.T) {
	t.Parallel()
	c, _ := account(t)
	first, second := signOn(t, c, edward), signOn(t, c, edward)
	c.Advance(t, clinic.RefreshLife-time.Second)
	token := first.at(t, "data", "token", "token").(string)
	if got := get(t, c.BaseURL+"/me", byToken(token)).message(t, 401); got != "X-ApiToken has expired: sign on again" {
		t.Errorf("the access token: %q", got)
	}
	text, _ := json.Marshal(map[string]any{"refresh_token": first.at(t, "data", "token", "refresh_token", "token")})
	renewed := post(t, c.BaseURL+"/users/refresh_token", jsonBody(string(text)), byToken(token)) // names the clinic
	if got := get(t, c.BaseURL+"/me", byToken(renewed.at(t, "data", "token", "token").(string))); got.status != 200 {
		t.Errorf("the new access token is answered %d", got.status)
	}
	c.Advance(t, time.Second)
	if got := refresh(t, c, second).message(t, 401); got != "refresh_token has expired: sign on again" {
		t.Errorf("after its expiry: %q", got)
	}
	if got := refresh(t, c, renewed); got.status != 200 {
		t.Errorf("the younger refresh token is answered %d", got.status)
	}
}

func TestALogoutEndsTheTokenAndNoOther(t *testing.T) {
	t.Parallel()
	c, id := account(t)
	session, other := signOn(t, c, edward), signOn(t, c, edward)
	token := session.at(t, "data", "token", "token").(string)
	if got := post(t, c.BaseURL+"/users/logout.json", noBody, byToken(token)).at(t, "data", "user_id"); got != id {
		t.Errorf("the user is %v", got)
	}
	third := signOn(t, c, edward).at(t, "data", "token", "token").(string)
	if got := post(t, c.BaseURL+"/users/logout", jsonBody(`{"a": `), byToken(third)).at(t, "data", "user_id"); got != id {
		t.Errorf("with a body, which is not read, the user is %v", got)
	}
	const ended = "X-ApiToken was ended by a logout: sign on again"
	if got := get(t, c.BaseURL+"/me", byToken(token)).message(t, 401); got != ended {
		t.Errorf("afterwards: %q", got)
	}
	if got := post(t, c.BaseURL+"/users/logout", noBody, byToken(token)).message(t, 401); got != ended {
		t.Errorf("again: %q", got)
	}
	if got := refresh(t, c, session).message(t, 401); got != "refresh_token was ended by a logout: sign on again" {
		t.Errorf("its refresh token: %q", got)
	}
	if got := get(t, c.BaseURL+"/me", byToken(other.at(t, "data", "token", "token").(string))); got.status != 200 {
		t.Errorf("the other token is answered %d", got.status)
	}
}

// The clinic's admin can log in as a user, and is an admin with the user's token too.
func TestAnAdminWhoLogsInIsAnAdmin(t *testing.T) {
	t.Parallel()
	c, id := account(t)
	c.Control(t, http.MethodPut, "/users/132406/credentials", map[string]string{"password": password}, nil)
	r := post(t, c.BaseURL+"/users/login", formBody(fields{{"username", "admin"}, {"password", password}}), at(c))
	if got := r.at(t, "data", "token", "user_type"); got != "100" {
		t.Errorf("user_type = %v", got)
	}
	token := r.at(t, "data", "token", "token").(string)
	if got := get(t, c.BaseURL+"/users/"+id, byToken(token)); got.status != 200 {
		t.Errorf("another user is answered %d", got.status)
	}
	if got := found(t, get(t, c.BaseURL+"/users?q=edward", byToken(token))); got != "7 / 1" {
		t.Errorf("a search finds %s", got)
	}
}

// No secret is in the journal, in whichever form it was sent, nor in any other reply of the control API.
func TestTheJournalHasNoSecrets(t *testing.T) {
	t.Parallel()
	c, id := account(t)
	byPassword := fields{{"username", "edward+001.vclinic@vseelab.com"}, {"password", password}}
	byEmail := fields{{"email", "edward+001.vclinic@vseelab.com"}, {"email_token", emailToken}}
	text, _ := json.Marshal(map[string]string{"username": "x", "password": password})
	session := signOn(t, c, edward)
	token := session.at(t, "data", "token", "token").(string)
	refreshToken := session.at(t, "data", "token", "refresh_token", "token").(string)
	for _, sent := range []body{multipartBody(byPassword), formBody(byPassword), jsonBody(string(text)),
		multipartBody(byEmail), formBody(byEmail)} {
		post(t, c.BaseURL+"/users/login", sent, at(c))
		post(t, c.BaseURL+"/me", sent, byToken(token)) // where it does not belong
	}
	for _, sent := range []body{multipartBody(fields{{"refresh_token", refreshToken}}),
		formBody(fields{{"refresh_token", refreshToken}})} {
		post(t, c.BaseURL+"/users/refresh_token", sent, at(c))
	}
	refresh(t, c, session)
	get(t, c.BaseURL+"/me?token="+token, byToken(token))
	post(t, c.BaseURL+"/users/logout", noBody, byToken(token))
	shown := ""
	for _, list := range []string{"/journal", "/users"} {
		rows := listOf(t, c, list)
		if list == "/journal" && len(rows) != 17 {
			t.Errorf("the journal has %d entries", len(rows))
		}
		rest, _ := json.Marshal(rows)
		shown += string(rest)
	}
	for name, secret := range map[string]string{
		"password": "rect horse", "password in a form": "rect+horse", "the end of the password": "battery",
		"e-mail token":  emailToken,
		"refresh token": refreshToken, "token": token,
	} {
		if strings.Contains(shown, secret) {
			t.Errorf("the control API shows the %s", name)
		}
	}
	if !strings.Contains(shown, id) {
		t.Error("it shows nothing at all")
	}
}
