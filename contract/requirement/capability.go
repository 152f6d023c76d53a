package requirement

import "slices"

// Capability is a feature of a target or a run. A requirement is testable only if all of its needs are there.
type Capability string

// The capabilities.
const (
	Clock    Capability = "clock"    // the run can move the target's clock
	Webhook  Capability = "webhook"  // the target's events reach the suite
	Mutating Capability = "mutating" // the run may write to the target; an Effect of Changes implies it
	Visits   Capability = "visits"   // the run may book visits on the target
	Member   Capability = "member"   // there is a patient to read: an existing one, or one that the run may make
	Mock     Capability = "mock"     // the target is vsee-mock, with a control API; Evidence of Ours implies it
)

// Capabilities returns all capabilities.
func Capabilities() []Capability { return []Capability{Clock, Webhook, Mutating, Visits, Member, Mock} }

// Requires returns all capabilities that a requirement needs: first an implied Mock, then Needs, last an implied
// Mutating.
func (r Requirement) Requires() []Capability {
	var all []Capability
	if r.Evidence == Ours {
		all = append(all, Mock)
	}
	for _, c := range r.Needs {
		if !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	if r.Effect == Changes && !slices.Contains(all, Mutating) {
		all = append(all, Mutating)
	}
	return all
}

// Lacks returns the needed capabilities for which has is false, in the order of Requires.
func (r Requirement) Lacks(has func(Capability) bool) []Capability {
	return slices.DeleteFunc(r.Requires(), has)
}
