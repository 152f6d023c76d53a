// Package requestid names requests, so callers can find theirs in the log and in the journal.
package requestid

import "net/http"

// Header is the header, of a request and of its reply, with the id.
const Header = "X-Request-Id"

// longest is the maximum length of a caller's id, in characters.
const longest = 128

// FromRequest returns the id given to a request by its caller: 1 to 128 visible ASCII characters. It returns "" for
// none, and for any other text, which would be unsafe in a log.
func FromRequest(r *http.Request) string {
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

// FromReply returns the id in the headers of a reply, "" before it has one.
func FromReply(w http.ResponseWriter) string { return w.Header().Get(Header) }
