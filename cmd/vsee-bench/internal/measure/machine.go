package measure

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/child"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/report"
)

var modelName = regexp.MustCompile(`(?m)^model name\s*: (.+)$`)

// Machine describes this computer, and the commit in the working directory; without git there is no commit.
func Machine(ctx context.Context) report.Machine {
	m := report.Machine{
		CPU: runtime.GOARCH, Cores: runtime.NumCPU(), OS: runtime.GOOS, Go: runtime.Version(),
		Pinned: len(child.Cores()) == 2,
	}
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if found := modelName.FindSubmatch(text); found != nil {
			m.CPU = string(found[1])
		}
	}
	commit, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty", "--abbrev=12",
		"--exclude=*").Output()
	if err == nil {
		m.Commit = strings.TrimSpace(string(commit))
	}
	return m
}
