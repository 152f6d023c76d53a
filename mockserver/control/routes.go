package control

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"sync"

	"github.com/gorilla/mux"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// route is a path of the control API below its prefix.
type route struct {
	id, method, path string
	handler          http.Handler
}

// routes returns the routes with the handlers of c.
func (c *Control) routes() []route {
	guarded := func(h handler) http.Handler { return c.authorize(c.serve(h)) }
	all := []route{
		{"live", http.MethodGet, "/livez", c.serve(c.live)},
		{"ready", http.MethodGet, "/readyz", c.serve(c.ready)},
		{"version", http.MethodGet, "/version", c.serve(c.version)},
		{"controlDocument", http.MethodGet, "/openapi.yaml", c.serveFile(document)},
		{"vseeDocument", http.MethodGet, "/vsee.yaml", c.serveVSee()},
		{"listScenarios", http.MethodGet, "/scenarios", guarded(c.listScenarios)},
		{"getScenario", http.MethodGet, "/scenarios/{id}", guarded(c.getScenario)},
		{"listClinics", http.MethodGet, "/clinics", guarded(c.listClinics)},
		{"createClinic", http.MethodPost, "/clinics", guarded(c.createClinic)},
		{"metrics", http.MethodGet, "/metrics", c.authorize(c.Metrics)},
		{"stream", http.MethodGet, "/clinics/{account}/stream", c.authorize(http.HandlerFunc(c.stream))},
	}
	for _, one := range slices.Concat(
		c.clinicRoutes(), c.clockRoutes(), c.faultRoutes(), c.userRoutes(), c.checkRoutes(), c.claimRoutes(),
		c.scenarioRoutes(), c.eventRoutes(), c.journalRoutes(), c.visitRoutes(),
		c.streamRoutes(),
	) {
		all = append(all, route{one.id, one.method, "/clinics/{account}" + one.path, guarded(c.withClinic(one.handle))})
	}
	return all
}

// sharedRouter returns the router of every Control: a request has its Control in its context. Compiling the patterns
// takes a third of the start of a mock, so a process does it once.
var sharedRouter = sync.OnceValue(func() *mux.Router {
	router := mux.NewRouter().UseEncodedPath().SkipClean(true)
	router.NotFoundHandler = forControl(func(c *Control) http.Handler {
		return c.refuse(http.StatusNotFound, "there is no such path: GET /_mock/openapi.yaml lists them all, and a browser "+
			"shows the mock at /_mock/page")
	})
	router.MethodNotAllowedHandler = forControl(func(c *Control) http.Handler { return http.HandlerFunc(c.wrongMethod) })
	for _, one := range new(Control).routes() {
		router.Handle(controlapi.Prefix+one.path, forControl(func(c *Control) http.Handler { return c.handlers[one.id] })).
			Methods(one.method).Name(one.id)
	}
	return router
})

type controlKey struct{}

// forControl returns a handler that passes a request to the handler of its Control.
func forControl(handler func(*Control) http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler(r.Context().Value(controlKey{}).(*Control)).ServeHTTP(w, r)
	})
}

// dispatch passes a request to the handler of its route.
func (c *Control) dispatch(w http.ResponseWriter, r *http.Request) {
	c.router.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), controlKey{}, c)))
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
