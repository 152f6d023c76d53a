// Package result is what a contract run has found: one Requirement for each that was selected, its state, and the
// findings with the redacted exchanges that show them. It is what results.json holds, and what every report is made of.
// It holds no values of anybody's: package redact sees to that before anything gets here.
package result

import "time"

// Version is that of the schema of results.json. A change that a reader of the one before could not read raises it.
const Version = 1

// Run is one contract run.
type Run struct {
	Version      int           `json:"version"` // of the schema
	ID           string        `json:"run_id"`  // 8 hex digits, in the User-Agent of each request too
	Target       Target        `json:"target"`
	Suite        string        `json:"suite_version"`    // of vsee-contract
	Document     string        `json:"document_version"` // info.version of openapi.yaml
	Started      time.Time     `json:"started"`
	Duration     Seconds       `json:"duration_seconds"`
	Requirements []Requirement `json:"requirements"`     // in the order of their ids
	Broken       string        `json:"broken,omitempty"` // why the run ended early; empty when it did not
}

// Target is what was faced.
type Target struct {
	Name    string `json:"name"`     // in reports and known differences: mock, preview, …
	BaseURL string `json:"base_url"` // without user, password and query
	Mock    bool   `json:"mock"`     // it has the control API
}

// Seconds is a time span in JSON: a number of seconds.
type Seconds float64

// Requirement is one requirement and what came of it.
type Requirement struct {
	ID        string    `json:"id"` // such as ELIG-003
	Title     string    `json:"title"`
	Level     string    `json:"level"`               // must, should or may
	Operation string    `json:"operation,omitempty"` // operationId of openapi.yaml, or the type of an event
	Effect    string    `json:"effect"`              // safe or mutating
	Evidence  string    `json:"evidence"`            // seed, documented, observed, inferred or ours
	State     State     `json:"state"`
	Reason    string    `json:"reason,omitempty"` // why it is not testable, or the text of its known difference
	Duration  Seconds   `json:"duration_seconds"`
	Findings  []Finding `json:"findings,omitempty"` // of a requirement that has failed, as expected or not
}

// State is what came of a requirement.
type State string

// The states.
const (
	Passed      State = "passed"
	Failed      State = "failed"
	Expected    State = "failed as expected" // it is a known difference
	Stale       State = "stale"              // it is a known difference, but it passes
	Expired     State = "expired"            // its known difference has expired
	NotTestable State = "not testable"       // a precondition is missing: Reason says which
)

// Red reports whether a state makes a run fail.
func (s State) Red() bool { return s == Failed || s == Stale || s == Expired }

// Finding is one way in which a target differs from what is required.
type Finding struct {
	Rule      string    `json:"rule"`                // one sentence, without a value
	Operation string    `json:"operation,omitempty"` // where it was seen
	Status    int       `json:"status,omitempty"`
	Pointer   string    `json:"pointer,omitempty"` // JSON pointer into the body
	Line      int       `json:"line,omitempty"`    // of openapi.yaml; 0 when it is about none
	Exchange  *Exchange `json:"exchange,omitempty"`
}

// Exchange is a request and its reply, redacted.
type Exchange struct {
	Request Message `json:"request"`
	Reply   Message `json:"reply"`
}

// Message is one side of an Exchange.
type Message struct {
	Line   string            `json:"line"` // method and path, or status
	Header map[string]string `json:"header,omitempty"`
	Body   string            `json:"body,omitempty"`
}

// Tally is how many requirements are in each state.
func (r Run) Tally() map[State]int {
	tally := map[State]int{}
	for _, requirement := range r.Requirements {
		tally[requirement.State]++
	}
	return tally
}

// The exit codes of a run.
const (
	ExitFine             = 0 // nothing is red
	ExitFindings         = 1 // a requirement has failed
	ExitConfig           = 2 // the configuration or the command line is wrong, or nothing was selected, or could be tested
	ExitTarget           = 3 // the target or the run itself broke
	ExitKnownDifferences = 4 // a known difference is stale or has expired, and nothing else is wrong
)

// ExitCode returns the exit code of a run.
func (r Run) ExitCode() int {
	tally := r.Tally()
	switch {
	case r.Broken != "":
		return ExitTarget
	case len(r.Requirements) == 0:
		return ExitConfig
	case tally[Passed]+tally[Failed]+tally[Expected]+tally[Stale]+tally[Expired]+tally[NotTestable] < len(r.Requirements):
		return ExitTarget // a state that there is not is never a good one
	case tally[Failed] > 0:
		return ExitFindings
	case tally[Stale]+tally[Expired] > 0:
		return ExitKnownDifferences
	case tally[NotTestable] == len(r.Requirements):
		return ExitConfig
	}
	return ExitFine
}
