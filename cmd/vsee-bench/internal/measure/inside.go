package measure

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/child"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/inside"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/report"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/server"
)

// deliveries compares the mock's deliveries with a bare client's, to a bare receiver on the driver's core.
func deliveries(ctx context.Context, s Suite, r *report.Report) error {
	_, core := cores()
	process, err := child.Start(ctx, s.Programs.Plain, server.Bare, core)
	if err != nil {
		return err
	}
	defer process.Stop()
	var address string
	if err := process.Call(server.Request{Serve: true, Replies: []server.Reply{
		{Pattern: "POST /events", Type: "text/plain"},
	}}, &address); err != nil {
		return err
	}
	t := report.Table{Section: "deliveries", Title: "Deliveries of events",
		Columns: []string{"bare client per s", "vsee-mock per s", "ratio", "ratio of CPU"}}
	for _, row := range []struct {
		name    string
		clinics int
	}{{"one clinic, in order", 1}, {fmt.Sprintf("%d clinics", s.Counts.Senders), s.Counts.Senders}} {
		var client, mock, cpu []float64
		events := max(1, s.Counts.Events/row.clinics)
		for round := range s.Rounds {
			s.progress("deliveries, round %d of %d: %s", round+1, s.Rounds, row.name)
			d, err := measureInside[inside.Deliveries](ctx, s, roleDeliveries, inside.DeliveriesOf{
				Receiver: "http://" + address + "/events", Clinics: row.clinics, Events: events,
			})
			if err != nil {
				return err
			}
			client = append(client, perSecond(events*row.clinics, d.Client.Took))
			mock = append(mock, perSecond(events*row.clinics, d.Mock.Took))
			cpu = append(cpu, report.Ratio(d.Mock.CPU.Seconds(), d.Client.CPU.Seconds()))
		}
		of, is := report.Median(client), report.Median(mock)
		t.Add(row.name, of, is, report.Ratio(is, of), report.Median(cpu))
	}
	r.Tables = append(r.Tables, t)
	return nil
}

func perSecond(n int, took time.Duration) float64 { return float64(n) / took.Seconds() }

// maxPending is the largest memory of pending checks, in bytes: more of them would not fit into most machines.
const maxPending = 2 << 30

// timers ends checks that are due in one instant, and checks that are due over some time.
func timers(ctx context.Context, s Suite, r *report.Report) error {
	t := report.Table{Section: "timers", Title: fmt.Sprintf("Pending checks of %d clinics", s.Counts.Clinics),
		Columns: []string{"bytes each", "ended per s", "p99 late in ms"}}
	each := 0.0
	most := slices.Max(s.Counts.Checks)
	for _, row := range []inside.TimersOf{
		{Checks: slices.Min(s.Counts.Checks)}, {Checks: most}, {Checks: most, Spread: s.Counts.Spread},
	} {
		name := fmt.Sprintf("%d due in one instant", row.Checks)
		if row.Spread > 0 {
			name = fmt.Sprintf("%d due over %s", row.Checks, row.Spread)
		}
		if each*float64(row.Checks) > maxPending {
			t.Rows = append(t.Rows, report.Row{Name: name, Void: "void: they would take more than 2 GB"})
			continue
		}
		s.progress("timers: %s", name)
		row.Clinics = s.Counts.Clinics
		d, err := measureInside[inside.Timers](ctx, s, roleTimers, row)
		if err != nil {
			return err
		}
		each = d.Bytes
		t.Add(name, d.Bytes, perSecond(row.Checks, d.Took), 1e3*d.Late.Seconds())
	}
	r.Tables = append(r.Tables, t)
	return nil
}

// memory measures the memory of much of something, and of a long move of a clock.
func memory(ctx context.Context, s Suite, r *report.Report) error {
	t := report.Table{Section: "memory", Title: "Memory", Columns: []string{"resident MB", "heap bytes of each"}}
	pending := slices.Min(s.Counts.Checks)
	for _, row := range []struct {
		role, thing string
		n           int
	}{{roleClinics, "clinics", s.Counts.Clinics}, {rolePending, "pending deliveries", pending}} {
		name := fmt.Sprint(row.n, " ", row.thing)
		s.progress("memory: %s", name)
		d, err := measureInside[inside.Memory](ctx, s, row.role, inside.MemoryOf{N: row.n})
		if err != nil {
			return err
		}
		t.Add(name, report.MB(d.RSS), d.Each)
	}
	r.Tables = append(r.Tables, t)

	s.progress("memory: advance over %d checks", pending)
	d, err := measureInside[inside.Advance](ctx, s, roleAdvance, inside.MemoryOf{N: pending})
	if err != nil {
		return err
	}
	t = report.Table{Section: "advance", Title: "Moving a clock over the due times of checks",
		Columns: []string{"reply in MB", "resident MB", "s"}}
	t.Add(fmt.Sprint(pending, " checks"), report.MB(d.Reply), report.MB(d.RSS), d.Took.Seconds())
	r.Tables = append(r.Tables, t)
	return nil
}

// repeat is the part of the duration for repeating one search or one operation.
const repeat = 10

// search compares the filters of a search with plain scans.
func search(ctx context.Context, s Suite, r *report.Report) error {
	s.progress("search: %d users", s.Counts.Users)
	found, err := measureInside[[]inside.Found](ctx, s, roleSearch,
		inside.SearchOf{Users: s.Counts.Users, For: s.Duration / repeat})
	if err != nil {
		return err
	}
	t := report.Table{Section: "search", Title: fmt.Sprintf("Searches of %d users, beside a plain scan", s.Counts.Users),
		Columns: []string{"scan, CPU in µs", "search, CPU in µs", "ratio"}}
	for _, f := range found {
		t.Add(f.Name, microseconds(f.Scan), microseconds(f.Search), report.Ratio(f.Scan.Seconds(), f.Search.Seconds()))
	}
	r.Tables = append(r.Tables, t)
	return nil
}

func microseconds(d time.Duration) float64 { return 1e6 * d.Seconds() }

// growth measures operations of a mock with ten times as much of something.
func growth(ctx context.Context, s Suite, r *report.Report) error {
	t := report.Table{Section: "growth", Title: "Growth of costs: 0 is flat, 1 is linear",
		Columns: []string{"CPU in µs", "at ten times as many", "exponent"}}
	numbers := inside.Growing()
	for _, thing := range slices.Sorted(maps.Keys(numbers)) {
		n := max(1, numbers[thing]/s.Counts.GrowthDivisor)
		s.progress("growth: from %d to %d of %s", n, 10*n, thing)
		var costs [2][]inside.Cost
		for i, n := range []int{n, 10 * n} {
			var err error
			costs[i], err = measureInside[[]inside.Cost](ctx, s, roleGrowth,
				inside.GrowthOf{Thing: thing, N: n, For: s.Duration / repeat})
			if err != nil {
				return err
			}
		}
		for i, cost := range costs[0] {
			at, tenfold := microseconds(cost.Took), microseconds(costs[1][i].Took)
			t.Add(fmt.Sprintf("%d %s: %s", n, thing, cost.Operation), at, tenfold, report.Exponent(at, tenfold))
		}
	}
	r.Tables = append(r.Tables, t)
	return nil
}

func (s Suite) progress(format string, args ...any) { s.Progress(fmt.Sprintf(format, args...)) }
