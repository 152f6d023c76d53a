package journal

import "sync/atomic"

// Epoch orders the beginning of exchanges and deliveries against the clearing of journals. All journals of a server
// share one, since an exchange begins before its clinic is known. The zero value is ready, and safe for concurrent use.
type Epoch struct{ cleared atomic.Uint64 }

// Mark is the time an entry began, counted in clearings of journals.
type Mark uint64

// Mark returns the mark for an entry beginning now.
func (e *Epoch) Mark() Mark { return Mark(e.cleared.Load()) }

// advance returns the mark of all entries from now on.
func (e *Epoch) advance() Mark { return Mark(e.cleared.Add(1)) }
