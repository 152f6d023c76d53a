package mockserver

import (
	"sync"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// kept is a value that the server keeps for each existing clinic, beside the clinic itself.
type kept[T any] struct{ byID sync.Map }

// keep stores the value of a new clinic, and returns it.
func (k *kept[T]) keep(c *clinic.Clinic, one T) T {
	k.byID.Store(c.ID(), one)
	return one
}

// of returns the value of a clinic, the zero value for a deleted clinic.
func (k *kept[T]) of(c *clinic.Clinic) T {
	found, _ := k.byID.Load(c.ID())
	one, _ := found.(T)
	return one
}

func (k *kept[T]) drop(c *clinic.Clinic) { k.byID.Delete(c.ID()) }
