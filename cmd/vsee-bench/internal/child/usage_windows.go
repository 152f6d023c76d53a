package child

import (
	"syscall"
	"time"
)

// Usage is the use of the machine by one process since its start.
type Usage struct {
	CPU time.Duration `json:"cpu"` // in user mode and in the kernel
	RSS int64         `json:"rss"` // always 0 on this system
}

// OwnUsage returns the usage of this process.
func OwnUsage() (Usage, error) {
	self, err := syscall.GetCurrentProcess()
	if err != nil {
		return Usage{}, err
	}
	var created, ended, kernel, user syscall.Filetime
	if err := syscall.GetProcessTimes(self, &created, &ended, &kernel, &user); err != nil {
		return Usage{}, err
	}
	ticks := func(t syscall.Filetime) time.Duration { // of 100 ns
		return time.Duration(int64(t.HighDateTime)<<32+int64(t.LowDateTime)) * 100
	}
	return Usage{CPU: ticks(kernel) + ticks(user)}, nil
}
