//go:build unix

package bounded

import (
	"os"

	"golang.org/x/sys/unix"
)

// awaitWriter waits until there is something to read, or a writer has come and gone: a pipe that was opened without
// waiting looks as if it had ended before anybody has written to it.
func awaitWriter(file *os.File) error {
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	return raw.Read(func(fd uintptr) bool {
		// Only poll tells a pipe that has ended from one that was not opened for writing yet: a read of either has no bytes.
		ready, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 0) //nolint:gosec // a file descriptor is small
		return err == nil && ready > 0
	})
}
