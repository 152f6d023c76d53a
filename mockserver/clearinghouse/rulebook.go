package clearinghouse

import (
	"sync"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// keptRulebooks is how many rulebooks are remembered, so that the checks that they have answered can be explained.
const keptRulebooks = 100

// rulebook is scenarios that were in force for a time. It does not change.
type rulebook struct {
	number uint64
	index  *scenarios.Index
	faulty scenarios.Set // those in which requests go wrong
}

// rulebooks are the ones in force: one for all clinics, and those of clinics that have their own.
type rulebooks struct {
	mu     sync.RWMutex
	common *rulebook
	own    map[string]*rulebook // by the clinic's id
	kept   []*rulebook          // the newest, by number; the first has the number last-len(kept)+1
	last   uint64
}

func newRulebooks(set scenarios.Set) *rulebooks {
	r := &rulebooks{own: map[string]*rulebook{}}
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
	r.kept = append(r.kept, made)
	if len(r.kept) > keptRulebooks {
		r.kept = append([]*rulebook(nil), r.kept[1:]...)
	}
	return made
}

// of returns the rulebook that is in force in a clinic.
func (r *rulebooks) of(clinic string) *rulebook {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if own := r.own[clinic]; own != nil {
		return own
	}
	return r.common
}

// numbered returns a rulebook by its number, false when it is no longer kept.
func (r *rulebooks) numbered(number uint64) (*rulebook, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	oldest := r.last - uint64(len(r.kept)) + 1
	if number < oldest || number > r.last {
		return nil, false
	}
	return r.kept[number-oldest], true
}

// Use puts scenarios into force, in place of those of before, for every clinic that has none of its own.
func (c *Clearinghouse) Use(set scenarios.Set) {
	c.books.mu.Lock()
	defer c.books.mu.Unlock()
	c.books.common = c.books.make(set)
}

// UseIn puts scenarios into force for one clinic alone, by its id.
func (c *Clearinghouse) UseIn(clinic string, set scenarios.Set) {
	c.books.mu.Lock()
	defer c.books.mu.Unlock()
	c.books.own[clinic] = c.books.make(set)
}

// Forget takes a clinic's own scenarios out of force.
func (c *Clearinghouse) Forget(clinic string) {
	c.books.mu.Lock()
	defer c.books.mu.Unlock()
	delete(c.books.own, clinic)
}

// InForce returns the scenarios that are in force in a clinic, in the order in which they are tried; for the empty id,
// in those that have none of their own.
func (c *Clearinghouse) InForce(clinic string) scenarios.Set { return c.books.of(clinic).index.Set() }

// HasOwn reports whether a clinic has scenarios of its own.
func (c *Clearinghouse) HasOwn(clinic string) bool {
	c.books.mu.RLock()
	defer c.books.mu.RUnlock()
	return c.books.own[clinic] != nil
}
