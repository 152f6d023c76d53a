// Package controlcmd has the commands to control a running mock: its clinics, their clocks, faults and journals.
package controlcmd

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/remote"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// Clock is `vsee-mock clock`.
type Clock struct {
	Show    showClock    `cmd:"" default:"withargs" help:"Show the clock: the command when none is given."`
	Advance advanceClock `cmd:"" help:"Move the clock forward by a time span; do due work."`
	Set     setClock     `cmd:"" help:"Move the clock forward to a time; do due work."`
	Freeze  freezeClock  `cmd:"" help:"Stop the clock."`
	Run     runClock     `cmd:"" help:"Start a frozen clock again."`
}

type showClock struct{ remote.Flags }

// Run prints the time on the clock.
func (s *showClock) Run(a *command.App) error {
	c, err := s.Client()
	if err != nil {
		return err
	}
	now, err := c.GetClock(a.Ctx, c.Clinic)
	if err != nil {
		return err
	}
	return s.Print(a, c, func(w io.Writer) { printClock(w, now.Now, now.Frozen) })
}

type advanceClock struct {
	By controlapi.Span `arg:"" help:"Time span, such as 10s, 5m or 60d."`
	remote.Flags
}

// ExplainNegative implements command.ExplainsNegative.
func (*advanceClock) ExplainNegative() string {
	return "<by>: a clock only moves forward: vsee-mock reset empties the clinic and starts its clock anew"
}

// Run moves the clock.
func (c *advanceClock) Run(a *command.App) error {
	return move(a, c.Flags, controlapi.ClockMove{Advance: &c.By})
}

type setClock struct {
	To command.Moment `arg:"" help:"Time, such as 2026-01-31T09:00:00Z."`
	remote.Flags
}

// Run moves the clock.
func (c *setClock) Run(a *command.App) error {
	return move(a, c.Flags, controlapi.ClockMove{Set: &c.To.Time})
}

type freezeClock struct{ remote.Flags }

// Run stops the clock.
func (c *freezeClock) Run(a *command.App) error {
	return move(a, c.Flags, controlapi.ClockMove{Freeze: true})
}

type runClock struct{ remote.Flags }

// Run starts the clock.
func (c *runClock) Run(a *command.App) error {
	return move(a, c.Flags, controlapi.ClockMove{Run: true})
}

// move changes the clock and prints everything done on the way.
func move(a *command.App, flags remote.Flags, by controlapi.ClockMove) error {
	c, err := flags.Client()
	if err != nil {
		return err
	}
	receipt, err := c.MoveClock(a.Ctx, c.Clinic, by)
	if err != nil {
		return err
	}
	return flags.Print(a, c, func(w io.Writer) {
		for _, item := range itemsOf(receipt) {
			printItem(w, item)
		}
		if receipt.Note != "" {
			_, _ = fmt.Fprintf(w, "done in all: %d checks, %d claims, %d visits, %d deliveries; %s\n", receipt.Counts.Checks,
				receipt.Counts.Claims, receipt.Counts.Visits, receipt.Counts.Deliveries, receipt.Note)
		}
		printClock(w, receipt.To, receipt.Frozen)
	})
}

func printClock(w io.Writer, now time.Time, frozen bool) {
	_, _ = fmt.Fprintln(w, clockText(now, frozen))
}

func clockText(now time.Time, frozen bool) string {
	return fmt.Sprintf("the clock shows %s and %s", now.Format(time.RFC3339), clockState(frozen))
}

func clockState(frozen bool) string {
	if frozen {
		return "is frozen"
	}
	return "is running"
}

// itemsOf returns the work in a receipt as items of a stream, in the order of their times.
func itemsOf(r controlapi.Receipt) []controlapi.StreamItem {
	var items []controlapi.StreamItem
	for _, k := range r.Checks {
		items = append(items, controlapi.StreamItem{Kind: controlapi.KindCheck, At: k.Finished, MemberID: k.MemberID,
			Check: &k})
	}
	for _, k := range r.Claims {
		items = append(items, controlapi.StreamItem{Kind: controlapi.KindClaim, At: k.History[len(k.History)-1].At,
			MemberID: k.MemberID, Claim: &k})
	}
	for _, v := range r.Visits {
		items = append(items, controlapi.StreamItem{Kind: controlapi.KindVisit, At: v.Modified, MemberID: v.MemberID,
			Visit: &v})
	}
	for _, d := range r.Deliveries {
		items = append(items, controlapi.StreamItem{Kind: controlapi.KindDelivery, At: d.At, MemberID: d.MemberID,
			Delivery: &d})
	}
	slices.SortStableFunc(items, func(a, b controlapi.StreamItem) int { return a.At.Compare(b.At) })
	return items
}

// printItem prints an item on a line.
func printItem(w io.Writer, i controlapi.StreamItem) {
	at := "-"
	if !i.At.IsZero() {
		at = i.At.Format(time.RFC3339)
	}
	member := i.MemberID
	if member == "" {
		member = "-"
	}
	_, _ = fmt.Fprintln(w, output.Plain(fmt.Sprintf("%-20s  %-8s  %-6s  %s", at, i.Kind, member, textOf(i))))
}
