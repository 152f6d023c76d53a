package demo

import (
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

// Transcript prints a play.
type Transcript struct {
	w        io.Writer
	mock     *ownmock.Mock
	scenario scenarios.Scenario

	read   int             // how many entries of the mock's log are printed
	checks []*play.Check   // those started
	came   map[string]bool // ids of the checks and claims with an event among the last printed entries
	heard  map[string]bool // the same among all printed entries
}

// NewTranscript returns a transcript of a scenario that is played on a mock. It prints to w.
func NewTranscript(w io.Writer, mock *ownmock.Mock, s scenarios.Scenario) *Transcript {
	return &Transcript{w: w, mock: mock, scenario: s, came: map[string]bool{}, heard: map[string]bool{}}
}

func (t *Transcript) say(format string, args ...any) { _, _ = fmt.Fprintf(t.w, format+"\n", args...) }

// Observe implements play.Observer.
func (t *Transcript) Observe(_ context.Context, m play.Moment) error {
	if x, ok := m.(play.Exchange); ok {
		t.exchange(x) // an event may have come before the reply: it is printed behind it
		return nil
	}
	t.news()
	switch m := m.(type) {
	case play.Call:
		t.call(m)
	case play.Wait:
		t.wait(m)
	case play.Due:
		t.due(m)
	}
	return nil
}

// call prints the heading of a call.
func (t *Transcript) call(c play.Call) {
	switch c.Act {
	case play.ListInsurers:
		t.say("\nStep 1. Which insurers does the clinic support?")
	case play.SignOn:
		t.say("\nStep 2. Create the patient, or fetch the one with this code.")
	case play.StoreCards:
		t.say("\nStep 3. Store the patient's insurance.")
	case play.StartCheck:
		t.checks = append(t.checks, c.Check)
		again := ""
		if len(t.scenario.Carriers(t.scenario.Person())) > 1 {
			again = " of the " + c.Check.Step.Card + " card"
		}
		if c.Check.Again {
			again += ", once more"
		}
		t.say("\nStep 4. Start an eligibility check%s.", again)
	case play.ReadPatient:
		t.say("\n%s", t.outcome(c.Check))
	case play.SubmitClaim:
		again := ""
		if c.Claim.Step.Again {
			again = ", the same one once more"
		}
		t.say("\nStep 6. Submit a claim%s. VSee has not defined this step: all of it is vsee-mock's own.", again)
	case play.ReadClaim:
		t.say("\nThe claim has the same status, and everything that was submitted.")
	case play.Pause:
		t.say("\nThe client waits %s: the clinic's clock is moved, and everything that falls due on the way is done now.", c.Pause)
	case play.CheckOther:
		t.checks = append(t.checks, c.Check)
		t.say("\nSo another patient is checked. Those requests are not shown.")
	}
}

// wait announces a move of the clinic's clock.
func (t *Transcript) wait(w play.Wait) {
	switch {
	case w.Why == play.ForWindow:
		t.say("\nThe scenario is for certain times: the clinic's clock is moved to the next one.")
	case w.Why != play.ForDue: // the call, or the reply, has been printed
	case w.By == 0:
		t.say("\nEverything that is due at once is done now.")
	case len(w.Due) > 0 && w.Due[0].Kind == play.Attempt && w.Due[0].Attempt > 1:
		t.say("\nThe mock repeats a refused attempt: the clinic's clock is moved to the next one, by %s.", w.By)
	default:
		t.say("\nNobody waits %s: the clinic's clock is moved, and everything that falls due on the way is done now.", w.By)
	}
}

// due says that something is missing, or is not expected yet.
func (t *Transcript) due(d play.Due) {
	switch d.Kind {
	case play.Result:
		if reason := t.withheld(d.Check); reason != "" {
			t.say("\nStep 5. The webhook.\n  none came%s", reason)
		}
	case play.Attempt:
		switch {
		case d.Webhook.Refused == 0 && !t.came[d.Check.ID]:
			t.say("\nStep 5. The webhook.\n  none came")
		case d.Last && d.Webhook.IsDoubtful(1) && d.Webhook.Attempts == 0:
			t.say("\nThe mock repeats a refused attempt on its schedule, with the same fault each time.")
		}
	case play.Status:
		if !t.came[d.Claim.ID] {
			t.say("\nStep 7. The webhook of the claim. VSee has not defined it either.\n  none came%s", t.noWebhook())
		}
	case play.Silence:
		t.say("\nNothing more comes%s.", map[bool]string{true: ": the claim stays as it is"}[d.Claim != nil])
		if d.Check != nil && !t.heard[d.Check.ID] {
			t.say("\nStep 5. The webhook.\n  none came%s", t.noWebhook())
		}
	}
}

func (t *Transcript) noWebhook() string {
	if t.mock.Settings.Webhook.URL == "" {
		return ": the clinic has no webhook"
	}
	return ""
}

// withheld gives the reason why no event has come with the result of a check; empty when it may come.
func (t *Transcript) withheld(c *play.Check) string {
	switch w := c.Step.Webhook; {
	case t.came[c.ID]:
		return ""
	case t.noWebhook() != "":
		return t.noWebhook()
	case w.Drop:
		return ": the scenario drops it"
	case w.AfterRead:
		return " yet: the scenario holds it back until the result is read"
	case w.Hold.Next:
		return " yet: the scenario holds it back until the clinic's next event"
	case w.Hold.For > 0:
		return fmt.Sprintf(" yet: the scenario holds it back for %s", w.Hold.For)
	}
	return ""
}

// outcome announces the state of a check to expect when the client reads the patient.
func (t *Transcript) outcome(c *play.Check) string {
	switch {
	case c == nil:
		return "The client reads the patient."
	case c.ID == "":
		return "What is on the patient?"
	case !c.Ends() && len(t.checks) > 1:
		return "Nothing new is saved on the patient, either."
	case !c.Ends():
		return "Nothing is saved on the patient, either."
	case !t.heard[c.ID]:
		return "The result is on the patient all the same."
	}
	return "The result is on the patient, too."
}

// exchange prints a request with its reply, and the client's reaction.
func (t *Transcript) exchange(x play.Exchange) {
	if x.Act == play.CheckOther {
		return
	}
	t.request(x.Request)
	if x.Reply.Status != 0 {
		t.say("  < %d %s", x.Reply.Status, http.StatusText(x.Reply.Status))
	}
	if len(x.Reply.Body) > 0 {
		t.pretty(x.Reply.Body)
	}
	if faults := x.Reply.Header.Get("X-Mock-Fault"); strings.Contains(faults, "latency") || strings.Contains(faults, "slow") {
		t.say("  the reply took %s of real time", x.Reply.Took.Round(time.Millisecond))
	}
	switch then := x.Then; {
	case then.Do == play.GiveUp:
		t.say("  %s: the client gives up after several tries", x.Failure)
		if x.Act == play.StartCheck {
			t.say("  The client knows of no check that was started.")
		}
		if x.Act == play.ReadPatient {
			t.say("  The client does not learn the result.")
		}
	case then.Do == play.Renew:
		t.say("  %s: the client signs on again", x.Failure)
	case then.Do == play.Retry && then.After > 0:
		t.say("  %s: the client tries again after %s, as the reply asks", x.Failure, then.After)
	case then.Do == play.Retry:
		t.say("  %s: the client tries again", x.Failure)
	case x.Refused:
		t.say("  The claim is refused: nothing more comes of it.")
	}
}

func (t *Transcript) request(r play.Request) {
	t.say("  > %s %s%s", r.Method, ownmock.APIBase, r.Path)
	credentials := t.mock.Credentials(r)
	for _, name := range slices.Sorted(maps.Keys(credentials)) {
		t.say("  >   %s: %s", name, credentials[name])
	}
	for _, name := range ownmock.Names(r.Form) {
		t.say("  >   %s=%s", name, r.Form.Get(name))
	}
	if r.JSON != nil {
		text, _ := json.Marshal(r.JSON) // texts and numbers, so encoding cannot fail
		t.say("  >   %s", output.Compact(text, "  >   ", output.LineWidth))
	}
}

// receipt prints a move of the clinic's clock and its effects.
func (t *Transcript) receipt(r *controlapi.Receipt, by time.Duration) {
	t.say("  > POST /_mock/clinics/%s/clock\n  >   {\"advance\":\"%s\"}\n  < 200 OK", t.mock.Settings.AccountCode, by)
	t.say("  <   from %s to %s", r.From.Format(time.DateTime), r.To.Format(time.DateTime))
	for _, c := range r.Checks {
		t.say("  <   %s  check %s ends: %s", c.Finished.Format(time.TimeOnly), c.ID, c.Response)
		t.say("  <             because: %s", c.Why)
	}
	for _, c := range r.Claims {
		last := c.History[len(c.History)-1]
		reasons := c.Reasons
		if last.Code != "" {
			reasons = []string{last.Code}
		}
		t.say("  <   %s  claim %s: %s", last.At.Format(time.TimeOnly), c.ID, strings.TrimSpace(c.Status+" "+strings.Join(reasons, ", ")))
		if len(c.History) == 1 {
			t.say("  <             because: %s", c.Why)
		}
	}
	for _, d := range r.Deliveries {
		outcome := fmt.Sprintf("the receiver answers %d", d.Status)
		if d.Detail != "" {
			outcome = d.Detail
		}
		t.say("  <   %s  webhook, attempt %d: %s", d.At.Format(time.TimeOnly), d.Attempt, outcome)
	}
}

// pretty prints a body: JSON indented, and anything else unchanged.
func (t *Transcript) pretty(text []byte) {
	const indent = "  <   "
	shown := strings.ReplaceAll(strings.TrimRight(string(text), "\n"), "\n", "\n"+indent)
	if json.Valid(text) {
		shown = output.Compact(text, indent, output.LineWidth)
	}
	t.say("%s%s", indent, shown)
}
