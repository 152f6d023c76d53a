package fault

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Injector is the faults of one clinic: its own and those of scenarios, with the number of requests each has seen. It
// is safe for concurrent use.
type Injector struct {
	draw Draw

	hasOwn    atomic.Bool // without own faults and scenarios, a request needs no lock
	mu        sync.Mutex
	own       []*entry
	scenarios map[counterKey][]*entry
	oldest    []counterKey       // of the scenarios, in the order they were added
	windows   map[string]*window // of the rate limit, by caller
}

// ScenarioFaults is the faults of a scenario for a request of one user.
type ScenarioFaults struct {
	ID     string // the scenario's
	User   string // the user, with one count for all their requests
	Faults []scenarios.Fault
}

// counterKey identifies a counter: the scenario with the faults and the user with the requests.
type counterKey struct{ scenario, user string }

// entry is a fault and its counts.
type entry struct {
	scenarios.Fault
	name     string    // the name from which its chances are drawn
	seen     int       // requests to its operation
	until    time.Time // the end of a fault with UntilRetryAfter; zero before its first request
	affected int
}

// Count is one of a clinic's own faults, and the number of requests it has affected.
type Count struct {
	scenarios.Fault
	Affected int
}

// New returns an injector without faults. It draws chances from the given source.
func New(draw Draw) *Injector {
	return &Injector{draw: draw, scenarios: map[counterKey][]*entry{}, windows: map[string]*window{}}
}

// Set replaces the clinic's own faults. Their counts begin anew.
func (l *Injector) Set(faults []scenarios.Fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.own = newEntries("own", faults)
	l.hasOwn.Store(len(faults) > 0)
}

// Own returns the clinic's own faults, in the order of their effect on requests.
func (l *Injector) Own() []Count {
	l.mu.Lock()
	defer l.mu.Unlock()
	counts := make([]Count, 0, len(l.own))
	for _, e := range l.own {
		counts = append(counts, Count{e.Fault, e.affected})
	}
	return counts
}

// Restart begins all counts anew, and chance with them.
func (l *Injector) Restart() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.scenarios)
	l.oldest = nil
	clear(l.windows)
	for _, e := range l.own {
		e.seen, e.affected, e.until = 0, 0, time.Time{}
	}
}

// ForRequest counts a request to an operation at a time of the clinic's clock and returns its faults: first those of
// the scenarios, in their order, then the clinic's own.
func (l *Injector) ForRequest(operation string, now time.Time, fromScenarios ...ScenarioFaults) Effect {
	if len(fromScenarios) == 0 && !l.hasOwn.Load() {
		return Effect{}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	var effect Effect
	for _, s := range fromScenarios {
		l.apply(&effect, operation, now, l.scenarioEntries(s))
		if effect.Scenario == "" && effect != (Effect{}) {
			effect.Scenario = s.ID
		}
	}
	l.apply(&effect, operation, now, l.own)
	return effect
}

// scenarioEntries returns the faults of a scenario for its user, with the counts so far. A rewritten scenario begins
// anew.
func (l *Injector) scenarioEntries(s ScenarioFaults) []*entry {
	by := counterKey{s.ID, s.User}
	before := l.scenarios[by]
	same := func(e *entry, f scenarios.Fault) bool { return e.Fault == f }
	if before == nil || !slices.EqualFunc(before, s.Faults, same) {
		if before == nil {
			l.makeRoom(by)
		}
		l.scenarios[by] = newEntries(s.ID+" "+s.User, s.Faults)
	}
	return l.scenarios[by]
}

// maxCounters is the number of pairs of a scenario and a user with counts. Beyond it, the oldest is forgotten.
const maxCounters = 10_000

// makeRoom makes room for the counts of a scenario and a user.
func (l *Injector) makeRoom(by counterKey) {
	if l.oldest = append(l.oldest, by); len(l.oldest) > maxCounters {
		delete(l.scenarios, l.oldest[0])
		l.oldest = l.oldest[1:]
	}
}

func (l *Injector) apply(effect *Effect, operation string, now time.Time, faults []*entry) {
	for _, e := range faults {
		if e.Operation != "" && e.Operation != operation {
			continue
		}
		e.seen++
		if e.isDue(now) && e.applyTo(effect, now, l.draw) {
			e.affected++
		}
	}
}

// isDue reports whether the fault can affect the latest request.
func (e *entry) isDue(now time.Time) bool {
	from := max(int(e.From), 1)
	if e.UntilRetryAfter && e.seen >= from {
		if e.until.IsZero() {
			e.until = now.Add(time.Duration(e.RetryAfter))
		}
		return now.Before(e.until)
	}
	return e.seen >= from && (e.Times == 0 || e.seen < from+int(e.Times))
}

// applyTo adds the fault to a request's fate, unless chance is against it. Its chances follow from its identity and
// from the number of requests it has seen. Requests outside its scope therefore change nothing.
func (e *entry) applyTo(effect *Effect, now time.Time, draw Draw) bool {
	whether, late := draw.chances(e.name, uint64(e.seen)) //nolint:gosec // a count of requests
	if e.Probability > 0 && whether >= e.Probability {
		return false
	}
	fault := e.Fault
	if e.UntilRetryAfter {
		fault.RetryAfter = scenarios.Duration(e.until.Sub(now))
	}
	return effect.add(fault, latency(e.Latency, late))
}

func newEntries(name string, faults []scenarios.Fault) []*entry {
	counted := make([]*entry, 0, len(faults))
	for i, f := range faults {
		counted = append(counted, &entry{Fault: f, name: fmt.Sprintf("%s %d", name, i)})
	}
	return counted
}
