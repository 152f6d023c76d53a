package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// fake is a tiny server that behaves as openapi.yaml has it, for sign-on, /me, /users/{id} and /insurances.
type fake struct {
	*httptest.Server

	// before may answer a request in place of the server; it reports whether it has.
	before func(w http.ResponseWriter, r *http.Request) bool
	// after may change the status and the body of a reply.
	after func(r *http.Request, status *int, body map[string]any)

	mu    sync.Mutex
	asked map[string]int // requests by method and path
	users []map[string]any
}

const (
	account    = "fakeclinic"
	adminToken = "admin-token-of-the-fake"
	tokens     = "70cae000000000000000" // the beginning of each token
	patientsOf = "Lovelace"             // the last name of each patient: it may be in no report
)

func newFake(t *testing.T) *fake {
	t.Helper()
	f := &fake{asked: map[string]int{}}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked[r.Method+" "+r.URL.Path]++
	if f.before != nil && f.before(w, r) {
		return
	}
	status, body := http.StatusOK, map[string]any{}
	if data := f.answer(r); data != nil {
		body["data"] = data
	} else {
		status, body = http.StatusUnauthorized, map[string]any{"code": http.StatusUnauthorized, "message": "no"}
	}
	if f.after != nil {
		f.after(r, &status, body)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// answer returns the data of a reply, nil for a caller who is not known.
func (f *fake) answer(r *http.Request) map[string]any {
	path := strings.TrimPrefix(r.URL.Path, "/api_v3")
	switch {
	case path == "/users/sso":
		return f.signOn(r)
	case path == "/insurances" && r.Header.Get(engine.TokenHeader) != "":
		return map[string]any{"insurers": []any{map[string]any{"id": "car7556", "name": "HEALTH CHOICE ARIZONA"}}}
	}
	for _, u := range f.users {
		token, _ := u["token"].(map[string]any)
		if token["token"] != r.Header.Get(engine.TokenHeader) {
			continue
		}
		if r.Method == http.MethodPost {
			u["city"] = r.FormValue("city")
		}
		shown := maps.Clone(u)
		delete(shown, "token")
		return shown
	}
	return nil
}

// signOn makes a user from the example of the document.
func (f *fake) signOn(r *http.Request) map[string]any {
	op, _ := embedded.Spec().Operation("signOn")
	var body struct{ Data map[string]any }
	_ = json.Unmarshal(op.Examples(http.StatusOK)[0], &body)
	n, u := len(f.users)+1, body.Data
	u["id"], u["code"], u["account_code"], u["last_name"] = fmt.Sprint(1000+n), r.FormValue("code"), account, patientsOf
	token, _ := u["token"].(map[string]any)
	refresh, _ := token["refresh_token"].(map[string]any)
	token["token"], token["user_id"], refresh["user_id"] = fmt.Sprintf(tokens+"%012d", n), u["id"], u["id"]
	f.users = append(f.users, u)
	return maps.Clone(u)
}

// quick is a clock that does not wait.
type quick struct{}

func (quick) Now() time.Time                                  { return time.Unix(1_700_000_000, 0) }
func (quick) Wait(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// options are those of a run against the fake.
func (f *fake) options(list ...engine.Requirement) engine.Options {
	return engine.Options{
		Config: config.Config{
			BaseURL: f.URL + "/api_v3", AccountCode: account, Key: "key-of-the-fake", Secret: "secret-of-the-fake",
			AdminToken: adminToken, AllowMutating: true, Rate: 1e6,
		},
		Requirements: append(list, engine.Shapes()...), Clock: quick{},
	}
}

// face runs requirements against the fake.
func (f *fake) face(t *testing.T, list ...engine.Requirement) result.Run {
	t.Helper()
	run, err := engine.Run(t.Context(), f.options(list...))
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// requires returns a requirement of GET /me, documented.
func requires(id string, body func(t *engine.Trial)) engine.Requirement {
	return engine.Requirement{
		Requirement: requirement.Requirement{
			ID: id, Title: "It holds", Level: requirement.Must, Operation: "getMe", Effect: requirement.Changes,
			Evidence: requirement.Documented,
		},
		Body: body,
	}
}

// signOn signs a patient on.
func signOn(t *engine.Trial) engine.User {
	f := engine.Form{{"first_name", "Contract"}, {"last_name", "Patient"}, {"type", "200"}, {"code", engine.Unique()}}
	r := t.Send(engine.Post("/users/sso", engine.Multipart(f)).About(engine.User{Code: f.Value("code")}))
	return engine.User{ID: r.NeedText("/data/id"), Code: f.Value("code"), Token: r.NeedText("/data/token/token")}
}

// keys returns the causes of a run as texts: class, kind, operation, case, pointer, expected, got.
func keys(run result.Run) []string {
	var all []string
	for _, c := range run.Causes {
		all = append(all, strings.Join([]string{
			string(c.Class), string(c.Kind), c.Operation, string(c.Case), c.Pointer, c.Expected, c.Got,
		}, "|"))
	}
	return all
}

// state returns the state of a requirement.
func state(run result.Run, id string) result.State {
	for _, r := range run.Requirements {
		if r.ID == id {
			return r.State
		}
	}
	return ""
}
