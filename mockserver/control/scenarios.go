package control

import (
	"net/http"

	"github.com/gorilla/mux"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

type scenarioReply struct {
	ID      string            `json:"id"`
	Title   string            `json:"title"`
	Labels  []string          `json:"labels"`
	When    scenarios.When    `json:"when,omitzero"`
	Answers scenarios.Answers `json:"answers,omitzero"`
	Webhook scenarios.Webhook `json:"webhook,omitzero"`
	HTTP    []scenarios.Fault `json:"http,omitempty"`
	Clinic  scenarios.Clinic  `json:"clinic,omitzero"`
	Calls   []scenarios.Call  `json:"calls,omitempty"`
	Expect  []string          `json:"expect,omitempty"`
}

func scenarioOf(s scenarios.Scenario) scenarioReply {
	return scenarioReply{
		s.ID, s.Title, append([]string{}, s.Labels...), s.When, s.Answers, s.Webhook, s.HTTP, s.Clinic, s.Calls, s.Expect,
	}
}

func (c *Control) listScenarios(*http.Request) (any, error) {
	reply := rows[scenarioReply]{Data: []scenarioReply{}}
	for _, s := range c.Scenarios {
		reply.Data = append(reply.Data, scenarioOf(s))
	}
	return reply, nil
}

func (c *Control) getScenario(r *http.Request) (any, error) {
	s, ok := c.Scenarios.ByID(mux.Vars(r)["id"])
	if !ok {
		return nil, problem{http.StatusNotFound, "there is no scenario with this id: GET /_mock/scenarios lists them"}
	}
	return scenarioOf(s), nil
}
