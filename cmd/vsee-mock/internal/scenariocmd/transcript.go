package scenariocmd

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/ownmock"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
	"github.com/vsee-mock/vsee-mock/scenarios/play"
)

// transcript prints a play.
type transcript struct {
	w        io.Writer
	mock     *ownmock.Mock
	scenario scenarios.Scenario

	read  int // how many entries of the mock's log are printed
	names ownmock.Names
	came  map[string]bool // ids of the checks, visits and claims with an event among the last printed entries
	other bool            // the check of another patient has been announced
}

// newTranscript returns a transcript of a scenario that is played on a mock. It prints to w.
func newTranscript(w io.Writer, mock *ownmock.Mock, s scenarios.Scenario) *transcript {
	return &transcript{w: w, mock: mock, scenario: s, names: ownmock.Names{}}
}

func (t *transcript) say(format string, args ...any) { _, _ = fmt.Fprintf(t.w, format+"\n", args...) }

// Observe implements play.Observer.
func (t *transcript) Observe(ctx context.Context, m play.Moment) error {
	if x, ok := m.(play.Exchange); ok {
		t.names.Add(x)
		if !x.Other {
			t.exchange(x)
		}
		return nil // an event may have come before the reply: it is printed behind it
	}
	if err := t.news(ctx); err != nil {
		return err
	}
	switch m := m.(type) {
	case play.Call:
		t.call(m)
	case play.Due:
		t.due(m)
	}
	return nil
}

// call prints the heading of a call.
func (t *transcript) call(c play.Call) {
	if c.Other {
		if !t.other {
			t.say("\nSo another patient is checked. Those requests are not shown.")
		}
		t.other = true
		return
	}
	again := t.kind(c)
	switch c.Act {
	case play.ListInsurers:
		t.say("\nStep 1. Which insurers does the clinic support?")
	case play.SignOn:
		t.say("\nStep 2. Create the patient, or fetch the one with this code.")
	case play.StoreCards:
		t.say("\nStep 3. Store the patient's insurance.")
	case play.ChangeCard:
		t.say("\nThe client changes the patient's %s card. Its result goes.", c.Card)
	case play.StartCheck:
		t.say("\nStep 4. Start an eligibility check%s.", again)
	case play.ReadPatient:
		t.say("\nThe client reads the patient.")
	case play.ListRooms:
		t.say("\nA visit. Which rooms does the clinic have?")
	case play.MakeIntake:
		t.say("\nThe patient fills in the intake.")
	case play.FindSlot:
		t.say("\nWhen is a provider free?")
	case play.Book:
		t.say("\nThe patient books an appointment.")
	case play.WalkIn:
		t.say("\nThe patient walks in.")
	case play.ReadVisit:
		t.say("\nThe client reads the visit.")
	case play.SubmitClaim:
		t.say("\nStep 6. Submit a claim%s. VSee has not defined this step: all of it is vsee-mock's own.", again)
	case play.ReadClaim:
		t.say("\nThe client reads the claim.")
	case play.Pause:
		t.say("\nThe client waits %s.", c.Pause)
	}
}

// kind tells a check or a claim from others of the scenario; empty for a usual one.
func (t *transcript) kind(c play.Call) string {
	switch {
	case c.Claim != nil && c.Claim.Step.Again:
		return ", the same one once more"
	case c.Claim != nil && c.Claim.Step.Corrects:
		return " that corrects the last one"
	case c.Check != nil && len(t.scenario.Carriers(t.scenario.Person())) > 1:
		return " of the " + c.Check.Step.Card + " card"
	}
	return ""
}

// due says that no event has come, and the reason.
func (t *transcript) due(d play.Due) {
	var step, id string
	var m scenarios.Webhook
	switch {
	case d.Visit != nil:
		step, id = "\nThe webhook of the visit.", cmp.Or(d.VisitID, d.Visit.ID, d.Visit.AppointmentID)
	case d.Claim != nil:
		step, id, m = "\nStep 7. The webhook of the claim. VSee has not defined it either.",
			d.Claim.ID, t.scenario.ClaimWebhook
	default:
		step, id, m = "\nStep 5. The webhook.", d.Check.ID, d.Check.Step.Webhook
	}
	withheld := t.mock.Settings.Webhook.URL == "" || m.Drop || m.AfterRead || m.Hold != (scenarios.Webhook{}).Hold
	if t.came[id] || d.Webhook.Refused > 0 || d.Kind == play.Result && !withheld {
		return // it has come, is not sent, or comes as an Attempt
	}
	reason := strings.Join(m.Words(), ", ")
	switch {
	case t.mock.Settings.Webhook.URL == "":
		reason = ": the clinic has no webhook"
	case reason != "":
		reason = ": the scenario says " + reason
	}
	t.say("%s\n  none came%s", step, reason)
}

// exchange prints a request with its reply, and the client's reaction.
func (t *transcript) exchange(x play.Exchange) {
	t.request(x.Request)
	if x.Reply.Status != 0 {
		t.say("  < %d %s", x.Reply.Status, http.StatusText(x.Reply.Status))
	}
	if len(x.Reply.Body) > 0 {
		t.pretty(x.Reply.Body)
	}
	faults := x.Reply.Header.Get("X-Mock-Fault")
	if strings.Contains(faults, "latency") || strings.Contains(faults, "slow") {
		t.say("  the reply took %s of real time", x.Reply.Took.Round(time.Millisecond))
	}
	switch {
	case x.Failure == "":
	case !x.Again:
		t.say("  %s: the client gives up after several tries", x.Failure)
	case x.After > 0:
		t.say("  %s: the client tries again after %s, as the reply asks", x.Failure, x.After)
	default:
		t.say("  %s: the client tries again", x.Failure)
	}
}

func (t *transcript) request(r play.Request) {
	t.say("  > %s %s%s", r.Method, ownmock.APIBase, r.Path)
	credentials := t.mock.Credentials(r)
	for _, name := range slices.Sorted(maps.Keys(credentials)) {
		t.say("  >   %s: %s", name, credentials[name])
	}
	for _, name := range play.Fields(r.Form) {
		t.say("  >   %s=%s", name, r.Form.Get(name))
	}
	if r.JSON != nil {
		text, _ := json.Marshal(r.JSON) // texts and numbers, so encoding cannot fail
		t.say("  >   %s", output.Compact(text, "  >   ", output.LineWidth))
	}
}

// receipt prints a move of the clinic's clock and its effects.
func (t *transcript) receipt(ctx context.Context, r *controlapi.Receipt, by time.Duration) error {
	if by > 0 {
		t.say("\nNobody waits %s: the clinic's clock is moved, and everything that falls due on the way is done now.", by)
	} else {
		t.say("\nEverything that is due at once is done now.")
	}
	t.say("  > POST /_mock/clinics/%s/clock\n  >   {\"advance\":\"%s\"}\n  < 200 OK", t.mock.Settings.AccountCode, by)
	t.say("  <   from %s to %s", r.From.Format(time.DateTime), r.To.Format(time.DateTime))
	for _, c := range r.Checks {
		t.say("  <   %s  check %s ends: %s", c.Finished.Format(time.TimeOnly), c.ID, c.Response)
		reason, err := t.mock.OtherReason(ctx, t.scenario, c)
		if err != nil {
			return err
		}
		t.say("  <             because: %s", cmp.Or(reason, c.Why))
	}
	for _, c := range r.Claims {
		last := c.History[len(c.History)-1]
		reasons := c.Reasons
		if last.Code != "" {
			reasons = []string{last.Code}
		}
		t.say("  <   %s  claim %s: %s", last.At.Format(time.TimeOnly), c.ID,
			strings.TrimSpace(c.Status+" "+strings.Join(reasons, ", ")))
		if len(c.History) == 1 {
			t.say("  <             because: %s", cmp.Or(ownmock.OtherClaimReason(t.scenario, c), c.Why))
		}
	}
	for _, v := range r.Visits {
		t.say("  <   %s  visit %s: %s", v.Modified.Format(time.TimeOnly), v.ID, ownmock.State(v))
	}
	for _, d := range r.Deliveries {
		outcome := d.Outcome()
		if d.Detail != "" {
			outcome += ": " + d.Detail
		}
		t.say("  <   %s  webhook, attempt %d: %s", d.At.Format(time.TimeOnly), d.Attempt, outcome)
	}
	return nil
}

// pretty prints a body: JSON indented, and anything else unchanged.
func (t *transcript) pretty(text []byte) {
	const indent = "  <   "
	shown := strings.ReplaceAll(strings.TrimRight(string(text), "\n"), "\n", "\n"+indent)
	if json.Valid(text) {
		shown = output.Compact(text, indent, output.LineWidth)
	}
	t.say("%s%s", indent, shown)
}
