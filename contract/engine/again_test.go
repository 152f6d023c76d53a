package engine_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/contract/engine"
)

// A field that a reply about a user may leave out cannot go while nothing is written. After a write that takes fields
// away, and for another token, it may.
func TestAFieldThatGoesWhileNothingIsWrittenIsACause(t *testing.T) {
	t.Parallel()
	const gone = "unclear|missing|getMe|ok|/data/timezone|as before|absent"
	first := func(n int) bool { return n == 1 }
	for name, tc := range map[string]struct {
		between func(t *engine.Trial, u engine.User)
		shows   func(n int) bool // whether the nth reply to GET /me has the field
		want    string
	}{
		"in both":   {nil, func(int) bool { return true }, ""},
		"in none":   {nil, func(int) bool { return false }, ""},
		"it comes":  {nil, func(n int) bool { return n > 1 }, ""},
		"it goes":   {nil, first, gone},
		"a reading": {func(t *engine.Trial, u engine.User) { t.Send(engine.Get("/users/" + u.ID).By(u)) }, first, gone},
		"an update": {func(t *engine.Trial, u engine.User) {
			t.Send(engine.Post("/me", engine.URLEncoded(engine.Form{{"city", "Ann Arbor"}})).By(u))
		}, first, ""},
		"a stale reading": {func(t *engine.Trial, u engine.User) {
			write := t.Send(engine.Post("/me", engine.URLEncoded(engine.Form{{"city", "Ann Arbor"}})).By(u))
			t.ReadBack(write, []engine.Way{{Request: engine.Get("/me").By(u)}}, engine.Field{Pointer: "/data/timezone",
				Want: "America/New_York", Rule: "the time zone must be as sent"})
		}, func(n int) bool { return n%2 == 1 }, gone},
	} {
		f, n := newFake(t), 0
		f.after = func(r *http.Request, _ *int, body map[string]any) {
			if body["data"] == nil || !strings.HasPrefix(r.URL.Path, "/api_v3/me") && !path(r, "/users/sso") {
				return
			}
			data(body)["timezone"] = "America/New_York"
			if r.Method == http.MethodGet {
				if n++; !tc.shows(n) {
					delete(data(body), "timezone")
				}
			}
		}
		run := f.face(t, requires("A-001", func(t *engine.Trial) {
			u := signOn(t)
			t.Send(engine.Get("/me").By(u))
			if tc.between != nil {
				tc.between(t, u)
			}
			t.Send(engine.Get("/me").By(u))
		}))
		if diff := cmp.Diff(tc.want, strings.Join(keys(run), "; ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
