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
	receiver actor = "receiver" // of the clinic's webhook
)

// timeline observes a play: the requests of the client and the log of the mock.
type timeline struct {
	own   *ownmock.Mock
	start time.Time
	read  int               // how many entries of the mock's log are in lines
	names map[string]string // of checks and claims, by id
	lines []line
}

// observe plays a scenario and returns its lines in order.
func observe(ctx context.Context, o ownmock.Options) ([]line, error) {
	own, err := ownmock.Start(ctx, o)
	if err != nil {
		return nil, err
	}
	defer own.Close()
	t := newTimeline(own)
	if err := play.Play(ctx, o.Scenario, own, t); err != nil && !errors.Is(err, play.ErrGaveUp) {
		return nil, err
	}
	return t.finish(ctx)
}

func newTimeline(own *ownmock.Mock) *timeline {
	return &timeline{own: own, start: own.Settings.Clock.Start, names: map[string]string{}}
}

func (t *timeline) add(at time.Time, from, to actor, format string, args ...any) {
	t.lines = append(t.lines, line{at.Sub(t.start), from, to, fmt.Sprintf(format, args...)})
}

// Observe implements play.Observer.
func (t *timeline) Observe(_ context.Context, m play.Moment) error {
	switch m := m.(type) {
	case play.Exchange:
		t.exchange(m)
	case play.Due:
		t.news()
		if m.Kind == play.Silence && m.Check != nil {
			t.add(m.At, client, none, "has got no result of check %d", m.Check.N)
		} else if m.Kind == play.Silence {
			t.add(m.At, client, none, "has got no further status of claim %d", m.Claim.N)
		}
	}
	t.news()
	return nil
}

// exchange adds a request and its reply. The first steps of the guide are added only when they fail.
func (t *timeline) exchange(x play.Exchange) {
	isFirst := x.Act == play.ListInsurers || x.Act == play.SignOn || x.Act == play.StoreCards
	if (isFirst || x.Act == play.CheckOther && x.Request.Operation != "startEligibilityCheck") && x.Failure == "" {
		return
	}
	t.add(x.At, client, mock, "%s", request(x))
	t.name(x)
	t.news() // an event may have come before the reply
	switch {
	case x.Failure != "":
		t.add(x.At, mock, client, "gives no good reply: %s", x.Failure)
		if x.Then.Do == play.GiveUp {
			t.add(x.At, client, none, "gives up")
		}
	case x.Refused:
		t.add(x.At, mock, client, "refuses claim %d with %d", x.Claim.N, x.Reply.Status)
	default:
		t.add(x.At, mock, client, "replies with %s", reply(x))
	}
}

// request describes a request.
func request(x play.Exchange) string {
	switch x.Request.Operation {
	case "startEligibilityCheck":
		if x.Check.N == 0 {
			return "starts the check of another patient"
		}
		return fmt.Sprintf("starts check %d, of the %s card", x.Check.N, x.Check.Step.Card)
	case "submitClaim":
		if x.Claim.Step.Again {
			return fmt.Sprintf("submits the same claim once more, as claim %d", x.Claim.N)
		}
		return fmt.Sprintf("submits claim %d, to the insurer of the %s card", x.Claim.N, x.Claim.Step.Card)
	case "getUser":
		return "reads the patient"
	case "getClaim":
		return fmt.Sprintf("reads claim %d", x.Claim.N)
	case "signOn":
		return "signs the patient on"
	case "updateMe":
		return "stores the patient's cards"
	}
	return "lists the insurers"
}

// reply describes a reply as it came.
func reply(x play.Exchange) string {
	var body struct {
		Data struct {
			Status string `json:"status"`
			Cards  map[string]struct {
				Response string `json:"eligibility_response"`
			} `json:"user_data"`
		} `json:"data"`
	}
	switch x.Request.Operation {
	case "startEligibilityCheck":
		return fmt.Sprintf("the id of %s", checkName(x.Check))
	case "submitClaim":
		return fmt.Sprintf("the id of claim %d", x.Claim.N)
	case "signOn":
		return "a token"
	case "getClaim":
		_ = json.Unmarshal(x.Reply.Body, &body)
		return "its status, " + body.Data.Status
	}
	_ = json.Unmarshal(x.Reply.Body, &body) // no result may be there
	var results []string
	for _, card := range []string{"primary", "secondary"} {
		if response := body.Data.Cards[card].Response; response != "" {
			results = append(results, fmt.Sprintf("%s on the %s card", response, card))
		}
	}
	return cmp.Or(strings.Join(results, ", "), "no result")
}

// news adds the new entries of the mock's log. Those of a move of the clock are in the order of their times.
func (t *timeline) news() {
	entries := t.own.Since(t.read)
	t.read += len(entries)
	first := len(t.lines)
	for _, e := range entries {
		if e.Receipt != nil {
			t.receipt(e.Receipt)
		}
	}
	for _, e := range entries {
		if a := e.Arrival; a != nil {
			faults := strings.Join(append([]string{""}, a.Faults()...), "; ")
			t.add(a.At, mock, receiver, "sends the event of %s, %s%s. It answers %d",
				t.subject(a.Data.Check, a.Data.Claim), a.Data.Response+a.Data.State, faults, a.Status)
		}
	}
	slices.SortStableFunc(t.lines[first:], func(a, b line) int { return cmp.Compare(a.at, b.at) })
}

func (t *timeline) receipt(r *controlapi.Receipt) {
	for _, c := range r.Checks {
		t.add(c.Finished, insurer, mock, "answers %s: %s", t.subject(c.ID, ""), c.Response)
	}
	for _, c := range r.Claims {
		last := c.History[len(c.History)-1]
		t.add(last.At, insurer, mock, "answers %s: %s", t.subject("", c.ID), strings.TrimSpace(c.Status+" "+last.Code))
	}
	for _, d := range r.Deliveries {
		if d.Sends == 0 {
			t.add(d.At, mock, none, "fails at attempt %d for the event of %s: %s", d.Attempt, t.subject(d.CheckID, d.ClaimID), d.Detail)
		}
	}
}

// finish adds the events that were not delivered, and returns the lines.
func (t *timeline) finish(ctx context.Context) ([]line, error) {
	events, err := t.own.Events(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range events {
		about := t.subject(e.CheckID, e.ClaimID)
		switch {
		case e.CheckID == "" && e.ClaimID == "" || e.Status == "delivered":
		case e.Status == "pending" && !e.Next.IsZero():
			t.add(e.Next, mock, none, "is to send the event of %s again", about)
		case e.Status == "pending":
			t.add(e.Created, mock, none, "holds the event of %s back for %s", about, e.WaitsFor)
		default:
			t.add(e.Created, mock, none, "does not send the event of %s: it is %s", about, e.Status)
		}
	}
	slices.SortStableFunc(t.lines, func(a, b line) int { return cmp.Compare(a.at, b.at) })
	return t.lines, nil
}

// name keeps the name of the check or claim that a request has started.
func (t *timeline) name(x play.Exchange) {
	var body struct {
		Data struct {
			Check string `json:"eligibility_id"`
			Claim string `json:"claim_id"`
		} `json:"data"`
	}
	_ = json.Unmarshal(x.Reply.Body, &body) // other replies have no id
	switch x.Request.Operation {
	case "startEligibilityCheck":
		t.names[body.Data.Check] = checkName(x.Check)
	case "submitClaim":
		t.names[body.Data.Claim] = fmt.Sprintf("claim %d", x.Claim.N)
	}
}

// subject names a check or a claim by its id.
func (t *timeline) subject(check, claim string) string {
	return cmp.Or(t.names[cmp.Or(check, claim)], "a check without a reply")
}

func checkName(c *play.Check) string {
	if c.N == 0 {
		return "the other patient's check"
	}
	return fmt.Sprintf("check %d", c.N)
}
