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

// step is one request of a tour with its reply, or one event.
type step struct {
	name, operation string
	status          int
	header          http.Header
	body            string
}

// tour exercises the operations that mutants lie about, in a clinic with the same ids and clock each time.
type tour struct {
	t      *testing.T
	url    string
	clinic credentials
	honest bool              // whether its replies are believed
	kept   map[string]string // ids and tokens from the honest server
	steps  []step
}

// honestly returns a tour of each leg in front of an honest server.
func honestly(t *testing.T, mocks chan *mocktest.Mock) []*tour {
	t.Helper()
	tours := make([]*tour, len(legs()))
	for n := range tours {
		tours[n] = visit(t, mocks, mutant.Mutant{}, n, nil)
	}
	return tours
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

// visit makes a tour of a leg behind a mutant. With an honest tour before it, it sends the requests of that one
// again, whatever the replies are.
func visit(t *testing.T, mocks chan *mocktest.Mock, m mutant.Mutant, n int, before *tour) *tour {
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
	v := &tour{t: t, url: server.URL, honest: before == nil, kept: map[string]string{}}
	if before != nil {
		v.kept = before.kept
	}
	made := v.control("POST", "/clinics", `{"account_code": "tour", "seed": 7,
		"webhook": {"url": "`+receiver.URL+`", "timestamp": "clinic", "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "events": ["eligibility.checked", "user.created", "claim.updated"]},
		"clock": {"set": "2022-04-14T11:10:37Z", "freeze": true}}`)
	if !strings.Contains(made, receiver.URL) {
		t.Errorf("the clinic has another webhook: %s", made)
	}
	if err := json.Unmarshal([]byte(made), &v.clinic); err != nil {
		t.Fatal(err)
	}
	legs()[n].walk(v)
	v.control("POST", "/clinics/tour/clock", `{"advance": "4h"}`)
	v.control("POST", "/clinics/tour/clock", `{"advance": "24h"}`)
	v.control("DELETE", "/clinics/tour", "")
	for n, e := range receiver.Received() {
		e.Header.Del("Content-Length") // follows from the body
		e.Header.Del("Connection")     // is between the proxy and the receiver
		v.steps = append(v.steps, step{fmt.Sprintf("event %d", n+1), kindOf(e.Body), e.Status, e.Header, string(e.Body)})
	}
	return v
}

// kindOf returns the type of an event; that of a check for an event without a type.
func kindOf(event []byte) string {
	var e struct{ Type string }
	if _ = json.Unmarshal(event, &e); mutant.IsEvent(e.Type) {
		return e.Type
	}
	return mutant.Event
}

// keep stores the text at a path in the reply of an honest server.
func (v *tour) keep(name, body string, path ...string) {
	if !v.honest {
		return
	}
	var value any
	_ = json.Unmarshal([]byte(body), &value) // the honest server sends valid JSON
	for _, name := range path {
		list, _ := members(value)
		value = list[name]
	}
	text, ok := value.(string)
	if !ok {
		v.t.Fatalf("no %s in %s", name, body)
	}
	v.kept[name] = text
}

const person = `"first_name": "Edward", "last_name": "VSee", "type": 200, "dob": "1986-01-01", "gender": 1, "email": "edward@vseelab.com",
	"phone": "5550100", "street_addr": "2868 Tully Street", "city": "Detroit", "state": "MI", "zip": "48226"`

// signOn signs a user on, and keeps their id and token under a name.
func (v *tour) signOn(name, code string) {
	header := map[string]string{"X-AccountCode": "tour", "X-ApiKey": v.clinic.Key, "X-ApiSecret": v.clinic.Secret}
	body := v.ask(name+" signs on", "signOn", "POST", "/users/sso", `{"code": "`+code+`", `+person+`}`, header)
	v.keep(name, body, "data", "id")
	v.keep(name+"'s token", body, "data", "token", "token")
}

func by(token string) map[string]string { return map[string]string{"X-ApiToken": token} }

// admin and patient return the headers of these two callers.
func (v *tour) admin() map[string]string   { return by(v.clinic.Admin) }
func (v *tour) patient() map[string]string { return by(v.kept["a's token"]) }

// ask sends a request and records the reply.
func (v *tour) ask(name, operation, method, path, body string, header map[string]string) string {
	v.t.Helper()
	said := v.send(method, "/api_v3"+path, body, header)
	said.name, said.operation = name, operation
	for _, dull := range []string{"Date", "Content-Length", "X-Request-Id"} {
		said.header.Del(dull)
	}
	v.steps = append(v.steps, said)
	return said.body
}

func (v *tour) control(method, path, body string) string {
	v.t.Helper()
	said := v.send(method, "/_mock"+path, body, nil)
	if said.status > 299 {
		v.t.Fatalf("%s: %d %s", path, said.status, said.body)
	}
	return said.body
}

func (v *tour) send(method, path, body string, header map[string]string) step {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.url+path, strings.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	if strings.HasPrefix(path, "/api_v3") {
		r.Host = "vsee.example.com" // the API uses this host in the URLs of its files
	}
	in, err := transport.RoundTrip(r)
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

// transport belongs to these tests alone. httptest closes the idle connections of net/http's own transport
// whenever a server of a test ends. That would also close a connection whose reply, without a body, is just being
// read.
var transport = &http.Transport{}
