package control

import (
	"net/http"
	"path"

	"github.com/gorilla/mux"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

type scenarioReply struct {
	ID           string            `json:"id"`
	Title        string            `json:"title"`
	Labels       []string          `json:"labels"`
	When         scenarios.When    `json:"when,omitzero"`
	Answers      scenarios.Answers `json:"answers,omitzero"`
	Claims       scenarios.Claims  `json:"claims,omitempty"`
	Webhook      scenarios.Webhook `json:"webhook,omitzero"`
	ClaimWebhook scenarios.Webhook `json:"claim_webhook,omitzero"`
	HTTP         []scenarios.Fault `json:"http,omitempty"`
	Clinic       scenarios.Clinic  `json:"clinic,omitzero"`
	Calls        []scenarios.Call  `json:"calls,omitempty"`
	Expect       []string          `json:"expect,omitempty"`
}

func scenarioOf(s scenarios.Scenario) scenarioReply {
	return scenarioReply{
		s.ID, s.Title, append([]string{}, s.Labels...), s.When, s.Answers, s.Claims, s.Webhook, s.ClaimWebhook, s.HTTP, s.Clinic, s.Calls, s.Expect,
	}
}

func scenariosOf(set scenarios.Set) rows[scenarioReply] {
	reply := rows[scenarioReply]{Data: []scenarioReply{}}
	for _, s := range set {
		reply.Data = append(reply.Data, scenarioOf(s))
	}
	return reply
}

// everywhere stands for the clinics that have no scenarios of their own.
const everywhere = ""

func (c *Control) listScenarios(*http.Request) (any, error) {
	return scenariosOf(c.House.InForce(everywhere)), nil
}

func (c *Control) getScenario(r *http.Request) (any, error) {
	s, ok := c.House.InForce(everywhere).ByID(mux.Vars(r)["id"])
	if !ok {
		return nil, problem{http.StatusNotFound, "there is no scenario with this id: GET /_mock/scenarios lists them"}
	}
	return scenarioOf(s), nil
}

func (c *Control) listOwnScenarios(_ *http.Request, one *clinic.Clinic) (any, error) {
	return scenariosOf(c.House.InForce(one.ID())), nil
}

// putScenarios gives a clinic scenarios of its own.
func (c *Control) putScenarios(r *http.Request, one *clinic.Clinic) (any, error) {
	var body struct {
		Files map[string]string `json:"files"`
		Alone bool              `json:"alone"`
	}
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	if len(body.Files) == 0 {
		return nil, bad(`files must hold at least one scenario: {"files": {"my-story.yaml": "title: …"}}; DELETE takes a clinic's own away`)
	}
	files := map[string][]byte{}
	for name, text := range body.Files {
		if name != path.Base(name) {
			return nil, bad("files must be named without a folder, such as my-story.yaml")
		}
		files[name] = []byte(text)
	}
	set, err := scenarios.LoadFiles(files)
	if err != nil {
		return nil, bad("%s", err)
	}
	c.House.UseIn(one.ID(), set, body.Alone)
	return scenariosOf(c.House.InForce(one.ID())), nil
}

func (c *Control) deleteScenarios(_ *http.Request, one *clinic.Clinic) (any, error) {
	c.House.Forget(one.ID())
	return scenariosOf(c.House.InForce(one.ID())), nil
}
