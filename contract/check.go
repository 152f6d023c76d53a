package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	vseemock "github.com/vsee-mock/vsee-mock"
)

// checker holds replies and events to openapi.yaml.
type checker struct {
	version string // of the document
	router  routers.Router
	events  map[string]*openapi3.Schema
	rules   []openapi3.SchemaValidationOption
}

func newChecker() (*checker, error) {
	doc, err := openapi3.NewLoader().LoadFromData(vseemock.OpenAPI())
	if err != nil {
		return nil, fmt.Errorf("reading openapi.yaml: %w", err)
	}
	anywhere := *doc
	anywhere.Servers = nil
	router, err := gorillamux.NewRouter(&anywhere)
	if err != nil {
		return nil, fmt.Errorf("making routes of openapi.yaml: %w", err)
	}
	c := &checker{version: doc.Info.Version, router: router, events: map[string]*openapi3.Schema{}, rules: []openapi3.SchemaValidationOption{
		openapi3.DisableSchemaErrorDetails(), // values may be a patient's
		openapi3.WithStringFormatValidator("date", openapi3.NewCallbackValidator(isDate)),
	}}
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			c.addEvents(op)
		}
	}
	return c, nil
}

func (c *checker) addEvents(op *openapi3.Operation) {
	for _, callback := range op.Callbacks {
		for _, item := range callback.Value.Map() {
			for _, event := range item.Operations() {
				kind, _ := event.Extensions["x-event"].(string)
				c.events[kind] = event.RequestBody.Value.Content.Get("application/json").Schema.Value
			}
		}
	}
}

// undeclared returns the fields of an event that openapi.yaml does not know, in any envelope.
func (c *checker) undeclared(payload []byte) []string {
	var event map[string]json.RawMessage
	if json.Unmarshal(payload, &event) != nil {
		return nil
	}
	var kind string
	_ = json.Unmarshal(event["type"], &kind) // of no kind, all of its fields are unknown
	known := map[string]bool{}
	if schema, ok := c.events[kind]; ok {
		declare(schema, known)
	}
	var found []string
	for name := range event {
		if !known[name] {
			found = append(found, name)
		}
	}
	return found
}

// declare adds the names of the fields that a schema has.
func declare(schema *openapi3.Schema, names map[string]bool) {
	for name := range schema.Properties {
		names[name] = true
	}
	for _, parts := range []openapi3.SchemaRefs{schema.AllOf, schema.AnyOf, schema.OneOf} {
		for _, part := range parts {
			declare(part.Value, names)
		}
	}
}

func isDate(s string) error {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return errors.New("it is no date of the calendar")
	}
	return nil
}

// operation returns the operationId of a request, "" for none.
func (c *checker) operation(method, path string) string {
	request, err := http.NewRequestWithContext(context.Background(), method, path, http.NoBody)
	if err != nil {
		return ""
	}
	route, _, err := c.router.FindRoute(request)
	if err != nil {
		return ""
	}
	return route.Operation.OperationID
}

// reply returns how a reply to an operation breaks openapi.yaml. path is the document's: below the prefix, without
// .json. A path or method that the document does not have must be answered with an error.
func (c *checker) reply(ctx context.Context, method, path string, r *http.Response, body []byte) error {
	request, err := http.NewRequestWithContext(ctx, method, path, http.NoBody)
	if err != nil {
		return fmt.Errorf("checking the reply to %s %s: %w", method, path, err)
	}
	route, params, err := c.router.FindRoute(request)
	if err != nil {
		return nil //nolint:nilerr // not an operation: there is nothing to hold the reply to
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: request, Route: route, PathParams: params},
		Status:                 r.StatusCode,
		Header:                 r.Header,
		Body:                   io.NopCloser(bytes.NewReader(body)),
		Options:                &openapi3filter.Options{IncludeResponseStatus: true, SchemaValidationOptions: c.rules},
	}
	if err := openapi3filter.ValidateResponse(ctx, input); err != nil {
		return fmt.Errorf("the reply to %s (%d) breaks openapi.yaml: %w", route.Operation.OperationID, r.StatusCode, err)
	}
	return oneDocument(body)
}

// event returns how the payload of an event breaks openapi.yaml.
func (c *checker) event(payload []byte) error {
	var envelope struct {
		Type string `json:"type"`
	}
	var value any
	if err := errors.Join(json.Unmarshal(payload, &envelope), json.Unmarshal(payload, &value)); err != nil {
		return fmt.Errorf("the event is not JSON: %w", err)
	}
	schema, ok := c.events[envelope.Type]
	if !ok {
		return errors.New("openapi.yaml has no event of this type")
	}
	if err := schema.VisitJSON(value, c.rules...); err != nil {
		return fmt.Errorf("the event breaks openapi.yaml: %w", err)
	}
	return nil
}

// oneDocument returns an error when something follows the JSON of a body, a notice of PHP for one.
func oneDocument(body []byte) error {
	d := json.NewDecoder(bytes.NewReader(body))
	var first json.RawMessage
	if err := d.Decode(&first); err != nil {
		return fmt.Errorf("the reply is not JSON: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the JSON of the reply")
	}
	return nil
}
