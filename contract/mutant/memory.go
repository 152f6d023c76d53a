package mutant

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// hookPath begins the proxy's paths for events; the number of the webhook follows.
const hookPath = "/_mutant/hooks/"

// hook is a clinic's webhook as the client knows it.
type hook struct {
	url     string
	secrets []string
}

// memory is the state that a proxy learns from its traffic.
type memory struct {
	notes
	mu     sync.Mutex
	users  []signedOn // in the order of their sign-ons
	hooks  []*hook
	counts map[string]int    // of a lie's own
	texts  map[string]string // of a lie's own
}

// signedOn is a user whose sign-on has passed the proxy.
type signedOn struct {
	id, token string
	data      string // in the form of a getUser reply
	by        call   // the call of the sign-on
}

func newMemory() *memory {
	return &memory{
		notes:  notes{met: map[string]map[meeting]bool{}, liars: map[string]bool{}},
		counts: map[string]int{}, texts: map[string]string{},
	}
}

// learn keeps the facts in a reply of the API.
func (m *memory) learn(c call, r reply) {
	if c.operation() != "signOn" || r.status != http.StatusOK {
		return
	}
	user, _ := drop(r.body, "data", "token")
	m.mu.Lock()
	defer m.mu.Unlock()
	m.users = append(m.users, signedOn{r.text("data", "id"), r.text("data", "token", "token"), string(user), c})
}

// user returns the first user that matches.
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

// count counts an occurrence and returns the number of them so far, with this one.
func (m *memory) count(what string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counts[what]++
	return m.counts[what]
}

// first returns the first text stored for a key.
func (m *memory) first(key, text string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.texts[key]; !ok {
		m.texts[key] = text
	}
	return m.texts[key]
}

// text returns the first text stored for a key, "" for none.
func (m *memory) text(key string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.texts[key]
}

// hook returns the webhook for the events at a path, nil for none.
func (m *memory) hook(path string) *hook {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, err := strconv.Atoi(strings.TrimPrefix(path, hookPath))
	if err != nil || n < 0 || n >= len(m.hooks) {
		return nil
	}
	return m.hooks[n]
}

// control forwards a call to the control API, with the proxy's URL for the webhook's. In the reply it swaps the
// URLs back.
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

// hostOf is the URL of the proxy as known to the caller.
func hostOf(c call) string { return "http://" + c.host }
