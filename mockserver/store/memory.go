// Package store keeps clinics in memory: it is the clinic.Store of a process without persistence. Package storetest
// has the tests common to all stores.
package store

import (
	"context"
	"strconv"
	"sync"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// Memory is a clinic.Store in memory. Clinics do not block each other; within one clinic, updates run one at a time.
type Memory struct {
	mu     sync.RWMutex
	made   int
	worlds map[string]*world
	owners sync.Map // token → id of the clinic
}

var _ clinic.Store = (*Memory)(nil)

// NewMemory returns a store without clinics.
func NewMemory() *Memory { return &Memory{worlds: map[string]*world{}} }

// Create implements clinic.Store.
func (m *Memory) Create(_ context.Context, settings clinic.Settings) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	id := strconv.Itoa(m.made + 1)
	if _, taken := m.owners.LoadOrStore(settings.AdminToken, id); taken {
		return "", clinic.ErrExists
	}
	m.made++
	m.worlds[id] = &world{id: id, settings: settings, content: nothing()}
	return id, nil
}

// Delete implements clinic.Store.
func (m *Memory) Delete(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	w, ok := m.worlds[id]
	if !ok {
		return clinic.ErrUnknown
	}
	delete(m.worlds, id)
	w.mu.Lock()
	defer w.mu.Unlock()
	for token := range w.tokens.rows {
		m.owners.Delete(token)
	}
	m.owners.Delete(w.settings.AdminToken)
	w.gone = true
	return nil
}

// Owner implements clinic.Store.
func (m *Memory) Owner(_ context.Context, token string) (string, error) {
	id, ok := m.owners.Load(token)
	if !ok {
		return "", clinic.ErrUnknown
	}
	return id.(string), nil
}

// View implements clinic.Store.
func (m *Memory) View(_ context.Context, id string, f func(clinic.View) error) error {
	w, err := m.world(id)
	if err != nil {
		return err
	}
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.gone {
		return clinic.ErrUnknown
	}
	return f(w)
}

// Update implements clinic.Store.
func (m *Memory) Update(_ context.Context, id string, f func(clinic.Tx) error) error {
	w, err := m.world(id)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.gone {
		return clinic.ErrUnknown
	}
	tx := &tx{world: w, owners: &m.owners}
	if err := f(tx); err != nil {
		tx.rollBack()
		return err
	}
	return nil
}

func (m *Memory) world(id string) (*world, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	w, ok := m.worlds[id]
	if !ok {
		return nil, clinic.ErrUnknown
	}
	return w, nil
}
