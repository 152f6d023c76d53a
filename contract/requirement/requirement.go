// Package requirement holds the catalogue of requirements on a target, as data: the title of each requirement, its
// evidence, its effect on a target and its needs. The package writes the list in requirements.md, and selects the
// requirements of a run. It has no code that tests a requirement.
package requirement

// Requirement is one rule that a target must keep.
type Requirement struct {
	ID        string // such as ELIG-003; it never changes, because known differences use it
	Title     string // a sentence about VSee, without a full stop
	Level     Level
	Operation string // operationId in openapi.yaml, the type of an event, or EveryOperation
	Effect    Effect
	Needs     []Capability // without those implied by Effect and Evidence; see Requires
	Evidence  Evidence
	Labels    []string // more words to select it by; see Tags
}

// EveryOperation is the Operation of a requirement on the API as a whole.
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

// Effect is the effect of a test on the target.
type Effect string

// The effects.
const (
	Safe    Effect = "safe"     // the test only reads
	Changes Effect = "mutating" // the test creates or changes something
)

// Effects returns all effects.
func Effects() []Effect { return []Effect{Safe, Changes} }

// Evidence is the source of a requirement, as one of the grades of openapi.yaml.
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

// Surer returns the surer of two grades.
func (e Evidence) Surer(other Evidence) Evidence {
	for _, grade := range Grades() {
		if grade == e || grade == other {
			return grade
		}
	}
	return other
}

// Weaker returns the weaker of two grades.
func (e Evidence) Weaker(other Evidence) Evidence {
	if e.Surer(other) == e {
		return other
	}
	return e
}

// Tags returns the labels that select a requirement: its Labels, and its id, level, effect, evidence, operation and
// Needs in the form id:ELIG-003, level:must and so on.
func (r Requirement) Tags() []string {
	tags := []string{"id:" + r.ID, "level:" + string(r.Level), "effect:" + string(r.Effect), "evidence:" +
		string(r.Evidence)}
	if r.Operation != EveryOperation {
		tags = append(tags, "op:"+r.Operation)
	}
	for _, c := range r.Needs {
		tags = append(tags, "needs:"+string(c))
	}
	return append(tags, r.Labels...)
}
