package control_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// signOn signs a patient on with a key and a secret, and returns the status and the token.
func signOn(t *testing.T, base, account, key, secret string) (int, string) {
	t.Helper()
	form := url.Values{"first_name": {"Pat"}, "last_name": {"Sample"}, "code": {"pat"}, "type": {"200"},
		"dob": {"1980-01-01"}, "gender": {"1"}}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/users/sso",
		strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = http.Header{"X-Accountcode": {account}, "X-Apikey": {key}, "X-Apisecret": {secret},
		"Content-Type": {"application/x-www-form-urlencoded"}}
	reply, err := mocktest.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	var user struct {
		Data struct{ Token struct{ Token string } }
	}
	_ = json.NewDecoder(reply.Body).Decode(&user)
	return reply.StatusCode, user.Data.Token.Token
}

// A test can give its clinic known credentials. The clinic accepts these and no others.
func TestAClinicTakesTheCredentialsThatItIsMadeWith(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	var made clinicReply
	c.ok("POST", "/clinics", `{"account_code": "own", "api_key": "k~!", "api_secret": "k~!", "admin_token": "my-token"}`,
		&made)
	if made.APIKey != "k~!" || made.APISecret != "k~!" || made.AdminToken != "my-token" {
		t.Errorf("made with %+v", made)
	}
	if status, _ := signOn(t, made.BaseURL, "own", "k~!", "k~!"); status != 200 {
		t.Errorf("its key and secret are answered %d", status)
	}
	if status, _ := signOn(t, made.BaseURL, "own", "k~!", "k~"); status != 401 {
		t.Errorf("another secret is answered %d", status)
	}
	post(t, &mocktest.Clinic{Settings: clinic.Settings{AdminToken: "my-token"}, BaseURL: made.BaseURL}, "/me",
		`{"first_name": "Ann"}`)
	var half clinicReply
	c.ok("POST", "/clinics", `{"api_key": "only-this"}`, &half)
	if half.APIKey != "only-this" || len(half.APISecret) != 32 || len(half.AdminToken) != 32 {
		t.Errorf("what was left out is %+v", half)
	}
}

func TestCredentialsThatNoHeaderCanHaveAreRefused(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	for _, field := range []string{"api_key", "api_secret", "admin_token"} {
		rule := field + " must be 1 to 128 visible ASCII characters without a space, because it is sent in a header"
		for _, value := range []string{"a b", " a", "a\t", "a\n", "é", "\x7f", strings.Repeat("x", 129)} {
			body, err := json.Marshal(map[string]string{field: value})
			if err != nil {
				t.Fatal(err)
			}
			c.refused("POST", "/clinics", string(body), 400, rule)
		}
		c.refused("POST", "/clinics", `{"`+field+`": ""}`, 400, field+" must not be empty: leave it out for a generated one")
		c.refused("PATCH", "/clinics/vclinic", `{"`+field+`": "x"}`, 400, "api_key, api_secret and admin_token are set "+
			"when a clinic is created, and stay")
		c.ok("POST", "/clinics", `{"`+field+`": "`+strings.Repeat("~", 128)+`"}`, nil)
	}
}

// A token alone identifies its clinic, so no other clinic can have the same one.
func TestATokenOfAnotherClinicIsNoAdminToken(t *testing.T) {
	t.Parallel()
	mock, c := start(t)
	status, token := signOn(t, mock.URL+"/api_v3", "vclinic", "vclinic_api_key", "vclinic_api_secret")
	if status != 200 || token == "" {
		t.Fatalf("%d %q", status, token)
	}
	const rule = "admin_token is a token of another clinic: choose another one"
	c.refused("POST", "/clinics", `{"admin_token": "vclinic_api_token"}`, 400, rule)
	c.refused("POST", "/clinics", `{"account_code": "b", "admin_token": "`+token+`"}`, 400, rule)
	c.refused("POST", "/clinics", `{"account_code": "vclinic", "admin_token": "free"}`, 409,
		"account_code belongs to another clinic: choose another one")
	c.ok("POST", "/clinics", `{"account_code": "b", "api_key": "vclinic_api_key", "api_secret": "vclinic_api_secret", `+
		`"admin_token": "free"}`, nil)
	if codes := pages(c, "/clinics", 100); len(codes) != 2 {
		t.Errorf("there are %v", codes)
	}
}
