package play

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/chance"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// player plays one scenario against a clinic.
type player struct {
	scenario scenarios.Scenario
	client   Client
	observer Observer
	clinic   Clinic

	now      time.Time
	patient  *patient
	ready    bool              // the patient's cards are stored, so the scenario's faults apply
	carriers map[string]string // by card: the insurer's code
	steps    []scenarios.Step  // the checks that are not started yet
	claims   []scenarios.ClaimStep
	checks   int               // how many are started
	nth      map[string]int    // by card: how many are started
	claim    Claim             // the last one
	visits   int               // how many are made
	days     int               // how many different days of service the claims have
	saved    map[string]string // by card: the newest result, as the patient shows it
	statuses map[string]string // by id: the status of a visit
	requests map[string]int    // by operation: how many were sent while ready

	schedule
}

func newPlayer(s scenarios.Scenario, c Client, o Observer) *player {
	p := &player{
		scenario: s, client: c, observer: o, clinic: c.Clinic(),
		carriers: s.Carriers(s.Person()), saved: map[string]string{}, statuses: map[string]string{},
		nth:      map[string]int{},
		requests: map[string]int{},
	}
	p.patient = newPatient(s.Person(), p.clinic.Patient, p.carriers)
	if s.Clinic.CronDelay != nil {
		p.clinic.CronDelay = *s.Clinic.CronDelay
	}
	if s.Clinic.Webhook != nil {
		p.clinic.Webhook = p.clinic.Webhook && *s.Clinic.Webhook
	}
	return p
}

// draw makes the steps of the scenario, once the patient is signed on: the clinic's draws depend on the patient.
func (p *player) draw() {
	drawn := p.scenario.Drawn(func(card string, nth int) chance.Draw {
		return p.clinic.Chance.OfCheck(p.carriers[card], p.patient.subscriber(), nth)
	})
	p.steps, p.claims = drawn.Steps(), drawn.ClaimSteps()
}

// cronDelay returns the time until the cron job that a draw is about.
func (p *player) cronDelay(d chance.Draw) time.Duration {
	return d.Between("cron delay", p.clinic.CronDelay.From, p.clinic.CronDelay.To)
}

// listed reports whether the scenario lists its calls. Otherwise the client waits for the end of each check.
func (p *player) listed() bool { return len(p.scenario.Calls) > 0 }

// readClock reads the clinic's clock, which may run by itself.
func (p *player) readClock(ctx context.Context) (err error) {
	p.now, err = p.client.Now(ctx)
	return err
}

// make makes one call of the script.
func (p *player) make(ctx context.Context, call scenarios.Call) error {
	switch {
	case call.Wait != nil:
		if err := p.observer.Observe(ctx, Call{Act: Pause, At: p.now, Pause: time.Duration(*call.Wait)}); err != nil {
			return err
		}
		return p.pass(ctx, time.Duration(*call.Wait))
	case call.Claim != "":
		return p.submit(ctx)
	case call.Card != nil:
		return p.changeCard(ctx, *call.Card)
	case call.Visit:
		return p.visit(ctx)
	case call.Read:
		return p.readPatient(ctx)
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
	p.checks++
	if err := p.awaitWindow(ctx); err != nil {
		return err
	}
	p.nth[step.Card]++
	c := &Check{N: p.checks, Nth: p.nth[step.Card], Step: step, Carrier: p.carriers[step.Card]}
	if err := p.start(ctx, p.patient, c); err != nil {
		return err
	}
	if p.listed() {
		return p.pass(ctx, 0)
	}
	if err := p.finish(ctx); err != nil {
		return err
	}
	return p.readPatient(ctx)
}

// awaitWindow lets time pass until the scenario applies, unless it lists its calls.
func (p *player) awaitWindow(ctx context.Context) error {
	if err := p.readClock(ctx); err != nil || p.listed() || !p.scenario.When.IsTimed() {
		return err
	}
	next, _ := p.scenario.When.Next(p.now, true)
	return p.pass(ctx, max(next.Sub(p.now), 0))
}

// start starts a check and plans one Due for it: its result, or silence if no result will come. If the event comes
// before the reply, start also reports what is due now.
func (p *player) start(ctx context.Context, who *patient, c *Check) error {
	path := "/users/" + url.PathEscape(who.id) + "/" + url.PathEscape(c.Carrier) + "/eligibility"
	var reply struct {
		Data struct {
			ID string `json:"eligibility_id"`
		} `json:"data"`
	}
	r := Request{Operation: "startEligibilityCheck", Method: http.MethodPost, Path: path, patient: who}
	if _, err := p.call(ctx, Call{Act: StartCheck, Check: c, Other: c.N == 0}, r, &reply); err != nil {
		return err
	}
	c.ID, c.Started = reply.Data.ID, p.now
	cronDelay := p.cronDelay(p.clinic.Chance.OfCheck(c.Carrier, who.subscriber(), max(c.Nth, 1)))
	due := Due{At: p.now.Add(c.Step.Delay(p.now, cronDelay)), Kind: Result, Check: c}
	switch {
	case c.Step.Response == "":
		due.At, due.Kind = p.now.Add(Quiet), Silence
	case c.ID == "":
		due.Kind = Silence
	}
	p.plan(due)
	if c.Step.Webhook.BeforeReply {
		return p.reach(ctx)
	}
	return nil
}

// readPatient reads the patient, then plans the events held until this read. Unless the scenario lists its calls, it
// also waits until nothing is pending.
func (p *player) readPatient(ctx context.Context) error {
	r := Request{
		Operation: "getUser", Method: http.MethodGet, Path: "/users/" + url.PathEscape(p.patient.id),
		patient: p.patient,
	}
	ok, err := p.call(ctx, Call{Act: ReadPatient}, r, nil)
	if !ok {
		return err
	}
	for _, c := range p.unread {
		p.planEvent(c, p.now)
	}
	p.unread = nil
	if p.listed() {
		return p.pass(ctx, 0)
	}
	return p.finish(ctx)
}

// checkOther starts a check for another patient. The event of that check releases the held event.
func (p *player) checkOther(ctx context.Context) error {
	c := &Check{Step: scenarios.Step{Card: "primary", Response: scenarios.Success, ByItself: true}, Carrier: "car7556"}
	data := scenarios.Patient{FirstName: "Other", LastName: "Patient", Code: p.clinic.Patient.Code + "other"}
	other := newPatient(data, scenarios.Patient{}, map[string]string{c.Step.Card: c.Carrier})
	p.ready = false // from here on, no request meets a fault of the scenario
	if err := p.join(ctx, other, true); err != nil {
		return err
	}
	if err := p.start(ctx, other, c); err != nil {
		return err
	}
	return p.finish(ctx)
}
