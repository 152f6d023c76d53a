package specs

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

func userSpecs(l *list) {
	ownerSpecs(l)
	wholeSpecs(l)
	updateSpecs(l)
	keptFieldSpecs(l)
	l.require(rule{
		ID: "USER-010", Title: "GET /users/{id} says how far signing up has come",
		Operation: "getUser", Evidence: documented, Level: requirement.Should, Effect: safe, Needs: []need{aMember},
	}, func(t *trial) {
		_, isNumber := t.read(t.patient()).At("/data/signup_step").(float64)
		t.read(t.patient()).Value("/data/signup_step", isNumber).Equal(true, "the step of signing up must be a number")
	})
	l.add(seed, "USER-005", "getMe", "GET /me refuses an expired token", func(t *trial) {
		u := t.newPatient()
		t.Pass(86_400*time.Second - 1)
		t.Send(engine.Get("/me").By(u)).Expected()
		t.Pass(1)
		t.Send(engine.Get("/me").By(u).As(result.WrongToken)).Refused()
	}, aClock)
}

// ownerSpecs cover two ways to read a user.
func ownerSpecs(l *list) {
	for _, c := range [][3]string{
		{"USER-001", "GET /me shows the token's owner, as the sign-on returned them", "getMe"},
		{"USER-002", "GET /users/{id} shows the user with the id, as the sign-on returned them", "getUser"},
	} {
		l.add(documented, c[0], c[2], c[1], func(t *trial) {
			for n := range 2 { // the second user must not be shown as the first
				f := patientForm().With("first_name", "Contract-"+strconv.Itoa(n))
				signedOn := t.Send(t.sso(f))
				u := t.signedOn(f, signedOn)
				me, byID := t.Send(engine.Get("/me").By(u)), t.Send(t.byAdmin(engine.Get("/users/"+u.ID)).About(u))
				map[string]reply{"getMe": me, "getUser": byID}[c[2]].Expected()
				t.Agree("must be the same at the sign-on and after it", signedOn, []reply{me, byID}, inData(append(lasting(),
					"id", "code", "first_name", "last_name", "full_name", "username", "vseeid", "dob", "gender", "subtype",
					"street_addr", "city", "state", "zip", "timezone"))...)
			}
		})
	}
}

// wholeSpecs cover each reply with a user: all are the same, for a user with all fields and the result of a check.
func wholeSpecs(l *list) {
	for _, c := range []struct {
		id, operation, call string
		evidence            requirement.Evidence
		act                 func(t *trial, f form, signedOn reply, u user) reply
	}{
		{"USER-015", "updateMe", "POST /me", inferred, func(t *trial, _ form, _ reply, u user) reply {
			return t.update(u, engine.Multipart(form{{"city", "Ann Arbor"}}))
		}},
		{"SIGN-044", "signOn", "signOn", inferred, func(t *trial, f form, _ reply, u user) reply { return t.again(f, u) }},
		{"LOGIN-009", "login", "login", ours, func(t *trial, f form, _ reply, u user) reply {
			t.credentials(u, password)
			_, r := t.enters("login.json", form{{"username", f.Value("username")}, {"password", password}}, u)
			return r
		}},
		{"LOGIN-010", "refreshToken", "refreshToken", ours, func(t *trial, _ form, signedOn reply, u user) reply {
			_, r := t.enters("refresh_token", form{{"refresh_token", signedOn.NeedText("/data/token/refresh_token/token")}}, u)
			return r
		}},
	} {
		title := c.call + " returns the whole user as GET /me and GET /users/{id} show them"
		l.add(c.evidence, c.id, c.operation, title, func(t *trial) {
			f := t.wholeForm()
			signedOn := t.Send(t.sso(f))
			u := t.signedOn(f, signedOn)
			const first, rule = "/data/insurance/primary/carrier_code", "the check needs a card"
			signedOn.Need(signedOn.Value(first).Sent(t.carrier(), rule), first, rule)
			t.startCheck(u, t.carrier())
			const second = "/data/insurance/secondary/carrier_code"
			if t.IsMock() && signedOn.Text(second) == f.Value("insurance.secondary_carrier_code") {
				t.startCheck(u, signedOn.Text(second))
			}
			t.Pass(cronDelay)
			text := t.result(u, primary).Text(resultAt(primary))
			if t.Send(engine.Get("/me").By(u)).Text(resultAt(primary)) != text {
				text = "" // one of the two is wrong, which is a cause elsewhere
			}
			r := c.act(t, f, signedOn, u)
			r.Expected()
			if r.Trusted() {
				u.Token = cmp.Or(r.Text("/data/token/token"), u.Token) // that the former one ends is a cause elsewhere
			}
			me, byID, names := t.Send(engine.Get("/me").By(u)), t.read(u), []string(nil)
			for name := range object(me.At("/data"), byID.At("/data")) {
				if name != "signup_step" { // GET /users/{id} alone has it
					names = append(names, name)
				}
			}
			slices.Sort(names)
			t.Agree("must be the same in the reply to "+c.call+" and the others", me, []reply{r, byID}, inData(names)...)
			if text != "" && c.operation == "updateMe" { // a sign-on may write the cards again
				t.ReadBack(r, t.userWays(u), engine.Field{Pointer: resultAt(primary), Want: text, Rule: "the result must be kept"})
			}
		})
	}
}

// object returns the members of objects, and nothing of other values.
func object(values ...any) map[string]any {
	all := map[string]any{}
	for _, value := range values {
		members, _ := value.(map[string]any)
		maps.Copy(all, members)
	}
	return all
}

// inData returns the pointers of names in the data of a reply.
func inData(names []string) []string {
	pointers := make([]string, len(names))
	for i, name := range names {
		pointers[i] = "/data/" + name
	}
	return pointers
}

// updateSpecs cover the fields that an update writes, and those that it leaves.
func updateSpecs(l *list) {
	for n, c := range [][3]string{{"USER-003", "getMe", "GET /me"}, {"USER-004", "getUser", "GET /users/{id}"}} {
		l.add(inferred, c[0], c[1], c[2]+" shows the user as the last update left them", func(t *trial) {
			u, written := t.newPatient(), guidesCards().And("city", "Ann Arbor")
			ways := append(t.userWays(u), engine.Way{Request: t.byAdmin(engine.Get("/users/" + u.ID)).About(u)})
			t.ReadBack(t.update(u, engine.Multipart(written)), ways, sentFields(written)...)
			r := t.Send(ways[n].Request)
			if r.At("/data/insurance/primary") != nil && r.At("/data/insurance/secondary") != nil { // else a card is lost
				r.Equal("/data/insurance/primary/insurance_order", 1, "the primary card is the first")
				r.Equal("/data/insurance/secondary/insurance_order", 2, "the secondary card is the second")
			}
		})
	}
	l.add(inferred, "USER-006", "updateMe", "POST /me changes nothing when the same update comes again", func(t *trial) {
		u, same := t.newPatient(), engine.Multipart(guidesCards().And("city", "Ann Arbor"))
		t.update(u, same).Same("/data", t.update(u, same), "the reply to the same update must be the same")
	})
	l.add(documented, "USER-011", "updateMe", "POST /me stores every documented field as sent", func(t *trial) {
		u, written := t.signOn(fullForm()), otherFields()
		t.ReadBack(t.update(u, engine.Multipart(written)), t.userWays(u), sentFields(written)...)
	})
	l.add(inferred, "USER-012", "updateMe",
		"POST /me stores outer blanks and special characters as sent", func(t *trial) {
			for _, text := range specialTexts() {
				u, written := t.newPatient(), special(form{}, text)
				t.ReadBack(t.update(u, engine.Multipart(written)), t.userWays(u), sentFields(written)...)
			}
		})
}

// keptFieldSpecs cover the fields that an update leaves, and those that it empties.
func keptFieldSpecs(l *list) {
	l.add(seed, "USER-013", "updateMe", "POST /me keeps each field that it does not send", func(t *trial) {
		now := fullForm()
		before := t.Send(t.sso(now))
		u := t.signedOn(now, before)
		stored, first := t.ReadBack(before, t.userWays(u), sentFields(now)...), t.read(u)
		for i, change := range []form{
			{{"city", "Ann Arbor"}}, {{"insurance.secondary_carrier_code", "car7147"}}, {{"insurance.respparty", "spouse"}},
			{{"extra.contract_mark", "contract-8"}}, {{"email", engine.Unique() + "@example.com"}},
			{{"first_name", "Contract-second"}, {"last_name", "contract-last"}},
		} {
			r := t.update(u, encodings()[i%2].body(change))
			stored = t.ReadBack(r, t.userWays(u), with(stored, sentFields(change)...)...)
			t.lasts(before, first, r, t.read(u))
		}
	})
	l.add(inferred, "USER-017", "updateMe", "POST /me keeps each field beside those in a JSON object", func(t *trial) {
		now := fullForm()
		before := t.Send(t.sso(now))
		u := t.signedOn(now, before)
		stored := t.ReadBack(before, t.userWays(u), sentFields(now)...)
		change := form{{"insurance.secondary_group_number", "contract-9"}}
		r := t.update(u, engine.JSON(map[string]any{
			"insurance": map[string]any{"secondary": map[string]any{"group_number": change[0][1]}},
		}))
		t.ReadBack(r, t.userWays(u), with(stored, sentFields(change)...)...)
	})
	l.add(ours, "USER-018", "updateMe", "POST /me empties a field that is sent empty", func(t *trial) {
		u := t.signOn(fullForm())
		r := t.update(u, engine.Multipart(form{{"street_addr", ""}, {"insurance.secondary_group_number", ""}}))
		for _, r := range []reply{r, t.Send(engine.Get("/me").By(u)), t.read(u)} {
			r.Absent("/data/street_addr", "the street must be empty after an empty one")
			r.Absent("/data/insurance/secondary/group_number", "the group number must be empty after an empty one")
		}
	})
	choiceSpecs(l)
}

// choiceSpecs cover fields with a choice, in an update.
func choiceSpecs(l *list) {
	l.add(inferred, "USER-016", "updateMe", "POST /me accepts a gender as a word", func(t *trial) {
		u := t.newPatient()
		for _, word := range []string{"female", "male"} {
			written := form{{"gender", word}}
			t.ReadBack(t.update(u, engine.Multipart(written)), t.userWays(u), sentFields(written)...)
		}
	})
	l.add(ours, "USER-014", "updateMe",
		"POST /me stores the name of an insurer that the clinic does not have", func(t *trial) {
			u, written := t.newPatient(), form{{"insurance.primary.carrier_name_others", "contract-insurer"}}
			t.ReadBack(t.update(u, engine.Multipart(written)), t.userWays(u), sentFields(written)...)
		})
}

// lasting are the fields of a user that no request changes.
func lasting() []string {
	return []string{"active", "tos", "status", "email_verified", "account_code", "clinics", "created"}
}

// lasts asserts the fields that no request changes, in a reply to an update and in a reading after it. When the two
// agree, as those before the update do, the update has changed the field.
func (t *trial) lasts(signedOn, first, update, after reply) {
	const sentence = "must be the same after an update"
	for _, p := range inData(lasting()) {
		if reflect.DeepEqual(signedOn.At(p), first.At(p)) && reflect.DeepEqual(update.At(p), after.At(p)) {
			update.Same(p, first, p[len("/data/"):]+" "+sentence)
		} else {
			t.Agree(sentence, signedOn, []reply{update, after}, p)
		}
	}
}

// isSame asserts that two replies agree on the named fields of a user.
func isSame(r, before reply, names ...string) {
	r.Expected()
	for _, name := range names {
		r.Same("/data/"+name, before, name+" must be the same in both replies")
	}
}
