package requirement

import "slices"

// Capability is something that a target, or a run, must have for a requirement to be testable there.
type Capability string

// The capabilities.
const (
	Clock    Capability = "clock"    // its time can be moved
	Webhook  Capability = "webhook"  // its events reach the suite
	Mutating Capability = "mutating" // things may be made and changed there; an Effect of Changes implies it
	Mock     Capability = "mock"     // it is vsee-mock, and can be told what to do; Evidence of Ours implies it
)

// Capabilities returns all capabilities.
func Capabilities() []Capability { return []Capability{Clock, Webhook, Mutating, Mock} }

// Requires returns all capabilities that a requirement needs: Mock first, when it is implied, then its own, and what its
// Effect implies last.
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

// Lacks returns the capabilities that a requirement needs and a target does not have, in the order of Requires.
func (r Requirement) Lacks(has func(Capability) bool) []Capability {
	return slices.DeleteFunc(r.Requires(), has)
}
