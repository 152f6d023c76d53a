package scenarios

import (
	"fmt"
	"slices"
	"strings"
)

// remarks are what stands above the table of a label.
var remarks = map[string]string{
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
		fmt.Fprintf(&b, "\n## %s\n%s\n| scenario | story | the card | what comes |\n| --- | --- | --- | --- |\n", label, remarks[label])
		for _, s := range byLabel[label] {
			fmt.Fprintf(&b, "| [`%s`](%s) | %s | %s | %s |\n", s.ID, s.File, s.Title, s.Invocation(), s.outcome())
		}
	}
	return b.String()
}

// Invocation says in Markdown which check the scenario is about, and what else it takes.
func (s Scenario) Invocation() string {
	var parts []string
	for _, k := range conditions {
		if want := *k.of(&s.When); len(want) > 0 {
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

// words says what is particular about a patient.
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

// outcome says in Markdown what comes of each check, and what goes wrong on the way.
func (s Scenario) outcome() string {
	steps := s.Steps()
	several := slices.ContainsFunc(steps, func(step Step) bool { return step.Card != steps[0].Card })
	parts := make([]string, 0, len(steps)+2)
	for _, step := range steps {
		parts = append(parts, step.words(several))
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

// words says what comes of a check.
func (s Step) words(withCard bool) string {
	text := ""
	if s.Waits > 0 {
		text = brief(s.Waits.String()) + " later "
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

// quoted returns a part of a scenario as it stands in a file, on one line.
func quoted(part any) string { return "`" + flow(part) + "`" }

// brief writes time spans without what is nothing of them: 10m for 10m0s.
func brief(text string) string { return strings.NewReplacer("h0m0s", "h", "m0s", "m").Replace(text) }
