package clearinghouse

import (
	"sync"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Limits on the number of remembered scenarios no longer in force. They serve to explain checks answered earlier.
const (
	maxRetired          = 100
	maxRetiredScenarios = 20_000 // over all retired rulebooks
)

// rulebook is a set of scenarios, in force now or earlier. It is immutable.
type rulebook struct {
	number uint64
	index  *scenarios.Index
	faulty scenarios.Set // the ones with faults for requests
}

// ownRules are the scenarios of one clinic. They come before those of all clinics, or replace them.
type ownRules struct {
	set   scenarios.Set
	alone bool
	book  *rulebook
}

// rulebooks are the sets in force: one for all clinics, and one for each clinic with scenarios of its own.
type rulebooks struct {
	mu      sync.RWMutex
	common  *rulebook
	own     map[string]*ownRules // by the clinic's id
	known   map[uint64]*rulebook // in force or remembered
	retired []*rulebook          // remembered ones, oldest first
	held    int                  // scenarios in retired
	last    uint64
}

func newRulebooks(set scenarios.Set) *rulebooks {
	r := &rulebooks{own: map[string]*ownRules{}, known: map[uint64]*rulebook{}}
	r.common = r.make(set)
	return r
}

func (r *rulebooks) make(set scenarios.Set) *rulebook {
	r.last++
	made := &rulebook{number: r.last, index: set.Index()}
	for _, s := range set {
		if len(s.HTTP) > 0 {
			made.faulty = append(made.faulty, s)
		}
	}
	r.known[made.number] = made
	return made
}

// retire takes a rulebook out of force and remembers it, within the limits above.
func (r *rulebooks) retire(b *rulebook) {
	r.retired = append(r.retired, b)
	r.held += len(b.index.Set())
	for len(r.retired) > maxRetired || r.held > maxRetiredScenarios {
		oldest := r.retired[0]
		r.retired = append([]*rulebook(nil), r.retired[1:]...)
		r.held -= len(oldest.index.Set())
		delete(r.known, oldest.number)
	}
}

// of returns the rulebook in force in a clinic.
func (r *rulebooks) of(clinic string) *rulebook {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if own := r.own[clinic]; own != nil {
		return own.book
	}
	return r.common
}

// numbered returns the rulebook with a number, false when it is no longer known.
func (r *rulebooks) numbered(number uint64) (*rulebook, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	book, ok := r.known[number]
	return book, ok
}

// bind combines a clinic's own scenarios with those of all clinics.
func (r *rulebooks) bind(own *ownRules) {
	if own.book != nil {
		r.retire(own.book)
	}
	set := own.set
	if !own.alone {
		set = set.Before(r.common.index.Set())
	}
	own.book = r.make(set)
}

// Use replaces the scenarios of all clinics. In a clinic with its own scenarios, the new ones come after those.
func (c *Clearinghouse) Use(set scenarios.Set) {
	c.books.mu.Lock()
	defer c.books.mu.Unlock()
	c.books.retire(c.books.common)
	c.books.common = c.books.make(set)
	for _, own := range c.books.own {
		if !own.alone {
			c.books.bind(own)
		}
	}
}

// UseIn gives a clinic, by its id, its own scenarios: before those of all clinics, or instead of them if alone is
// true.
func (c *Clearinghouse) UseIn(clinic string, set scenarios.Set, alone bool) {
	c.Forget(clinic)
	c.books.mu.Lock()
	defer c.books.mu.Unlock()
	own := &ownRules{set: set, alone: alone}
	c.books.bind(own)
	c.books.own[clinic] = own
}

// Forget takes a clinic's own scenarios out of force.
func (c *Clearinghouse) Forget(clinic string) {
	c.books.mu.Lock()
	defer c.books.mu.Unlock()
	if own := c.books.own[clinic]; own != nil {
		c.books.retire(own.book)
		delete(c.books.own, clinic)
	}
}

// InForce returns the scenarios in force in a clinic, in the order they are tried. The empty id means the clinics
// without scenarios of their own.
func (c *Clearinghouse) InForce(clinic string) scenarios.Set { return c.books.of(clinic).index.Set() }
