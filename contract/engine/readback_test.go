package engine_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/contract/engine"
)

// A value lost at one write is no loss of the next write: that one keeps the value it finds.
func TestALossIsOfTheWriteThatLosesIt(t *testing.T) {
	t.Parallel()
	keeps := func(t *engine.Trial) {
		u := signOn(t)
		ways := []engine.Way{{Request: engine.Get("/me").By(u)}, {Request: engine.Get("/users/" + u.ID).By(u)}}
		write := func(fields ...engine.Field) []engine.Field {
			form := engine.Form{{"city", "Ann Arbor"}}
			return t.ReadBack(t.Send(engine.Post("/me", engine.URLEncoded(form)).By(u)), ways, fields...)
		}
		stored := write(engine.Field{Pointer: "/data/state", Want: "AZ", Rule: "the state must be the one that was sent"})
		write(append(stored, engine.Field{Pointer: "/data/city", Want: "Ann Arbor",
			Rule: "the city must be the one that was sent"})...)
	}
	for name, tc := range map[string]struct {
		state func(posts int) string
		want  []string
	}{
		"lost by the first": {func(int) string { return "MI" },
			[]string{"breaking|lost-write|updateMe|ok|/data/state|as sent|changed: other"}},
		"lost by the second": {func(posts int) string { return map[bool]string{true: "AZ", false: "MI"}[posts < 2] },
			[]string{"breaking|lost-write|updateMe|ok|/data/state|as sent|changed: other"}},
		"kept": {func(int) string { return "AZ" }, nil},
	} {
		f, posts := newFake(t), 0
		f.after = func(r *http.Request, _ *int, body map[string]any) {
			if path(r, "/me") && r.Method == http.MethodPost {
				posts++
			}
			if body["data"] != nil {
				data(body)["state"] = tc.state(posts)
			}
		}
		run := f.face(t, requires("A-001", keeps))
		if diff := cmp.Diff(tc.want, keys(run)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if len(run.Causes) == 1 && run.Causes[0].Seen != 1 {
			t.Errorf("%s: seen %d times", name, run.Causes[0].Seen)
		}
	}
}

// Of several replies about a user, the one that differs from the others is wrong.
func TestTheReplyThatDiffersIsWrong(t *testing.T) {
	t.Parallel()
	agree := func(t *engine.Trial) {
		f := engine.Form{{"code", engine.Unique()}}
		first := t.Send(engine.Post("/users/sso", engine.Multipart(f)).About(engine.User{Code: f.Value("code")}))
		u := engine.User{ID: first.NeedText("/data/id"), Token: first.NeedText("/data/token/token")}
		t.Agree("must be the same in each reply", first,
			[]engine.Reply{t.Send(engine.Get("/me").By(u)), t.Send(engine.Get("/users/" + u.ID).By(u))},
			"/data/city")
	}
	for at, want := range map[string]string{"/users/sso": "signOn", "/me": "getMe", "/users/10": "getUser"} {
		f := newFake(t)
		f.after = func(r *http.Request, _ *int, body map[string]any) {
			if strings.HasPrefix(r.URL.Path, "/api_v3"+at) && body["data"] != nil {
				data(body)["city"] = "Elsewhere"
			}
		}
		run := f.face(t, requires("A-001", agree))
		if diff := cmp.Diff([]string{"breaking|value|" + want + "|ok|/data/city|as derived|changed: other"},
			keys(run)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", at, diff)
		}
	}
}

// Nobody has sent a derived value: a reading of another one is no lost write, and a loss says so. When the texts of its
// parts are wrong, too, they are the cause.
func TestADerivedValueIsNotSaidToBeSent(t *testing.T) {
	t.Parallel()
	derives := func(t *engine.Trial) {
		f := engine.Form{{"code", engine.Unique()}}
		write := t.Send(engine.Post("/users/sso", engine.Multipart(f)))
		u := engine.User{ID: write.NeedText("/data/id"), Token: write.NeedText("/data/token/token")}
		ways := []engine.Way{{Request: engine.Get("/me").By(u)}, {Request: engine.Get("/users/" + u.ID).By(u)}}
		t.ReadBack(write, ways, engine.Field{Pointer: "/data/first_name", Want: "Contract", Rule: "it must be as sent"},
			engine.Field{Pointer: "/data/full_name", Want: "Contract " + patientsOf, Rule: "it must be both names",
				From: []string{"/data/first_name", "/data/last_name"}})
	}
	const right, wrong = "Contract " + patientsOf, patientsOf + " Contract"
	names := func(first, full string) map[string]any { return map[string]any{"first_name": first, "full_name": full} }
	for name, tc := range map[string]struct {
		signOn, me, byID map[string]any
		want             string
	}{
		"as derived": {names("Contract", right), names("Contract", right), names("Contract", right), ""},
		"one reading is wrong": {names("Contract", right), names("Contract", right), names("Contract", wrong),
			"breaking|value|getUser|ok|/data/full_name|as derived|changed: other"},
		"all replies are wrong": {names("Contract", wrong), names("Contract", wrong), names("Contract", wrong),
			"breaking|lost-write|signOn|ok|/data/full_name|as derived|changed: other"},
		"one reading is of other parts": {names("Contract", right), names("Contract", right), names("Other", "Other One"),
			"breaking|lost-write|getUser|ok|/data/first_name|as sent|changed: other"},
		"one reading is in capitals": {names("Contract", right), names("CONTRACT", strings.ToUpper(right)),
			names("Contract", right), "breaking|lost-write|getMe|ok|/data/first_name|as sent|changed: case"},
	} {
		f := newFake(t)
		f.after = func(r *http.Request, _ *int, body map[string]any) {
			shown := tc.byID
			switch {
			case body["data"] == nil || path(r, "/insurances"):
				return
			case path(r, "/users/sso"):
				shown = tc.signOn
			case path(r, "/me"):
				shown = tc.me
			}
			maps.Copy(data(body), shown)
		}
		run := f.face(t, requires("A-001", derives))
		if diff := cmp.Diff(tc.want, strings.Join(keys(run), "; ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A value derived from a wrong one is no further cause.
func TestADerivedValueIsNoFurtherCause(t *testing.T) {
	t.Parallel()
	derives := func(t *engine.Trial) {
		r := t.Send(engine.Get("/me").By(signOn(t)))
		r.Value("/data/code").From("/data/id").Equal(r.At("/data/id"), "a code derived from the id")
	}
	f := newFake(t)
	f.after = func(r *http.Request, _ *int, body map[string]any) {
		if path(r, "/me") && body["data"] != nil {
			delete(data(body), "id")
		}
	}
	run := f.face(t, requires("A-001", derives))
	if diff := cmp.Diff([]string{"breaking|missing|getMe|ok|/data/id|present|absent"}, keys(run)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
