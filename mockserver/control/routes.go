package control

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/gorilla/mux"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

func (c *Control) routes() {
	open := c.router.PathPrefix(controlapi.Prefix).Subrouter()
	c.router.NotFoundHandler = c.refuse(http.StatusNotFound, "there is no such path: GET /_mock/openapi.yaml lists "+
		"them all")
	c.router.MethodNotAllowedHandler = http.HandlerFunc(c.wrongMethod)
	add := func(router *mux.Router, id, method, path string, h handler) {
		router.Handle(path, c.serve(h)).Methods(method).Name(id)
	}
	add(open, "live", http.MethodGet, "/livez", c.live)
	add(open, "ready", http.MethodGet, "/readyz", c.ready)
	add(open, "version", http.MethodGet, "/version", c.version)
	open.Handle("/openapi.yaml", c.serveFile(document)).Methods(http.MethodGet).Name("controlDocument")
	open.Handle("/vsee.yaml", c.serveVSee()).Methods(http.MethodGet).Name("vseeDocument")

	guarded := open.NewRoute().Subrouter()
	guarded.Use(c.authorize)
	add(guarded, "listScenarios", http.MethodGet, "/scenarios", c.listScenarios)
	add(guarded, "getScenario", http.MethodGet, "/scenarios/{id}", c.getScenario)
	add(guarded, "listClinics", http.MethodGet, "/clinics", c.listClinics)
	add(guarded, "createClinic", http.MethodPost, "/clinics", c.createClinic)
	guarded.Handle("/metrics", c.Metrics).Methods(http.MethodGet).Name("metrics")
	guarded.HandleFunc("/clinics/{account}/stream", c.stream).Methods(http.MethodGet).Name("stream")
	for _, route := range slices.Concat(
		c.clinicRoutes(), c.clockRoutes(), c.faultRoutes(), c.userRoutes(), c.checkRoutes(), c.claimRoutes(),
		c.scenarioRoutes(), c.eventRoutes(), c.journalRoutes(), c.visitRoutes(),
		c.streamRoutes(),
	) {
		add(guarded, route.id, route.method, "/clinics/{account}"+route.path, c.withClinic(route.handle))
	}
}

// clinicRoute is a route below the path of a clinic. Each file of handlers declares its own.
type clinicRoute struct {
	id, method, path string
	handle           clinicHandler
}

// clinicHandler answers a request about one clinic.
type clinicHandler func(*http.Request, *clinic.Clinic) (any, error)

// withClinic finds the clinic of a request's path.
func (c *Control) withClinic(h clinicHandler) handler {
	return func(r *http.Request) (any, error) {
		account, err := url.PathUnescape(mux.Vars(r)["account"])
		found, ok := c.Clinics.Clinic(account)
		if err != nil || !ok {
			return nil, problem{http.StatusNotFound, "there is no clinic with this account code: GET /_mock/clinics lists them"}
		}
		return h(r, found)
	}
}

// bodyHandler decodes the body of a request for a handler.
func bodyHandler[T any](h func(*http.Request, *clinic.Clinic, T) (any, error)) clinicHandler {
	return func(r *http.Request, one *clinic.Clinic) (any, error) {
		var body T
		if err := decode(r, &body); err != nil {
			return nil, err
		}
		return h(r, one, body)
	}
}

// rowHandler reads the row named by the path of a request, for a handler.
func rowHandler[T any](
	find func(*clinic.Clinic, context.Context, string) (T, error), h func(*http.Request, *clinic.Clinic, T) (any, error),
) clinicHandler {
	return func(r *http.Request, one *clinic.Clinic) (any, error) {
		row, err := find(one, r.Context(), mux.Vars(r)["id"])
		if err != nil {
			return nil, err
		}
		return h(r, one, row)
	}
}

// showHandler answers with the row named in the path of a request, as shape converts it.
func showHandler[F, T any](find func(*clinic.Clinic, context.Context, string) (F, error),
	shape func(F) T) clinicHandler {
	return rowHandler(find, func(_ *http.Request, _ *clinic.Clinic, row F) (any, error) { return shape(row), nil })
}
