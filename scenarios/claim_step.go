package scenarios

import "slices"

// How a client submits a claim.
const (
	NewClaim       = "new"       // for another date than the ones before
	ClaimAgain     = "again"     // the last one once more
	ClaimCorrected = "corrected" // the last one with another diagnosis, in its place
)

// ClaimStep is one claim of a scenario and its required outcome.
type ClaimStep struct {
	Card     string // the card of the billed carrier
	Again    bool   // it is the one before, once more
	Corrects bool   // it corrects the accepted one before
	Refused  string // the reason for its refusal: NotEligible, Duplicate or NotDecided; empty when it is accepted
	Claim    Claim  // its outcome, if it is accepted
}

// Why a claim is refused.
const (
	NotEligible = "not eligible"
	Duplicate   = "duplicate"
	NotDecided  = "not decided" // by the insurer, so it cannot be corrected; no scenario may have such a claim
)

// ClaimSteps returns the claims of the scenario, in order. The client submits each after the one before has come to its
// end. A claim without an outcome in the scenario is paid.
func (s Scenario) ClaimSteps() []ClaimStep {
	var claims []ClaimStep
	eligible, card, checks, nth, before := map[string]bool{}, s.checked()[0], s.Steps(), 0, ClaimStep{}
	for _, call := range s.Script() {
		switch {
		case call.Card != nil:
			eligible[call.Card.Of()] = false
		case call.Check != "":
			card = call.Check
			isSuccess := func(c Chance) bool { return c.Answer.Text == Success }
			if step := checks[0]; step.Response != "" || step.Unsaid || len(step.Chance) > 0 {
				eligible[card] = step.Response == Success || step.Unsaid || slices.ContainsFunc(step.Chance, isSuccess)
			}
			checks = checks[1:]
		case call.Claim != "":
			step := ClaimStep{Card: card, Again: call.Claim == ClaimAgain, Corrects: call.Claim == ClaimCorrected}
			if call.Claim == primary || call.Claim == secondary {
				step.Card = string(call.Claim)
			}
			switch {
			case !eligible[step.Card]:
				step.Refused = NotEligible
			case step.Corrects && (before.Card != step.Card || !before.decided()):
				step.Refused = NotDecided
			case step.Again && before.Card == step.Card && before.taken():
				step.Refused = Duplicate
			default:
				nth++
				var said bool
				if step.Claim, said = s.Claims.Nth(nth); !said {
					step.Claim = Claim{Outcome: Paid}
				}
			}
			claims = append(claims, step)
			if step.Refused != Duplicate {
				before = step
			}
		}
	}
	return claims
}

// decided reports whether the insurer decides the claim.
func (s ClaimStep) decided() bool { return s.taken() && s.Claim.Outcome != Silent }

// taken reports whether the clinic has the claim, and will refuse another one like it.
func (s ClaimStep) taken() bool {
	return s.Refused == "" && s.Claim.Outcome != Rejected && s.Card != ""
}
