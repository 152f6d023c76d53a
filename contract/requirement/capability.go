package requirement

// Capability is something that a target, or a run, must have for a requirement to be testable there.
type Capability string

// The capabilities.
const (
	Clock    Capability = "clock"    // its time can be moved
	Webhook  Capability = "webhook"  // its events reach the suite
	Control  Capability = "control"  // it has the control API of a mock
	Mutating Capability = "mutating" // things may be made and changed there; a mutating Effect implies it
	Claims   Capability = "claims"   // it takes claims
	Mock     Capability = "mock"     // it is vsee-mock; Evidence of ours implies it
)

// Capabilities returns all capabilities.
func Capabilities() []Capability {
	return []Capability{Clock, Webhook, Control, Mutating, Claims, Mock}
}

// Missing says what is missing where a target lacks a capability.
func (c Capability) Missing() string {
	switch c {
	case Clock:
		return "its clock cannot be moved"
	case Webhook:
		return "no webhook URL"
	case Control:
		return "it has no control API"
	case Mutating:
		return "nothing may be changed there"
	case Claims:
		return "VSee has yet to define claims"
	case Mock:
		return "VSee says nothing about it, vsee-mock decided it"
	}
	return "it lacks " + string(c)
}
