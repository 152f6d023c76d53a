package mockserver

import (
	"sync"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// perClinic is a value that the server keeps for each existing clinic, beside the clinic itself.
type perClinic[T any] struct{ byID sync.Map }

// set stores the value of a new clinic, and returns it.
func (k *perClinic[T]) set(c *clinic.Clinic, one T) T {
	k.byID.Store(c.ID(), one)
	return one
}

// get returns the value of a clinic, the zero value for a deleted clinic.
func (k *perClinic[T]) get(c *clinic.Clinic) T {
	found, _ := k.byID.Load(c.ID())
	one, _ := found.(T)
	return one
}

func (k *perClinic[T]) remove(c *clinic.Clinic) { k.byID.Delete(c.ID()) }
