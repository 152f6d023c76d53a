// Package measure has the sections of the bench: each starts its servers and drives them.
package measure

import (
	"context"
	"fmt"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/child"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/report"
)

// Suite is the settings of a run.
type Suite struct {
	Program     string // this one, started again for each child
	Duration    time.Duration
	Connections int
	Rounds      int
	Progress    func(format string, args ...any)
}

// section measures one part of the report.
type section struct {
	name string
	run  func(context.Context, Suite, *report.Report) error
}

var sections = []section{
	{"requests", requests},
}

// Sections returns the names of the sections, in order.
func Sections() []string {
	var names []string
	for _, s := range sections {
		names = append(names, s.name)
	}
	return names
}

// Run measures the named sections into r.
func (s Suite) Run(ctx context.Context, names []string, r *report.Report) error {
	for _, section := range sections {
		for _, name := range names {
			if name != section.name {
				continue
			}
			if err := section.run(ctx, s, r); err != nil {
				return fmt.Errorf("measuring %s: %w", name, err)
			}
		}
	}
	return nil
}

// The cores of the server and the driver; below 0 for any.
func cores() (server, driver int) {
	if all := child.Cores(); len(all) == 2 {
		return all[0], all[1]
	}
	return -1, -1
}
