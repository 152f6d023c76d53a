package mockserver

import (
	"sync"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/journal"
)

// journals are those of the clinics that there are.
type journals struct{ byID sync.Map }

// open makes the journal of a new clinic.
func (j *journals) open(c *clinic.Clinic) *journal.Journal {
	made := journal.New()
	j.byID.Store(c.ID(), made)
	return made
}

// of returns the journal of a clinic, nil when the clinic was deleted.
func (j *journals) of(c *clinic.Clinic) *journal.Journal {
	found, _ := j.byID.Load(c.ID())
	kept, _ := found.(*journal.Journal)
	return kept
}

func (j *journals) drop(c *clinic.Clinic) { j.byID.Delete(c.ID()) }
