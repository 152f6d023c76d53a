//go:build !linux

package child

import "os/exec"

// Cores returns none: this system does not pin a process to a core.
func Cores() []int { return nil }

// StartOn starts a command, on any core.
func StartOn(cmd *exec.Cmd, _ int) error { return cmd.Start() }
