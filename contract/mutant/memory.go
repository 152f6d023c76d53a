package mutant

import (
	"cmp"
	"slices"
	"sync"

	"github.com/vsee-mock/vsee-mock/contract/engine"
)

// memory is the state of a lie, from its traffic alone.
type memory struct {
	lock   sync.Mutex
	counts map[string]int
	texts  map[string]string
	bodies map[string][]byte
	known  map[string][]string // the right credentials by the names of their headers, the latest first
}

func newMemory() memory {
	return memory{
		counts: map[string]int{}, texts: map[string]string{}, bodies: map[string][]byte{}, known: map[string][]string{},
	}
}

// count counts an occurrence and returns the number of them so far, with this one.
func (m *memory) count(name string) int {
	m.lock.Lock()
	defer m.lock.Unlock()
	m.counts[name]++
	return m.counts[name]
}

// swapText stores a text and returns the one before.
func (m *memory) swapText(name, text string) string {
	m.lock.Lock()
	defer m.lock.Unlock()
	before := m.texts[name]
	m.texts[name] = text
	return before
}

// keep stores a body; nil forgets it.
func (m *memory) keep(name string, body []byte) {
	m.lock.Lock()
	defer m.lock.Unlock()
	m.bodies[name] = body
}

func (m *memory) kept(name string) []byte {
	m.lock.Lock()
	defer m.lock.Unlock()
	return m.bodies[name]
}

// learn keeps the right credentials of a clinic, or the token of a user.
func (m *memory) learn(header, right string) {
	m.lock.Lock()
	defer m.lock.Unlock()
	if right != "" {
		m.known[header] = append([]string{right}, m.known[header]...)
	}
}

// credentials returns the right credentials so far.
func (m *memory) credentials(header string) []string {
	m.lock.Lock()
	defer m.lock.Unlock()
	return slices.Clone(m.known[header])
}

// ofUser is a name for the user that a call is about, unique among all clinics; "" for the admin.
func (m *memory) ofUser(c call) string {
	id := m.userOf(c)
	if id == "" {
		return ""
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	return id + " of " + cmp.Or(m.texts["clinic of "+c.header.Get(engine.TokenHeader)], c.header.Get(engine.AccountHeader))
}

// userOf returns the id of the user that a call is about: the one in its path, or the token's owner; "" for the admin.
// It sends no request, because a mock may have been told to fail the next one.
func (m *memory) userOf(c call) string {
	if s := c.segments(); len(s) > 1 && s[0] == "users" && isDigits(s[1]) {
		return s[1]
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	return m.texts["owner of "+c.header.Get(engine.TokenHeader)]
}
