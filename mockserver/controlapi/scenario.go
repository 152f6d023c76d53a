package controlapi

import (
	"context"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Scenario is a scenario as JSON: the keys of its file that a mock follows.
type Scenario struct {
	// ID is the name of its file, without .yaml.
	ID string `json:"id"`
	// Title is one sentence on the effect for the patient or the integrator.
	Title string `json:"title"`
	// Labels group scenarios; empty for none.
	Labels []string `json:"labels"`
	// When says which checks it answers.
	When scenarios.When `json:"when,omitzero"`
	// CountBy says which checks and claims are counted: of a subscriber when empty, or of a patient.
	CountBy string `json:"count_by,omitempty"`
	// Answers are the answers to the checks in turn.
	Answers scenarios.Answers `json:"answers,omitzero"`
	// Claims are the outcomes of the claims in turn. VSee has not defined claims.
	Claims scenarios.Claims `json:"claims,omitempty"`
	// Visit is the course of each visit; nil for none.
	Visit *scenarios.Visit `json:"visit,omitempty"`
	// Webhook are the deliberate failures of the event of each check.
	Webhook scenarios.Webhook `json:"webhook,omitzero"`
	// ClaimWebhook are the deliberate failures of the events of claims.
	ClaimWebhook scenarios.Webhook `json:"claim_webhook,omitzero"`
	// HTTP are the deliberate failures of the patient's requests.
	HTTP []scenarios.Fault `json:"http,omitempty"`
	// Clinic is how the clinic of the story is set up.
	Clinic scenarios.Clinic `json:"clinic,omitzero"`
	// Calls are the actions of the patient's client; one check for each answer when empty.
	Calls []scenarios.Call `json:"calls,omitempty"`
	// Patient is the patient to play it with, where `when` does not say it.
	Patient scenarios.Patient `json:"patient,omitzero"`
	// Expect has the texts that a target must show, where the answers do not name them.
	Expect []string `json:"expect,omitempty"`
	// Warnings name the parts that probably do something else than the author means; empty for none.
	Warnings []string `json:"warnings,omitempty"`
}

// ScenarioOf returns a scenario as JSON.
func ScenarioOf(s scenarios.Scenario) Scenario {
	var warnings []string
	for _, w := range s.Warnings() {
		warnings = append(warnings, w.Rule+"; "+w.Hint)
	}
	return Scenario{
		ID: s.ID, Title: s.Title, Labels: append([]string{}, s.Labels...), When: s.When,
		CountBy: string(s.CountBy), Answers: s.Answers, Claims: s.Claims,
		Visit: s.Visit, Webhook: s.Webhook, ClaimWebhook: s.ClaimWebhook, HTTP: s.HTTP, Clinic: s.Clinic, Calls: s.Calls,
		Patient: s.Patient,
		Expect:  s.Expect, Warnings: warnings,
	}
}

// ScenarioPage is a page of the scenarios in force.
type ScenarioPage struct {
	Page[Scenario]
	// Problems are the errors in the mock's folder of scenarios; empty for none.
	Problems []FileProblem `json:"problems"`
}

// FileProblem is an error in the file of a scenario. The mock works without the file, or with its last good version.
type FileProblem struct {
	// File is its path below the folder of scenarios.
	File string `json:"file"`
	// Line is where it is, from 1; 0 for the whole file.
	Line int `json:"line,omitempty"`
	// Column likewise.
	Column int `json:"column,omitempty"`
	// Problem is the error and its remedy.
	Problem string `json:"problem"`
	// Excerpt has the lines around the place, and a caret below it; empty for the whole file.
	Excerpt string `json:"excerpt,omitempty"`
}

// ScenarioPlace is where a scenario stands.
type ScenarioPlace struct {
	// ID is the scenario's.
	ID string `json:"id"`
	// Title is the scenario's.
	Title string `json:"title"`
	// File is the name of its file.
	File string `json:"file"`
	// Line is the line of the answer or the condition, from 1.
	Line int `json:"line"`
}

// ScenarioFiles are scenarios for one clinic.
type ScenarioFiles struct {
	// Files has the text of each file by its name, without a folder; one at least.
	Files map[string]string `json:"files"`
	// Alone says that no other scenarios are in force in the clinic; by default these are tried first.
	Alone bool `json:"alone,omitempty"`
}

// SavedScenario is a file of a scenario.
type SavedScenario struct {
	// File is its name.
	File string `json:"file"`
	// Text is its content.
	Text string `json:"text"`
}

// ListScenarios returns a page of the scenarios in force, in the order in which they are tried.
func (c *Client) ListScenarios(ctx context.Context, page PageRequest) (ScenarioPage, error) {
	return call[ScenarioPage](ctx, c, "GET /scenarios"+page.query(), nil)
}

// GetScenario returns a scenario in force.
func (c *Client) GetScenario(ctx context.Context, id string) (Scenario, error) {
	return call[Scenario](ctx, c, "GET /scenarios/{id}", nil, id)
}

// ListOwnScenarios returns a page of the scenarios in force in a clinic, in the order in which they are tried.
func (c *Client) ListOwnScenarios(ctx context.Context, account string, page PageRequest) (Page[Scenario], error) {
	return call[Page[Scenario]](ctx, c, "GET /clinics/{account}/scenarios"+page.query(), nil, account)
}

// PutScenarios gives a clinic scenarios of its own, and returns the first page of those in force then.
func (c *Client) PutScenarios(ctx context.Context, account string, files ScenarioFiles) (Page[Scenario], error) {
	return call[Page[Scenario]](ctx, c, "PUT /clinics/{account}/scenarios", files, account)
}

// DeleteScenarios takes a clinic's own scenarios away, and returns the first page of those in force then.
func (c *Client) DeleteScenarios(ctx context.Context, account string) (Page[Scenario], error) {
	return call[Page[Scenario]](ctx, c, "DELETE /clinics/{account}/scenarios", nil, account)
}
