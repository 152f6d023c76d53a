package control

import "net/http"

func (c *Control) live(*http.Request) (any, error) {
	return map[string]string{"status": "alive"}, nil
}

func (c *Control) ready(*http.Request) (any, error) {
	if !c.Ready() {
		return nil, problem{http.StatusServiceUnavailable, "the mock is starting or stopping"}
	}
	return map[string]string{"status": "ready"}, nil
}

func (c *Control) version(*http.Request) (any, error) {
	return map[string]string{"version": c.Version}, nil
}
