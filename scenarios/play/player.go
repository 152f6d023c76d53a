package play

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// player is the state of a play.
type player struct {
	scenario scenarios.Scenario
	client   Client
	observer Observer
	clinic   Clinic

	now      time.Time
	patient  *patient
	ready    bool              // the cards are stored
	carriers map[string]string // by card
	steps    []scenarios.Step  // the checks that are not started yet
	claims   []scenarios.ClaimStep
	checks   []*Check
	claim    *Claim            // the last one; nil before the first
	days     int               // how many claims have a day of service of their own
	saved    map[string]string // the text on each card
	requests map[string]int    // by operation

	schedule
}

func newPlayer(s scenarios.Scenario, c Client, o Observer) *player {
	p := &player{
		scenario: s, client: c, observer: o, clinic: c.Clinic(), steps: s.Steps(), claims: s.ClaimSteps(),
		carriers: s.Carriers(s.Person()), saved: map[string]string{}, requests: map[string]int{},
	}
	p.patient = newPatient(s.Person(), p.clinic.Patient, p.carriers)
	if s.Clinic.CronDelay != nil {
		p.clinic.CronDelay = time.Duration(*s.Clinic.CronDelay)
	}
	if s.Clinic.Webhook != nil {
		p.clinic.Webhook = p.clinic.Webhook && *s.Clinic.Webhook
	}
	return p
}

// listed reports whether the scenario lists its calls. Otherwise the client waits for the end of each check.
func (p *player) listed() bool { return len(p.scenario.Calls) > 0 }

// readClock reads the clinic's clock, which may run by itself.
func (p *player) readClock(ctx context.Context) error {
	now, err := p.client.Now(ctx)
	p.now = now
	return err
}

// make makes one call of the script.
func (p *player) make(ctx context.Context, call scenarios.Call) error {
	switch {
	case call.Wait != nil:
		if err := p.observer.Observe(ctx, Call{Act: Pause, At: p.now, Pause: time.Duration(*call.Wait)}); err != nil {
			return err
		}
		return p.pass(ctx, time.Duration(*call.Wait), ForCall)
	case call.Claim != "":
		return p.submit(ctx)
	case call.Read:
		return p.readPatient(ctx, nil)
	default:
		return p.check(ctx)
	}
}

// check starts a check. Unless the scenario lists its calls, it waits for the end of the check and reads the patient.
func (p *player) check(ctx context.Context) error {
	step := p.steps[0]
	p.steps = p.steps[1:]
	if step.Unsaid {
		step.Response = scenarios.Success
	}
	c := &Check{N: len(p.checks) + 1, Step: step, Carrier: p.carriers[step.Card]}
	c.Again = slices.ContainsFunc(p.checks, func(other *Check) bool { return other.Step.Card == step.Card })
	p.checks = append(p.checks, c)
	if err := p.awaitWindow(ctx); err != nil {
		return err
	}
	if err := p.observer.Observe(ctx, Call{Act: StartCheck, At: p.now, Check: c}); err != nil {
		return err
	}
	if err := p.start(ctx, StartCheck, p.patient, c); err != nil {
		return err
	}
	if p.listed() {
		return p.pass(ctx, 0, ForDue)
	}
	if err := p.finish(ctx); err != nil {
		return err
	}
	return p.readPatient(ctx, c)
}

// awaitWindow lets time pass until the scenario applies, unless it lists its calls.
func (p *player) awaitWindow(ctx context.Context) error {
	if err := p.readClock(ctx); err != nil || p.listed() || !p.scenario.When.IsTimed() {
		return err
	}
	next, found := p.scenario.When.Next(p.now, true)
	if !found || !next.After(p.now) {
		return nil
	}
	return p.pass(ctx, next.Sub(p.now), ForWindow)
}

// start sends the start of a check and plans its Dues.
func (p *player) start(ctx context.Context, act Act, who *patient, c *Check) error {
	path := "/users/" + url.PathEscape(who.id) + "/" + url.PathEscape(c.Carrier) + "/eligibility"
	var reply struct {
		Data struct {
			ID string `json:"eligibility_id"`
		} `json:"data"`
	}
	request := Request{Operation: "startEligibilityCheck", Method: http.MethodPost, Path: path}
	if _, err := p.ask(ctx, Exchange{Act: act, Check: c, Request: request}, who, &reply); err != nil {
		return err
	}
	c.ID, c.Started = reply.Data.ID, p.now
	delay := c.Step.Delay(p.now, p.clinic.CronDelay)
	switch {
	case c.Step.Response == "":
		p.plan(Due{At: p.now.Add(Quiet), Kind: Silence, Check: c})
	case c.ID == "":
		p.plan(Due{At: p.now.Add(delay), Kind: Silence, Check: c})
	case c.Step.Webhook.BeforeReply:
		p.plan(Due{At: p.now, Kind: Result, Check: c})
		return p.reach(ctx)
	default:
		p.plan(Due{At: p.now.Add(delay), Kind: Result, Check: c})
	}
	return nil
}

// readPatient reads the patient, and plans the events that wait for it. It ends the check ended; nil for none.
func (p *player) readPatient(ctx context.Context, ended *Check) error {
	if err := p.observer.Observe(ctx, Call{Act: ReadPatient, At: p.now, Check: ended}); err != nil {
		return err
	}
	request := Request{Operation: "getUser", Method: http.MethodGet, Path: "/users/" + url.PathEscape(p.patient.id)}
	ok, err := p.ask(ctx, Exchange{Act: ReadPatient, Request: request}, p.patient, nil)
	if !ok {
		return err
	}
	for _, c := range p.unread {
		p.planEvent(c, p.now)
	}
	p.unread = nil
	if p.listed() {
		return p.pass(ctx, 0, ForDue)
	}
	return p.finish(ctx)
}

// checkOther checks another patient of the clinic, because the held event follows the event of that check.
func (p *player) checkOther(ctx context.Context) error {
	card := "primary"
	c := &Check{Step: scenarios.Step{Card: card, Response: scenarios.Success, ByItself: true}, Carrier: "car7556"}
	if err := p.observer.Observe(ctx, Call{Act: CheckOther, At: p.now, Check: c}); err != nil {
		return err
	}
	code := p.clinic.Patient.Code + "other"
	other := newPatient(scenarios.Patient{FirstName: "Other", LastName: "Patient", Code: code}, scenarios.Patient{}, map[string]string{card: c.Carrier})
	p.ready = false // this patient's requests meet no fault of the scenario
	for _, do := range []func(context.Context, Act, *patient) (bool, error){p.signOn, p.storeCards} {
		if ok, err := do(ctx, CheckOther, other); err != nil {
			return err
		} else if !ok {
			return ErrGaveUp
		}
	}
	if err := p.start(ctx, CheckOther, other, c); err != nil {
		return err
	}
	return p.finish(ctx)
}
