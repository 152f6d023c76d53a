// Package result holds the results of a contract run: the state of each selected requirement, and its findings with the
// redacted exchanges as proof. results.json is a Run, and every report is made from one. A Run has no values of patients
// or clinics: package redact removes them first.
package result

import "time"

// Version is the version of the schema of results.json. It increases with a change that older readers cannot read.
const Version = 1

// Run is one contract run.
type Run struct {
	Version      int           `json:"version"` // of the schema
	ID           string        `json:"run_id"`  // 8 hex digits, also in the User-Agent of each request
	Target       Target        `json:"target"`
	Suite        string        `json:"suite_version"`    // the version of vsee-contract
	Document     string        `json:"document_version"` // info.version of openapi.yaml
	Started      time.Time     `json:"started"`
	Duration     Seconds       `json:"duration_seconds"`
	Requirements []Requirement `json:"requirements"`     // sorted by id
	Broken       string        `json:"broken,omitempty"` // why the run ended early; empty if it did not
}

// Target is the server under test.
type Target struct {
	Name    string `json:"name"`     // in reports and known differences: mock, preview, …
	BaseURL string `json:"base_url"` // without user, password and query
	Mock    bool   `json:"mock"`     // whether it has the control API
}

// Seconds is a duration in seconds, a number in JSON.
type Seconds float64

// Requirement is one requirement with its result.
type Requirement struct {
	ID        string    `json:"id"` // such as ELIG-003
	Title     string    `json:"title"`
	Level     string    `json:"level"`               // must, should or may
	Operation string    `json:"operation,omitempty"` // operationId in openapi.yaml, or an event's type
	Effect    string    `json:"effect"`              // safe or mutating
	Evidence  string    `json:"evidence"`            // seed, documented, observed, inferred or ours
	State     State     `json:"state"`
	Reason    string    `json:"reason,omitempty"` // why it is not testable, or the text of its known difference
	Duration  Seconds   `json:"duration_seconds"`
	Findings  []Finding `json:"findings,omitempty"` // of a failed requirement, whether expected or not
}

// State is the outcome of a requirement.
type State string

// The states.
const (
	Passed      State = "passed"
	Failed      State = "failed"
	Expected    State = "failed as expected" // it is a known difference
	Stale       State = "stale"              // it is a known difference, but it passes
	Expired     State = "expired"            // its known difference has expired
	NotTestable State = "not testable"       // a precondition is missing; Reason names it
)

// Red reports whether a state makes a run fail.
func (s State) Red() bool { return s == Failed || s == Stale || s == Expired }

// Finding is one difference between the target and a requirement.
type Finding struct {
	Rule      string    `json:"rule"`                // one sentence, without values
	Operation string    `json:"operation,omitempty"` // the operation of the reply with the difference
	Status    int       `json:"status,omitempty"`
	Pointer   string    `json:"pointer,omitempty"` // JSON pointer into the body
	Line      int       `json:"line,omitempty"`    // in openapi.yaml; 0 for none
	Exchange  *Exchange `json:"exchange,omitempty"`
}

// Exchange is a request and its reply, both redacted.
type Exchange struct {
	Request Message `json:"request"`
	Reply   Message `json:"reply"`
}

// Message is one side of an Exchange.
type Message struct {
	Line   string            `json:"line"` // method and path, or the status
	Header map[string]string `json:"header,omitempty"`
	Body   string            `json:"body,omitempty"`
}

// Tally returns the number of requirements in each state.
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
	ExitConfig           = 2 // the configuration or the command line is wrong, or nothing was selected or testable
	ExitTarget           = 3 // the target or the run itself broke
	ExitKnownDifferences = 4 // a known difference is stale or has expired, and nothing else is wrong
)

// ExitCode returns the exit code of a run. An unknown state counts as a broken run.
func (r Run) ExitCode() int {
	tally := r.Tally()
	switch {
	case r.Broken != "":
		return ExitTarget
	case len(r.Requirements) == 0:
		return ExitConfig
	case tally[Passed]+tally[Failed]+tally[Expected]+tally[Stale]+tally[Expired]+tally[NotTestable] < len(r.Requirements):
		return ExitTarget
	case tally[Failed] > 0:
		return ExitFindings
	case tally[Stale]+tally[Expired] > 0:
		return ExitKnownDifferences
	case tally[NotTestable] == len(r.Requirements):
		return ExitConfig
	}
	return ExitFine
}
