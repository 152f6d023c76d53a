package control

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/gorilla/mux"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

func (c *Control) scenarioRoutes() []clinicRoute {
	return []clinicRoute{
		{"listOwnScenarios", http.MethodGet, "/scenarios", c.listOwnScenarios},
		{"putScenarios", http.MethodPut, "/scenarios", c.putScenarios},
		{"deleteScenarios", http.MethodDelete, "/scenarios", c.deleteScenarios},
	}
}

// scenariosOf answers a request for a list with a page of scenarios, in the order they are tried.
func scenariosOf(r *http.Request, set scenarios.Set) (controlapi.Page[controlapi.Scenario], error) {
	p, err := readPage(r)
	if err != nil {
		return controlapi.Page[controlapi.Scenario]{}, err
	}
	return pageOf(set, p)
}

func pageOf(set scenarios.Set, p clinic.Page) (controlapi.Page[controlapi.Scenario], error) {
	reply := controlapi.Page[controlapi.Scenario]{Data: []controlapi.Scenario{}}
	if p.After != "" {
		last := slices.IndexFunc(set, func(s scenarios.Scenario) bool { return s.ID == p.After })
		if last < 0 {
			return reply, badRequest("after must be the id of a scenario in force: next of the page before")
		}
		set = set[last+1:]
	}
	for i, s := range set {
		if i == p.Limit {
			reply.Next = set[i-1].ID
			break
		}
		reply.Data = append(reply.Data, controlapi.ScenarioOf(s))
	}
	return reply, nil
}

// sharedScenarios stands for the clinics without scenarios of their own.
const sharedScenarios = ""

func (c *Control) listScenarios(r *http.Request) (any, error) {
	page, err := scenariosOf(r, c.Clearinghouse.ScenariosInForce(sharedScenarios))
	return controlapi.ScenarioPage{Page: page, Problems: c.scenarioProblems()}, err
}

// scenarioProblems returns the errors in files of scenarios.
func (c *Control) scenarioProblems() []controlapi.FileProblem {
	all := []controlapi.FileProblem{}
	for _, p := range c.Problems() {
		all = append(all, controlapi.FileProblem{
			File: p.File, Line: p.Line, Column: p.Column, Problem: strings.TrimSuffix(p.Rule+"; "+p.Hint, "; "),
			Excerpt: p.Excerpt,
		})
	}
	return all
}

func (c *Control) getScenario(r *http.Request) (any, error) {
	id, err := url.PathUnescape(mux.Vars(r)["id"]) // that of a file in a subfolder has a slash
	s, ok := c.Clearinghouse.ScenariosInForce(sharedScenarios).ByID(id)
	if err != nil || !ok {
		return nil, problem{http.StatusNotFound, "there is no scenario with this id: GET /_mock/scenarios lists them"}
	}
	return controlapi.ScenarioOf(s), nil
}

func (c *Control) listOwnScenarios(r *http.Request, one *clinic.Clinic) (any, error) {
	return scenariosOf(r, c.Clearinghouse.ScenariosInForce(one.ID()))
}

// putScenarios gives a clinic its own scenarios, and answers with the first page of those in force.
func (c *Control) putScenarios(r *http.Request, one *clinic.Clinic) (any, error) {
	var body controlapi.ScenarioFiles
	if _, err := parameters(r); err != nil {
		return nil, err
	}
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	if len(body.Files) == 0 {
		return nil, badRequest(`files must hold at least one scenario: {"files": {"my-scenario.yaml": "title: …"}}; ` +
			`DELETE removes a clinic's own scenarios`)
	}
	files := map[string][]byte{}
	for name, text := range body.Files {
		if name != path.Base(name) {
			return nil, badRequest("files must be named without a folder, such as my-scenario.yaml")
		}
		files[name] = []byte(text)
	}
	set, err := scenarios.LoadFiles(files)
	if err != nil {
		return nil, badRequest("%s", err)
	}
	c.Clearinghouse.SetClinicScenarios(one.ID(), set, body.Alone)
	return pageOf(c.Clearinghouse.ScenariosInForce(one.ID()), clinic.Page{Limit: clinic.DefaultLimit})
}

func (c *Control) deleteScenarios(r *http.Request, one *clinic.Clinic) (any, error) {
	if _, err := parameters(r); err != nil {
		return nil, err
	}
	c.Clearinghouse.RemoveClinicScenarios(one.ID())
	return pageOf(c.Clearinghouse.ScenariosInForce(one.ID()), clinic.Page{Limit: clinic.DefaultLimit})
}
