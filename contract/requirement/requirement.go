// Package requirement is the catalogue of what is required of a target, as data: what each requirement is about, how
// sure it is, what it does to a target and what it needs of one. It writes the list that people read, and finds what a
// run is to test. It knows nothing of how a requirement is tested.
package requirement

// Requirement is one thing that is required of a target.
type Requirement struct {
	ID        string // such as ELIG-003; it stays, since ledgers name it
	Title     string // a sentence about VSee, without a full stop
	Level     Level
	Operation string // operationId of openapi.yaml, the type of an event, or EveryOperation
	Effect    Effect
	Needs     []Capability // beyond those that its Effect and its Evidence imply
	Evidence  Evidence
	Labels    []string // by which it can be selected, beyond its evidence and its effect
}

// EveryOperation is the Operation of a requirement that is about none in particular.
const EveryOperation = "every operation"

// Level is how binding a requirement is.
type Level string

// The levels, of RFC 2119.
const (
	Must   Level = "must"
	Should Level = "should"
	May    Level = "may"
)

// Levels returns all levels, the most binding first.
func Levels() []Level { return []Level{Must, Should, May} }

// Effect is what testing a requirement does to a target.
type Effect string

// The effects.
const (
	Safe    Effect = "safe"     // nothing is there afterwards that was not there before
	Changes Effect = "mutating" // something is made or changed
)

// Effects returns all effects.
func Effects() []Effect { return []Effect{Safe, Changes} }

// Evidence is how sure it is that VSee means a requirement so. openapi.yaml explains the grades.
type Evidence string

// The grades of evidence.
const (
	Seed       Evidence = "seed"
	Documented Evidence = "documented"
	Observed   Evidence = "observed"
	Inferred   Evidence = "inferred"
	Ours       Evidence = "ours"
)

// Grades returns all grades of evidence, the surest first.
func Grades() []Evidence { return []Evidence{Seed, Documented, Observed, Inferred, Ours} }

// Lacks says which capabilities a requirement needs and a target does not have, by what is missing there; it is empty
// when there are none.
func (r Requirement) Lacks(has func(Capability) bool) []string {
	var missing []string
	for _, c := range r.needs() {
		if !has(c) {
			missing = append(missing, c.Missing())
		}
	}
	return missing
}

// needs returns all capabilities that a requirement needs, those that are implied first.
func (r Requirement) needs() []Capability {
	var implied []Capability
	if r.Evidence == Ours {
		implied = append(implied, Mock)
	}
	if r.Effect == Changes {
		implied = append(implied, Mutating)
	}
	return append(implied, r.Needs...)
}
