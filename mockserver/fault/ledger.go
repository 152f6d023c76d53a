package fault

import (
	"sync"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Ledger is the faults of one clinic, its own and those of scenarios, with how many requests each has seen. It is safe
// for concurrent use.
type Ledger struct {
	draw Draw

	mu      sync.Mutex
	drawn   uint64
	own     []*entry
	stories map[teller][]*entry
}

// Story is the faults of a scenario for a request of one user.
type Story struct {
	ID     string // the scenario's
	User   string // whose requests are counted together
	Faults []scenarios.Fault
}

// teller is whose requests the faults of a scenario are counted by.
type teller struct{ story, user string }

// entry is a fault and its counts.
type entry struct {
	scenarios.Fault
	seen     int // requests to its operation
	befallen int
}

// Count is a fault of a clinic's own, and how many requests it has befallen.
type Count struct {
	scenarios.Fault
	Befallen int
}

// New returns a ledger without faults, whose chances are drawn from a source.
func New(draw Draw) *Ledger { return &Ledger{draw: draw, stories: map[teller][]*entry{}} }

// Set replaces the clinic's own faults. Their counts begin anew.
func (l *Ledger) Set(faults []scenarios.Fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.own = entries(faults)
}

// Own returns the clinic's own faults, in the order in which they befall requests.
func (l *Ledger) Own() []Count {
	l.mu.Lock()
	defer l.mu.Unlock()
	counts := make([]Count, 0, len(l.own))
	for _, e := range l.own {
		counts = append(counts, Count{e.Fault, e.befallen})
	}
	return counts
}

// Restart begins all counts, and the source of chance, anew.
func (l *Ledger) Restart() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.drawn = 0
	clear(l.stories)
	for _, e := range l.own {
		e.seen, e.befallen = 0, 0
	}
}

// Befall counts a request to an operation and returns what goes wrong with it: first by the stories, in their order,
// then by the clinic's own faults.
func (l *Ledger) Befall(operation string, stories ...Story) Fate {
	l.mu.Lock()
	defer l.mu.Unlock()
	var fate Fate
	for _, s := range stories {
		by := teller{s.ID, s.User}
		if l.stories[by] == nil {
			l.stories[by] = entries(s.Faults)
		}
		l.befall(&fate, operation, l.stories[by])
	}
	l.befall(&fate, operation, l.own)
	return fate
}

func (l *Ledger) befall(fate *Fate, operation string, faults []*entry) {
	for _, e := range faults {
		if e.Operation != "" && e.Operation != operation {
			continue
		}
		e.seen++
		if e.due() && e.happens(fate, l.next) {
			e.befallen++
		}
	}
}

// next returns the next two numbers of the source of chance.
func (l *Ledger) next() (whether, late float64) {
	l.drawn++
	return l.draw.chances(l.drawn)
}

// due reports whether the request that was seen last is one that the fault can befall.
func (e *entry) due() bool {
	from := max(int(e.From), 1)
	return e.seen >= from && (e.Times == 0 || e.seen < from+int(e.Times))
}

// happens adds the fault to a request's fate, unless chance is against it. One that leaves nothing to chance draws
// nothing, so that it can be put in front of others without changing when they befall requests.
func (e *entry) happens(fate *Fate, next func() (whether, late float64)) bool {
	var whether, late float64
	if e.Probability > 0 && e.Probability < 1 || e.Latency.From != e.Latency.To {
		whether, late = next()
	}
	if e.Probability > 0 && whether >= e.Probability {
		return false
	}
	return fate.add(e.Fault, latency(e.Latency, late))
}

func entries(faults []scenarios.Fault) []*entry {
	counted := make([]*entry, 0, len(faults))
	for _, f := range faults {
		counted = append(counted, &entry{Fault: f})
	}
	return counted
}
