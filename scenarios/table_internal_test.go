package scenarios

import (
	"fmt"
	"slices"
	"strings"
)

// Labels returns the labels of the catalogue, in the order of the tables.
func Labels() []string {
	return []string{"eligible", "ineligible", "no-response", "timing", "claim", "webhook", "http", "auth", MockOnly}
}

// remarks are the texts above the table of a label.
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
		fmt.Fprintf(&b, "\n## %s\n%s\n| scenario | story | the card | what comes |\n| --- | --- | --- | --- |\n", label,
			remarks[label])
		for _, s := range byLabel[label] {
			fmt.Fprintf(&b, "| [`%s`](%s) | %s | %s | %s |\n", s.ID, s.File, s.Title, s.Invocation(), s.outcome())
		}
	}
	return b.String()
}

// outcome describes in Markdown the result of each check, and the failures on the way.
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

// words describes the result of a check.
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
