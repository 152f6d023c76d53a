package webhook

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/headerlines"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

// maxAnswer is how much of a receiver's answer is read.
const maxAnswer = 64 << 10

// maxRetryAfter is the longest delay a receiver can ask for.
const maxRetryAfter = 24 * time.Hour

// answer is a receiver's answer.
type answer struct {
	status int
	lines  headerlines.Lines
	body   []byte // up to maxAnswer of it
}

// readAnswer reads the body of an answer, and returns the answer and whether its end was read.
func readAnswer(r *http.Response) (got answer, complete bool) {
	got = answer{status: r.StatusCode, lines: headerlines.Of(r.Header)}
	switch {
	case r.StatusCode == http.StatusSwitchingProtocols: // the connection is the body of such an answer
		return got, false
	case r.ContentLength == 0:
		got.body = []byte{}
		return got, true
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxAnswer)) // a broken body is no failure
	got.body = bytes.Clone(body)                               // without spare room: the journal keeps it
	return got, err == nil && (len(got.body) < maxAnswer || r.ContentLength == maxAnswer)
}

// plainAnswer reads an answer of the most usual form, which must be complete and end with the bytes. It returns false
// for all others: net/http knows them. The result keeps no reference to the bytes.
func plainAnswer(all []byte) (answer, bool) {
	head, body, complete := bytes.Cut(all, []byte("\r\n\r\n"))
	first, lines, _ := bytes.Cut(head, []byte("\r\n"))
	code, is11 := bytes.CutPrefix(first, []byte("HTTP/1.1 "))
	if !complete || !is11 || len(code) < 4 || code[3] != ' ' || !isText(code) {
		return answer{}, false
	}
	status, ok := digits(code[:3])
	length, known := plainLength(lines)
	if !ok || status < 200 || status == http.StatusNoContent || status == http.StatusNotModified || !known ||
		length != len(body) {
		return answer{}, false
	}
	kept := make([]byte, 0, len(lines)+len("\r\n")+len(body))
	kept = append(append(append(kept, lines...), "\r\n"...), body...)
	return answer{status, kept[:len(kept)-len(body)], kept[len(kept)-len(body):]}, true
}

// plainLength returns the length of the body by the lines of a header, false if it takes more to know it.
func plainLength(lines []byte) (length int, known bool) {
	for line := range bytes.SplitSeq(lines, []byte("\r\n")) {
		name, value, found := bytes.Cut(line, []byte(":"))
		if !found || !isName(name) || !isText(value) {
			return 0, false
		}
		switch {
		case isNamed(name, "Content-Length"):
			if known {
				return 0, false
			}
			if length, known = digits(bytes.TrimSpace(value)); !known {
				return 0, false
			}
		case isNamed(name, "Connection"), isNamed(name, "Transfer-Encoding"), isNamed(name, "Trailer"),
			isNamed(name, "Pragma"):
			return 0, false
		}
	}
	return length, known
}

// isNamed compares the name of a header with another one, in any case.
func isNamed(name []byte, other string) bool {
	return len(name) == len(other) && strings.EqualFold(string(name), other)
}

// isName reports whether a text is the name of a header, of letters, digits and hyphens.
func isName(text []byte) bool {
	for _, c := range text {
		if isNoHeaderRune(rune(c)) {
			return false
		}
	}
	return len(text) > 0
}

// isText reports whether a text has printable ASCII alone.
func isText(text []byte) bool {
	for _, c := range text {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

// digits returns the number of a text of up to five digits.
func digits(text []byte) (n int, ok bool) {
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, len(text) > 0 && len(text) <= 5
}

// retryAfter returns the delay requested by an answer in Retry-After.
func (a answer) retryAfter() *time.Duration {
	if a.status != http.StatusTooManyRequests && a.status != http.StatusServiceUnavailable {
		return nil
	}
	said := a.lines.Header().Get("Retry-After")
	wait := maxRetryAfter
	seconds, err := strconv.ParseUint(said, 10, 64)
	at, notTime := http.ParseTime(said)
	switch {
	case errors.Is(err, strconv.ErrRange) || err == nil && seconds > uint64(maxRetryAfter/time.Second):
	case err == nil:
		wait = time.Duration(seconds) * time.Second //nolint:gosec // a day at most
	case notTime == nil:
		wait = at.Sub(clock.Wall()).Round(time.Second)
	default:
		return nil
	}
	wait = min(max(wait, 0), maxRetryAfter)
	return &wait
}
