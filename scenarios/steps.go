package scenarios

import "time"

// Step is one check of a story and what must come of it.
type Step struct {
	Card     string         // primary or secondary
	Response string         // the text; empty when the check must not end, or when Unsaid
	After    *time.Duration // from the start of the check; nil for the clinic's cron delay
	At       string         // a time, as in an Answer; empty when After says it
	Unsaid   bool           // the story does not say what comes of it: the mock answers by itself
	Refused  int            // how many attempts of the webhook are refused before one is delivered
	Waits    time.Duration  // how long the client waits before it
}

// Steps returns the checks of the story, in order.
func (s Scenario) Steps() []Step {
	card := string(s.Person().Card)
	if card == "" {
		card = primary
	}
	calls := s.Calls
	if len(calls) == 0 {
		for range max(len(s.Answers.Of(card)), len(s.Expect)) {
			calls = append(calls, Call{Check: card})
		}
	}
	var steps []Step
	var waits time.Duration
	nth := map[string]int{}
	for _, call := range calls {
		if call.Wait != nil {
			waits += time.Duration(*call.Wait)
		}
		if call.Check == "" {
			continue
		}
		nth[call.Check]++
		step := Step{Card: call.Check, Refused: int(s.Webhook.Refused), Waits: waits}
		a, said := s.Answers.Nth(call.Check, nth[call.Check])
		if said && !a.Silent {
			step.Response, step.After, step.At = a.Text, (*time.Duration)(a.After), string(a.At)
		}
		n := len(steps)
		step.Unsaid = !said && n >= len(s.Expect)
		if n < len(s.Expect) {
			step.Response = s.Expect[n]
			if step.Response == NoAnswer {
				step.Response = ""
			}
		}
		steps, waits = append(steps, step), 0
	}
	return steps
}
