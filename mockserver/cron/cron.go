// Package cron runs the due work of a clinic, as VSee's cron jobs do: it ends eligibility checks, brings claims and
// visits to their stages and delivers events. It connects the domain, the webhook, the document and the journal, and is
// the due.Source of a clinic.
package cron

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
	"github.com/vsee-mock/vsee-mock/mockserver/due"
	"github.com/vsee-mock/vsee-mock/mockserver/journal"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// Lanes is the number of lanes of a clinic: one for each kind of work, so a slow receiver does not delay a check.
const Lanes = clinic.WorkKinds

// SlowLane is the lane with items that wait for a receiver.
const SlowLane = int(clinic.DeliverWork)

// Done is one finished item of work: a check at its end, a claim at a new stage, a visit after a planned step, or an
// attempt to deliver an event.
type Done struct {
	Check    *clinic.EligibilityCheck
	Claim    *clinic.Claim
	Visit    *visits.Visit
	Delivery *journal.Delivery
}

// Runner runs the items of one clinic. All fields are required.
type Runner struct {
	Clinic          *clinic.Clinic
	Document        *document.Document
	Sender          *webhook.Sender
	Journal         *journal.Journal
	ReportViolation func(error) // called when the payload of an event violates the document
	// CountLateness gets how long after its due time an item begins, on the clinic's clock; nil for nobody.
	CountLateness func(kind string, late time.Duration)
	Log           *slog.Logger
}

var _ due.Source[Done] = (*Runner)(nil)

// NextDue implements due.Source.
func (r *Runner) NextDue(ctx context.Context, lane int) (time.Time, bool, error) {
	work, ok, err := r.Clinic.NextWork(ctx, clinic.WorkKind(lane))
	return work.Due, ok, err
}

// RunNext implements due.Source. A panic becomes an error of the item.
func (r *Runner) RunNext(ctx context.Context, lane int) (done []Done, err error) {
	err = recoverPanic(func() error {
		done, err = r.runKind(ctx, clinic.WorkKind(lane))
		return err
	})
	return done, err
}

func (r *Runner) runKind(ctx context.Context, kind clinic.WorkKind) ([]Done, error) {
	if kind == clinic.DeliverWork {
		return r.deliverEvents(ctx)
	}
	if kind == clinic.FinishWork {
		return r.finishChecks(ctx)
	}
	work, ok, err := r.Clinic.NextWork(ctx, kind)
	late := r.Clinic.Clock().Now().Sub(work.Due)
	if err != nil || !ok || late < 0 {
		return nil, err
	}
	r.countLateness(kind, late)
	if kind == clinic.ClaimWork {
		return r.advanceClaim(ctx, work)
	}
	return r.advanceVisit(ctx, work)
}

// kindNames are the names of the kinds of work in the metrics.
var kindNames = [clinic.WorkKinds]string{
	clinic.FinishWork: "check", clinic.ClaimWork: "claim", clinic.VisitWork: "visit", clinic.DeliverWork: "delivery",
}

func (r *Runner) countLateness(kind clinic.WorkKind, late time.Duration) {
	if r.CountLateness != nil {
		r.CountLateness(kindNames[kind], late)
	}
}

// recoverPanic calls f and converts a panic into an error.
func recoverPanic(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return f()
}

// batch is the number of checks that end in one step: enough to share its costs, and too few to keep a move waiting.
const batch = 256

// finishChecks ends the checks that are due.
func (r *Runner) finishChecks(ctx context.Context) ([]Done, error) {
	checks, err := r.Clinic.FinishChecks(ctx, r.Clinic.Clock().Now(), batch)
	done := make([]Done, len(checks))
	for i, check := range checks {
		done[i].Check = check
		r.countLateness(clinic.FinishWork, time.Duration(check.Finished-check.Due))
		if r.Log.Enabled(ctx, slog.LevelInfo) {
			r.Log.Info("check ended", "clinic", r.Clinic.Account(), "check", check.ID,
				"response", check.Answer.Text, "rule", check.Answer.Rule, "why", check.Answer.Why)
		}
	}
	return done, err
}

func (r *Runner) advanceClaim(ctx context.Context, work clinic.Work) ([]Done, error) {
	claim, ok, err := r.Clinic.AdvanceClaim(ctx, work)
	if err != nil || !ok {
		return nil, err
	}
	r.Log.Info("claim updated", "clinic", r.Clinic.Account(), "claim", claim.ID,
		"status", claim.Status, "rule", claim.Decision.Rule, "why", claim.Decision.Why, "evidence", "ours")
	return []Done{{Claim: &claim}}, nil
}

func (r *Runner) advanceVisit(ctx context.Context, work clinic.Work) ([]Done, error) {
	visit, ok, err := r.Clinic.AdvanceVisit(ctx, work)
	if err != nil || !ok {
		return nil, err
	}
	r.Log.Info("visit advanced", "clinic", r.Clinic.Account(), "visit", visit.ID, "status", visit.Status.Word(),
		"scenario", visit.Scenario, "evidence", "ours")
	return []Done{{Visit: &visit}}, nil
}
