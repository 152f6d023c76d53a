// Package measure has the sections of the bench: each starts its processes and drives them.
package measure

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/child"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/report"
)

// Suite is the settings of a run.
type Suite struct {
	Programs    Programs
	Operations  []string      // of Operations; all when empty
	Duration    time.Duration // of the load on each server for each operation
	Connections int
	Rounds      int
	Counts      Counts
	Progress    func(string) // gets a line before each part
}

// Counts are the sizes of the sections other than the requests.
type Counts struct {
	Starts        int   // of each program
	Events        int   // of one clinic
	Senders       int   // the number of clinics that send at the same time
	Checks        []int // pending at the same time
	Clinics       int
	Spread        time.Duration // of the due times of checks
	Users         int           // in a search
	GrowthDivisor int           // of the numbers that grow
}

// FullCounts are those of the figures in the documentation.
func FullCounts() Counts {
	return Counts{Starts: 10, Events: 4_000, Senders: 32, Checks: []int{100_000, 1_000_000}, Clinics: 10_000,
		Spread: 10 * time.Second, Users: 100_000, GrowthDivisor: 1}
}

// QuickCounts are for showing that each section works. Their figures mean nothing.
func QuickCounts() Counts {
	return Counts{Starts: 1, Events: 20, Senders: 2, Checks: []int{100, 200}, Clinics: 10, Spread: 100 * time.Millisecond,
		Users: 1_100, GrowthDivisor: 100}
}

// section measures one part of the report.
type section struct {
	name string
	run  func(context.Context, Suite, *report.Report) error
}

var sections = []section{
	{"requests", requests}, {"start", start}, {"deliveries", deliveries}, {"timers", timers}, {"memory", memory},
	{"search", search}, {"growth", growth}, {"page", page},
}

// Sections returns the names of the sections, in order.
func Sections() []string {
	var names []string
	for _, s := range sections {
		names = append(names, s.name)
	}
	return names
}

// Run measures the named sections into r, all of them without names.
func (s Suite) Run(ctx context.Context, names []string, r *report.Report) error {
	for _, section := range sections {
		if len(names) > 0 && !slices.Contains(names, section.name) {
			continue
		}
		if err := section.run(ctx, s, r); err != nil {
			return fmt.Errorf("measuring %s: %w", section.name, err)
		}
	}
	return nil
}

// cores returns the cores of the server and the driver; below 0 for any.
func cores() (server, driver int) {
	if all := child.Cores(); len(all) == 2 {
		return all[0], all[1]
	}
	return -1, -1
}
