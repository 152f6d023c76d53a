//go:build unix

package bounded

import (
	"os"

	"golang.org/x/sys/unix"
)

// awaitWriter waits until there is something to read, or a writer has come and gone. Without it, a pipe opened in
// non-blocking mode looks as if it had ended before its first writer.
func awaitWriter(file *os.File) error {
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	return raw.Read(func(fd uintptr) bool {
		// Only poll can tell an ended pipe from one never opened for writing: a read of either returns no bytes.
		file := unix.PollFd{Fd: int32(fd), Events: unix.POLLIN} //nolint:gosec // a file descriptor is small
		ready, err := unix.Poll([]unix.PollFd{file}, 0)
		return err == nil && ready > 0
	})
}
