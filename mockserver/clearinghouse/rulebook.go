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
	number     uint64
	index      *scenarios.Index
	faults     *scenarios.FaultIndex
	withVisits scenarios.Set // the ones with the course of a visit
}

// clinicRules are the scenarios of one clinic. They come before those of all clinics, or replace them.
type clinicRules struct {
	set       scenarios.Set
	exclusive bool
	book      *rulebook
}

// rulebooks are the sets in force: one for all clinics, and one for each clinic with scenarios of its own.
type rulebooks struct {
	mu      sync.RWMutex
	common  *rulebook
	own     map[string]*clinicRules // by the clinic's id
	known   map[uint64]*rulebook    // in force or remembered
	retired []*rulebook             // remembered ones, oldest first
	held    int                     // scenarios in retired
	last    uint64
}

func newRulebooks(set scenarios.Set) *rulebooks {
	r := &rulebooks{own: map[string]*clinicRules{}, known: map[uint64]*rulebook{}}
	r.common = r.newBook(set)
	return r
}

func (r *rulebooks) newBook(set scenarios.Set) *rulebook {
	r.last++
	made := &rulebook{number: r.last, index: set.Index(), faults: set.FaultIndex()}
	for _, s := range set {
		if s.Visit != nil {
			made.withVisits = append(made.withVisits, s)
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

// inForce returns the rulebook in force in a clinic.
func (r *rulebooks) inForce(clinic string) *rulebook {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if own := r.own[clinic]; own != nil {
		return own.book
	}
	return r.common
}

// byNumber returns the rulebook with a number, false when it is no longer known.
func (r *rulebooks) byNumber(number uint64) (*rulebook, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	book, ok := r.known[number]
	return book, ok
}

// combine combines a clinic's own scenarios with those of all clinics.
func (r *rulebooks) combine(own *clinicRules) {
	if own.book != nil {
		r.retire(own.book)
	}
	set := own.set
	if !own.exclusive {
		set = set.Before(r.common.index.Set())
	}
	own.book = r.newBook(set)
}

// SetScenarios replaces the scenarios of all clinics. In a clinic with its own scenarios, the new ones come after
// those.
func (c *Clearinghouse) SetScenarios(set scenarios.Set) {
	c.books.mu.Lock()
	defer c.books.mu.Unlock()
	c.books.retire(c.books.common)
	c.books.common = c.books.newBook(set)
	for _, own := range c.books.own {
		if !own.exclusive {
			c.books.combine(own)
		}
	}
}

// SetClinicScenarios gives a clinic, by its id, its own scenarios: before those of all clinics, or instead of them if
// alone is true.
func (c *Clearinghouse) SetClinicScenarios(clinic string, set scenarios.Set, alone bool) {
	c.RemoveClinicScenarios(clinic)
	c.books.mu.Lock()
	defer c.books.mu.Unlock()
	own := &clinicRules{set: set, exclusive: alone}
	c.books.combine(own)
	c.books.own[clinic] = own
}

// RemoveClinicScenarios takes a clinic's own scenarios out of force.
func (c *Clearinghouse) RemoveClinicScenarios(clinic string) {
	c.books.mu.Lock()
	defer c.books.mu.Unlock()
	if own := c.books.own[clinic]; own != nil {
		c.books.retire(own.book)
		delete(c.books.own, clinic)
	}
}

// ScenariosInForce returns the scenarios in force in a clinic, in the order they are tried. The empty id means the
// clinics without scenarios of their own.
func (c *Clearinghouse) ScenariosInForce(clinic string) scenarios.Set {
	return c.books.inForce(clinic).index.Set()
}
