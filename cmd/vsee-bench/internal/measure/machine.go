package measure

import (
	"debug/buildinfo"
	"os"
	"regexp"
	"runtime"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/child"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/report"
)

var modelName = regexp.MustCompile(`(?m)^model name\s*: (.+)$`)

// Machine describes this computer, and the commit that a program was built from.
func Machine(program string) report.Machine {
	m := report.Machine{
		CPU: runtime.GOARCH, Cores: runtime.NumCPU(), OS: runtime.GOOS, Go: runtime.Version(),
		Pinned: len(child.Cores()) == 2,
	}
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if found := modelName.FindSubmatch(text); found != nil {
			m.CPU = string(found[1])
		}
	}
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return m
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			m.Commit = s.Value[:min(12, len(s.Value))] + m.Commit
		case s.Key == "vcs.modified" && s.Value == "true":
			m.Commit += " with changes"
		}
	}
	return m
}
