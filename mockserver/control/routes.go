package control

import (
	"net/http"
	"net/url"

	"github.com/gorilla/mux"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

func (c *Control) routes() {
	open := c.router.PathPrefix(controlapi.Prefix).Subrouter()
	c.router.NotFoundHandler = c.serve(func(*http.Request) (any, error) {
		return nil, problem{http.StatusNotFound, "there is no such page: GET /_mock/openapi.yaml lists them all"}
	})
	c.router.MethodNotAllowedHandler = http.HandlerFunc(c.wrongMethod)
	add := func(router *mux.Router, id, method, path string, h handle) {
		router.Handle(path, c.serve(h)).Methods(method).Name(id)
	}
	add(open, "live", http.MethodGet, "/livez", c.live)
	add(open, "ready", http.MethodGet, "/readyz", c.ready)
	add(open, "version", http.MethodGet, "/version", c.version)
	open.Handle("/openapi.yaml", c.file(document)).Methods(http.MethodGet).Name("controlDocument")
	open.Handle("/vsee.yaml", c.file(c.VSee)).Methods(http.MethodGet).Name("vseeDocument")

	guarded := open.NewRoute().Subrouter()
	guarded.Use(c.authorize)
	add(guarded, "listScenarios", http.MethodGet, "/scenarios", c.listScenarios)
	add(guarded, "getScenario", http.MethodGet, "/scenarios/{id}", c.getScenario)
	add(guarded, "listClinics", http.MethodGet, "/clinics", c.listClinics)
	add(guarded, "createClinic", http.MethodPost, "/clinics", c.createClinic)
	for _, route := range c.clinicRoutes() {
		add(guarded, route.id, route.method, "/clinics/{account}"+route.path, c.with(route.handle))
	}
}

// clinicRoute is a route below the path of a clinic.
type clinicRoute struct {
	id, method, path string
	handle           func(*http.Request, *clinic.Clinic) (any, error)
}

func (c *Control) clinicRoutes() []clinicRoute {
	return []clinicRoute{
		{"getClinic", http.MethodGet, "", c.getClinic},
		{"changeClinic", http.MethodPatch, "", c.changeClinic},
		{"deleteClinic", http.MethodDelete, "", c.deleteClinic},
		{"getClock", http.MethodGet, "/clock", c.getClock},
		{"moveClock", http.MethodPost, "/clock", c.moveClock},
		{"settle", http.MethodPost, "/settle", c.settle},
		{"reset", http.MethodPost, "/reset", c.reset},
		{"listFaults", http.MethodGet, "/faults", c.listFaults},
		{"setFaults", http.MethodPut, "/faults", c.setFaults},
		{"deleteFaults", http.MethodDelete, "/faults", c.deleteFaults},
		{"listUsers", http.MethodGet, "/users", c.listUsers},
		{"setCredentials", http.MethodPut, "/users/{id}/credentials", c.setCredentials},
		{"assign", http.MethodPut, "/users/{id}/assignments", c.assign},
		{"listChecks", http.MethodGet, "/checks", c.listChecks},
		{"getCheck", http.MethodGet, "/checks/{id}", c.getCheck},
		{"explainCheck", http.MethodGet, "/checks/{id}/explain", c.explainCheck},
		{"saveCheck", http.MethodGet, "/checks/{id}/scenario", c.saveCheck},
		{"listClaims", http.MethodGet, "/claims", c.listClaims},
		{"getClaim", http.MethodGet, "/claims/{id}", c.getClaim},
		{"explainClaim", http.MethodGet, "/claims/{id}/explain", c.explainClaim},
		{"saveClaim", http.MethodGet, "/claims/{id}/scenario", c.saveClaim},
		{"listOwnScenarios", http.MethodGet, "/scenarios", c.listOwnScenarios},
		{"putScenarios", http.MethodPut, "/scenarios", c.putScenarios},
		{"deleteScenarios", http.MethodDelete, "/scenarios", c.deleteScenarios},
		{"fireEvent", http.MethodPost, "/events", c.fireEvent},
		{"getEvent", http.MethodGet, "/events/{id}", c.getEvent},
		{"resendEvent", http.MethodPost, "/events/{id}/resend", c.resendEvent},
		{"listEvents", http.MethodGet, "/events", c.listEvents},
		{"listDeliveries", http.MethodGet, "/deliveries", c.listDeliveries},
		{"listJournal", http.MethodGet, "/journal", c.listJournal},
	}
}

// with finds the clinic of a request's path.
func (c *Control) with(h func(*http.Request, *clinic.Clinic) (any, error)) handle {
	return func(r *http.Request) (any, error) {
		account, err := url.PathUnescape(mux.Vars(r)["account"])
		found, ok := c.Clinics.Clinic(account)
		if err != nil || !ok {
			return nil, problem{http.StatusNotFound, "there is no clinic with this account code: GET /_mock/clinics lists them"}
		}
		return h(r, found)
	}
}
