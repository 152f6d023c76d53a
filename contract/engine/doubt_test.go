package engine_test

import (
	"maps"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/contract/engine"
)

// Of two replies that differ, the one that is wrong by other evidence is at fault, and it is one cause.
func TestADifferenceOfTwoRepliesIsOfTheOneThatIsWrong(t *testing.T) {
	t.Parallel()
	const rule = "the city must be the same in each reply"
	var city any // as the fake has it
	read := func(t *engine.Trial) (signedOn, me, byID engine.Reply) {
		f := engine.Form{{"code", engine.Unique()}}
		signedOn = t.Send(engine.Post("/users/sso", engine.Multipart(f)).About(engine.User{Code: f.Value("code")}))
		u := engine.User{ID: signedOn.NeedText("/data/id"), Token: signedOn.NeedText("/data/token/token")}
		city = signedOn.At("/data/city")
		return signedOn, t.Send(engine.Get("/me").By(u)), t.Send(engine.Get("/users/" + u.ID).By(u))
	}
	differs := requires("A-001", func(t *engine.Trial) {
		_, me, byID := read(t)
		byID.Same("/data/city", me, rule)
	})
	elsewhere := func(body map[string]any) { data(body)["city"] = "Elsewhere" }
	for name, tc := range map[string]struct {
		with   engine.Requirement
		change func(body map[string]any)
		want   string
	}{
		"without other evidence": {requires("A-002", func(*engine.Trial) {}), elsewhere,
			"breaking|value|getUser|ok|/data/city|as derived|changed: other"},
		"another cause": {requires("A-002", func(t *engine.Trial) {
			_, me, _ := read(t)
			me.Value("/data/city").Sent(city, "the city must be the one that was sent")
		}), elsewhere, "breaking|lost-write|getMe|ok|/data/city|as sent|changed: other"},
		"another difference": {requires("A-002", func(t *engine.Trial) {
			signedOn, me, _ := read(t)
			signedOn.Same("/data/city", me, rule)
		}), elsewhere, "breaking|value|getMe|ok|/data/city|as derived|changed: other"},
		"a right value": {requires("A-002", func(t *engine.Trial) {
			_, _, byID := read(t)
			byID.Equal("/data/city", city, "the city must be the one that was sent")
		}), elsewhere, "breaking|value|getMe|ok|/data/city|as derived|changed: other"},
		"a missing value": {requires("A-002", func(*engine.Trial) {}), func(body map[string]any) {
			delete(data(body), "city")
		}, "breaking|value|getMe|ok|/data/city|as derived|absent"},
	} {
		f := newFake(t)
		f.after = func(r *http.Request, _ *int, body map[string]any) {
			if path(r, "/me") && body["data"] != nil {
				tc.change(body)
			}
		}
		run := f.face(t, differs, tc.with)
		if diff := cmp.Diff([]string{tc.want}, keys(run)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A refused token is a consequence of a reply with a wrong token.
func TestARefusedTokenIsOfTheReplyWithIt(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.after = func(r *http.Request, _ *int, body map[string]any) {
		if path(r, "/users/sso") && body["data"] != nil {
			token, _ := data(body)["token"].(map[string]any)
			token = maps.Clone(token)
			token["token"], data(body)["token"] = "70cae000000000000000999999999999", token
		}
	}
	run := f.face(t, requires("A-001", func(t *engine.Trial) {
		signedOn := t.Send(engine.Post("/users/sso", engine.Multipart(engine.Form{{"code", engine.Unique()}})))
		works := t.Send(engine.Get("/me").Token(signedOn.NeedText("/data/token/token"))).Expected()
		signedOn.Value("/data/token/token").Holds(works, "a token that works", "a token that is refused", "it must work")
	}))
	want := []string{"breaking|value|signOn|ok|/data/token/token|a token that works|a token that is refused"}
	if diff := cmp.Diff(want, keys(run)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
