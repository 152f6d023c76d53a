package control

import (
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"github.com/vsee-mock/vsee-mock/mockserver/clearinghouse"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

func (c *Control) checkRoutes() []clinicRoute {
	return []clinicRoute{
		{"listChecks", http.MethodGet, "/checks", listHandler((*clinic.Clinic).EligibilityChecks, checkOf,
			func(k clinic.EligibilityCheck) string { return k.ID })},
		{"getCheck", http.MethodGet, "/checks/{id}", showHandler((*clinic.Clinic).EligibilityCheck, checkOf)},
		{"explainCheck", http.MethodGet, "/checks/{id}/explain",
			rowHandler((*clinic.Clinic).EligibilityCheck, c.explainCheck)},
		{"saveCheck", http.MethodGet, "/checks/{id}/scenario", c.saveCheck},
	}
}

func checkOf(k clinic.EligibilityCheck) controlapi.Check {
	reply := controlapi.Check{
		ID: k.ID, MemberID: k.MemberID, Carrier: k.Carrier, Card: k.Order.String(), Status: string(k.Status()),
		Started: k.Started.Time(), Due: k.Due.Time(), Finished: k.Finished.Time(), EventID: k.EventID(),
		Changed: strings.Fields(k.Changed),
		Rule:    k.Answer.Rule, Scenario: k.Answer.Scenario, Why: k.Answer.Why,
	}
	if k.Status() == clinic.CheckDone {
		reply.Response, reply.RejectCode = k.Answer.Text, k.Answer.Code
	}
	return reply
}

func (c *Control) explainCheck(r *http.Request, one *clinic.Clinic, check clinic.EligibilityCheck) (any, error) {
	why := c.Clearinghouse.ExplainCheck(check)
	reply := controlapi.Explanation{
		Check: checkOf(check), Because: reasonFor(why.Decision, check.Answer.Scenario, "answers", "answered",
			check.Answer.Why),
		Scenario: placeOf(why.Scenario, why.Line), Misses: []controlapi.NearMiss{}, Tried: why.Tried,
		Asked: why.Asked, Deliveries: []controlapi.Delivery{},
	}
	for _, miss := range why.Misses {
		reply.Misses = append(reply.Misses, controlapi.NearMiss{
			ScenarioPlace: *placeOf(&miss.Scenario, miss.Scenario.Line), When: miss.Scenario.When,
			Differs: miss.Field, Wants: miss.Wants, Has: miss.Has, Matched: miss.Matched,
		})
	}
	if check.EventID() != "" {
		report, err := c.eventReport(r, one, check.EventID())
		if err != nil {
			return nil, err
		}
		reply.Event, reply.Deliveries = &report.Event, report.Deliveries
	}
	return reply, nil
}

// placeOf returns the file and line of a scenario; nil for none.
func placeOf(s *scenarios.Scenario, line int) *controlapi.ScenarioPlace {
	if s == nil {
		return nil
	}
	return &controlapi.ScenarioPlace{ID: s.ID, Title: s.Title, File: s.File, Line: line}
}

// reasonFor explains a decision in one clause. scenario is the deciding scenario's id, known even when the scenario is
// no longer kept; does and did are the verb in the present and the past tense.
func reasonFor(d clearinghouse.Decision, scenario, does, did, why string) string {
	switch {
	case d.Named:
		return "the request named the scenario " + scenario + ": " + why
	case d.Scenario != nil:
		return "the scenario " + d.Scenario.ID + " " + does + " it: " + why
	case scenario != "":
		return "the scenario " + scenario + " (deleted since then) " + did + " it: " + why
	}
	return "no scenario " + does + " it, and " + why
}

// saveCheck answers with a scenario file to repeat a check.
func (c *Control) saveCheck(r *http.Request, one *clinic.Clinic) (any, error) {
	happened, err := c.checkHistory(r, one, mux.Vars(r)["id"])
	if err != nil {
		return nil, err
	}
	return savedScenario(c.Clearinghouse.ReproduceCheck(happened))
}

// checkHistory returns a check with its result and its delivery.
func (c *Control) checkHistory(r *http.Request, one *clinic.Clinic, id string) (clearinghouse.PastCheck, error) {
	check, err := one.EligibilityCheck(r.Context(), id)
	if err != nil {
		return clearinghouse.PastCheck{}, err
	}
	settings, err := one.Settings(r.Context())
	if err != nil {
		return clearinghouse.PastCheck{}, err
	}
	happened := clearinghouse.PastCheck{Check: check, CronDelay: *settings.CronDelay,
		Misbehaviour: settings.Webhook.Misbehaviour}
	if m := check.Answer.Misbehaviour; m != nil {
		happened.Misbehaviour = m.MergedOver(settings.Webhook.Misbehaviour)
	}
	if check.EventID() != "" {
		report, err := c.eventReport(r, one, check.EventID())
		if err != nil {
			return clearinghouse.PastCheck{}, err
		}
		happened.Refused = refusedAttempts(report)
	}
	return happened, nil
}

// savedScenario writes a scenario into a file named after it.
func savedScenario(s scenarios.Scenario) (any, error) {
	text, err := scenarios.Write(s)
	if err != nil {
		return nil, badRequest("this cannot be written as a scenario: %s", err)
	}
	return controlapi.SavedScenario{File: s.ID + ".yaml", Text: string(text)}, nil
}

// refusedAttempts returns the number of refused attempts before the first accepted one; 0 without an accepted one.
func refusedAttempts(r controlapi.EventReport) int {
	for _, d := range r.Deliveries {
		if d.Reason == "" {
			return d.Attempt - 1
		}
	}
	return 0
}
