// Package result holds the results of a contract run: the state of each selected requirement, and its findings with the
// redacted exchanges as proof. results.json is a Run, and every report is made from one. A Run has no values of
// patients or clinics: package redact removes them first.
package result

import (
	"slices"
	"time"
)

// Version is the version of the schema of results.json. It increases with a change that older readers cannot read.
const Version = 2

// Run is one contract run.
type Run struct {
	Version      int           `json:"version"` // of the schema
	Causes       []Cause       `json:"causes"`  // breaking first, then unclear, then additive; by places within a class
	ID           string        `json:"run_id"`  // 8 hex digits, also in the User-Agent of each request
	Target       Target        `json:"target"`
	Suite        string        `json:"suite_version"`    // the version of vsee-contract
	Document     string        `json:"document_version"` // info.version of openapi.yaml
	Started      time.Time     `json:"started"`
	Duration     Seconds       `json:"duration_seconds"`
	FailOn       []Class       `json:"fail_on"`              // a cause of these classes makes the run red if not known
	WarnOn       []Class       `json:"warn_on,omitempty"`    // a cause of these classes is a warning
	Broken       string        `json:"broken,omitempty"`     // why the run ended early; empty if it did not
	Left         []string      `json:"left,omitempty"`       // things left on a shared target, such as a cancelled visit
	Unrepeated   []string      `json:"unrepeated,omitempty"` // ids of failed requirements of --rerun that were not tested
	Known        []KnownEntry  `json:"known_differences"`
	Requirements []Requirement `json:"requirements"` // sorted by id
	Seen         Seen          `json:"seen"`
}

// Seen is how much of the contract a run has reached.
type Seen struct {
	Operations []string `json:"operations"`        // operationIds with at least one reply to a request that must succeed
	Exercised  []string `json:"exercised"`         // "operation case", sorted: a known difference is stale only there
	Partial    []string `json:"partial,omitempty"` // operations with an unselected requirement: nothing is stale there
	Of         int      `json:"of"`                // operations in openapi.yaml that the target must have
}

// KnownEntry is an entry of the known differences after a run.
type KnownEntry struct {
	Key    Key        `json:"cause"`
	State  EntryState `json:"state"`
	Line   int        `json:"line"` // in the file
	Owner  string     `json:"owner"`
	Reason string     `json:"reason"`
}

// EntryState is the outcome of an entry of the known differences.
type EntryState string

// The states of entries.
const (
	EntryUsed       EntryState = "used"        // it covers a cause of this run
	EntryStale      EntryState = "stale"       // all of its operation was selected, and the cause did not appear
	EntryExpired    EntryState = "expired"     // it covers a cause, and its last day is over
	EntryNotReached EntryState = "not reached" // its operation was not selected whole, or its case not exercised
	EntryElsewhere  EntryState = "not here"    // it names no target of this run
	EntryEarly      EntryState = "not begun"   // its first day is to come
)

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
	ID        string   `json:"id"` // such as ELIG-003
	Title     string   `json:"title"`
	Level     string   `json:"level"`               // must, should or may
	Operation string   `json:"operation,omitempty"` // operationId in openapi.yaml, or an event's type
	Effect    string   `json:"effect"`              // safe or mutating
	Evidence  string   `json:"evidence"`            // seed, documented, observed, inferred or ours
	State     State    `json:"state"`
	Reason    string   `json:"reason,omitempty"` // why it is not testable, or blocked
	Duration  Seconds  `json:"duration_seconds"`
	Causes    []string `json:"causes,omitempty"`  // ids of the causes that failed, blocked or noted it, sorted
	Stopped   bool     `json:"stopped,omitempty"` // whether it ended early, without a value for its next request
}

// State is the outcome of a requirement.
type State string

// The states.
const (
	Passed      State = "passed"       // it holds; additive causes may be noted
	Failed      State = "failed"       // one of its own assertions does not hold, and no known difference covers it
	Blocked     State = "blocked"      // a value that its next request needs is missing, because of its causes
	Known       State = "known"        // it failed, or is blocked, by known differences alone
	NotTestable State = "not testable" // a precondition is missing; Reason names it
)

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

// Red returns the causes that make the run red: those of a class in FailOn without an entry in the known
// differences.
func (r Run) Red() []Cause {
	var red []Cause
	for _, c := range r.Causes {
		if r.Fails(c) {
			red = append(red, c)
		}
	}
	return red
}

// The exit codes of a run.
const (
	ExitFine             = 0 // nothing is red
	ExitFindings         = 1 // a cause is red
	ExitConfig           = 2 // the configuration is wrong, nothing was selected or testable, or a rerun lacks something
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
	case tally[Passed]+tally[Failed]+tally[Blocked]+tally[Known]+tally[NotTestable] < len(r.Requirements):
		return ExitTarget
	case len(r.Red()) > 0:
		return ExitFindings
	case len(r.Unrepeated) > 0:
		return ExitConfig
	case slices.ContainsFunc(r.Known, func(e KnownEntry) bool { return e.State == EntryStale || e.State == EntryExpired }):
		return ExitKnownDifferences
	case tally[NotTestable] == len(r.Requirements):
		return ExitConfig
	}
	return ExitFine
}
