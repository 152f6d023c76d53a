package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// point is a mark on the small timeline of a scenario.
type point struct {
	At          time.Duration // from the sign-on
	Label, Note string
	Tone        string
	Hour        string // of an answer at a time of day, in place of At
}

// When says when it is: start, +30 d 10 s, or at 06:00.
func (p point) When() string {
	switch {
	case p.Hour != "":
		return "at " + p.Hour
	case p.At == 0:
		return "start"
	}
	return "+" + longSpan(p.At)
}

// longSpan writes a duration as span does, and one of two days or more with its days: 30 d 10 s.
func longSpan(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < 2*day:
		return span(d)
	case d%day == 0:
		return fmt.Sprintf("%d d", d/day)
	}
	return fmt.Sprintf("%d d %s", d/day, span(d%day))
}

// standardDelay is the cron delay of a clinic that has set no other.
const standardDelay = 10 * time.Second

// track is the small timeline of a scenario in the making.
type track struct {
	points []point
	now    time.Duration
}

func (t *track) add(after time.Duration, tone, label string, notes ...string) time.Duration {
	notes = slices.DeleteFunc(notes, func(note string) bool { return note == "" })
	t.points = append(t.points, point{At: t.now + after, Label: label, Note: strings.Join(notes, "; "), Tone: tone})
	return t.now + after
}

// trackOf returns the points of a scenario in their order. Without calls, its client waits for each result.
func trackOf(s scenarios.Scenario) []point {
	t := &track{}
	steps, claims := s.Steps(), s.ClaimSteps()
	for _, f := range s.HTTP {
		t.add(0, bad, cmp.Or(f.Operation, "any request")+" fails", faultWords(f))
	}
	for _, call := range s.Script() {
		end := t.now
		switch {
		case call.Check != "":
			end = t.check(steps[0], s)
			steps = steps[1:]
		case call.Wait != nil:
			t.now += time.Duration(*call.Wait)
			continue
		case call.Read:
			t.add(0, plain, "patient read")
		case call.Card != nil:
			t.add(0, plain, call.Card.Of()+" card changed")
		case call.Visit:
			end = t.visit(s.Visit)
		case call.Claim != "":
			end = t.claim(claims[0], s)
			claims = claims[1:]
		}
		if len(s.Calls) == 0 {
			t.now = end
		}
	}
	slices.SortStableFunc(t.points, func(a, b point) int { return cmp.Compare(a.At, b.At) })
	return t.points
}

// check adds a check and its result, and returns the time of the result.
func (t *track) check(step scenarios.Step, s scenarios.Scenario) time.Duration {
	t.add(0, plain, step.Card+" card checked")
	delay, note := standardDelay, ""
	if s.Clinic.CronDelay != nil {
		delay = s.Clinic.CronDelay.From
	}
	if step.After != nil {
		delay = *step.After
	}
	if step.Until != nil {
		note = "or up to " + span(*step.Until)
	}
	defer func() { t.points[len(t.points)-1].Hour = step.At }()
	hook := strings.Join(step.Webhook.Words(), ", ")
	if hook != "" {
		hook = "event: " + hook
	}
	switch {
	case len(step.Chance) > 0:
		var parts []string
		for _, one := range step.Chance {
			parts = append(parts, fmt.Sprintf("%d %% %s", one.Percent, cmp.Or(one.Answer.Text, "no answer")))
		}
		return t.add(delay, warning, "by chance", strings.Join(parts, ", "), note, hook)
	case step.Unsaid:
		return t.add(delay, good, "the mock’s own answer", hook)
	case step.Response == "":
		return t.add(delay, waiting, "no answer", hook)
	}
	return t.add(delay, toneOfAnswer(step.Response), step.Response, note, hook)
}

// visit adds a visit and its steps, and returns the time of the last one.
func (t *track) visit(v *scenarios.Visit) time.Duration {
	at := time.Duration(0)
	t.add(0, plain, "patient comes")
	if v == nil {
		return t.now
	}
	for _, stage := range v.Stages() {
		at += stage.After
		t.add(at, plain, strings.ReplaceAll(stage.Action, "_", " "), stage.Event)
	}
	return t.now + at
}

// claim adds a claim and its statuses, and returns the time of the last one.
func (t *track) claim(step scenarios.ClaimStep, s scenarios.Scenario) time.Duration {
	if step.Refused != "" {
		return t.add(0, warning, "claim refused", step.Refused)
	}
	at := time.Duration(0)
	t.add(0, plain, "claim submitted", strings.Join(s.ClaimWebhook.Words(), ", "))
	for _, stage := range step.Claim.Stages() {
		after := standardDelay
		if stage.After != nil {
			after = *stage.After
		}
		at += after
		t.add(at, toneOfClaim(stage.Status), strings.ReplaceAll(stage.Status, "_", " "))
	}
	return t.now + at
}

// faultWords says in words how requests fail.
func faultWords(f scenarios.Fault) string {
	words := []string{}
	say := func(so bool, format string, values ...any) {
		if so {
			words = append(words, fmt.Sprintf(format, values...))
		}
	}
	say(f.Status != 0, "status %d", f.Status)
	say(f.Reset, "connection reset")
	say(f.Truncated, "reply cut off")
	say(f.Malformed, "malformed JSON")
	say(f.HTML, "an HTML page")
	say(!f.Latency.IsZero(), "after %s", f.Latency)
	say(f.Slow != 0, "body takes %s", span(time.Duration(f.Slow)))
	say(f.From > 1, "from request %d", f.From)
	say(f.Times != 0, "%d times", f.Times)
	say(f.Probability != 0, "with probability %g", f.Probability)
	return strings.Join(words, ", ")
}
