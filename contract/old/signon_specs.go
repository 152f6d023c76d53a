//go:build ignore

package contract

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// hexOf is the form of a VSee id with a second id in it.
var hexOf = regexp.MustCompile(`\+([0-9a-f]{32})$`)

func signOnSpecs(t *target) {
	sso := func(w *world, f form) response {
		GinkgoHelper()
		Expect(w.isSynthetic(f)).To(BeTrue(), "the member is made up, as the configuration's pattern has it")
		return w.send(http.MethodPost, "/users/sso", asMultipart(f), w.byKey())
	}
	t.in("Sign-on", func() {
		t.require(required{
			id: "SIGN-001", title: "is idempotent: the same code is the same user",
			level: must, operation: "signOn", effect: mutating, evidence: documented,
		}, func(w *world) {
			f := somebody()
			first, again := sso(w, f), sso(w, f)
			Expect(again.Status).To(Equal(ok), "the status of the second sign-on")
			Expect(again.text("data", "id")).To(Equal(first.text("data", "id")), "the id at the second sign-on")
			Expect(again.text("data", "vseeid")).To(Equal(first.text("data", "vseeid")), "the id of VSee at the second sign-on")
			Expect(again.at("data", "created")).To(Equal(first.at("data", "created")), "the second of creation at the second sign-on")
		})
		t.require(required{
			id: "SIGN-002", title: "leaves the tokens of earlier calls valid",
			level: should, operation: "signOn", effect: mutating, evidence: inferred,
		}, func(w *world) {
			f := somebody()
			first, again := w.signOn(f), w.signOn(f)
			for _, u := range []user{first, again} {
				Expect(w.send(http.MethodGet, "/me", payload{}, byToken(u.token)).Status).To(Equal(ok), "the status of a call by each token")
			}
		})
		t.require(required{
			id: "SIGN-003", title: "updates the fields that a later call sends",
			level: may, operation: "signOn", effect: mutating, evidence: ours,
		}, func(w *world) {
			f := somebody()
			w.signOn(f)
			again := sso(w, append(form{{"first_name", "Second"}}, f[1:]...))
			Expect(again.text("data", "full_name")).To(Equal("Second Patient"), "the name after the second sign-on")
			Expect(again.text("data", "zip")).To(Equal("48226"), "the zip code, which was sent again")
		})
		t.require(required{
			id: "SIGN-004", title: "answers a creation with 200, and no code at top level",
			level: must, operation: "signOn", effect: mutating, evidence: observed,
		}, func(w *world) {
			r := sso(w, somebody())
			Expect(r.Status).To(Equal(ok), "the status")
			Expect(r.at("code")).To(BeNil(), "a code at top level")
		})
		t.require(required{
			id: "SIGN-005", title: "returns a token whose life is a day, and a refresh token whose life is 30",
			level: must, operation: "signOn", effect: mutating, evidence: seed,
		}, func(w *world) {
			r := sso(w, somebody())
			token := func(path ...string) float64 {
				n, _ := r.at(append([]string{"data", "token"}, path...)...).(float64)
				return n
			}
			Expect(token("expiry")-token("created")).To(BeEquivalentTo(86_400), "the life of the token in seconds")
			Expect(token("refresh_token", "expiry")-token("refresh_token", "created")).To(BeEquivalentTo(2_592_000), "the life of the refresh token in seconds")
		})
		t.require(required{
			id: "SIGN-006", title: "returns an id of VSee that begins with the second of creation",
			level: may, operation: "signOn", effect: mutating, evidence: inferred,
		}, func(w *world) {
			r := sso(w, somebody())
			Expect(r.Status).To(Equal(ok), "the status")
			created, _ := r.at("data", "created").(float64)
			if hex := hexOf.FindStringSubmatch(r.text("data", "vseeid")); hex != nil { // other forms have no time
				Expect(hex[1]).To(HavePrefix(strconv.FormatInt(int64(created), 16)), "the second in the id of VSee")
			}
		})
		t.require(required{
			id: "SIGN-007", title: "adds the VSee account with ?fields=vsee",
			level: must, operation: "signOn", effect: mutating, evidence: documented,
		}, func(w *world) {
			r := w.send(http.MethodPost, "/users/sso?fields=vsee", asMultipart(somebody()), w.byKey())
			isOK(r)
			Expect(r.text("data", "vsee", "id")).To(Equal(r.text("data", "vseeid")), "the id of the VSee account")
		})
		t.require(required{
			id: "SIGN-008", title: "takes a guest with an empty last name and no code",
			level: should, operation: "signOn", effect: mutating, evidence: observed,
		}, func(w *world) {
			r := sso(w, form{{"first_name", "Contract"}, {"last_name", ""}, {"type", "600"}})
			Expect(r.Status).To(Equal(ok), "the status")
			Expect(r.text("data", "token", "user_type")).To(Equal("600"), "the type of the user")
		})
		t.require(required{
			id: "SIGN-030", title: "takes a provider with an empty last name",
			level: should, operation: "signOn", effect: mutating, evidence: observed,
		}, func(w *world) {
			r := sso(w, form{{"first_name", "Contract"}, {"last_name", ""}, {"type", "400"}, {"code", unique()}})
			Expect(r.Status).To(Equal(ok), "the status")
			Expect(r.text("data", "token", "user_type")).To(Equal("400"), "the type of the user")
		})
		t.require(required{
			id: "SIGN-031", title: "assigns a provider to the room whose code comes with it",
			level: should, operation: "signOn", effect: mutating, evidence: inferred, needs: []need{aMock},
		}, func(w *world) {
			r := sso(w, form{{"first_name", "Contract"}, {"last_name", ""}, {"type", "400"}, {"code", unique()}, {"room_code", "abcde"}})
			Expect(r.Status).To(Equal(ok), "the status")
			rooms, _ := r.at("data", "rooms").([]any)
			Expect(rooms).To(ContainElement(HaveKeyWithValue("code", "abcde")), "the rooms of the provider")
		})
		t.require(required{
			id: "SIGN-017", title: "returns the user as they were sent, in the clinic that they were sent to",
			level: must, operation: "signOn", effect: mutating, evidence: seed,
		}, func(w *world) {
			f := somebody()
			r := sso(w, f)
			for _, field := range f {
				switch field[0] {
				case "type": // the type is in the token object
					Expect(r.text("data", "token", "user_type")).To(Equal(field[1]), "the type as it was sent")
				case "gender":
					Expect(r.at("data", "gender")).To(BeEquivalentTo(1), "the gender as it was sent")
				default:
					Expect(r.text("data", field[0])).To(Equal(field[1]), field[0])
				}
			}
			Expect(r.text("data", "full_name")).To(Equal("Contract Patient"), "the full name")
			Expect(r.text("data", "account_code")).To(Equal(w.clinic.AccountCode), "the account code of the clinic")
			Expect(r.at("data", "clinics")).To(ContainElement(w.clinic.AccountCode), "the clinics of the user")
		})
		t.require(required{
			id: "SIGN-018", title: "returns tokens of the user whom it returns",
			level: must, operation: "signOn", effect: mutating, evidence: seed,
		}, func(w *world) {
			r := sso(w, somebody())
			Expect(r.text("data", "token", "user_id")).To(Equal(r.text("data", "id")), "whose the token is")
			Expect(r.text("data", "token", "refresh_token", "user_id")).To(Equal(r.text("data", "id")), "whose the refresh token is")
			Expect(r.text("data", "token", "refresh_token", "token")).NotTo(Equal(r.text("data", "token", "token")), "the refresh token beside the token")
			me := w.send(http.MethodGet, "/me", payload{}, byToken(r.text("data", "token", "token")))
			Expect(me.text("data", "id")).To(Equal(r.text("data", "id")), "the id of the token's owner")
		})
		t.require(required{
			id: "SIGN-019", title: "returns a new patient as active, verified, and without terms accepted",
			level: must, operation: "signOn", effect: mutating, evidence: seed,
		}, func(w *world) {
			r := sso(w, somebody())
			Expect(r.at("data", "active")).To(BeEquivalentTo(true), "that the user is active")
			Expect(r.at("data", "status")).To(BeEquivalentTo(20), "the status of the user")
			Expect(r.at("data", "email_verified")).To(BeEquivalentTo(true), "that the e-mail address is verified")
			Expect(r.at("data", "tos")).To(BeEquivalentTo(false), "that terms are accepted")
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
			required
			form form
		}{
			{required{"SIGN-009", "refuses a user without a first name", must, "signOn", mutating, documented, nil}, without("first_name")},
			{required{"SIGN-010", "refuses a user without a last name", must, "signOn", mutating, documented, nil}, without("last_name")},
			{required{"SIGN-011", "refuses a member without a code", must, "signOn", mutating, documented, nil}, without("code")},
			{required{"SIGN-012", "refuses a code of 129 characters", must, "signOn", mutating, documented, nil}, without("code").and("code", "contract-"+strings.Repeat("c", 120))},
			{required{"SIGN-013", "refuses a type that users do not have", must, "signOn", mutating, documented, nil}, without("type").and("type", "999")},
			{required{"SIGN-014", "refuses an impossible birth date", may, "signOn", mutating, ours, nil}, without("dob").and("dob", "2020-02-31")},
			{required{"SIGN-015", "refuses a gender that is none", may, "signOn", mutating, ours, nil}, without("gender").and("gender", "5")},
			{required{"SIGN-016", "refuses a field whose name is mistyped, as the mock does", may, "signOn", mutating, ours, nil}, somebody().and("frist_name", "x")},
		} {
			t.require(c.required, func(w *world) { refused(sso(w, c.form), http.StatusBadRequest) })
		}
	})
}
