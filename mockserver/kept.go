package mockserver

import (
	"sync"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// kept is what the server keeps of each clinic that there is, beside what the clinic itself does.
type kept[T any] struct{ byID sync.Map }

// keep puts one for a new clinic, and returns it.
func (k *kept[T]) keep(c *clinic.Clinic, one T) T {
	k.byID.Store(c.ID(), one)
	return one
}

// of returns that of a clinic, the zero value when the clinic was deleted.
func (k *kept[T]) of(c *clinic.Clinic) T {
	found, _ := k.byID.Load(c.ID())
	one, _ := found.(T)
	return one
}

func (k *kept[T]) drop(c *clinic.Clinic) { k.byID.Delete(c.ID()) }
