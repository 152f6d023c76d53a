package scenarios

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/scalar"
)

// Moment is one event in the course of a scenario.
type Moment struct {
	At    Duration `json:"at"`              // after Since
	Since string   `json:"since,omitempty"` // the event before, at an unknown time; empty for the start
	Who   Actor    `json:"who"`             // the acting party
	Whom  Actor    `json:"whom,omitempty"`  // the other party; empty for none
	What  string   `json:"what"`            // a sentence without its subject
}

// Actor is a party in a scenario.
type Actor string

// The actors.
const (
	Client   Actor = "client"        // the patient's program
	Mock     Actor = "mock"          // VSee, to the others
	Insurer  Actor = "clearinghouse" // passes the question on to the insurer
	Receiver Actor = "receiver"      // of the clinic's webhook
)

// When returns the time for people: +10s, or 17:30 UTC +5s.
func (m Moment) When() string {
	if m.Since != "" && m.At == 0 {
		return m.Since
	}
	return strings.TrimSpace(m.Since + " +" + scalar.Short(time.Duration(m.At)))
}

// Setting is the clinic of a scenario, as far as the scenario does not define it.
type Setting struct {
	CronDelay time.Duration   // how long after its start a check's cron job runs
	Retries   []time.Duration // how long after each failed attempt an event is sent again
}

// Timeline returns the moments of the scenario, in their order. The client makes the calls of the scenario. Without
// calls, it starts each check after the event of the one before.
func (s Scenario) Timeline(in Setting) []Moment {
	if s.Clinic.CronDelay != nil {
		in.CronDelay = time.Duration(*s.Clinic.CronDelay)
	}
	t := &timeline{story: s, in: in}
	for _, fault := range s.HTTP {
		t.add(instant{}, Mock, Client, fault.words())
	}
	if steps := s.Steps(); len(s.Calls) > 0 {
		t.calls(steps)
	} else {
		t.inTurn(steps)
	}
	t.unheard()
	if life := s.Clinic.TokenLife; life != nil {
		t.add(instant{}.after(time.Duration(*life)), Mock, "", "no longer takes the token that the patient has got at the start")
	}
	slices.SortStableFunc(t.moments, func(a, b placed) int { return cmp.Compare(a.order, b.order) })
	moments := make([]Moment, len(t.moments))
	for i, m := range t.moments {
		moments[i] = m.Moment
	}
	return moments
}

// instant is a time in the scenario.
type instant struct {
	since string
	at    time.Duration
	order time.Duration // the earliest possible time, for the order of moments
}

func (i instant) after(d time.Duration) instant {
	return instant{since: i.since, at: i.at + d, order: i.order + d}
}

// nextCall keeps a call at the same time behind the reply to the one before. The reply in turn may be behind an event.
const nextCall = 2

// once returns an instant at an unknown time that is not before i.
func (i instant) once(what string) instant { return instant{since: what, order: i.order} }

// placed is a moment with its place in the order.
type placed struct {
	Moment
	order time.Duration
}

// timeline is a timeline under construction.
type timeline struct {
	story   Scenario
	in      Setting
	moments []placed
	held    []result // their events wait for the next one
	unread  []result // their events wait until the result is read
}

// result is the result of a check.
type result struct {
	check   int
	saved   instant
	webhook Webhook // the deliberate errors of its event
}

func (t *timeline) add(at instant, who, whom Actor, what string) {
	t.moments = append(t.moments, placed{Moment{Duration(at.at), at.since, who, whom, what}, at.order})
}

// inTurn makes the client start each check after the event of the one before.
func (t *timeline) inTurn(steps []Step) {
	var now instant
	for i, step := range steps {
		saved, ends := t.check(i+1, step, now)
		if !ends {
			now = now.once(fmt.Sprintf("giving up on check %d", i+1))
			continue
		}
		now = t.record(result{i + 1, saved, step.Webhook})
		now.order += nextCall
	}
	for i, claim := range t.story.ClaimSteps() {
		now = t.claim(i+1, claim, now)
	}
}

// calls makes the client's calls as the scenario lists them, whatever their results.
func (t *timeline) calls(steps []Step) {
	var now instant
	var results []result
	var reads []instant
	check, claims := 0, t.story.ClaimSteps()
	for _, call := range t.story.Calls {
		switch {
		case call.Claim != "":
			for _, r := range results { // the client waits for the checks before the claim
				if r.saved.order > now.order {
					now = r.saved
					now.order += nextCall
				}
			}
			now = t.claim(len(t.story.ClaimSteps())-len(claims)+1, claims[0], now)
			claims = claims[1:]
		case call.Wait != nil:
			now = now.after(time.Duration(*call.Wait))
		case call.Read:
			t.add(now, Client, Mock, "reads the patient")
			reads = append(reads, now)
		default:
			check++
			step := steps[check-1]
			if saved, ends := t.check(check, step, now); ends {
				results = append(results, result{check, saved, step.Webhook})
			}
			now.order += nextCall
		}
	}
	slices.SortStableFunc(results, func(a, b result) int { return cmp.Compare(a.saved.order, b.saved.order) })
	for _, r := range results {
		t.record(r)
	}
	for _, read := range reads {
		t.read(read)
	}
}

// check adds the moments of a check up to the saving of its result. It returns the time of the saving; false when the
// result never comes.
func (t *timeline) check(n int, step Step, now instant) (saved instant, ends bool) {
	t.add(now, Client, Mock, fmt.Sprintf("starts check %d, of the %s card", n, step.Card))
	early := step.Webhook.BeforeReply && step.Response != ""
	reply := now
	if early {
		reply.order++ // behind the event, sent at the same time
	}
	t.add(reply, Mock, Client, fmt.Sprintf("replies with the id of check %d", n))
	if step.Response == "" && !step.Unsaid {
		t.add(now, Insurer, "", fmt.Sprintf("never answers check %d", n))
		return now, false
	}
	saved = now.after(t.in.CronDelay)
	switch {
	case early:
		saved = now
	case step.After != nil:
		saved = now.after(*step.After)
	case step.At != "":
		saved = now.once(strings.TrimSuffix(step.At, "Z") + " UTC")
	}
	text := step.Response
	switch {
	case step.Unsaid:
		text = "what follows from the patient's data"
	case step.ByItself:
		text += ", which follows from the patient's data"
	}
	t.add(saved, Insurer, Mock, fmt.Sprintf("answers check %d: %s", n, text))
	t.add(saved, Mock, "", fmt.Sprintf("saves that on the patient's %s card", step.Card))
	return saved, true
}
