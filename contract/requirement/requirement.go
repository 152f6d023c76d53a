// Package requirement is the catalogue of what is required of a target, as data: what each requirement is about, how
// sure it is, what it does to a target and what it needs of one. It writes the list that people read, and finds what a
// run is to test. It knows nothing of how a requirement is tested.
package requirement

// Requirement is one thing that is required of a target.
type Requirement struct {
	ID        string // such as ELIG-003; it stays: known differences name it
	Title     string // a sentence about VSee, without a full stop
	Level     Level
	Operation string // operationId of openapi.yaml, the type of an event, or EveryOperation
	Effect    Effect
	Needs     []Capability // beyond those that its Effect and its Evidence imply
	Evidence  Evidence
	Labels    []string // of its own, by which it can be selected: see Tags
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

// Tags returns all that a requirement can be selected by as a label: its id, level, effect, evidence, operation and own
// needs as id:ELIG-003, level:must and so on, and its Labels.
func (r Requirement) Tags() []string {
	tags := []string{"id:" + r.ID, "level:" + string(r.Level), "effect:" + string(r.Effect), "evidence:" + string(r.Evidence)}
	if r.Operation != EveryOperation {
		tags = append(tags, "op:"+r.Operation)
	}
	for _, c := range r.Needs {
		tags = append(tags, "needs:"+string(c))
	}
	return append(tags, r.Labels...)
}
