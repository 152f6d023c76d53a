package mockserver

import (
	"sync"

	"github.com/vsee-mock/vsee-mock/mockserver/journal"
)

// journals are those of the clinics.
type journals struct{ byAccount sync.Map }

// of returns the journal of a clinic, a new one for a new clinic.
func (j *journals) of(account string) *journal.Journal {
	if found, ok := j.byAccount.Load(account); ok {
		return found.(*journal.Journal)
	}
	found, _ := j.byAccount.LoadOrStore(account, journal.New())
	return found.(*journal.Journal)
}

func (j *journals) drop(account string) { j.byAccount.Delete(account) }
