package document

import (
	"encoding/json"
	"errors"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/mockserver/fastcheck"
)

// message is a schema of the mock's own messages: replies and events.
type message struct {
	schema *openapi3.Schema
	fast   *fastcheck.Checker
}

// check validates a message before it is sent. Nearly all messages are valid, and the compiled schema sees it. Of the
// 23,923 messages in the tests of package mockserver it left 7 to kin-openapi, for its verdict and its words.
func (m message) check(body []byte) error {
	if m.fast.JSON(body) {
		return nil
	}
	return m.ask(body)
}

// ask validates a message with kin-openapi.
func (m message) ask(body []byte) error {
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return errors.New("it is not JSON that can be read back") // the cause may hold a value
	}
	canonical := apispec.Canonical(m.schema, value)
	if err := m.schema.VisitJSON(canonical, append(formats(), openapi3.VisitAsResponse())...); err != nil {
		return newViolation(err, "")
	}
	if name, found := findUndeclared(m.schema, value, ""); found {
		return &Violation{Field: name, Rule: "is not declared"}
	}
	return nil
}

// loading is a document being loaded.
type loading struct {
	spec               *openapi3.T
	names              map[string]bool // of all fields and parameters of the document
	messages, requests fastcheck.Compiler
}

func newLoading(spec *openapi3.T) *loading {
	formats := fastFormats()
	return &loading{
		spec: spec, names: namesOf(spec),
		messages: fastcheck.Compiler{Formats: formats},
		requests: fastcheck.Compiler{Formats: formats, Request: true},
	}
}

func (l *loading) message(schema *openapi3.Schema) message {
	return message{schema, l.messages.Compile(schema)}
}

// bodies returns the messages of all replies in JSON, by the names of the replies.
func (l *loading) bodies(replies *openapi3.Responses) map[string]message {
	bodies := map[string]message{}
	for name, reply := range replies.Map() {
		if media := reply.Value.Content.Get(jsonType); media != nil {
			bodies[name] = l.message(media.Schema.Value)
		}
	}
	return bodies
}
