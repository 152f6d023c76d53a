package mockserver

import (
	"net/http"
	"strconv"
	"sync/atomic"

	"github.com/vsee-mock/vsee-mock/internal/requestid"
)

// requestIDs gives each reply the id of its request: the one sent by the caller, or else the next number. A number is
// not random, so the same calls to a mock give the same bytes. If the clinic is known, the API replaces the id by one
// derived from the clinic's seed.
type requestIDs struct{ made atomic.Uint64 }

func (n *requestIDs) set(w http.ResponseWriter, r *http.Request) {
	id := requestid.FromRequest(r)
	if id == "" {
		id = "mock-" + strconv.FormatUint(n.made.Add(1), 10)
	}
	w.Header().Set(requestid.Header, id)
}
