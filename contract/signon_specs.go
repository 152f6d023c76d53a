package contract

import (
	"net/http"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

func signOnSpecs(t *target) {
	sso := func(w *world, f form) response {
		return w.send(http.MethodPost, "/users/sso", asMultipart(f), w.byKey())
	}
	Describe("Sign-on", func() {
		t.require("is idempotent: the same code is the same user", documented, nil, func(w *world) {
			f := somebody()
			first, again := sso(w, f), sso(w, f)
			Expect(again.Status).To(Equal(ok))
			Expect(again.text("data", "id")).To(Equal(first.text("data", "id")))
			Expect(again.text("data", "vseeid")).To(Equal(first.text("data", "vseeid")))
			Expect(again.at("data", "created")).To(Equal(first.at("data", "created")))
		})
		t.require("leaves the tokens of earlier calls valid", inferred, nil, func(w *world) {
			f := somebody()
			first, again := w.signOn(f), w.signOn(f)
			for _, u := range []user{first, again} {
				Expect(w.send(http.MethodGet, "/me", payload{}, byToken(u.token)).Status).To(Equal(ok))
			}
		})
		t.require("updates the fields that a later call sends", ours, nil, func(w *world) {
			f := somebody()
			w.signOn(f)
			again := sso(w, append(form{{"first_name", "Second"}}, f[1:]...))
			Expect(again.text("data", "full_name")).To(Equal("Second Patient"))
			Expect(again.text("data", "zip")).To(Equal("48226"))
		})
		t.require("answers a creation with 200, and no code at top level", observed, nil, func(w *world) {
			r := sso(w, somebody())
			Expect(r.Status).To(Equal(ok))
			Expect(r.at("code")).To(BeNil())
		})
		t.require("returns a token whose life is a day, and a refresh token whose life is 30", seed, nil, func(w *world) {
			r := sso(w, somebody())
			token := func(path ...string) float64 {
				n, _ := r.at(append([]string{"data", "token"}, path...)...).(float64)
				return n
			}
			Expect(token("expiry") - token("created")).To(BeEquivalentTo(86_400))
			Expect(token("refresh_token", "expiry") - token("refresh_token", "created")).To(BeEquivalentTo(2_592_000))
		})
		t.require("returns an id of VSee that begins with the second of creation", inferred, nil, func(w *world) {
			r := sso(w, somebody())
			created, _ := r.at("data", "created").(float64)
			_, hex, _ := strings.Cut(r.text("data", "vseeid"), "+")
			Expect(hex).To(HavePrefix(strconv.FormatInt(int64(created), 16)))
		})
		t.require("adds the VSee account with ?fields=vsee", documented, nil, func(w *world) {
			r := w.send(http.MethodPost, "/users/sso?fields=vsee", asMultipart(somebody()), w.byKey())
			Expect(r.text("data", "vsee", "id")).To(Equal(r.text("data", "vseeid")))
		})
		t.require("takes a guest with an empty last name and no code", observed, nil, func(w *world) {
			r := sso(w, form{{"first_name", "Contract"}, {"last_name", ""}, {"type", "600"}})
			Expect(r.Status).To(Equal(ok))
			Expect(r.text("data", "token", "user_type")).To(Equal("600"))
		})
		without := func(name string) form {
			var rest form
			for _, field := range somebody() {
				if field[0] != name {
					rest = append(rest, field)
				}
			}
			return rest
		}
		for _, c := range []struct {
			title, grade string
			form         form
		}{
			{"refuses a user without a first name", documented, without("first_name")},
			{"refuses a user without a last name", documented, without("last_name")},
			{"refuses a member without a code", documented, without("code")},
			{"refuses a code of 129 characters", documented, without("code").and("code", strings.Repeat("c", 129))},
			{"refuses a type that users do not have", documented, without("type").and("type", "999")},
			{"refuses an impossible birth date", ours, without("dob").and("dob", "2020-02-31")},
			{"refuses a gender that is none", ours, without("gender").and("gender", "3")},
			{"refuses a field that it does not know", ours, somebody().and("frist_name", "x")},
		} {
			t.require(c.title, c.grade, nil, func(w *world) { refused(sso(w, c.form), http.StatusBadRequest) })
		}
	})
}
