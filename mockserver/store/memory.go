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
	lastID int
	states map[string]*clinicState
	owners sync.Map // token or fileID → id of the clinic
}

var _ clinic.Store = (*Memory)(nil)

// NewMemory returns a store without clinics.
func NewMemory() *Memory { return &Memory{states: map[string]*clinicState{}} }

// Create implements clinic.Store.
func (m *Memory) Create(_ context.Context, settings clinic.Settings) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	id := strconv.Itoa(m.lastID + 1)
	if _, taken := m.owners.LoadOrStore(settings.AdminToken, id); taken {
		return "", clinic.ErrExists
	}
	m.lastID++
	m.states[id] = &clinicState{id: id, settings: &settings, content: emptyContent()}
	return id, nil
}

// Delete implements clinic.Store.
func (m *Memory) Delete(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.states[id]
	if !ok {
		return clinic.ErrUnknown
	}
	delete(m.states, id)
	s.mu.Lock()
	defer s.mu.Unlock()
	for token := range s.tokens.places {
		m.owners.Delete(token)
	}
	for file := range s.files {
		m.owners.Delete(fileID(file))
	}
	m.owners.Delete(s.settings.AdminToken)
	s.gone = true
	return nil
}

// fileID is the id of a file, among the owned things.
type fileID string

// ClinicOfToken implements clinic.Store.
func (m *Memory) ClinicOfToken(_ context.Context, token string) (string, error) {
	return m.ownerOf(token)
}

// ClinicOfFile implements clinic.Store.
func (m *Memory) ClinicOfFile(_ context.Context, file string) (string, error) {
	return m.ownerOf(fileID(file))
}

func (m *Memory) ownerOf(thing any) (string, error) {
	id, ok := m.owners.Load(thing)
	if !ok {
		return "", clinic.ErrUnknown
	}
	return id.(string), nil
}

// View implements clinic.Store.
func (m *Memory) View(_ context.Context, id string, f func(clinic.View) error) error {
	s, err := m.state(id)
	if err != nil {
		return err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.gone {
		return clinic.ErrUnknown
	}
	return f(s)
}

// Update implements clinic.Store.
func (m *Memory) Update(_ context.Context, id string, f func(clinic.Tx) error) error {
	s, err := m.state(id)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone {
		return clinic.ErrUnknown
	}
	tx := &tx{clinicState: s, owners: &m.owners, undo: s.undo[:0]}
	err = f(tx)
	if err != nil {
		tx.rollBack()
	}
	s.undo = tx.undo
	clear(s.undo)
	return err
}

func (m *Memory) state(id string) (*clinicState, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	s, ok := m.states[id]
	if !ok {
		return nil, clinic.ErrUnknown
	}
	return s, nil
}
