package scenarios

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Labels returns the labels of the catalogue, in the order of the tables.
func Labels() []string {
	return []string{"eligible", "ineligible", "no-response", "timing", "visit", "claim", "webhook", "http", "auth",
		MockOnly}
}

// remarks are the texts above the table of a label.
var remarks = map[string]string{
	"visit": "\nVSee publishes the steps of a visit, and not their rules: their course " +
		"and their times are this project's own.\n",
	"claim": "\nVSee has not defined claims: what comes of them here is this project's own.\n",
}

// Table returns the scenarios as tables in Markdown, one for each label: each scenario once, under its first one.
func Table(set Set) string {
	labels := Labels()
	byLabel := map[string]Set{}
	for _, s := range set {
		first := "other"
		if len(s.Labels) > 0 {
			first = s.Labels[0]
		}
		if !slices.Contains(labels, first) {
			labels = append(labels, first)
		}
		byLabel[first] = append(byLabel[first], s)
	}
	var b strings.Builder
	for _, label := range labels {
		if len(byLabel[label]) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n## %s\n%s\n| scenario | story | the card | what comes |\n| --- | --- | --- | --- |\n", label,
			remarks[label])
		for _, s := range byLabel[label] {
			fmt.Fprintf(&b, "| [`%s`](%s) | %s | %s | %s |\n", s.ID, s.File, s.Title, s.invocation(), s.outcome())
		}
	}
	return b.String()
}

// invocation describes in Markdown the check of the scenario, and its other requirements.
func (s Scenario) invocation() string {
	var parts []string
	for _, k := range conditions {
		if want := *k.wanted(&s.When); len(want) > 0 {
			parts = append(parts, k.name+" `"+strings.Join(want, "` or `")+"`")
		}
	}
	if s.When.IsZero() {
		parts = s.Patient.words()
	}
	if s.Clinic != (Clinic{}) {
		parts = append(parts, "in a clinic with "+quoted(s.Clinic))
	}
	return strings.Join(parts, ", ")
}

// words describes the special properties of a patient.
func (p Patient) words() []string {
	var parts []string
	for _, field := range []struct {
		name  string
		value Text
	}{
		{"carrier_code", p.CarrierCode}, {"subscriber_num", p.SubscriberNum}, {"group_number", p.GroupNumber},
		{"card", p.Card}, {"respparty", p.Respparty}, {"first_name", p.FirstName}, {"last_name", p.LastName},
		{"dob", p.DOB}, {"code", p.Code}, {"email", p.Email},
	} {
		if field.value != "" {
			parts = append(parts, field.name+" `"+string(field.value)+"`")
		}
	}
	for _, name := range p.Without {
		parts = append(parts, "no "+name)
	}
	return parts
}

// quoted returns a part of a scenario in its form in a file, on one line.
func quoted(part any) string { return "`" + flow(part) + "`" }

// outcome describes in Markdown the result of each check, and the failures on the way.
func (s Scenario) outcome() string {
	steps := s.Steps()
	several := slices.ContainsFunc(steps, func(step Step) bool { return step.Card != steps[0].Card })
	var parts []string
	var waits time.Duration
	for _, call := range s.Script() {
		if call.Wait != nil {
			waits += time.Duration(*call.Wait)
		}
		if call.Check != "" {
			parts = append(parts, steps[0].words(several, waits))
			if m := steps[0].Webhook; m != s.Webhook && !steps[0].ByItself {
				parts[len(parts)-1] += ", webhook " + quoted(m)
			}
			steps, waits = steps[1:], 0
		}
	}
	if s.Visit != nil {
		parts = append(parts, s.Visit.Words())
	}
	for _, claim := range s.ClaimSteps() {
		parts = append(parts, claim.words())
	}
	if s.Webhook != (Webhook{}) {
		parts = append(parts, "webhook "+quoted(s.Webhook))
	}
	if s.ClaimWebhook != (Webhook{}) {
		parts = append(parts, "claim_webhook "+quoted(s.ClaimWebhook))
	}
	for _, fault := range s.HTTP {
		parts = append(parts, "http "+quoted(fault))
	}
	return strings.Join(parts, "; ")
}

// words describes the result of a check before which the client waits.
func (s Step) words(withCard bool, waits time.Duration) string {
	text := ""
	if waits > 0 {
		text = brief(waits.String()) + " later "
	}
	if withCard {
		text += s.Card + ": "
	}
	switch {
	case s.Unsaid:
		return text + "what follows from the patient's data"
	case s.Response == "":
		return text + "nothing"
	}
	text += s.Response
	if s.After != nil {
		text += " after " + brief(s.After.String())
	}
	if s.At != "" {
		text += " at " + s.At
	}
	return text
}

// words describes the outcome of the claim.
func (s ClaimStep) words() string {
	switch s.Refused {
	case NotEligible:
		return "claim refused: the check was not Success"
	case Duplicate:
		return "claim refused: a duplicate"
	}
	return "claim " + s.Claim.Words()
}

// brief writes time spans without their zero parts: 10m for 10m0s.
func brief(text string) string { return strings.NewReplacer("h0m0s", "h", "m0s", "m").Replace(text) }
