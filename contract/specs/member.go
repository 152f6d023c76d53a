package specs

import (
	"regexp"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/engine"
)

// memberSpecs cover the readings of one patient: on a shared target also those of an existing one.
func memberSpecs(l *list) {
	l.addSafe(documented, "MEM-001", "getUser",
		"GET /users/{id} shows the user that GET /me shows, at each reading", func(t *trial) {
			u := t.patient()
			me := t.Send(engine.Get("/me").By(u))
			for range 2 {
				isSame(t.read(u), me, append(lasting(), "id", "code", "first_name", "last_name", "dob", "gender", "insurance",
					"user_data")...)
			}
		}, aMember)
	l.addSafe(documented, "MEM-002", "listCards",
		"GET /users/{id}/insurances lists the same cards at each reading", func(t *trial) {
			u := t.patient()
			first := t.Send(engine.Get(cardsPath(u)).By(u))
			r := t.Send(engine.Get(cardsPath(u)).By(u))
			r.Value("/data", withoutLinks(r.At("/data"))).Equal(withoutLinks(first.At("/data")),
				"the cards must be the same at each reading")
		}, aMember)
}

// withoutLinks returns a value without the links to files, which differ at each reading.
func withoutLinks(value any) any {
	switch value := value.(type) {
	case []any:
		list := make([]any, len(value))
		for i := range value {
			list[i] = withoutLinks(value[i])
		}
		return list
	case map[string]any:
		object := map[string]any{}
		for name := range value {
			if name != "fullpath" {
				object[name] = withoutLinks(value[name])
			}
		}
		return object
	}
	return value
}

// patient returns a patient to be read alone: the configured member of a target that may not be written to, and else a
// complete new patient without a card.
func (t *trial) patient() user {
	if t.MemberToken() != "" {
		return t.Shared("member", t.existing)
	}
	return t.Shared("patient", t.newPatient)
}

// existing returns the configured member. Without an id in GET /me, the requirement is blocked.
func (t *trial) existing() user {
	r := t.Send(engine.Get("/me").Token(t.MemberToken()))
	u := user{ID: r.NeedText("/data/id"), Code: r.Text("/data/code"), Token: t.MemberToken()}
	if !regexp.MustCompile(t.Synthetic()).MatchString(u.Code) { // it was compiled when the configuration was checked
		t.NotTestable("the member of " + config.EnvMemberToken + " has a code that does not match " + config.EnvSynthetic)
	}
	return u
}
