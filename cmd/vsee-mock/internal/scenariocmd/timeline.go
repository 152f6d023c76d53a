package scenariocmd

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/ownmock"
	"github.com/vsee-mock/vsee-mock/internal/scalar"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
	"github.com/vsee-mock/vsee-mock/scenarios/play"
)

// line is one thing that happened in a play.
type line struct {
	at   time.Duration // after the start, on the clinic's clock
	from actor
	to   actor  // none for a thing that concerns one actor alone
	text string // a sentence without its subject, from
}

// when writes the time for people: +10s.
func (l line) when() string { return "+" + scalar.Short(l.at) }

// actor is a party in a scenario.
type actor string

const (
	none     actor = ""
	client   actor = "client" // the patient's program
	mock     actor = "mock"   // VSee, to the others
	insurer  actor = "clearinghouse"
	portal   actor = "portal"   // VSee's, of patients and providers
	receiver actor = "receiver" // of the clinic's webhook
)

// timeline observes a play: the requests of the client and the log of the mock.
type timeline struct {
	own   *ownmock.Mock
	story scenarios.Scenario
	read  int // how many entries of the mock's log are in lines
	names ownmock.Names
	lines []line
	again map[play.Act]bool // the acts that failed, and come again
}

// observe plays a scenario on a mock of its own and returns its lines in order. They come with an error if the scenario
// answered no check.
func observe(ctx context.Context, o ownmock.Options) ([]line, error) {
	own, err := ownmock.Start(ctx, o)
	if err != nil {
		return nil, err
	}
	defer own.Close()
	lines, err := observeOn(ctx, own, o.Scenario)
	if err != nil {
		return nil, err
	}
	return lines, own.Answered(ctx, o.Scenario)
}

// observeOn plays a scenario on a mock, before other observers as well.
func observeOn(ctx context.Context, own *ownmock.Mock, s scenarios.Scenario, others ...play.Observer) ([]line, error) {
	t := &timeline{own: own, story: s, names: ownmock.Names{}, again: map[play.Act]bool{}}
	switch err := play.Play(ctx, s, own, append(play.Observers{t}, others...)); {
	case errors.Is(err, play.ErrGaveUp):
		t.lines = append(t.lines, line{t.lines[len(t.lines)-1].at, client, none, "ends the scenario here: " + nothingChecked})
	case err != nil:
		return nil, err
	}
	return t.finish(ctx)
}

func (t *timeline) add(at time.Time, from, to actor, format string, args ...any) {
	t.lines = append(t.lines, line{at.Sub(t.own.Settings.Clock.Start), from, to, fmt.Sprintf(format, args...)})
}

// Observe implements play.Observer.
func (t *timeline) Observe(ctx context.Context, m play.Moment) error {
	x, _ := m.(play.Exchange)
	t.names.Add(x)
	t.retry(x)
	if err := t.news(ctx); err != nil { // with an Exchange, an event has come before the reply
		return err
	}
	switch m := m.(type) {
	case play.Call:
		if t.isShown(m) {
			t.add(m.At, client, mock, "%s", request(m))
		}
	case play.Exchange:
		t.reply(x)
	case play.Due:
		if m.Kind == play.Silence {
			t.add(m.At, client, none, "has got nothing more of %s", ownmock.Name(m.Check, m.Visit, m.Claim))
		}
	}
	return nil
}

// retry adds the request of an exchange where its Call has added none: of a try after the first, or of a failed request
// without lines otherwise.
func (t *timeline) retry(x play.Exchange) {
	switch {
	case t.again[x.Act]:
		t.add(x.At, client, mock, "tries again: %s", request(x.Call))
	case x.Failure != "" && !t.isShown(x.Call):
		t.add(x.At, client, mock, "%s", request(x.Call))
	}
}

// reply adds the reply of an exchange.
func (t *timeline) reply(x play.Exchange) {
	switch {
	case x.Failure != "":
		t.add(x.At, mock, client, "gives no good reply: %s", x.Failure)
	case t.isShown(x.Call) || t.again[x.Act]:
		t.add(x.At, mock, client, "replies %d%s", x.Reply.Status, result(x))
	}
	if x.Failure != "" && !x.Again {
		t.add(x.At, client, none, "gives up after several tries")
	}
	t.again[x.Act] = x.Again
}

// isShown reports whether a call has lines. The first steps of the guide, of each patient, and pauses have none.
func (t *timeline) isShown(c play.Call) bool {
	isFirst := len(t.lines) == 0 || c.Other
	return c.Check != nil || c.Visit != nil || c.Claim != nil || c.Act == play.ReadPatient ||
		c.Act == play.ChangeCard ||
		c.Act == play.SignOn && !isFirst
}

// request describes the request of a call.
func request(c play.Call) string {
	text := string(c.Act)
	if name := ownmock.Name(c.Check, c.Visit, c.Claim); name != "" {
		text += " " + name
	}
	switch {
	case c.Act == play.StartCheck && !c.Other:
		text += ", of the " + c.Check.Step.Card + " card"
	case c.Act == play.ChangeCard:
		text = "changes the " + c.Card + " card of the patient"
	case c.Act == play.SubmitClaim && c.Claim.Step.Again:
		text += ", the same one once more"
	case c.Act == play.SubmitClaim && c.Claim.Step.Corrects:
		text += ", in place of the last one"
	case c.Act == play.SubmitClaim:
		text += ", to the insurer of the " + c.Claim.Step.Card + " card"
	}
	return text
}

// result returns the results in a reply, behind a colon: of a patient, of a visit or a claim, or of a refusal.
func result(x play.Exchange) string {
	var body struct {
		Message string `json:"message"`
		Data    struct {
			Status any `json:"status"` // a number or a text
			Cards  map[string]struct {
				Response string `json:"eligibility_response"`
			} `json:"user_data"`
		} `json:"data"`
	}
	_ = json.Unmarshal(x.Reply.Body, &body) // without results, there is nothing to say
	text := ""
	if body.Message != "" {
		text = ": " + body.Message
	}
	if body.Data.Status != nil && (x.Visit != nil || x.Claim != nil) {
		text += fmt.Sprintf(": %v", body.Data.Status)
	}
	for _, card := range []string{"primary", "secondary"} {
		if response := body.Data.Cards[card].Response; response != "" {
			text += fmt.Sprintf(": %s on the %s card", response, card)
		}
	}
	return text
}

// news adds the new entries of the mock's log. Those of a move of the clock are in the order of their times.
func (t *timeline) news(ctx context.Context) error {
	entries := t.own.Since(t.read)
	t.read += len(entries)
	first := len(t.lines)
	for _, e := range entries {
		if e.Receipt != nil {
			if err := t.receipt(ctx, e.Receipt); err != nil {
				return err
			}
		}
	}
	for _, e := range entries {
		if a := e.Arrival; a != nil {
			faults := strings.Join(append([]string{""}, a.Faults()...), "; ")
			t.add(a.At, mock, receiver, "sends the event of %s, %s%s. It answers %d",
				t.names.Of(a.Subject()), said(a), faults, a.Status)
		}
	}
	slices.SortStableFunc(t.lines[first:], func(a, b line) int { return cmp.Compare(a.at, b.at) })
	return nil
}

// said returns the content of an event in short.
func said(a *ownmock.Arrival) string {
	if a.Data.Visit != "" {
		return a.Type + " " + a.Data.State
	}
	return strings.TrimSuffix(a.Data.Response+a.Data.State, ".") // a sentence follows
}

func (t *timeline) receipt(ctx context.Context, r *controlapi.Receipt) error {
	for _, c := range r.Checks {
		answer, err := t.answerTo(ctx, c)
		if err != nil {
			return err
		}
		t.add(c.Finished, insurer, mock, "answers %s: %s", t.names.Of(c.ID), answer)
	}
	for _, c := range r.Claims {
		last := c.History[len(c.History)-1]
		t.add(last.At, insurer, mock, "answers %s: %s%s", t.names.Of(c.ID), strings.TrimSpace(c.Status+" "+last.Code),
			inParentheses(ownmock.OtherClaimReason(t.story, c)))
	}
	for _, v := range r.Visits {
		t.add(v.Modified, portal, mock, "brings %s to %s", t.names.Of(v.ID), ownmock.State(v))
	}
	for _, d := range r.Deliveries {
		if d.Sends == 0 {
			t.add(d.At, mock, none, "fails at attempt %d for the event of %s: %s",
				d.Attempt, t.names.Of(d.CheckID, d.ClaimID), d.Detail)
		}
	}
	return nil
}

// answerTo returns the answer to a check, with the reason when it is not the scenario's.
func (t *timeline) answerTo(ctx context.Context, c controlapi.Check) (string, error) {
	if t.names.Of(c.ID) == ownmock.OtherCheck {
		return c.Response, nil
	}
	reason, err := t.own.OtherReason(ctx, t.story, c)
	return c.Response + inParentheses(reason), err
}

// inParentheses returns a remark behind a sentence; empty for none.
func inParentheses(remark string) string {
	if remark == "" {
		return ""
	}
	return " (" + remark + ")"
}

// finish adds the events that were not delivered, and returns the lines.
func (t *timeline) finish(ctx context.Context) ([]line, error) {
	events, err := t.own.Events(ctx)
	for _, e := range events {
		if cmp.Or(e.CheckID, e.ClaimID, e.VisitID) != "" && e.Status != "delivered" {
			until := strings.TrimSpace("is " + e.Status + " " + e.WaitsFor)
			if !e.Next.IsZero() {
				until += ", and sent again at +" + scalar.Short(e.Next.Sub(t.own.Settings.Clock.Start))
			}
			t.add(e.Created, mock, none, "makes the event of %s, which %s", t.names.Of(e.CheckID, e.ClaimID, e.VisitID), until)
		}
	}
	slices.SortStableFunc(t.lines, func(a, b line) int { return cmp.Compare(a.at, b.at) })
	return t.lines, err
}
