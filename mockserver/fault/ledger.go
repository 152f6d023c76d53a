package fault

import (
	"fmt"
	"slices"
	"sync"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Ledger is the faults of one clinic: its own and those of scenarios, with the number of requests each has seen. It is
// safe for concurrent use.
type Ledger struct {
	draw Draw

	mu      sync.Mutex
	own     []*entry
	stories map[teller][]*entry
}

// Story is the faults of a scenario for a request of one user.
type Story struct {
	ID     string // the scenario's
	User   string // the user, with one count for all their requests
	Faults []scenarios.Fault
}

// teller identifies a counter: the scenario with the faults and the user with the requests.
type teller struct{ story, user string }

// entry is a fault and its counts.
type entry struct {
	scenarios.Fault
	name     string // the name from which its chances are drawn
	seen     int    // requests to its operation
	befallen int
}

// Count is one of a clinic's own faults, and the number of requests it has affected.
type Count struct {
	scenarios.Fault
	Befallen int
}

// New returns a ledger without faults. It draws chances from the given source.
func New(draw Draw) *Ledger { return &Ledger{draw: draw, stories: map[teller][]*entry{}} }

// Set replaces the clinic's own faults. Their counts begin anew.
func (l *Ledger) Set(faults []scenarios.Fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.own = entries("own", faults)
}

// Own returns the clinic's own faults, in the order of their effect on requests.
func (l *Ledger) Own() []Count {
	l.mu.Lock()
	defer l.mu.Unlock()
	counts := make([]Count, 0, len(l.own))
	for _, e := range l.own {
		counts = append(counts, Count{e.Fault, e.befallen})
	}
	return counts
}

// Restart begins all counts anew, and chance with them.
func (l *Ledger) Restart() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.stories)
	for _, e := range l.own {
		e.seen, e.befallen = 0, 0
	}
}

// Befall counts a request to an operation and returns its faults: first those of the scenarios, in their order, then
// the clinic's own.
func (l *Ledger) Befall(operation string, stories ...Story) Fate {
	l.mu.Lock()
	defer l.mu.Unlock()
	var fate Fate
	for _, s := range stories {
		l.befall(&fate, operation, l.told(s))
	}
	l.befall(&fate, operation, l.own)
	return fate
}

// told returns the faults of a scenario for its user, with the counts so far. A rewritten scenario begins anew.
func (l *Ledger) told(s Story) []*entry {
	by := teller{s.ID, s.User}
	before := l.stories[by]
	same := func(e *entry, f scenarios.Fault) bool { return e.Fault == f }
	if before == nil || !slices.EqualFunc(before, s.Faults, same) {
		l.stories[by] = entries(s.ID+" "+s.User, s.Faults)
	}
	return l.stories[by]
}

func (l *Ledger) befall(fate *Fate, operation string, faults []*entry) {
	for _, e := range faults {
		if e.Operation != "" && e.Operation != operation {
			continue
		}
		e.seen++
		if e.due() && e.happens(fate, l.draw) {
			e.befallen++
		}
	}
}

// due reports whether the fault can affect the latest request.
func (e *entry) due() bool {
	from := max(int(e.From), 1)
	return e.seen >= from && (e.Times == 0 || e.seen < from+int(e.Times))
}

// happens adds the fault to a request's fate, unless chance is against it. Its chances follow from its identity and
// from the number of requests it has seen. Requests outside its scope therefore change nothing.
func (e *entry) happens(fate *Fate, draw Draw) bool {
	whether, late := draw.chances(e.name, uint64(e.seen)) //nolint:gosec // a count of requests
	if e.Probability > 0 && whether >= e.Probability {
		return false
	}
	return fate.add(e.Fault, latency(e.Latency, late))
}

func entries(name string, faults []scenarios.Fault) []*entry {
	counted := make([]*entry, 0, len(faults))
	for i, f := range faults {
		counted = append(counted, &entry{Fault: f, name: fmt.Sprintf("%s %d", name, i)})
	}
	return counted
}
