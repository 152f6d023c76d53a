package mocktest

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/chance"
	"github.com/vsee-mock/vsee-mock/mockserver/clearinghouse"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/scenarios"
	"github.com/vsee-mock/vsee-mock/scenarios/play"
)

// UseScenario adds a scenario to the clinic's own, which are tried before those of the mock. It replaces an earlier one
// with the same `when`. text is the content of a scenario's file, as in docs/scenarios.md; a scenario of the catalogue
// has an id, and Mock.Scenario returns it. Checks and claims are counted anew. Play takes the returned value. The test
// fails at a mistake in text.
func (c *Clinic) UseScenario(t testing.TB, text string) scenarios.Scenario {
	t.Helper()
	if !strings.Contains(text, ":") {
		t.Fatalf("mocktest: UseScenario takes the text of a scenario's file, such as title: …; " +
			"for the id of a scenario use Mock.Scenario")
	}
	s, err := scenarios.Load("scenario.yaml", []byte(text))
	if err != nil {
		t.Fatalf("mocktest: %s", err)
	}
	same := func(other scenarios.When) bool { return reflect.DeepEqual(other, s.When) }
	n := slices.IndexFunc(c.conditions, same)
	if n < 0 {
		n, c.conditions = len(c.conditions), append(c.conditions, s.When)
	}
	s.ID = fmt.Sprintf("scenario-%d", n+1)
	s.File = s.ID + ".yaml"
	c.files[s.File] = text
	c.Control(t, http.MethodPut, "/scenarios", controlapi.ScenarioFiles{Files: c.files}, nil)
	return s
}

// Scenario returns a scenario of the mock by its id, such as webhook-twice of the catalogue.
func (m *Mock) Scenario(t testing.TB, id string) scenarios.Scenario {
	t.Helper()
	s, ok := m.Server.Scenarios().ByID(id)
	if !ok {
		t.Fatalf("mocktest: there is no scenario %s", id)
	}
	return s
}

// Played is the end of a scenario that was played.
type Played struct {
	// MemberID is the id of the patient, as in the events.
	MemberID string
	// Responses are the texts that the mock has stored on the patient's cards, by card: primary or secondary. A card
	// without a result is missing.
	Responses map[string]string
	// Checks are the patient's checks in the order of their start, with the reason of each answer.
	Checks []controlapi.Check
	// Took is the time from the sign-on to the end, on the clinic's clock.
	Took time.Duration
}

// Play plays a scenario: it makes the requests of its patient's client and moves the clinic's clock, until nothing of
// the scenario is pending. It tests the receiver of the clinic's webhook without a client of your own. s is a value
// of UseScenario or of Mock.Scenario; its `clinic` changes the settings. Each call signs on a new patient, unless the
// scenario gives the patient's code. The test fails when a request is refused without a reason in the scenario, and
// when other scenarios answer all checks of the patient.
func (c *Clinic) Play(t testing.TB, s scenarios.Scenario) Played {
	t.Helper()
	found, ok := c.mock.Server.Clinics().Clinic(c.AccountCode)
	if !ok {
		t.Fatalf("mocktest: there is no clinic %s", c.AccountCode)
	}
	settings, err := found.Configure(t.Context(), func(settings clinic.Settings) clinic.Settings {
		return clearinghouse.WithScenario(settings, s.Clinic)
	})
	if err != nil {
		t.Fatalf("mocktest: %s", err)
	}
	p := &player{
		HTTP: play.HTTP{
			BaseURL: c.BaseURL, Account: c.AccountCode, Key: c.Key, Secret: c.Secret, AdminToken: c.AdminToken,
			Client: Client(), RealTime: clock.Wall,
		},
		settings: settings, clock: found.Clock(), clinic: c,
	}
	began := found.Clock().Now()
	if start, end, needed := s.FreeTime(began); needed {
		block := clinic.NewBlock{Room: clinic.FirstRoom, Start: start, End: end, Minutes: 15, Places: 1}
		if _, err := found.AddBlock(t.Context(), block); err != nil {
			t.Fatalf("mocktest: adding a provider's time: %s", err)
		}
	}
	if err := play.Play(t.Context(), s, p, p); err != nil {
		t.Fatalf("mocktest: playing %s: %s", s.ID, err)
	}
	p.played.Took = found.Clock().Now().Sub(began)
	page, err := c.control.ListChecks(t.Context(), c.AccountCode, controlapi.PageRequest{Limit: maxChecks})
	if err != nil {
		t.Fatalf("mocktest: reading the checks: %s", err)
	}
	for _, check := range slices.Backward(page.Data) {
		if check.MemberID == p.played.MemberID {
			p.played.Checks = append(p.played.Checks, check)
		}
	}
	answers := func(check controlapi.Check) bool { return check.Scenario == s.ID }
	if all := p.played.Checks; len(all) > 0 && !s.Answers.IsZero() && !slices.ContainsFunc(all, answers) {
		t.Fatalf("mocktest: the scenario %s answered no check, %s did: put it in force with UseScenario",
			s.ID, cmp.Or(all[0].Scenario, "no scenario"))
	}
	p.played.Responses = responses(t, found, p.played.MemberID)
	return p.played
}

// responses returns the texts on the cards of a patient, by card.
func responses(t testing.TB, c *clinic.Clinic, id string) map[string]string {
	t.Helper()
	user, err := c.UserByID(t.Context(), id)
	if err != nil {
		t.Fatalf("mocktest: reading the patient: %s", err)
	}
	stored := map[string]string{}
	for _, card := range clinic.Orders() {
		if text := user.Responses[card]; text != "" {
			stored[card.String()] = text
		}
	}
	return stored
}

// maxChecks is the largest page of checks.
const maxChecks = 10_000

// player is the play.Client and the play.Observer of a clinic.
type player struct {
	play.HTTP
	settings clinic.Settings
	clock    *clock.Clock
	clinic   *Clinic
	played   Played
}

// Clinic implements play.Client.
func (p *player) Clinic() play.Clinic {
	c := play.Clinic{
		CronDelay: scenarios.Range{From: clinic.DefaultCronDelay, To: clinic.DefaultCronDelay},
		Chance:    chance.Source{Account: p.settings.AccountCode, Seed: p.settings.Seed},
		Retries:   p.settings.Webhook.Schedule, Webhook: p.settings.Webhook.URL != "",
		Patient: scenarios.Patient{Code: scenarios.Text("patient-" + rand.Text())},
	}
	if from := p.settings.CronDelay; from != nil {
		c.CronDelay = scenarios.Range{From: *from, To: max(*from, p.settings.MaxCronDelay)}
	}
	if c.Retries == nil {
		c.Retries = outbox.StandardSchedule()
	}
	return c
}

// Now implements play.Client.
func (p *player) Now(context.Context) (time.Time, error) { return p.clock.Now(), nil }

// Advance implements play.Client.
func (p *player) Advance(ctx context.Context, by time.Duration) error {
	_, err := p.clinic.control.Advance(ctx, p.clinic.AccountCode, min(by, clock.Latest.Sub(p.clock.Now())))
	return err
}

// Observe implements play.Observer.
func (p *player) Observe(_ context.Context, m play.Moment) error {
	is, ok := m.(play.Exchange)
	if !ok || is.Act != play.SignOn || is.Other || is.Failure != "" {
		return nil
	}
	var reply struct{ Data struct{ ID string } }
	if err := json.Unmarshal(is.Reply.Body, &reply); err != nil {
		return fmt.Errorf("reading the sign-on's reply: %w", err)
	}
	if reply.Data.ID == "" {
		return errors.New("the sign-on's reply has no id")
	}
	p.played.MemberID = reply.Data.ID
	return nil
}
