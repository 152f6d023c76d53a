package mockserver

import (
	"net/http"
	"strconv"
	"sync/atomic"

	"github.com/vsee-mock/vsee-mock/internal/requestid"
)

// requestIDs gives each reply the id of its request: the one that was sent, or else the next number. A number is no
// matter of chance, so that the same calls to a mock give the same bytes; where it knows the clinic, the API puts an id
// in its place that follows from the clinic's seed.
type requestIDs struct{ made atomic.Uint64 }

func (n *requestIDs) set(w http.ResponseWriter, r *http.Request) {
	id := requestid.Sent(r)
	if id == "" {
		id = "mock-" + strconv.FormatUint(n.made.Add(1), 10)
	}
	w.Header().Set(requestid.Header, id)
}
