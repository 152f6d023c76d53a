package mockserver

import (
	"sync"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// perClinic holds a value of the server for each existing clinic.
type perClinic[T any] struct{ values sync.Map }

// store stores the value of a new clinic, and returns it.
func (k *perClinic[T]) store(c *clinic.Clinic, one T) T {
	k.values.Store(c, one)
	return one
}

// value returns the value of a clinic, the zero value for a deleted clinic.
func (k *perClinic[T]) value(c *clinic.Clinic) T {
	found, _ := k.values.Load(c)
	one, _ := found.(T)
	return one
}

func (k *perClinic[T]) remove(c *clinic.Clinic) { k.values.Delete(c) }
