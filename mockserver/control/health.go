package control

import (
	"net/http"

	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

func (c *Control) live(*http.Request) (any, error) {
	return controlapi.Health{Status: "alive"}, nil
}

func (c *Control) ready(*http.Request) (any, error) {
	if !c.Ready() {
		return nil, problem{http.StatusServiceUnavailable, "the mock is starting or stopping"}
	}
	return controlapi.Health{Status: "ready", Problems: c.scenarioProblems()}, nil
}

func (c *Control) version(*http.Request) (any, error) {
	return controlapi.Version{Version: c.Version}, nil
}
