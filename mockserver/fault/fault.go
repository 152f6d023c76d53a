// Package fault chooses the configured fault for a request to VSee's API: by the number of the request, and by
// repeatable chance. Package api applies the fault to the request or its reply.
package fault

import (
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Kind is the change to a reply, other than lateness.
type Kind string

// The kinds of faults. At most one of them affects a request.
const (
	None      Kind = ""
	Status    Kind = "status"    // a failure is answered and nothing is done
	Reset     Kind = "reset"     // the connection is reset once everything is done
	Truncated Kind = "truncated" // the reply ends in the middle
	Malformed Kind = "malformed" // the reply is not well-formed JSON
	HTML      Kind = "html"      // the reply is a page
)

// Effect is the set of faults for one request; the zero value is none.
type Effect struct {
	Kind       Kind
	Status     int           // of a fault of kind Status
	RetryAfter time.Duration // likewise; 0 for none
	Latency    time.Duration // how much later the reply begins
	Slow       time.Duration // how long its body takes
	Scenario   string        // the id of the first scenario among their origins; empty for none
}

// String names the faults, such as `latency, truncated`; it is empty for none.
func (f Effect) String() string {
	var words []string
	if f.Latency > 0 {
		words = append(words, "latency")
	}
	if f.Slow > 0 {
		words = append(words, "slow")
	}
	if f.Kind != None {
		words = append(words, string(f.Kind))
	}
	return strings.Join(words, ", ")
}

// add applies a fault to a request, which may have others already. The first kind wins, and the first slow body;
// latencies add up. It returns whether any of the fault is left.
func (f *Effect) add(by scenarios.Fault, latency time.Duration) bool {
	before := *f
	f.Latency += latency
	if f.Slow == 0 {
		f.Slow = time.Duration(by.Slow)
	}
	if kind := kindOf(by); f.Kind == None && kind != None {
		f.Kind, f.Status, f.RetryAfter = kind, by.Status, time.Duration(by.RetryAfter)
	}
	return *f != before
}

func kindOf(f scenarios.Fault) Kind {
	switch {
	case f.Status != 0:
		return Status
	case f.Reset:
		return Reset
	case f.Truncated:
		return Truncated
	case f.Malformed:
		return Malformed
	case f.HTML:
		return HTML
	}
	return None
}
