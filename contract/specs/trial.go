package specs

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

type (
	form    = engine.Form
	payload = engine.Payload
	reply   = engine.Reply
	user    = engine.User
)

// ok is the status of every success, creation included.
const ok = http.StatusOK

// cronDelay is the time between the start of a check and its cron job (seed, step 4).
const cronDelay = 10 * time.Second

const (
	primary   = "primary"
	secondary = "secondary"
)

// trial is a requirement being tried, with the calls that many requirements begin with.
type trial struct {
	*engine.Trial
	preview scenarios.Patient
}

// sample is the patient for requirements without special needs. On a target other than a mock it is a published sandbox
// patient: there, no requirement asks an insurer about any other person.
func (t *trial) sample() scenarios.Patient {
	if !t.IsMock() {
		return t.preview
	}
	return scenarios.Patient{CarrierCode: "car7556", SubscriberNum: "234234"}
}

// carrier is the carrier code of the sample patient's card.
func (t *trial) carrier() string { return string(t.sample().CarrierCode) }

// byKey returns a request with the clinic's account code, key and secret.
func (t *trial) byKey(q engine.Request) engine.Request {
	return q.Set(engine.AccountHeader, t.Clinic.AccountCode).Set(engine.KeyHeader,
		t.Clinic.APIKey).Set(engine.SecretHeader, t.Clinic.APISecret)
}

// byAdmin returns a request with the admin's token.
func (t *trial) byAdmin(q engine.Request) engine.Request { return q.Token(t.Clinic.AdminToken) }

// sso returns the request that signs a user on.
func (t *trial) sso(f form) engine.Request {
	return t.byKey(engine.Post("/users/sso", engine.Multipart(f))).About(user{Code: f.Value("code")})
}

// signOn signs a user on. Without an id and a token in the reply, the requirement is blocked.
func (t *trial) signOn(f form) user {
	t.onlySynthetic(f)
	return t.signedOn(f, t.Send(t.sso(f)))
}

// signedOn returns the user of the reply to a sign-on.
func (t *trial) signedOn(f form, r reply) user {
	t.hideTokens(r)
	u := user{ID: r.NeedText("/data/id"), Code: f.Value("code"), Token: r.NeedText("/data/token/token")}
	if !documentedToken.MatchString(u.Token) { // a token of another form may work all the same
		probe := engine.Get("/me").By(u)
		probe.Probe = true
		r.Need(t.Send(probe).Status == ok, "/data/token/token", "the next request needs a token that works")
	}
	return u
}

// documentedToken is the form of tokens in VSee's documentation.
var documentedToken = regexp.MustCompile(`^[0-9a-f]{32}$`)

// hideTokens keeps the tokens of a reply to a sign-on or a login out of every report.
func (t *trial) hideTokens(r reply) {
	t.Hide(r.Text("/data/token/token"), r.Text("/data/token/refresh_token/token"))
}

// onlySynthetic ends the requirement before data of a real member goes to a shared target. A guest has no code.
func (t *trial) onlySynthetic(f form) {
	pattern := regexp.MustCompile(t.Synthetic()) // it was compiled when the configuration was checked
	if !t.IsMock() && slices.ContainsFunc(f,
		func(field [2]string) bool { return field[0] == "code" && !pattern.MatchString(field[1]) }) {
		t.NotTestable("the member's code does not match the configuration's pattern of synthetic codes")
	}
}

// newPatient signs a complete patient without a card on.
func (t *trial) newPatient() user { return t.signOn(patientForm()) }

// insured returns the sample patient with a primary card, to be read alone.
func (t *trial) insured() user {
	return t.Shared("insured", t.newInsured)
}

// newInsured signs the sample patient on, with a primary card.
func (t *trial) newInsured() user { return t.insuredAs(t.sample()) }

// insuredAs signs a scenario's patient on and stores their card. On a mock, the requirement is blocked by a loss in the
// card: its check would end otherwise. Elsewhere, too much would be.
func (t *trial) insuredAs(who scenarios.Patient) user {
	u := t.signOn(patientOf(who))
	write := t.update(u, engine.Multipart(cardOf(who)))
	for _, f := range sentFields(cardOf(who)) {
		write.Need(!t.IsMock() || write.Value(f.Pointer).Sent(f.Want, f.Rule), f.Pointer, f.Rule)
	}
	return u
}

// update updates a user with the user's own token. Without a success, the requirement is blocked.
func (t *trial) update(u user, body payload) reply {
	r := t.Send(engine.Post("/me.json", body).By(u))
	r.Need(r.Status == ok, "", "the update must succeed")
	return r
}

// userWays are the ways of reading a user.
func (t *trial) userWays(u user) []engine.Way {
	return []engine.Way{
		{Request: engine.Get("/me").By(u)},
		{Request: engine.Get("/users/" + u.ID).By(u)},
	}
}

// startCheck starts a check of a user with a carrier, and returns its id. Without one, the requirement is blocked.
func (t *trial) startCheck(u user, carrier string) string {
	return t.checkStarted(u, carrier).Text("/data/eligibility_id")
}

// checkStarted starts a check as startCheck does, and returns the reply.
func (t *trial) checkStarted(u user, carrier string) reply {
	r := t.Send(engine.Post(checkPath(u.ID, carrier), payload{}).By(u).Set(engine.AccountHeader, t.Clinic.AccountCode))
	const rule = "the check must be with the carrier in the path"
	r.Need(r.Equal("/data/carrier_code", carrier, rule), "/data/carrier_code", rule)
	t.Started(t.newCheck(r), u)
	return r
}

// newCheck returns the id of the check in the reply to its start.
func (t *trial) newCheck(r reply) string {
	const at, rule = "/data/eligibility_id", "each check must have an id of its own"
	id := r.NeedText(at)
	r.Need(r.Value(at, t.IsNew(id)).Equal(true, rule), at, rule)
	return id
}

// checkPath is the path to start a check of a user with a carrier.
func checkPath(id, carrier string) string {
	return "/users/" + id + "/" + url.PathEscape(carrier) + "/eligibility"
}

// resultAt is the place of the saved result on a card, in a user's reply.
func resultAt(card string) string { return "/data/user_data/" + card + "/eligibility_response" }

// read returns a user by id and by their own token.
func (t *trial) read(u user) reply { return t.Send(engine.Get("/users/" + u.ID).By(u)) }

// result waits for a result on a user's card, and returns the reading with it. When none comes in time, the
// requirement fails and the last reading is returned.
func (t *trial) result(u user, card string) reply {
	var r reply
	t.Poll(func() bool {
		r = t.read(u)
		return r.Text(resultAt(card)) != "" || !r.Trusted()
	})
	t.saved(r, u, card)
	return r
}

// saved asserts the result of a due check in a reading, and reports whether it is there: it is lost when the
// event has come, and else late.
func (t *trial) saved(r reply, u user, card string) bool {
	at := resultAt(card)
	if r.Text(at) == "" && len(t.Events(u)) > 0 {
		return r.Value(at, nil).Kept("a result", "the result of a check with an event must be on the card")
	}
	return r.Late(at, "the result of a check must be on the card when it is due")
}

// checked runs a check of a patient to its end and returns its event. Without a result the requirement is blocked.
func (t *trial) checked() (u user, event engine.Event) {
	u = t.newInsured()
	t.startCheck(u, t.carrier())
	t.Pass(cronDelay)
	t.ended(u)
	return u, t.NeedEvents(u, checkedEvent, 1)[0]
}
