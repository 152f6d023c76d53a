package mutant

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// hookPath is where events come to the proxy; a number follows.
const hookPath = "/_mutant/hooks/"

// hook is a clinic's webhook as the client knows it.
type hook struct {
	url     string
	secrets []string
}

// memory is what a proxy learns from what passes through it.
type memory struct {
	notes
	mu     sync.Mutex
	users  []signedOn // in the order of their sign-ons
	hooks  []*hook
	counts map[string]int    // of a lie's own
	texts  map[string]string // of a lie's own
}

// signedOn is a user of whom the proxy has seen a sign-on.
type signedOn struct {
	id, token string
	data      string // as getUser would have it
	by        call   // what signed them on
}

func newMemory() *memory {
	return &memory{
		notes:  notes{met: map[string]map[meeting]bool{}, liars: map[string]bool{}},
		counts: map[string]int{}, texts: map[string]string{},
	}
}

// learn keeps what a reply of the API tells.
func (m *memory) learn(c call, r reply) {
	if c.operation() != "signOn" || r.status != http.StatusOK {
		return
	}
	user, _ := drop(r.body, "data", "token")
	m.mu.Lock()
	defer m.mu.Unlock()
	m.users = append(m.users, signedOn{r.text("data", "id"), r.text("data", "token", "token"), string(user), c})
}

// user returns the first user that fits.
func (m *memory) user(fits func(signedOn) bool) (signedOn, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, u := range m.users {
		if fits(u) {
			return u, true
		}
	}
	return signedOn{}, false
}

// count returns how often something has been counted, this time included.
func (m *memory) count(what string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counts[what]++
	return m.counts[what]
}

// first returns the first text that was given for a key.
func (m *memory) first(key, text string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.texts[key]; !ok {
		m.texts[key] = text
	}
	return m.texts[key]
}

// text returns the text that first was given for a key, "" for none.
func (m *memory) text(key string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.texts[key]
}

// hook returns the webhook whose events come to a path, nil for none.
func (m *memory) hook(path string) *hook {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, err := strconv.Atoi(strings.TrimPrefix(path, hookPath))
	if err != nil || n < 0 || n >= len(m.hooks) {
		return nil
	}
	return m.hooks[n]
}

// control hands a call to the control API on, with the proxy's URL for the webhook's, and the other way round in what
// comes back.
func (m *memory) control(c call, on asks) (reply, error) {
	var made *hook
	if url := textAt(c.body, "webhook", "url"); url != "" {
		made = &hook{url: url}
		m.mu.Lock()
		ours := hostOf(c) + hookPath + strconv.Itoa(len(m.hooks))
		m.hooks = append(m.hooks, made)
		m.mu.Unlock()
		c.body, _ = set(strconv.Quote(ours))(c.body, "webhook", "url")
	}
	r, err := on(c)
	m.mu.Lock()
	defer m.mu.Unlock()
	if made != nil {
		for _, name := range []string{"secret", "previous_secret"} {
			if secret := r.text("webhook", name); secret != "" {
				made.secrets = append(made.secrets, secret)
			}
		}
	}
	for n := len(m.hooks) - 1; n >= 0; n-- { // hooks/12 before hooks/1
		r.body = bytes.ReplaceAll(r.body, []byte(hostOf(c)+hookPath+strconv.Itoa(n)), []byte(m.hooks[n].url))
	}
	return r, err
}

// hostOf is the URL under which the one who called knows the proxy.
func hostOf(c call) string { return "http://" + c.host }
