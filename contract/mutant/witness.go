package mutant

import (
	"bytes"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"sync"
)

// notes are a proxy's records about the requirements. Requirements run one after the other: an event belongs to
// the one with the last request.
type notes struct {
	mu    sync.Mutex
	asks  string // the requirement with the last request
	met   map[string]map[meeting]bool
	liars map[string]bool // the requirements that were lied to
}

// meeting is a place where a mutant may lie to a requirement.
type meeting struct {
	operation string // of a Mutant
	status    int    // 0 for an event
}

// asked matches the id of the requirement in the User-Agent of the suite.
var asked = regexp.MustCompile(` req/(\S+)`)

// hear records the requirement named in a call.
func (n *notes) hear(c call) {
	if id := asked.FindStringSubmatch(c.header.Get("User-Agent")); id != nil {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.asks = id[1]
	}
}

// watch answers a call through the lie, and records whether the lie changed it: its request differs, or its reply
// differs from the one it got. An event must be sent exactly once, too.
func (n *notes) watch(operation string, tell lie, c call, on asks) (reply, error) {
	times, same := 0, false
	var heard reply
	said, err := tell(c, func(asked call) (reply, error) {
		r, err := on(asked)
		if times++; times == 1 {
			same, heard = asked.equals(c), r
		}
		return r, err
	})
	n.mu.Lock()
	defer n.mu.Unlock()
	at := meeting{operation: operation}
	if !IsEvent(operation) {
		at.status = heard.status
	}
	if n.met[n.asks] == nil {
		n.met[n.asks] = map[meeting]bool{}
	}
	n.met[n.asks][at] = true
	if !same || !said.equals(heard) || IsEvent(operation) && times != 1 {
		n.liars[n.asks] = true
	}
	return said, err
}

// LiedTo returns the ids of the requirements that were lied to, sorted.
func (p *Proxy) LiedTo() []string {
	n := &p.known.notes
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Sorted(maps.Keys(n.liars))
}

// meets returns the ids of the requirements that exercised the place of a mutant's change, sorted.
func (p *Proxy) meets(m Mutant) []string {
	n := &p.known.notes
	n.mu.Lock()
	defer n.mu.Unlock()
	var ids []string
	for id, met := range n.met {
		for at := range met {
			if at.operation == m.Operation && m.changes(at.status) && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	return ids
}

// changes reports whether a mutant may change a reply of a status.
func (m Mutant) changes(status int) bool {
	return m.Status == 0 || m.Status == status || m.Status == anyFailure && status >= http.StatusBadRequest
}

func (c call) equals(other call) bool {
	return c.method == other.method && c.path == other.path && c.query == other.query && bytes.Equal(c.body, other.body) && alike(c.header, other.header)
}

func (r reply) equals(other reply) bool {
	return r.status == other.status && bytes.Equal(r.body, other.body) && alike(r.header, other.header)
}

func alike(one, other map[string][]string) bool { return maps.EqualFunc(one, other, slices.Equal) }
