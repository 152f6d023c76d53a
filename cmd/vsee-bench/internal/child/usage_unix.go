//go:build unix

package child

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
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
	rss, err := residentMemory()
	if err != nil {
		return Usage{}, err
	}
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return Usage{}, err
	}
	if rss == 0 {
		rss = int64(r.Maxrss) //nolint:unconvert // it has 32 bits on some systems
		if runtime.GOOS != "darwin" {
			rss *= 1 << 10
		}
	}
	return Usage{CPU: time.Duration(r.Utime.Nano() + r.Stime.Nano()), RSS: rss}, nil
}

// residentMemory returns the resident memory of this process; 0 where the system does not show it as Linux does.
func residentMemory() (int64, error) {
	text, err := os.ReadFile("/proc/self/statm")
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	var size, pages int64
	_, err = fmt.Fscan(bytes.NewReader(text), &size, &pages)
	return pages * int64(os.Getpagesize()), err
}
