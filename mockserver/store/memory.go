// Package store keeps clinics in memory: the clinic.Store of a process that forgets everything when it ends. Package
// storetest holds what every store must do.
package store

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// Memory is a clinic.Store in memory. The clinics do not wait for each other; within one, changes go one at a time.
type Memory struct {
	mu     sync.RWMutex
	worlds map[string]*world
	owners sync.Map // token → account code
}

var _ clinic.Store = (*Memory)(nil)

// NewMemory returns a store without clinics.
func NewMemory() *Memory { return &Memory{worlds: map[string]*world{}} }

// Create implements clinic.Store.
func (m *Memory) Create(_ context.Context, settings clinic.Settings) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	account := settings.AccountCode
	if _, taken := m.worlds[account]; taken {
		return clinic.ErrExists
	}
	if _, taken := m.owners.LoadOrStore(settings.AdminToken, account); taken {
		return clinic.ErrExists
	}
	m.worlds[account] = newWorld(settings)
	return nil
}

// Delete implements clinic.Store.
func (m *Memory) Delete(_ context.Context, account string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	w, ok := m.worlds[account]
	if !ok {
		return clinic.ErrUnknown
	}
	delete(m.worlds, account)
	w.mu.Lock()
	defer w.mu.Unlock()
	m.disown(w)
	m.owners.Delete(w.settings.AdminToken)
	return nil
}

// disown forgets whose the tokens of a clinic's users are.
func (m *Memory) disown(w *world) {
	for token := range w.tokens.rows {
		m.owners.Delete(token)
	}
}

// Accounts implements clinic.Store.
func (m *Memory) Accounts(context.Context) ([]string, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return slices.Sorted(maps.Keys(m.worlds)), nil
}

// Owner implements clinic.Store.
func (m *Memory) Owner(_ context.Context, token string) (string, error) {
	account, ok := m.owners.Load(token)
	if !ok {
		return "", clinic.ErrUnknown
	}
	return account.(string), nil
}

// View implements clinic.Store.
func (m *Memory) View(_ context.Context, account string, f func(clinic.View) error) error {
	w, err := m.world(account)
	if err != nil {
		return err
	}
	w.mu.RLock()
	defer w.mu.RUnlock()
	return f(w)
}

// Update implements clinic.Store.
func (m *Memory) Update(_ context.Context, account string, f func(clinic.Tx) error) error {
	w, err := m.world(account)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	tx := &tx{world: w, owners: &m.owners}
	if err := f(tx); err != nil {
		tx.rollBack()
		return err
	}
	return nil
}

func (m *Memory) world(account string) (*world, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	w, ok := m.worlds[account]
	if !ok {
		return nil, clinic.ErrUnknown
	}
	return w, nil
}
