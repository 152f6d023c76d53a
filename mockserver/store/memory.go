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
	tokens owners
	files  owners
}

var _ clinic.Store = (*Memory)(nil)

// NewMemory returns a store without clinics.
func NewMemory() *Memory {
	return &Memory{
		states: map[string]*clinicState{}, tokens: owners{ids: map[string]string{}}, files: owners{ids: map[string]string{}},
	}
}

// owners maps the tokens or files of all clinics to the ids of their clinics.
type owners struct {
	mu  sync.RWMutex
	ids map[string]string
}

// claim puts a thing that no clinic has, and reports whether it could.
func (o *owners) claim(thing, clinicID string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	_, taken := o.ids[thing]
	if !taken {
		o.ids[thing] = clinicID
	}
	return !taken
}

func (o *owners) put(thing, clinicID string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ids[thing] = clinicID
}

func (o *owners) remove(thing string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.ids, thing)
}

func (o *owners) of(thing string) (string, error) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	id, ok := o.ids[thing]
	if !ok {
		return "", clinic.ErrUnknown
	}
	return id, nil
}

// Create implements clinic.Store.
func (m *Memory) Create(_ context.Context, settings clinic.Settings) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	id := strconv.Itoa(m.lastID + 1)
	if !m.tokens.claim(settings.AdminToken, id) {
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
		m.tokens.remove(token)
	}
	for file := range s.files {
		m.files.remove(file)
	}
	m.tokens.remove(s.settings.AdminToken)
	s.gone = true
	return nil
}

// ClinicOfToken implements clinic.Store.
func (m *Memory) ClinicOfToken(_ context.Context, token string) (string, error) {
	return m.tokens.of(token)
}

// ClinicOfFile implements clinic.Store.
func (m *Memory) ClinicOfFile(_ context.Context, file string) (string, error) {
	return m.files.of(file)
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
	t := &s.tx
	*t = tx{clinicState: s, memory: m, undo: t.undo[:0]}
	if err = f(t); err != nil {
		t.rollBack()
	}
	clear(t.undo)
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
