//go:build unix

package child

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"syscall"
	"time"
)

// Usage is the use of the machine by one process since its start.
type Usage struct {
	CPU time.Duration `json:"cpu"` // in user mode and in the kernel
	RSS int64         `json:"rss"` // resident memory in bytes; its peak where the system knows no more
}

// OwnUsage returns the usage of this process.
func OwnUsage() (Usage, error) {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return Usage{}, err
	}
	peak := int64(r.Maxrss) //nolint:unconvert // it has 32 bits on some systems
	u := Usage{CPU: time.Duration(r.Utime.Nano() + r.Stime.Nano()), RSS: peak}
	if runtime.GOOS != "darwin" {
		u.RSS *= 1 << 10
	}
	if text, err := os.ReadFile("/proc/self/statm"); err == nil {
		var size, pages int64
		if _, err := fmt.Fscan(bytes.NewReader(text), &size, &pages); err != nil {
			return Usage{}, err
		}
		u.RSS = pages * int64(os.Getpagesize())
	}
	return u, nil
}
