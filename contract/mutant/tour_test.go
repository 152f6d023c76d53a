package mutant_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/mutant"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// step is one thing that was said on a tour.
type step struct {
	name, operation string
	status          int
	header          http.Header
	body            string
}

// tour visits all that mutants lie about, in a clinic whose ids and clock are the same each time.
type tour struct {
	t              *testing.T
	url            string
	admin          string
	clinic         credentials
	a, early, late string // a patient's id, and the tokens of their two sign-ons
	b, other       string // another's
	steps          []step
}

// start returns mocks for tours, each for one at a time.
func start(t *testing.T) chan *mocktest.Mock {
	t.Helper()
	mocks := make(chan *mocktest.Mock, 4)
	for range cap(mocks) {
		mocks <- mocktest.Start(t)
	}
	return mocks
}

type credentials struct {
	Key    string `json:"api_key"`
	Secret string `json:"api_secret"`
	Admin  string `json:"admin_token"`
}

// visit makes a tour behind a mutant. With an honest tour before it, what it asks for is what was asked for there,
// whatever it is told.
func visit(t *testing.T, mocks chan *mocktest.Mock, m mutant.Mutant, before *tour) *tour {
	t.Helper()
	mock := <-mocks
	defer func() { mocks <- mock }()
	receiver := mocktest.NewReceiver(t, func(n int) int {
		if n == 1 {
			return http.StatusServiceUnavailable
		}
		return http.StatusOK
	})
	proxy, err := m.Proxy(mock.URL)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	v := &tour{t: t, url: server.URL}
	made := v.control("/clinics", `{"account_code": "tour", "seed": 7,
		"webhook": {"url": "`+receiver.URL+`", "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, "clock": {"set": "2022-04-14T11:10:37Z", "freeze": true}}`)
	if !strings.Contains(made, receiver.URL) {
		t.Errorf("the clinic has another webhook: %s", made)
	}
	if err := json.Unmarshal([]byte(made), &v.clinic); err != nil {
		t.Fatal(err)
	}
	v.admin = v.clinic.Admin
	v.signOns(before)
	v.users()
	v.refusals()
	v.checks()
	v.remove()
	for n, e := range receiver.Received() {
		e.Header.Del("Content-Length") // says nothing that the body does not
		e.Header.Del("Connection")     // is between the proxy and the receiver
		v.steps = append(v.steps, step{fmt.Sprintf("event %d", n+1), mutant.Event, e.Status, e.Header, string(e.Body)})
	}
	return v
}

const person = `"first_name": "Edward", "last_name": "VSee", "type": 200, "dob": "1986-01-01", "gender": 1, "email": "edward@vseelab.com",
	"phone": "5550100", "street_addr": "2868 Tully Street", "city": "Detroit", "state": "MI", "zip": "48226"`

func (v *tour) signOns(before *tour) {
	header := map[string]string{"X-AccountCode": "tour", "X-ApiKey": v.clinic.Key, "X-ApiSecret": v.clinic.Secret}
	sso := func(name, code string) (id, token string) {
		body := v.ask(name, "signOn", "POST", "/users/sso", `{"code": "`+code+`", `+person+`}`, header)
		var said struct {
			Data struct {
				ID    string
				Token struct{ Token string }
			}
		}
		if before == nil {
			_ = json.Unmarshal([]byte(body), &said) // an honest server's
		}
		return said.Data.ID, said.Data.Token.Token
	}
	v.a, v.early = sso("sign-on", "a")
	_, v.late = sso("second sign-on", "a")
	v.b, v.other = sso("another's sign-on", "b")
	if before != nil {
		v.a, v.early, v.late, v.b, v.other = before.a, before.early, before.late, before.b, before.other
	}
	v.ask("incomplete", "signOn", "POST", "/users/sso", `{"code": "c"}`, header)
	v.ask("wrong secret", "signOn", "POST", "/users/sso", `{"code": "a", `+person+`}`, map[string]string{"X-AccountCode": "tour", "X-ApiKey": v.clinic.Key, "X-ApiSecret": "x"})
	v.ask("wrong key", "signOn", "POST", "/users/sso", `{"code": "a", `+person+`}`, map[string]string{"X-AccountCode": "tour", "X-ApiKey": "x"})
}

func by(token string) map[string]string { return map[string]string{"X-ApiToken": token} }

func (v *tour) users() {
	v.ask("insurers", "listInsurers", "GET", "/insurances/", "", by(v.admin))
	v.ask("update", "updateMe", "POST", "/me.json", `{"street_addr": "1 A+B Street", "insurance": {"primary": {"carrier_code": "car7556", "subscriber_num": "11000075"},
		"secondary": {"carrier_code": "car11406", "subscriber_num": "aaaaa"}, "patient": {"respparty": "self"}}}`, by(v.late))
	v.ask("me, early", "getMe", "GET", "/me", "", by(v.early))
	v.ask("me", "getMe", "GET", "/me", "", by(v.late))
	v.ask("another's me", "getMe", "GET", "/me", "", by(v.other))
	v.ask("user", "getUser", "GET", "/users/"+v.a, "", by(v.admin))
	v.ask("another user", "getUser", "GET", "/users/"+v.b, "", by(v.admin))
}

func (v *tour) refusals() {
	v.ask("foreign", "getUser", "GET", "/users/"+v.b, "", by(v.late))
	v.ask("foreign, unknown", "getUser", "GET", "/users/1", "", by(v.late))
	v.ask("nobody", "getUser", "GET", "/users/999999999", "", by(v.admin))
	v.ask("without a token", "getMe", "GET", "/me", "", nil)
	v.ask("unknown carrier", "startEligibilityCheck", "POST", "/users/"+v.a+"/nobody/eligibility", "", by(v.late))
	v.ask("carrier on no card", "startEligibilityCheck", "POST", "/users/"+v.a+"/car7551/eligibility", "", by(v.late))
	v.ask("nobody's check", "startEligibilityCheck", "POST", "/users/999999999/car7556/eligibility", "", by(v.admin))
	v.ask("wrong method", "", "DELETE", "/me", "", by(v.admin))
	v.ask("no page", "", "GET", "/nothing/here", "", by(v.admin))
}

func (v *tour) checks() {
	start := "/users/" + v.a + "/car7556/eligibility"
	v.ask("check", "startEligibilityCheck", "POST", start, "", by(v.late))
	v.ask("second check", "startEligibilityCheck", "POST", start, "", by(v.late))
	v.ask("user, before the result", "getUser", "GET", "/users/"+v.a, "", by(v.admin))
	v.control("/clinics/tour/clock", `{"advance": "10s"}`)
	v.ask("user, with the result", "getUser", "GET", "/users/"+v.a, "", by(v.admin))
	v.control("/clinics/tour/clock", `{"advance": "4h"}`)
	v.control("/clinics/tour/clock", `{"advance": "24h"}`)
	v.ask("expired me", "getMe", "GET", "/me", "", by(v.late))
	v.ask("expired check", "startEligibilityCheck", "POST", start, "", by(v.late))
}

// ask asks and notes what is said.
func (v *tour) ask(name, operation, method, path, body string, header map[string]string) string {
	v.t.Helper()
	said := v.send(method, "/api_v3"+path, body, header)
	said.name, said.operation = name, operation
	for _, dull := range []string{"Date", "Content-Length"} {
		said.header.Del(dull)
	}
	v.steps = append(v.steps, said)
	return said.body
}

func (v *tour) control(path, body string) string {
	v.t.Helper()
	said := v.send("POST", "/_mock"+path, body, nil)
	if said.status > 299 {
		v.t.Fatalf("%s: %d %s", path, said.status, said.body)
	}
	return said.body
}

// remove deletes the clinic, for the next tour to have it anew.
func (v *tour) remove() {
	v.t.Helper()
	if said := v.send("DELETE", "/_mock/clinics/tour", "", nil); said.status > 299 {
		v.t.Fatalf("deleting the clinic: %d %s", said.status, said.body)
	}
}

func (v *tour) send(method, path, body string, header map[string]string) step {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.url+path, strings.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	in, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer in.Body.Close()
	text, err := io.ReadAll(in.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return step{status: in.StatusCode, header: in.Header, body: string(text)}
}
