//go:build unix

package webhook

import (
	"errors"
	"syscall"
)

// hungUp reports whether the other side of a connection has closed it and nothing is left to read. net/http notices the
// same a moment later. A message sent in the meantime would count as sent, although the receiver cannot have it.
func hungUp(conn syscall.RawConn) bool {
	closed := false
	_ = conn.Control(func(fd uintptr) { // it fails only if this side has closed the connection
		var one [1]byte
		n, _, err := syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		closed = err == nil && n == 0 || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
	})
	return closed
}
