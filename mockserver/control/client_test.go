package control_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// own is the control API's own document, and its routes; every reply in these tests is validated against it.
type own struct {
	*openapi3.T
	router routers.Router
}

// loaded reads the document. It takes longer than most of these tests, so it happens once.
var loaded = sync.OnceValues(func() (own, error) {
	data, err := os.ReadFile("openapi.yaml")
	if err != nil {
		return own{}, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return own{}, err
	}
	if err := doc.Validate(context.Background()); err != nil {
		return own{}, err
	}
	anywhere := *doc
	anywhere.Servers = nil
	router, err := gorillamux.NewRouter(&anywhere)
	return own{doc, router}, err
})

func document(t testing.TB) own {
	t.Helper()
	doc, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

type client struct {
	t      testing.TB
	base   string
	header http.Header
	router routers.Router
}

func start(t *testing.T, change ...func(*mockserver.Options)) (*mocktest.Mock, *client) {
	t.Helper()
	mock := mocktest.Start(t, change...)
	return mock, &client{t, mock.URL, http.Header{}, document(t).router}
}

// do calls the control API and validates the reply against the document. The body is sent unchanged.
func (c *client) do(method, path, body string) (int, string) {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.base+"/_mock"+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header = c.header.Clone()
	reply, err := mocktest.Client().Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	c.check(request, reply, text)
	return reply.StatusCode, string(text)
}

func (c *client) check(request *http.Request, reply *http.Response, text []byte) {
	c.t.Helper()
	route, params, err := c.router.FindRoute(request)
	if err != nil {
		return // 404 and 405
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: request, Route: route, PathParams: params},
		Status:                 reply.StatusCode, Header: reply.Header, Body: io.NopCloser(bytes.NewReader(text)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	}
	if reply.Header.Get("Content-Type") == "application/yaml" {
		input.Options.ExcludeResponseBody = true
	}
	if err := openapi3filter.ValidateResponse(c.t.Context(), input); err != nil {
		c.t.Errorf("%s %s: %s", request.Method, request.URL.Path, err)
	}
}

func (c *client) ok(method, path, body string, into any) {
	c.t.Helper()
	status, text := c.do(method, path, body)
	if status != http.StatusOK {
		c.t.Fatalf("%s %s: %d %s", method, path, status, text)
	}
	if into != nil {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			c.t.Fatal(err)
		}
	}
}

// refusal returns the error message of a refusal.
func refusal(t testing.TB, text string) string {
	t.Helper()
	var refused struct{ Error string }
	if err := json.Unmarshal([]byte(text), &refused); err != nil || refused.Error == "" {
		t.Errorf("this is no refusal: %s", text)
	}
	return refused.Error
}

func (c *client) refused(method, path, body string, status int, message string) {
	c.t.Helper()
	got, text := c.do(method, path, body)
	var refusal struct{ Error string }
	_ = json.Unmarshal([]byte(text), &refusal)
	if got != status || refusal.Error != message {
		c.t.Errorf("%s %s %s: %d %s; want %d %s", method, path, body, got, text, status, message)
	}
}
