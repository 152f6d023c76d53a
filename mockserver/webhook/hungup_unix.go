//go:build unix

package webhook

import (
	"errors"
	"syscall"
)

// hungUp reports whether the other side of a connection has closed it and nothing is left to read. net/http reads that
// too, but a moment later: what is sent in that moment would count as sent, although nobody can have it.
func hungUp(conn syscall.RawConn) bool {
	closed := false
	_ = conn.Control(func(fd uintptr) { // its error is that of a connection that this side has closed
		var one [1]byte
		n, _, err := syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		closed = err == nil && n == 0 || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
	})
	return closed
}
