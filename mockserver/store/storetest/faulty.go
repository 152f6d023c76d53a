package storetest

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// Retrying calls the function of each update twice, as the interface allows. The changes of the first call are
// undone.
type Retrying struct {
	clinic.Store
	Between func() // called between the two calls; nil for nothing
}

var errUndone = errors.New("the first call of an update is undone")

// Update implements clinic.Store.
func (r *Retrying) Update(ctx context.Context, id string, f func(clinic.Tx) error) error {
	_ = r.Store.Update(ctx, id, func(tx clinic.Tx) error { return errors.Join(f(tx), errUndone) })
	if r.Between != nil {
		r.Between()
	}
	return r.Store.Update(ctx, id, f)
}

// ErrFailing is the error of calls failed by a Failing store.
var ErrFailing = errors.New("the store fails on purpose")

// Failing fails half of all views and updates at random: some before their function is called, some after it.
type Failing struct {
	clinic.Store
	Seed  uint64 // the same seed fails the same calls each time
	calls atomic.Uint64
}

// View implements clinic.Store.
func (s *Failing) View(ctx context.Context, id string, f func(clinic.View) error) error {
	return failSometimes(s, f, func(f func(clinic.View) error) error { return s.Store.View(ctx, id, f) })
}

// Update implements clinic.Store.
func (s *Failing) Update(ctx context.Context, id string, f func(clinic.Tx) error) error {
	return failSometimes(s, f, func(f func(clinic.Tx) error) error { return s.Store.Update(ctx, id, f) })
}

func failSometimes[V any](s *Failing, f func(V) error, run func(func(V) error) error) error {
	switch rand.New(rand.NewPCG(s.Seed, s.calls.Add(1))).IntN(4) { //nolint:gosec // need not be unpredictable
	case 0:
		return ErrFailing
	case 1:
		return run(func(v V) error { return errors.Join(f(v), ErrFailing) })
	}
	return run(f)
}
