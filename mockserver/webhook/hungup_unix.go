//go:build unix

package webhook

import (
	"errors"
	"syscall"
)

// canPeek says that hungUp and isStale see the state of a connection.
const canPeek = true

// hungUp reports whether the other side of a connection has closed it and nothing is left to read. net/http notices the
// same a moment later. A message sent in the meantime would count as sent, although the receiver cannot have it.
func hungUp(conn syscall.RawConn) bool {
	n, err := peek(conn)
	return err == nil && n == 0 || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// isStale reports whether an idle connection cannot take a request: it has something to read, or is closed.
func isStale(conn syscall.RawConn) bool {
	_, err := peek(conn)
	return !errors.Is(err, syscall.EAGAIN)
}

// peek returns how much there is to read of the next byte, without taking it.
func peek(conn syscall.RawConn) (n int, err error) {
	_ = conn.Control(func(fd uintptr) { // it fails only if this side has closed the connection
		var one [1]byte
		n, _, err = syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
	})
	return n, err
}
