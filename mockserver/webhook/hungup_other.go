//go:build !unix

package webhook

import "syscall"

// hungUp reports nothing here: net/http finds out a moment later.
func hungUp(syscall.RawConn) bool { return false }
