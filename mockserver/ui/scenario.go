package ui

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// catalogue is the data of the list of scenarios.
type catalogue struct {
	Query, Label string
	Labels       []string
	Shown        []drawn
	All          int
	Problems     []controlapi.FileProblem
}

// drawn is a scenario with its small timeline.
type drawn struct {
	controlapi.Scenario
	Track []point
}

// scenarios lists the scenarios in force in a clinic, and the errors in files of scenarios.
func (u *UI) scenarios(c *call) (answer, error) {
	page, err := c.client.ListOwnScenarios(c.Context(), c.account, controlapi.PageRequest{Limit: maxScenarios})
	if err != nil {
		return answer{}, err
	}
	shared, err := c.client.ListScenarios(c.Context(), newest)
	if err != nil {
		return answer{}, err
	}
	data := catalogue{
		Query: strings.TrimSpace(c.FormValue("q")), Label: c.FormValue("label"), All: len(page.Data),
		Problems: shared.Problems,
	}
	for _, one := range page.Data {
		data.Labels = append(data.Labels, one.Labels...)
		text := strings.Join(append([]string{one.ID, one.Title, one.When.String()}, one.Labels...), " ")
		if contains(text, data.Query) && (data.Label == "" || slices.Contains(one.Labels, data.Label)) {
			data.Shown = append(data.Shown, drawn{one, trackOf(loaded(one))})
		}
	}
	slices.Sort(data.Labels)
	data.Labels = slices.Compact(data.Labels)
	return answer{view: "scenarios", data: data}, nil
}

// maxScenarios is the largest page of scenarios.
const maxScenarios = 10_000

// loaded returns a scenario of the control API as it was loaded: when it is the same, the catalogue's own, with its
// file.
func loaded(one controlapi.Scenario) scenarios.Scenario {
	own, _ := scenarios.Catalogue() // a tested build can load it
	if s, ok := own.ByID(one.ID); ok && alike(controlapi.ScenarioOf(s), one) {
		return s
	}
	return scenarios.Scenario{
		ID: one.ID, Title: one.Title, Labels: one.Labels, When: one.When, Answers: one.Answers, Claims: one.Claims,
		Visit: one.Visit, Webhook: one.Webhook, ClaimWebhook: one.ClaimWebhook, HTTP: one.HTTP, Clinic: one.Clinic,
		Calls: one.Calls, Expect: one.Expect,
		Patient: one.Patient,
	}
}

// alike reports whether two scenarios are the same in JSON.
func alike(a, b controlapi.Scenario) bool {
	first, _ := json.Marshal(a) // both came as JSON, or go as it
	second, _ := json.Marshal(b)
	return bytes.Equal(first, second)
}

// scenario is the data of the view of one scenario.
type scenario struct {
	drawn
	Text  string // its file
	Moved bool   // playing it changes the settings of the clinic for the time being
}

// find returns the scenario that a request names, of those in force in the clinic.
func (c *call) findScenario() (controlapi.Scenario, error) {
	page, err := c.client.ListOwnScenarios(c.Context(), c.account, controlapi.PageRequest{Limit: maxScenarios})
	if err != nil {
		return controlapi.Scenario{}, err
	}
	for _, one := range page.Data {
		if one.ID == c.PathValue("id") {
			return one, nil
		}
	}
	return controlapi.Scenario{}, &controlapi.Error{
		Status: http.StatusNotFound, Message: "no scenario of this id is in force in the clinic",
	}
}

// scenario shows a scenario with its file.
func (u *UI) scenario(c *call) (answer, error) {
	one, err := c.findScenario()
	if err != nil {
		return answer{}, err
	}
	s := loaded(one)
	text, err := fs.ReadFile(scenarios.CatalogueFiles(), s.File)
	if err != nil {
		text, err = scenarios.Write(s)
	}
	return answer{view: "scenario", data: scenario{drawn{one, trackOf(s)}, string(text), !isZero(s.Clinic)}}, err
}

func isZero(c scenarios.Clinic) bool { return reflect.ValueOf(c).IsZero() }
