package mockserver_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// The tests below send the sign-ons of public clients of VSee, byte for byte but for the data, which are made up.
// They read the same parts of the replies as these clients.

// fresh returns a mock without any set-up, and its default clinic, with the credentials from VSee's documentation.
func fresh(t testing.TB) (*mocktest.Mock, *mocktest.Clinic) {
	t.Helper()
	mock := mocktest.Start(t)
	return mock, mock.Clinic(t, "vclinic")
}

// byAll authenticates like clients that always send four headers, the admin's token among them.
func byAll(c *mocktest.Clinic) func(*http.Request) { return both(byKey(c), byToken(c.AdminToken)) }

// vivaUser is the reply as the first client decodes it, with its types for each key. A key of another type breaks it.
type vivaUser struct {
	Data struct {
		ID            string `json:"id"`
		Code          string `json:"code"`
		FirstName     string `json:"first_name"`
		LastName      string `json:"last_name"`
		FullName      string `json:"full_name"`
		Username      string `json:"username"`
		VSeeID        string `json:"vseeid"`
		Active        bool   `json:"active"`
		TOS           bool   `json:"tos"`
		Status        int    `json:"status"`
		Subtype       string `json:"subtype"`
		Timezone      string `json:"timezone"`
		EmailVerified bool   `json:"email_verified"`
		AccountCode   string `json:"account_code"`
		Clinics       []string
		Rooms         []map[string]string
		Created       int64
		Token         struct {
			UserID   string `json:"user_id"`
			Token    string
			Expiry   int64
			Created  int64
			UserType string `json:"user_type"`
			Refresh  struct {
				UserID  string `json:"user_id"`
				Token   string
				Expiry  int64
				Created int64
			} `json:"refresh_token"`
		}
	}
	Code any // a success has none at the top
}

// decoded returns a sign-on's reply as the first client reads it: anything but exactly 200 is a failure to it.
func decoded(t testing.TB, r reply) vivaUser {
	t.Helper()
	if r.status != http.StatusOK {
		t.Fatalf("%d %s", r.status, r.body)
	}
	var u vivaUser
	d := json.NewDecoder(newReader(r.body))
	if err := d.Decode(&u); err != nil {
		t.Fatalf("%s: %s", r.body, err)
	}
	if u.Code != nil || len(u.Data.Token.Token) != 32 || u.Data.Token.UserID != u.Data.ID {
		t.Fatalf("%s", r.body)
	}
	return u
}

func TestVivaLNKSignsAProviderOnOnItsFirstDay(t *testing.T) {
	t.Parallel()
	mock, c := fresh(t)
	r := post(t, mock.URL+"/api_v3/users/sso.json",
		jsonBody(`{"code":"vivalnk0001","first_name":"Mira","last_name":"Mira","type":400}`), byKey(c))
	u := decoded(t, r)
	if u.Data.FullName != "Mira Mira" || u.Data.Rooms == nil || len(u.Data.Rooms) != 0 || u.Data.Token.UserType != "400" {
		t.Errorf("%s", r.body)
	}
}

// Since the day after, every sign-on has an empty last name and a room code.
func TestVivaLNKSignsAProviderOnSinceTheDayAfter(t *testing.T) {
	t.Parallel()
	mock, c := fresh(t)
	first := ""
	for range 2 {
		r := post(t, mock.URL+"/api_v3/users/sso.json",
			jsonBody(`{"code":"vivalnk0002","first_name":"Mira","last_name":"","room_code":"abcde","type":400}`), byKey(c))
		u := decoded(t, r)
		if first == "" {
			first = u.Data.ID
		}
		if u.Data.ID != first || u.Data.LastName != "" || u.Data.FullName != "Mira" || len(u.Data.Rooms) != 1 ||
			u.Data.Rooms[0]["code"] != "abcde" || len(u.Data.Rooms[0]) != 7 {
			t.Errorf("%s", r.body)
		}
		if warned := r.header.Get("X-Mock-Warnings"); warned != "" {
			t.Errorf("it is warned: %s", warned)
		}
	}
}

// trackMyUser is the reply as the second client reads it: no code but 200, the id, the token, and the message of a
// failure.
type trackMyUser struct {
	Code any
	Data struct {
		ID    string
		Code  string
		Email string
		Token struct{ Token string }

		FirstName string `json:"first_name"`
		LastName  string `json:"last_name"`
		DOB       string
		Timezone  string
	}
}

func TestTrackMySignsAPatientOn(t *testing.T) {
	t.Parallel()
	mock, c := fresh(t)
	const form = "first_name=Siobh%C3%A1n&last_name=O%27Hara&dob=1980-01-31" +
		"&email=sio%2Btrack%40example.com&code=sio%2Btrack%40example.com" +
		"&disable_emails=0&type=200&timezone=America%2FNew_York"
	r := post(t, mock.URL+"/api_v3/users/sso.json", body{"application/x-www-form-urlencoded", []byte(form)}, byAll(c))
	var u trackMyUser
	r.into(t, &u)
	if u.Code != nil || u.Data.ID == "" || len(u.Data.Token.Token) != 32 || u.Data.Code != "sio+track@example.com" ||
		u.Data.Email != u.Data.Code ||
		u.Data.LastName != "O'Hara" || u.Data.FirstName != "Siobhán" || u.Data.Timezone != "America/New_York" {
		t.Errorf("%d %s", r.status, r.body)
	}
}

// The first version escapes nothing, so a plus arrives as a blank, and sends no type; a trial had slashes in the
// date.
func TestTrackMysFirstVersionSignsAPatientOn(t *testing.T) {
	t.Parallel()
	mock, c := fresh(t)
	const common = "&last_name=O'Hara&timezone=America/New_York&disable_emails=1"
	for code, form := range map[string]string{
		"ann@example.com": "first_name=Ann+Lee&dob=1980-01-31&email=ann@example.com&code=ann@example.com" + common,
		"lee@example.com": "first_name=Ann Lee&dob=1980/01/31&email=lee@example.com&code=lee@example.com&username=lee" +
			common,
	} {
		r := post(t, mock.URL+"/api_v3/users/sso.json", body{"application/x-www-form-urlencoded", []byte(form)}, byAll(c))
		var u trackMyUser
		r.into(t, &u)
		if u.Code != nil || len(u.Data.Token.Token) != 32 || u.Data.FirstName != "Ann Lee" || u.Data.Email != code ||
			u.Data.DOB != "1980-01-31" {
			t.Errorf("%s: %d %s", form, r.status, r.body)
		}
		if kind := r.at(t, "data", "token", "user_type"); kind != "200" {
			t.Errorf("without a type it is a %v", kind)
		}
	}
	broken := post(t, mock.URL+"/api_v3/users/sso.json", body{"application/x-www-form-urlencoded",
		[]byte("first_name=Ann&last_name=Lee&email=ann+1@example.com&code=ann+1@example.com&disable_emails=1")}, byAll(c))
	if message := broken.message(t, http.StatusBadRequest); !strings.HasPrefix(message,
		"email must be an e-mail address") {
		t.Errorf("a plus that is not escaped, in an e-mail address: %s", message)
	}
}

// rubymedUser is the reply as the third client reads it.
type rubymedUser struct {
	Data struct {
		ID   string
		VSee struct{ ID, Token string }
	}
}

func TestRubymedSignsAProviderOn(t *testing.T) {
	t.Parallel()
	mock, c := fresh(t)
	r := post(t, mock.URL+"/vc/next/api_v3/users/sso?fields=vsee",
		jsonBody(`{"first_name":"José","last_name":"Núñez","dob":"1975-06-30","type":400,`+
			`"code":"0912345678","email":"jose@example.com"}`), byAll(c))
	var u rubymedUser
	r.into(t, &u)
	if r.status >= 400 || u.Data.ID == "" || !strings.Contains(u.Data.VSee.ID, "+") || len(u.Data.VSee.Token) != 32 {
		t.Errorf("%d %s", r.status, r.body)
	}
}

// All guests have one code, so the second patient gets the user of the first.
func TestRubymedSignsAllItsGuestsOnAsOneUser(t *testing.T) {
	t.Parallel()
	mock, c := fresh(t)
	first := ""
	for _, guest := range []string{
		`{"first_name":"Ana","last_name":"","dob":"1990-02-28","type":"600","code":"guest-of-all","email":"ana@example.com"}`,
		`{"first_name":"Luz","last_name":"","dob":"","type":"600","code":"guest-of-all","email":""}`,
	} {
		r := post(t, mock.URL+"/vc/next/api_v3/users/sso?fields=vsee", jsonBody(guest), byAll(c))
		var u rubymedUser
		r.into(t, &u)
		if first == "" {
			first = u.Data.ID
		}
		if r.status >= 400 || u.Data.ID != first || first == "" || len(u.Data.VSee.Token) != 32 {
			t.Errorf("%s: %d %s", guest, r.status, r.body)
		}
	}
}

// roomUser is the reply as the versions of the fourth client read it.
type roomUser struct {
	Data struct {
		ID     string
		Gender int
		Token  struct{ Token string }
	}
}

// The genders are the numbers 1 to 4, or null when the form's text is none. 3 and 4 need the clinic's setting.
func TestVSeeRoom2SignsPatientsOnInJSON(t *testing.T) {
	t.Parallel()
	mock, c := fresh(t)
	send := func(gender, code string) reply {
		return post(t, mock.URL+"/vc/stable/api_v3/users/sso?fields=vsee",
			jsonBody(`{"first_name":"Kim","last_name":"Vo","type":200,"email":"`+code+
				`@example.com","code":"`+code+`","dob":"1988-11-05","gender":`+gender+`,"phone":"5555550122","street_addr":"1 `+
				`Pier"}`), byKey(c))
	}
	for _, gender := range []string{"1", "2", "null"} {
		r := send(gender, "kim"+gender)
		var u roomUser
		r.into(t, &u)
		want, _ := strconv.Atoi(gender)
		if r.status != http.StatusOK || u.Data.ID == "" || len(u.Data.Token.Token) != 32 || u.Data.Gender != want {
			t.Errorf("gender %s: %d %s", gender, r.status, r.body)
		}
	}
	for _, gender := range []string{"3", "4"} {
		if message := send(gender, "kim"+gender).message(t, 400); !strings.Contains(message, "accept_gender_3_and_4") {
			t.Errorf("gender %s: %s", gender, message)
		}
	}
	c.Control(t, http.MethodPatch, "", map[string]bool{"accept_gender_3_and_4": true}, nil)
	for _, gender := range []string{"3", "4"} {
		var u roomUser
		r := send(gender, "kim"+gender)
		r.into(t, &u)
		if want, _ := strconv.Atoi(gender); r.status != http.StatusOK || u.Data.Gender != want {
			t.Errorf("gender %s: %d %s", gender, r.status, r.body)
		}
	}
}

// The later versions write multipart by hand, with a boundary without quotes, and then try JSON with texts for
// numbers.
func TestVSeeRoom2sLaterVersionsSignPatientsOnInMultipart(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "north-shore-clinic", AcceptGender3And4: true})
	const boundary = "----FormBoundary7MA4YWxkTrZu0gW"
	sent := fields{
		{"first_name", "Kim"}, {"last_name", "Vo"}, {"type", "200"}, {"email", "kim@example.com"}, {"code",
			"kim@example.com"},
		{"dob", "1988-11-05"}, {"gender", "3"}, {"phone", "5555550122"}, {"street_addr", "1 Pier"},
	}
	byHand := body{"multipart/form-data; boundary=" + boundary,
		[]byte(strings.ReplaceAll(string(inBoundary(sent, boundary)), "\n", "\r\n"))}
	members := map[string]string{}
	for _, field := range sent {
		members[field[0]] = field[1]
	}
	for how, b := range map[string]body{"multipart": byHand, "JSON": jsonBody(string(marshal(t, members)))} {
		for _, path := range []string{"/vc/stable/api_v3/users/sso.json", "/vc/stable/api_v3/users/sso.json?fields=vsee"} {
			r := post(t, mock.URL+path, b, byKey(c))
			var u roomUser
			r.into(t, &u)
			if r.status < 200 || r.status > 299 || u.Data.ID == "" || len(u.Data.Token.Token) != 32 || u.Data.Gender != 3 {
				t.Errorf("%s to %s: %d %s", how, path, r.status, r.body)
			}
		}
	}
}

// Its diagnostic page signs on four times, in forms and in JSON.
func TestVSeeRoom2sDiagnosticSignsOn(t *testing.T) {
	t.Parallel()
	mock, c := fresh(t)
	minimal := fields{{"first_name", "Test"}, {"last_name", "Patient"}, {"type", "200"}, {"code", "diagnostic-1"},
		{"email", "diagnostic@example.com"}}
	for _, path := range []string{"/vc/stable/api_v3/users/sso", "/vc/stable/api_v3/users/sso.json"} {
		for _, b := range []body{
			formBody(minimal), jsonBody(`{"first_name":"Test","last_name":"Patient","type":200,` +
				`"code":"diagnostic-1","email":"diagnostic@example.com"}`),
		} {
			if r := post(t, mock.URL+path, b, byKey(c)); r.status != http.StatusOK {
				t.Errorf("%s as %s: %d %s", path, b.contentType, r.status, r.body)
			}
		}
	}
}
