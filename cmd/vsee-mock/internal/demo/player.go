package demo

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// player plays a scenario: the requests of the patient's client, and their results.
type player struct {
	*teller
	story    scenarios.Scenario
	clinic   clinic.Settings
	in       *inbox
	patient  *patient
	carriers map[string]string // by card
	steps    []scenarios.Step  // the ones still to come
	now      scenarios.Step    // the last one taken
	started  []string          // the ids of the checks, in order
	cards    []string          // the cards of the checks, likewise
	told     map[string]bool   // the checks with an accepted event
	claims   claimed
}

const apiBase = "/vc/dev/api_v3"

// maxWait is the furthest the clock moves at once, whatever time a scenario asks for.
const maxWait = 366 * 24 * time.Hour

func newPlayer(t *teller, s scenarios.Scenario, c clinic.Settings, in *inbox) *player {
	p := &player{
		teller: t, story: s, clinic: c, in: in, patient: &patient{form: demoPatient(s.Person())},
		carriers: s.Carriers(s.Person()), steps: s.Steps(), told: map[string]bool{}, claims: claimed{steps: s.ClaimSteps()},
	}
	t.clock = "/_mock/clinics/" + c.AccountCode + "/clock"
	t.byKey = headers{"X-AccountCode": c.AccountCode, "X-ApiKey": c.Key, "X-ApiSecret": c.Secret}
	return p
}

// play plays the whole scenario.
func (p *player) play() error {
	p.sets()
	if !p.begins() {
		p.say("\nThe story ends here: nothing can be checked without that, and of webhooks none came.")
		return p.err
	}
	script := p.story.Script()
	for i, call := range script {
		read := i+1 < len(script) && script[i+1].Read
		switch {
		case p.err != nil:
			return p.err
		case call.Wait != nil:
			p.say("\nThe client waits %s: the clinic's clock is moved, and what falls due on the way runs now.", time.Duration(*call.Wait))
			p.advance(time.Duration(*call.Wait))
			p.shows("")
		case call.Claim != "":
			p.submits()
		case call.Read:
			p.reads("The client reads the patient.")
		default:
			p.now, p.steps = p.steps[0], p.steps[1:]
			p.checks(p.now, read)
		}
	}
	return p.err
}

// sets prints the differences between this clinic and the documentation's.
func (p *player) sets() {
	if p.clinic.CronDelay != nil {
		p.say("Its clinic: the cron job of a check runs %s after the start.", *p.clinic.CronDelay)
	}
	if p.clinic.TokenLife != nil {
		p.say("Its clinic: a token lives %s.", *p.clinic.TokenLife)
	}
	if p.clinic.Webhook.URL == "" {
		p.say("Its clinic: it has no webhook.")
	}
	if p.story.When.IsTimed() {
		p.say("Its time: the clinic's clock begins at %s.", p.clinic.Clock.Start.UTC().Format("Mon "+time.DateTime))
	}
}

// begins plays steps 1 to 3, and reports whether the patient is ready for a check.
func (p *player) begins() bool {
	p.say("\nStep 1. Which insurers does the clinic support?")
	p.ask(nil, call{http.MethodGet, apiBase + "/insurances/", headers{"X-ApiToken": p.clinic.AdminToken}, nil}, nil)
	p.say("\nStep 2. Create the patient, or fetch the one with this code.")
	if !p.signOn(p.patient) {
		return false
	}
	p.say("\nStep 3. Store the patient's insurance.")
	return p.ask(p.patient, call{http.MethodPost, apiBase + "/me.json", nil, demoCards(p.story.Person(), p.carriers)}, nil)
}

// checks plays steps 4 and 5 once. It reads the result, unless the client is about to read it in any case.
func (p *player) checks(step scenarios.Step, read bool) {
	p.awaits()
	again := ""
	if len(p.carriers) > 1 {
		again = " of the " + step.Card + " card"
	}
	if slices.Contains(p.cards, step.Card) {
		again += ", once more"
	}
	p.say("\nStep 4. Start an eligibility check%s.", again)
	id := p.start(p.patient, p.carriers[step.Card])
	p.started, p.cards = append(p.started, id), append(p.cards, step.Card)
	early := p.in.waiting()
	if wait := p.wait(step); wait > 0 || !step.Webhook.BeforeReply {
		p.pass(wait)
	}
	title := "Step 5. The webhook."
	if early && step.Webhook.BeforeReply {
		title = "Step 5. The webhook, which came before the reply to the start."
	}
	p.say("\n%s", title)
	switch some, one := p.shows(id); {
	case !some:
		p.say("  none came%s", p.whyNot(step))
	case !one && id != "":
		p.say("  none came of check %s%s", id, p.whyNot(step))
	}
	p.retries(id, step)
	if step.Webhook.Hold.Next && len(p.steps) == 0 && !p.told[id] {
		p.another()
	}
	if !read {
		p.reads(p.outcome(id, step))
	}
}

// awaits moves the clock to the next time covered by a timed scenario, unless the scenario has calls of its own with
// waits between them.
func (p *player) awaits() {
	now := p.in.now()
	next, told := p.story.When.Next(now, true)
	if p.story.When.IsTimed() && len(p.story.Calls) == 0 && told && next.After(now) {
		p.say("\nThe story is told at certain times: the clinic's clock is moved to the next one.")
		p.advance(next.Sub(now))
	}
}

// start starts a check and returns its id. The id is empty when no reply reaches the client.
func (p *player) start(who *patient, carrier string) string {
	var started struct {
		Data struct {
			ID string `json:"eligibility_id"`
		} `json:"data"`
	}
	path := apiBase + "/users/" + who.id + "/" + url.PathEscape(carrier) + "/eligibility"
	if !p.ask(who, call{http.MethodPost, path, nil, nil}, &started) {
		p.say("  The client knows of no check that was started.")
	}
	return started.Data.ID
}

// wait returns the time from the start of a check to its webhook event; for a check without an end, the time needed to
// show that no event comes.
func (p *player) wait(step scenarios.Step) time.Duration {
	if step.Response == "" && !step.Unsaid {
		return time.Hour
	}
	wait := step.Delay(p.in.now(), cronDelay(p.clinic)) + step.Webhook.Hold.For
	for _, again := range outbox.StandardSchedule()[:step.Webhook.Refused] {
		wait += again
	}
	return wait
}

// pass moves the clinic's clock, so the demo need not wait in real time.
func (p *player) pass(wait time.Duration) {
	switch {
	case wait > maxWait:
		p.say("\nThat would take %s: the clinic's clock is moved by %s, and no further.", wait, maxWait)
	case wait == 0:
		p.say("\nWhat is due at once runs now.")
	default:
		p.say("\nNobody waits %s: the clinic's clock is moved, and what falls due on the way runs now.", wait)
	}
	p.advance(min(wait, maxWait))
}

// retries moves the clock to the next attempts of a refused event, as long as the scenario lets a later attempt
// succeed.
func (p *player) retries(id string, step scenarios.Step) {
	schedule := outbox.StandardSchedule()[step.Webhook.Refused:]
	if step.Webhook.Attempts == 0 && p.in.has(id) && !p.told[id] {
		p.say("\nWhat a receiver refuses is sent again, on the schedule, and this one as it is each time.")
	}
	for n := 0; n < min(int(step.Webhook.Attempts), len(schedule)) && p.in.has(id) && !p.told[id] && p.err == nil; n++ {
		p.say("\nWhat a receiver refuses is sent again, after %s.", schedule[n])
		p.advance(schedule[n])
		p.say("\nStep 5. The webhook, again.")
		p.shows(id)
	}
}

// another starts a check for another patient of the clinic, because the held event follows the event of that check.
func (p *player) another() {
	p.say("\nSo another patient is checked, whose requests are not shown.")
	loud := p.w
	p.w = io.Discard
	who, card := somebodyElse()
	if p.signOn(who) && p.ask(who, call{http.MethodPost, apiBase + "/me.json", nil, card}, nil) {
		p.in.elses = p.start(who, card.Get("insurance.primary_carrier_code"))
	}
	p.w = loud
	p.pass(cronDelay(p.clinic))
	p.say("\nStep 5. The webhook, of both.")
	p.shows(p.last())
}

// whyNot gives the reason why no event has come for a check.
func (p *player) whyNot(step scenarios.Step) string {
	switch w := step.Webhook; {
	case p.clinic.Webhook.URL == "":
		return ": the clinic has no webhook"
	case step.Response == "":
		return ""
	case w.Drop:
		return ": the scenario has it dropped"
	case w.AfterRead:
		return " yet: the scenario has it held back until the result is read"
	case w.Hold.Next:
		return " yet: the scenario has it held back until the clinic's next event"
	}
	return ""
}

// outcome announces the state of a check to expect when the client reads the patient.
func (p *player) outcome(id string, step scenarios.Step) string {
	earlier := slices.ContainsFunc(p.started, func(other string) bool { return other != id })
	switch {
	case id == "":
		return "What is on the patient?"
	case step.Response == "" && !step.Unsaid && !p.in.has(id) && earlier:
		return "Nothing new is saved on the patient, either."
	case step.Response == "" && !step.Unsaid && !p.in.has(id):
		return "Nothing is saved on the patient, either."
	case !p.in.has(id):
		return "The result is on the patient all the same."
	}
	return "The result is on the patient, too."
}

// reads asks for the patient as the client, then sends the events held until this reading.
func (p *player) reads(why string) {
	p.say("\n%s", why)
	if !p.ask(p.patient, call{http.MethodGet, apiBase + "/users/" + p.patient.id, nil, nil}, nil) {
		p.say("  The client does not learn what is on the patient.")
		return
	}
	if !p.now.Webhook.AfterRead || p.now.Response == "" || p.told[p.last()] {
		return
	}
	p.say("\nSomebody has read the result: what waited for that is sent now.")
	p.advance(0)
	p.say("\nStep 5. The webhook, after the reading.")
	if some, _ := p.shows(p.last()); !some {
		p.say("  none came")
	}
}

// last returns the id of the latest check.
func (p *player) last() string {
	if len(p.started) == 0 {
		return ""
	}
	return p.started[len(p.started)-1]
}

// whose names the check of an event, unless it is the awaited check.
func (p *player) whose(check, awaited string) string {
	switch {
	case check == "" || check == awaited:
		return ""
	case check == p.in.elses:
		return "it is of the other patient"
	case slices.Contains(p.started, check):
		return fmt.Sprintf("it is of check %s, an earlier one", check)
	}
	return fmt.Sprintf("it is of check %s, of whose start the client has never got a reply", check)
}
