// Package requestid names requests, so that a caller finds one again in the log and in the journal.
package requestid

import "net/http"

// Header is the header, of a request and of its reply, with the id.
const Header = "X-Request-Id"

// longest is how many characters an id that was sent may have.
const longest = 128

// Sent returns the id that a caller has given to a request: 1 to 128 visible ASCII characters. It returns "" for none,
// and for one that is anything else, which is not fit for a log.
func Sent(r *http.Request) string {
	id := r.Header.Get(Header)
	if len(id) > longest {
		return ""
	}
	for _, c := range []byte(id) {
		if c <= ' ' || c > '~' {
			return ""
		}
	}
	return id
}

// Of returns the id that a reply carries, "" while it has none.
func Of(w http.ResponseWriter) string { return w.Header().Get(Header) }
