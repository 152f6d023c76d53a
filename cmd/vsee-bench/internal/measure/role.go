package measure

import (
	"context"
	"fmt"
	"os"
	"slices"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/child"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/load"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/server"
)

// RoleDriver is the child that drives the servers.
const RoleDriver = "driver"

// Child runs this process as a child in a role, until its parent ends.
func Child(ctx context.Context, role string) error {
	switch {
	case role == RoleDriver:
		return child.Answer(os.Stdin, os.Stdout, (&load.Driver{}).Run)
	case slices.Contains(server.Roles(), role):
		return server.Run(ctx, role)
	}
	return fmt.Errorf("there is no role %q", role)
}
