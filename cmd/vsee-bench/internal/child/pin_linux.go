package child

import (
	"os/exec"
	"runtime"

	"golang.org/x/sys/unix"
)

// maxCores is the number of cores that the kernel is asked about.
const maxCores = 1024

// Cores returns the cores that this process may use, at most two: the first for the server, the second for the driver.
// It returns none when there are fewer than two.
func Cores() []int {
	var set unix.CPUSet
	if unix.SchedGetaffinity(0, &set) != nil {
		return nil
	}
	var cores []int
	for core := 0; core < maxCores && len(cores) < 2; core++ {
		if set.IsSet(core) {
			cores = append(cores, core)
		}
	}
	if len(cores) < 2 {
		return nil
	}
	return cores
}

// StartOn starts a command on one core. Go's runtime in the child then takes GOMAXPROCS to be 1.
func StartOn(cmd *exec.Cmd, core int) error {
	if core < 0 {
		return cmd.Start()
	}
	// A child inherits the affinity of the thread that starts it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, one unix.CPUSet
	one.Set(core)
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return err
	}
	if err := unix.SchedSetaffinity(0, &one); err != nil {
		return err
	}
	defer func() { _ = unix.SchedSetaffinity(0, &before) }()
	return cmd.Start()
}
