package document

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/logline"
	"github.com/vsee-mock/vsee-mock/mockserver/fastcheck"
)

const (
	jsonType       = "application/json"
	multipartType  = "multipart/form-data"
	urlencodedType = "application/x-www-form-urlencoded"
)

// Operation is one operation of the document.
type Operation struct {
	ID       string
	Method   string
	Path     string // the path in the document, such as /users/{id}
	Call     string // the method and the path, for the log
	Evidence string // the grade of the operation: seed, documented, observed, inferred or ours
	Body     *Body  // nil when the operation takes none
	Security []string
	Request  *Shape // of the body; nil when the operation takes none
	Reply    *Shape // of the JSON of its replies

	path   []*openapi3.Parameter
	query  []*openapi3.Parameter
	fast   map[*openapi3.Schema]*fastcheck.Checker // of one value of each parameter
	closed bool                                    // to undeclared parameters
	// needsQuery is true when a parameter of the query is required.
	needsQuery bool
	replies    *openapi3.Responses
	bodies     map[string]message // of the replies in JSON, by the name of the reply: 200 or 4XX
	names      map[string]bool    // the names of all fields and parameters of the document
}

func (l *loading) operation(from apispec.Operation) (*Operation, error) {
	op := from.Declared
	o := &Operation{
		ID: from.ID, Method: from.Method, Path: from.Path, Call: logline.Call(from.Method, from.Path), Evidence: from.Grade,
		Security: schemes(l.spec, op),
		replies:  op.Responses,
		bodies:   l.bodies(op.Responses),
		names:    l.names,
		fast:     map[*openapi3.Schema]*fastcheck.Checker{},
	}
	if from.Grade == "" || from.Source == "" {
		return nil, fmt.Errorf("%s has no x-evidence or no x-source", o.ID)
	}
	o.closed, _ = op.Extensions[extClosed].(bool)
	for _, p := range op.Parameters {
		schema := p.Value.Schema.Value
		if schema.Type.Is(openapi3.TypeArray) {
			schema = schema.Items.Value
		}
		o.fast[schema] = l.requests.Compile(schema)
		switch p.Value.In {
		case openapi3.ParameterInQuery:
			o.query, o.needsQuery = append(o.query, p.Value), o.needsQuery || p.Value.Required
		case openapi3.ParameterInPath:
			o.path = append(o.path, p.Value)
		}
	}
	o.Reply = replyShape(op.Responses)
	if op.RequestBody == nil {
		return o, nil
	}
	o.Request = requestShape(op.RequestBody.Value)
	body, err := l.body(op.RequestBody.Value)
	if err != nil {
		return nil, fmt.Errorf("the body of %s: %w", o.ID, err)
	}
	o.Body = body
	return o, nil
}

// schemes returns the names of all security schemes of an operation, over all its combinations, sorted.
func schemes(spec *openapi3.T, op *openapi3.Operation) []string {
	security := &spec.Security
	if op.Security != nil {
		security = op.Security
	}
	var names []string
	for _, alternative := range *security {
		for name := range alternative {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// Needs reports whether the operation accepts a security scheme of the document, such as ApiToken.
func (o *Operation) Needs(scheme string) bool { return slices.Contains(o.Security, scheme) }

// CheckPath returns an error if the decoded parameters of a path break the document. Another path of the operation
// may have fewer parameters.
func (o *Operation) CheckPath(params Params) error {
	for _, p := range o.path {
		value, sent := params.Lookup(p.Name)
		if !sent || utf8.ValidString(value) && o.fast[p.Schema.Value].Text(value) {
			continue
		}
		if err := p.Schema.Value.VisitJSON(value, formats()...); err != nil {
			return newViolation(err, p.Name)
		}
	}
	return nil
}

// ReplyPart returns a function that reports whether a JSON value is certainly valid at a place in the reply with status
// 200. A valid reply with another valid value there is valid, too.
func (o *Operation) ReplyPart(place ...string) func(value []byte) bool {
	part := o.bodies["200"].fast
	for _, name := range place {
		if part != nil {
			part, _ = part.Member(name)
		}
	}
	if part == nil {
		return func([]byte) bool { return false }
	}
	return part.JSON
}

// CheckReply returns an error if a reply does not match openapi.yaml: by its status, its content type, or its body, if
// it is JSON.
func (o *Operation) CheckReply(status int, contentType string, body []byte) error {
	name := strconv.Itoa(status)
	if m, ok := o.bodies[name]; ok && contentType == jsonType {
		return m.check(body)
	}
	if o.replies.Value(name) == nil {
		name = name[:1] + "XX"
	}
	reply := o.replies.Value(name)
	if reply == nil {
		return fmt.Errorf("%s does not answer %d", o.ID, status)
	}
	media := reply.Value.Content.Get(contentType)
	if media == nil {
		return errors.New("the content type is not declared")
	}
	if contentType != jsonType {
		return nil
	}
	return o.bodies[name].check(body)
}
