package specs

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/chance"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
	"github.com/vsee-mock/vsee-mock/scenarios/play"
)

// playing is a scenario being played: the client of the player, and an observer with the assertions.
type playing struct {
	t        *trial
	scenario scenarios.Scenario
	call     play.Call      // the current one
	sent     engine.Request // the latest request of the client
	last     reply          // to it

	patient, other user
	signedOn       map[string]time.Duration // by token, the time of the sign-on as in Trial.Passed
	claim, status  string                   // the id of the latest claim, and its required status
	visits         map[string]string        // by id, the required statuses of visits
	saved          map[string]string        // by card, its required text
	unread         bool                     // the event of a saved result waits for the client's reading
	started        map[string]bool          // by id, the checks whose start was answered
	taken          map[string]map[int]bool  // by user id, the places of the expected events among all of the user
	event          engine.Event             // the latest expected event
}

// playScenario plays a scenario and asserts each of its moments.
func playScenario(t *trial, s scenarios.Scenario) {
	p := &playing{
		t: t, scenario: s, signedOn: map[string]time.Duration{}, saved: map[string]string{}, started: map[string]bool{},
		taken: map[string]map[int]bool{},
	}
	if start, end, needed := s.FreeTime(t.Now()); needed {
		block := controlapi.NewBlock{RoomCode: t.room(), Start: start, End: end}
		t.Control("adding a provider's time", func(ctx context.Context, c *controlapi.Client, account string) error {
			_, err := c.AddBlock(ctx, account, block)
			return err
		})
	}
	if s.HasWebhook(addsAField) {
		t.Spoil()
	}
	err := play.Play(context.Background(), s, p, p)
	p.last.Need(err == nil, "", "the scenario must go on to its end")
}

// Clinic implements play.Client.
func (p *playing) Clinic() play.Clinic {
	return play.Clinic{
		CronDelay: scenarios.Range{From: cronDelay, To: cronDelay},
		Chance:    chance.Source{Account: p.t.Clinic.AccountCode, Seed: p.t.Clinic.Seed},
		Retries:   retries(), Webhook: p.t.HasReceiver(), RefuseSpoiled: true,
		Patient: scenarios.Patient{FirstName: "Contract", LastName: "Patient", Code: scenarios.Text(engine.Unique())},
	}
}

// Now implements play.Client.
func (p *playing) Now(context.Context) (time.Time, error) { return p.t.Now(), nil }

// Advance implements play.Client. On a mock, nothing may change before the last nanosecond.
func (p *playing) Advance(_ context.Context, by time.Duration) error {
	if by > 0 && p.t.IsMock() {
		p.t.Pass(by - 1)
		p.unchanged()
		by = 1
	}
	p.t.Pass(by)
	return nil
}

// Send implements play.Client.
func (p *playing) Send(_ context.Context, r play.Request) (play.Reply, error) {
	q := engine.Request{Method: r.Method, Path: r.Path}
	var fields form
	for _, name := range slices.Sorted(maps.Keys(r.Form)) {
		fields = fields.And(name, r.Form.Get(name))
	}
	switch {
	case r.Form != nil:
		q.Body = engine.Multipart(fields)
	case r.JSON != nil:
		q.Body = engine.JSON(r.JSON)
	}
	switch r.Auth {
	case play.ByKey:
		p.t.onlySynthetic(fields)
		q = p.t.byKey(q).About(user{Code: fields.Value("code")})
	case play.ByAdmin:
		q = p.t.byAdmin(q)
	case play.ByToken:
		q = q.Token(r.Token).About(*p.user(p.call.Other))
	}
	p.sent = p.expecting(q, r)
	p.last = p.t.Send(p.sent)
	return play.Reply{Status: p.last.Status, Header: p.last.Header, Body: p.last.Body, Took: p.last.Took}, p.last.Err
}

// expecting returns a request with the case of the reply expected by the scenario.
func (p *playing) expecting(q engine.Request, r play.Request) engine.Request {
	f := r.Fault
	switch {
	case f != nil && (f.Probability > 0 || breaks(*f)):
		q.Raw = true
	case f != nil && f.Status != 0:
		q.Raw = true
		return q.Status(faultCase(f.Status), f.Status)
	case r.Auth == play.ByToken && expires(p.scenario, p.t.Passed()-p.signedOn[r.Token]):
		return q.As(result.WrongToken)
	case p.call.Act == play.SubmitClaim && p.call.Claim.Step.Refused == scenarios.NotEligible:
		return q.As(result.BadField).Tests("/member_id")
	case p.call.Act == play.SubmitClaim && p.call.Claim.Step.Refused != "":
		return q.As(result.BadField)
	}
	return q
}

// user returns the scenario's patient, or the other patient of the clinic.
func (p *playing) user(other bool) *user {
	if other {
		return &p.other
	}
	return &p.patient
}

// read reads a user without an effect on the scenario: as the admin, because the patient's token may have expired, and
// by another operation than one with faults.
func (p *playing) read(u user) reply {
	isOfGetUser := func(f scenarios.Fault) bool { return f.Operation == "getUser" }
	if slices.ContainsFunc(p.scenario.HTTP, isOfGetUser) {
		return p.t.Send(engine.Get("/me").By(u))
	}
	return p.t.Send(p.t.byAdmin(engine.Get("/users/" + u.ID)).About(u))
}
