package clinic_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/claims"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/mockserver/store"
	"github.com/vsee-mock/vsee-mock/mockserver/store/storetest"
)

// An item can disappear between two calls of one update. Then the caller must not get the result of the first call.
func TestWorkThatIsGoneAtASecondTryIsNotDone(t *testing.T) {
	t.Parallel()
	for name, run := range map[string]func(*testing.T, *clinic.Clinic, *storetest.Retrying){
		"a check": func(t *testing.T, c *clinic.Clinic, s *storetest.Retrying) {
			startCheck(t, c, signOn(t, c).Token.Text)
			s.Between = func() { s.Between = nil; finishCheck(t, c) }
			if checks, err := c.FinishChecks(t.Context(), anyTime, 1); len(checks) > 0 || err != nil {
				t.Errorf("it ends twice: %v, %v", checks, err)
			}
		},
		"a claim": func(t *testing.T, c *clinic.Clinic, s *storetest.Retrying) {
			token := signOn(t, c).Token.Text
			startCheck(t, c, token)
			finishCheck(t, c)
			if _, err := c.SubmitClaim(t.Context(), token, clinic.Self, claimRequest(), ""); err != nil {
				t.Fatal(err)
			}
			work, _, _ := c.NextWork(t.Context(), clinic.ClaimWork)
			s.Between = func() {
				s.Between = nil
				if _, ok, err := c.AdvanceClaim(t.Context(), work); !ok || err != nil {
					t.Errorf("%t, %v", ok, err)
				}
			}
			if claim, ok, err := c.AdvanceClaim(t.Context(), work); ok || err != nil || claim.ID != "" {
				t.Errorf("it advances twice: %t, %v, %s", ok, err, claim.ID)
			}
		},
		"an attempt": func(t *testing.T, c *clinic.Clinic, s *storetest.Retrying) {
			startCheck(t, c, signOn(t, c).Token.Text)
			finishCheck(t, c)
			d := dueAttempt(t, c)
			s.Between = func() {
				s.Between = nil
				if err := c.Reset(t.Context()); err != nil {
					t.Error(err)
				}
			}
			if event, ok, err := c.RecordOutcome(t.Context(), &d, outbox.Outcome{Success: true, Ended: epoch}); ok ||
				err != nil || event.ID != "" {
				t.Errorf("it is recorded after a reset: %t, %v, %s", ok, err, event.ID)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &storetest.Retrying{Store: store.NewMemory()}
			c := newClinicOn(t, s, clinic.Settings{
				AccountCode: "test", Clock: clinic.ClockSettings{Start: epoch, Frozen: true},
				Webhook: clinic.Webhook{URL: "http://127.0.0.1:1"},
			})
			run(t, c, s)
		})
	}
}

func claimRequest() claims.Request {
	return claims.Request{
		Carrier: "car7556", Encounter: "2022-04-14", Facility: "AWC", Diagnoses: []string{"R05.9"},
		Lines: []claims.LineRequest{{Procedure: "99211", Pointers: []int{1}}},
	}
}

// A call with a failing store changes nothing and returns nothing. When the test repeats each call until it succeeds,
// the clinic reaches the same state as on a store without failures. The same holds for a store that tries everything
// twice.
func TestAClinicIsTheSameOnEveryStore(t *testing.T) {
	t.Parallel()
	want := changeOfEachKind(t, store.NewMemory())
	if len(want.Events) != 3 || len(want.Claims) != 1 || want.Claims[0].Status != claims.Paid {
		t.Fatalf("the calls do too little: %+v", want)
	}
	stores := map[string]clinic.Store{"retrying": &storetest.Retrying{Store: store.NewMemory()}}
	for seed := range uint64(20) {
		stores[fmt.Sprintf("failing by seed %d", seed)] = &storetest.Failing{Store: store.NewMemory(), Seed: seed}
		stores[fmt.Sprintf("losing rows by seed %d", seed)] = newRowLosingStore(t, seed)
	}
	for name, s := range stores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(want, changeOfEachKind(t, s)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

type state struct {
	Settings *clinic.Settings
	Users    []clinic.User
	Checks   []clinic.EligibilityCheck
	Claims   []clinic.Claim
	Events   []outbox.Event
	Pending  [clinic.WorkKinds]int
}

// retryUntilDone makes a call until the store does not fail it, and returns its result.
func retryUntilDone[T any](t *testing.T, call func() (T, error)) T {
	t.Helper()
	for {
		result, err := call()
		if err == nil {
			return result
		}
		if !errors.Is(err, storetest.ErrFailing) {
			t.Fatal(err)
		}
		if diff := cmp.Diff(*new(T), result); diff != "" {
			t.Errorf("a call that failed returns something (-want +got):\n%s", diff)
		}
	}
}

// changeOfEachKind makes one change of each kind to a clinic on a store, and returns its state, except for the ids of
// work.
func changeOfEachKind(t *testing.T, s clinic.Store) state {
	t.Helper()
	ctx := t.Context()
	d := clinic.NewDirectory(s, fixedClearinghouse{Text: "Success"}, clinic.Hooks{})
	c := retryUntilDone(t, func() (*clinic.Clinic, error) {
		return d.Create(ctx, clinic.Settings{
			AccountCode: "test", Clock: clinic.ClockSettings{Start: epoch, Frozen: true},
			Webhook: clinic.Webhook{URL: "http://127.0.0.1:1", Events: clinic.EventTypes()},
		})
	})
	token := retryUntilDone(t, func() (clinic.SignedOn, error) {
		return c.SignOn(ctx, clinic.SignOn{Code: "pat", Patch: clinic.Patch{Fields: []clinic.Field{
			{"first_name", "Pat"}, {"last_name", "Sample"}, {"insurance.primary.carrier_code", "car7556"},
		}}})
	}).Token.Text
	retryUntilDone(t, func() (*clinic.User, error) {
		return c.UpdateUser(ctx, token, clinic.Patch{Fields: []clinic.Field{{"city", "Reno"}}})
	})
	retryUntilDone(t, func() (*clinic.EligibilityCheck, error) {
		return c.StartCheck(ctx, token, clinic.Self, "car7556", "")
	})
	c.Clock().Hold()
	c.Clock().Step(epoch.Add(time.Minute))
	c.Clock().Release()
	retryUntilDone(t, func() ([]*clinic.EligibilityCheck, error) {
		pendingWork(c, t, clinic.FinishWork)
		return c.FinishChecks(ctx, anyTime, 1)
	})
	retryUntilDone(t, func() (clinic.Claim, error) { return c.SubmitClaim(ctx, token, clinic.Self, claimRequest(), "") })
	retryUntilDone(t, func() (clinic.Claim, error) {
		claim, _, err := c.AdvanceClaim(ctx, pendingWork(c, t, clinic.ClaimWork))
		return claim, err
	})
	d1 := retryUntilDone(t, func() ([]outbox.Attempt, error) { return c.DueAttempts(ctx) })[0]
	retryUntilDone(t, func() (outbox.Event, error) {
		event, _, err := c.RecordOutcome(ctx, &d1, outbox.Outcome{Ended: c.Clock().Now()})
		return event, err
	})
	retryUntilDone(t, func() (outbox.Event, error) { return c.ResendEvent(ctx, d1.Event.ID) })
	got := state{
		Settings: retryUntilDone(t, func() (*clinic.Settings, error) { return c.Settings(ctx) }),
		Users:    retryUntilDone(t, func() ([]clinic.User, error) { return c.Users(ctx, clinic.Page{}) }),
		Checks: retryUntilDone(t, func() ([]clinic.EligibilityCheck, error) {
			return c.EligibilityChecks(ctx, clinic.Page{})
		}),
		Claims:  retryUntilDone(t, func() ([]clinic.Claim, error) { return c.Claims(ctx, clinic.Page{}) }),
		Events:  retryUntilDone(t, func() ([]outbox.Event, error) { return c.Events(ctx, clinic.Page{}) }),
		Pending: retryUntilDone(t, func() ([clinic.WorkKinds]int, error) { return c.PendingCounts(ctx) }),
	}
	for i := range got.Events {
		got.Events[i].Work = 0
	}
	for i := range got.Checks {
		got.Checks[i].Of = nil
	}
	for i := range got.Claims {
		got.Claims[i].Query.Check.Clinic = ""
	}
	return got
}

// pendingWork returns the pending item of a kind; there must be one.
func pendingWork(c *clinic.Clinic, t *testing.T, kind clinic.WorkKind) clinic.Work {
	t.Helper()
	return retryUntilDone(t, func() (clinic.Work, error) {
		work, ok, err := c.NextWork(t.Context(), kind)
		if err == nil && !ok {
			t.Fatalf("no work of kind %d is pending", kind)
		}
		return work, err
	})
}

// rowLosingStore fails a third of all views and updates, chosen by a seed. The functions of these calls find none of
// the rows of the clinic, as after a failed read, and their result is discarded.
type rowLosingStore struct {
	clinic.Store
	seed  uint64
	calls atomic.Uint64
	empty string // the id of a clinic without rows
}

type emptyView struct {
	clinic.View
	settings *clinic.Settings
}

func (v emptyView) Settings() *clinic.Settings { return v.settings }

type emptyTx struct {
	clinic.Tx
	settings *clinic.Settings
}

func (tx emptyTx) Settings() *clinic.Settings { return tx.settings }

func (s *rowLosingStore) nextCallFails() bool {
	return rand.New(rand.NewPCG(s.seed, s.calls.Add(1))).IntN(3) == 0
}

// settings returns the settings of a clinic; they are always present.
func (s *rowLosingStore) settings(ctx context.Context, id string) (settings *clinic.Settings) {
	_ = s.Store.View(ctx, id, func(v clinic.View) error { settings = v.Settings(); return nil })
	return settings
}

func (s *rowLosingStore) View(ctx context.Context, id string, f func(clinic.View) error) error {
	if !s.nextCallFails() {
		return s.Store.View(ctx, id, f)
	}
	settings := s.settings(ctx, id)
	_ = s.Store.View(ctx, s.empty, func(v clinic.View) error { return f(emptyView{v, settings}) })
	return storetest.ErrFailing
}

func (s *rowLosingStore) Update(ctx context.Context, id string, f func(clinic.Tx) error) error {
	if !s.nextCallFails() {
		return s.Store.Update(ctx, id, f)
	}
	settings := s.settings(ctx, id)
	_ = s.Store.Update(ctx, s.empty, func(tx clinic.Tx) error {
		return errors.Join(f(emptyTx{tx, settings}), storetest.ErrFailing)
	})
	return storetest.ErrFailing
}

// newRowLosingStore returns a losing store with its empty clinic.
func newRowLosingStore(t *testing.T, seed uint64) *rowLosingStore {
	t.Helper()
	s := &rowLosingStore{Store: store.NewMemory(), seed: seed}
	var err error
	if s.empty, err = s.Create(t.Context(), clinic.Settings{AccountCode: "empty", AdminToken: "empty"}); err != nil {
		t.Fatal(err)
	}
	return s
}
