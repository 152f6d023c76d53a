package server

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

// Prefix is the path of VSee's API.
const Prefix = "/api_v3"

// newHandler returns a handler with fixed replies, and with the checks of its role before them.
func newHandler(role string, replies []Reply) (http.Handler, error) {
	fixed := http.NewServeMux()
	for _, reply := range replies {
		length := []string{strconv.Itoa(len(reply.Body))}
		kind := []string{reply.Type}
		fixed.HandleFunc(reply.Pattern, func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = kind
			w.Header()["Content-Length"] = length
			_, _ = w.Write(reply.Body)
		})
	}
	if role == Bare {
		return fixed, nil
	}
	router, err := newRouter()
	if err != nil {
		return nil, err
	}
	switch role {
	case Routed:
		return routed(router, fixed), nil
	case Validated:
		return validated(router, fixed), nil
	}
	return nil, fmt.Errorf("there is no server %q", role)
}

// newRouter loads and validates openapi.yaml, and makes its routes for any host.
func newRouter() (routers.Router, error) {
	spec, err := openapi3.NewLoader().LoadFromData(vseemock.OpenAPI())
	if err != nil {
		return nil, err
	}
	if err := spec.Validate(context.Background()); err != nil {
		return nil, err
	}
	flattenForms(spec)
	spec.Servers = openapi3.Servers{{URL: Prefix}}
	return gorillamux.NewRouter(spec)
}

// flattenForms gives each form one object for a schema. kin-openapi decodes no form whose schema is an allOf.
func flattenForms(spec *openapi3.T) {
	for _, path := range spec.Paths.Map() {
		for _, operation := range path.Operations() {
			if operation.RequestBody == nil {
				continue
			}
			for _, media := range operation.RequestBody.Value.Content {
				if parts := media.Schema.Value.AllOf; len(parts) > 0 {
					flat := openapi3.NewObjectSchema()
					flat.Properties = apispec.Properties(media.Schema.Value)
					media.Schema = flat.NewRef()
				}
			}
		}
	}
}

// routed finds the operation of each request, and does no more with it.
func routed(router routers.Router, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, _, err := router.FindRoute(r); err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// validated checks each request and each reply with kin-openapi. Its replies are held back in buffers that it uses
// again.
func validated(router routers.Router, next http.Handler) http.Handler {
	options := &openapi3filter.Options{
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true,
	}
	buffers := sync.Pool{New: func() any { return &buffer{header: http.Header{}} }}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		route, params, err := router.FindRoute(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		in := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: options}
		if err := openapi3filter.ValidateRequest(r.Context(), in); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		reply := buffers.Get().(*buffer)
		defer buffers.Put(reply)
		reply.reset()
		next.ServeHTTP(reply, r)
		out := &openapi3filter.ResponseValidationInput{
			RequestValidationInput: in, Status: reply.status, Header: reply.header, Options: options,
		}
		out.SetBodyBytes(reply.body.Bytes())
		if err := openapi3filter.ValidateResponse(r.Context(), out); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		reply.writeTo(w)
	})
}

// buffer holds one reply.
type buffer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (b *buffer) Header() http.Header            { return b.header }
func (b *buffer) WriteHeader(status int)         { b.status = status }
func (b *buffer) Write(body []byte) (int, error) { return b.body.Write(body) }

func (b *buffer) reset() {
	clear(b.header)
	b.status = http.StatusOK
	b.body.Reset()
}

func (b *buffer) writeTo(w http.ResponseWriter) {
	for name, values := range b.header {
		w.Header()[name] = values
	}
	w.WriteHeader(b.status)
	_, _ = w.Write(b.body.Bytes())
}
