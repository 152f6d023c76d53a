package mockserver

import (
	"net/http"
	"strconv"
	"sync/atomic"

	"github.com/vsee-mock/vsee-mock/internal/requestid"
)

// requestIDs gives each reply the id of its request: the one sent by the caller, or else the next number. A number is
// not random, so the same calls to a mock give the same bytes. The API asks for a number only without a clinic: with
// one, it derives the id from the clinic's seed.
type requestIDs struct{ made atomic.Uint64 }

func (n *requestIDs) next() string { return "mock-" + strconv.FormatUint(n.made.Add(1), 10) }

func (n *requestIDs) set(w http.ResponseWriter, r *http.Request) (id string) {
	if id = requestid.FromRequest(r); id == "" {
		id = n.next()
	}
	w.Header()[requestid.Header] = []string{id}
	return id
}
