package specs

import (
	"maps"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// startCheck is the operation to start a check.
const startCheck = "startEligibilityCheck"

func eligibilitySpecs(l *list) {
	resultSpecs(l)
	readResultSpecs(l)
	ownCheckSpecs(l)
	severalCheckSpecs(l)
	checkRefusalSpecs(l)
	textSpecs(l)
}

// isReason reports whether a result is one of VSee's reject reasons.
func isReason(text string) bool {
	return slices.ContainsFunc(scenarios.Reasons(), func(r scenarios.Reason) bool { return r.Text == text })
}

// pending starts a check and returns the next reading. Where the clock runs on, a slow reading may come after the end
// of the check; then another check is tried, five in all.
func (t *trial) pending() (u user, r reply) {
	for range 5 {
		u = t.newInsured()
		t.startCheck(u, t.carrier())
		if r = t.read(u); r.Text(resultAt(primary)) == "" || t.IsMock() {
			break
		}
	}
	return u, r
}

// resultSpecs cover when and where a result is saved.
func resultSpecs(l *list) {
	l.add(inferred, "ELIG-001", startCheck, "A check saves no result before the cron job has run", func(t *trial) {
		u, r := t.pending()
		r.Absent(resultAt(primary), "nothing may be on the card before the cron job has run")
		if t.IsMock() {
			t.Send(engine.Get("/me").By(u)).Absent(resultAt(primary), "nothing may be on the card before the cron job has run")
			t.cards(u).Absent("/data/0/eligibility", "nothing may be on the card before the cron job has run")
		}
	})
	l.add(seed, "ELIG-003", startCheck,
		"A check saves its result on the card of its carrier and on no other", func(t *trial) {
			who := t.sample()
			who.Card = secondary
			f := patientOf(who)
			u := t.signOn(f)
			t.update(u, engine.Multipart(cardOf(who)))
			t.update(u, engine.Multipart(form{
				{"insurance.primary_carrier_code", "car7551"}, {"insurance.primary_subscriber_num", "234234"},
			}))
			t.startCheck(u, t.carrier())
			t.Pass(cronDelay)
			var r reply
			t.Poll(func() bool {
				r = t.read(u)
				return r.Text(resultAt(secondary)) != "" || r.Text(resultAt(primary)) != "" || !r.Trusted()
			})
			const rule = "the result of a check must be on the card of its carrier, and on no other"
			if elsewhere := r.Text(resultAt(primary)); elsewhere != "" && r.Text(resultAt(secondary)) == "" {
				r.Value(resultAt(secondary), nil).Kept(elsewhere, rule)
			} else if t.saved(r, u, secondary) {
				r.Absent(resultAt(primary), rule)
				t.keepsResult(r, u, f, rule)
			}
		})
	l.add(documented, "ELIG-005", startCheck,
		"A check without the subscriber's number ends with Invalid/Missing subscriber/insured ID", func(t *trial) {
			who := t.sample()
			who.Without = []string{"subscriber_num"}
			u := t.insuredAs(who)
			t.startCheck(u, t.carrier())
			t.Pass(cronDelay)
			if r := t.result(u, primary); r.Text(resultAt(primary)) != "" {
				r.Equal(resultAt(primary), "Invalid/Missing subscriber/insured ID", "the result must name the missing number")
			}
		})
}

// keepsResult compares the result on the secondary card in each further reply about a user signed on with f.
func (t *trial) keepsResult(r reply, u user, f form, rule string) {
	at := resultAt(secondary)
	for _, act := range []func() reply{
		func() reply { return t.Send(engine.Get("/me").By(u)) },
		func() reply { return t.update(u, engine.Multipart(form{{"city", "Detroit"}})) },
		func() reply { return t.again(f, u) },
	} {
		other := act()
		now := t.Send(t.byAdmin(engine.Get("/users/" + u.ID)).About(u)) // a sign-on may have ended the token
		if now.Text(at) == r.Text(at) {                                 // a write that clears it is a cause elsewhere
			other.Value(at).Same(r.Value(at), rule)
		}
	}
}

// readResultSpecs cover the readers of a result, and the older path of a check.
func readResultSpecs(l *list) {
	l.add(seed, "ELIG-010", startCheck, "A check saves its result for its patient and for no other", func(t *trial) {
		other, u := t.newInsured(), t.newInsured()
		t.startCheck(u, t.carrier())
		t.Pass(cronDelay)
		if t.result(u, primary).Text(resultAt(primary)) != "" {
			t.read(other).Absent(resultAt(primary), "nothing may be on the card of another patient")
		}
	})
	l.add(inferred, "ELIG-011", "getMe",
		"GET /me shows the result of a check as GET /users/{id} does, at each reading", func(t *trial) {
			u := t.newInsured()
			t.Send(engine.Get("/me").By(u)) // a reading that is stale after the card was sent has a cause of its own
			t.startCheck(u, t.carrier())
			t.Pass(cronDelay)
			r := t.result(u, primary)
			r.Need(r.Text(resultAt(primary)) != "", resultAt(primary), "there must be a result to compare")
			for range 2 {
				me := t.Send(engine.Get("/me").By(u))
				if me.Present(resultAt(primary), "GET /me must show the result") {
					me.Same(resultAt(primary), r, "the result must be the one that GET /users/{id} shows")
				}
				t.read(u).Same(resultAt(primary), r, "the result must be the same at a later reading")
			}
		})
	l.add(documented, "ELIG-012", startCheck,
		"POST /users/{id}/eligibility starts a check without a carrier in the path", func(t *trial) {
			u := t.newInsured()
			r := t.Send(engine.Post("/users/"+u.ID+"/eligibility", payload{}).By(u))
			t.Started(r.Text("/data/eligibility_id"), u)
			if r.Expected() && r.Equal("/data/carrier_code", t.carrier(), "the check must be with the carrier of the one card") {
				t.endsOnMock(u)
			}
		})
}

// ownCheckSpecs cover the path of a check by its patient's own token.
func ownCheckSpecs(l *list) {
	l.add(documented, "ELIG-016", startCheck,
		"POST /users/-/{carrier_code}/eligibility starts a check of the token's user", func(t *trial) {
			u := t.newInsured()
			r := t.Send(engine.Post(checkPath("-", t.carrier()), payload{}).By(u))
			t.Started(r.Text("/data/eligibility_id"), u)
			if r.Expected() {
				t.endsOnMock(u)
			}
		})
}

// endsOnMock asserts that a started check ends, where this takes no time.
func (t *trial) endsOnMock(u user) {
	if t.IsMock() {
		t.Pass(cronDelay)
		t.ended(u)
		t.NeedEvents(u, checkedEvent, 1)
	}
}

// severalCheckSpecs cover more than one check of a patient.
func severalCheckSpecs(l *list) {
	l.add(ours, "ELIG-004", startCheck,
		"A check does not wait for an earlier one: the last to end decides the result", func(t *trial) {
			// No response at first, then eligible.
			u := t.insuredAs(scenarios.Patient{CarrierCode: "car7556", SubscriberNum: "70000093"})
			t.startCheck(u, t.carrier())
			t.Pass(cronDelay / 2)
			t.startCheck(u, t.carrier())
			t.Pass(cronDelay / 2)
			t.read(u).Equal(resultAt(primary), "No response received by clearinghouse",
				"the result must be that of the first check when that is due")
			t.Pass(cronDelay / 2)
			t.read(u).Equal(resultAt(primary), scenarios.Success, "the result must be that of the second check when that is due")
		}, aClock)
	l.add(seed, "ELIG-013", startCheck, "Checks of both cards save a result on each card", func(t *trial) {
		u := t.newPatient()
		t.update(u, engine.Multipart(form{
			{"insurance.primary_carrier_code", "car7556"}, {"insurance.primary_subscriber_num", "11000075"},
			{"insurance.secondary_carrier_code", "car11406"}, {"insurance.secondary_subscriber_num", "234234"},
		}))
		t.startCheck(u, "car11406")
		t.startCheck(u, "car7556")
		t.Pass(cronDelay)
		r := t.result(u, secondary)
		r.Equal(resultAt(primary), "Subscriber/Insured not found", "the primary card must have the result of its own check")
		r.Equal(resultAt(secondary), scenarios.Success, "the secondary card must have the result of its own check")
		list := t.cards(u)
		list.Value("/data/*/eligibility/status", cardStatuses(list)).Equal([]any{"inactive", "active"},
			"each card must have the status of its own check")
	}, aMock)
	l.add(inferred, "ELIG-014", startCheck,
		"A second check of a patient has an id and a result of its own", func(t *trial) {
			u := t.newInsured()
			t.startCheck(u, t.carrier())
			t.Pass(cronDelay)
			t.ended(u)
			t.startCheck(u, t.carrier())
			t.Pass(cronDelay)
			t.result(u, primary)
		})
}

// cardStatuses returns the status on each card of a list.
func cardStatuses(r reply) []any {
	statuses := []any{}
	for _, eligibility := range r.Column("/data", "eligibility") {
		of, _ := eligibility.(map[string]any)
		statuses = append(statuses, of["status"])
	}
	return statuses
}

// checkRefusalSpecs cover the refused checks.
func checkRefusalSpecs(l *list) {
	for _, c := range []struct{ id, title, carrier string }{
		{"ELIG-006", "that the clinic lacks", "nobody"},
		{"ELIG-007", "on neither card", "car7551"},
		{"ELIG-017", "in other upper and lower case", "CAR7556"},
	} {
		l.add(ours, c.id, startCheck,
			"POST /users/{id}/{carrier_code}/eligibility refuses a carrier "+c.title, func(t *trial) {
				u := t.insured()
				q := engine.Post(checkPath(u.ID, c.carrier), payload{}).By(u)
				t.Send(q.As(result.BadField).Tests("/carrier_code")).Refused()
			})
	}
	l.add(inferred, "ELIG-008", startCheck,
		"POST /users/{id}/{carrier_code}/eligibility refuses the id of no user", func(t *trial) {
			t.Send(t.byAdmin(engine.Post(checkPath("999999999", t.carrier()), payload{})).As(result.UnknownID)).Refused()
		})
	l.add(seed, "ELIG-009", startCheck,
		"POST /users/{id}/{carrier_code}/eligibility refuses an expired token", func(t *trial) {
			u := t.newInsured()
			t.Pass(86_400 * time.Second)
			t.Send(engine.Post(checkPath(u.ID, t.carrier()), payload{}).By(u).As(result.WrongToken)).Refused()
		}, aClock)
}

// sandboxNumber returns the subscriber number to get a reject code: VSee's sandbox patients have such numbers,
// and a mock answers with the code.
func sandboxNumber(code string) string { return "110000" + code }

// textSpecs cover the 54 texts of a result.
func textSpecs(l *list) {
	l.add(documented, "ELIG-015", startCheck,
		"The result for each sandbox number is a documented text, spelled as VSee spells it", func(t *trial) {
			patients := map[string]user{}
			for _, reason := range scenarios.Reasons() {
				who := t.sample()
				who.SubscriberNum = scenarios.Text(sandboxNumber(reason.Code))
				u := t.signOn(slices.Concat(patientOf(who), cardOf(who)))
				t.startCheck(u, t.carrier())
				patients[reason.Text] = u
			}
			t.Pass(cronDelay)
			for _, want := range slices.Sorted(maps.Keys(patients)) {
				r := t.result(patients[want], primary)
				switch got := r.Text(resultAt(primary)); {
				case got == "":
					return // one late result is enough: each takes its full time
				case t.IsMock():
					r.Equal(resultAt(primary), want, "the result must be the text of the code in the number")
				}
			}
		})
}
