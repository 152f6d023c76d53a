package controlapi_test

import (
	"context"
	"encoding"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// document is the document of the control API.
func document(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromFile("../control/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// operations calls f with each operation that returns JSON or nothing, and with the method of Client of its name.
func operations(t *testing.T, f func(operation string, op *openapi3.Operation, method reflect.Method)) {
	t.Helper()
	for path, item := range document(t).Paths.Map() {
		for verb, op := range item.Operations() {
			if reply := op.Responses.Value("200"); reply != nil && reply.Value.Content.Get("application/json") == nil {
				continue // a document
			}
			op.Parameters = append(slices.Clone(item.Parameters), op.Parameters...)
			name := strings.ToUpper(op.OperationID[:1]) + op.OperationID[1:]
			method, ok := reflect.TypeFor[*controlapi.Client]().MethodByName(name)
			if !ok {
				t.Errorf("Client has no method %s, for %s %s", name, verb, path)
				continue
			}
			f(verb+" "+path, op, method)
		}
	}
}

// roundTripper is a function that sends requests.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestClientHasAMethodForEachOperationOfTheDocument(t *testing.T) {
	t.Parallel()
	operations(t, func(operation string, op *openapi3.Operation, method reflect.Method) {
		var sent []string
		c := &controlapi.Client{URL: "http://mock.test" + controlapi.Prefix,
			Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				sent = append(sent, r.Method+" "+r.URL.Path)
				var has []string
				for name := range r.URL.Query() {
					has = append(has, name)
				}
				slices.Sort(has)
				var takes []string
				for _, p := range op.Parameters {
					if p.Value.In == "query" {
						takes = append(takes, p.Value.Name)
					}
				}
				slices.Sort(takes)
				if diff := cmp.Diff(takes, has); diff != "" {
					t.Errorf("the query of %s (-document +client):\n%s", operation, diff)
				}
				header := http.Header{controlapi.HeaderVersion: {"test"}}
				return &http.Response{StatusCode: http.StatusOK, Header: header, Body: io.NopCloser(strings.NewReader("{}"))}, nil
			})}
		args, names := []reflect.Value{reflect.ValueOf(c), reflect.ValueOf(context.Background())},
			[]string{"{account}", "{id}"}
		if !strings.Contains(operation, names[0]) {
			names = names[1:]
		}
		for i := 2; i < method.Type.NumIn(); i++ {
			arg := reflect.New(method.Type.In(i)).Elem()
			switch value := arg.Addr().Interface().(type) {
			case *string:
				*value, names = names[0], names[1:]
			case *controlapi.PageRequest:
				*value = controlapi.PageRequest{Limit: 1, After: "x"}
			}
			args = append(args, arg)
		}
		out := method.Func.Call(args)
		if err := out[len(out)-1]; !err.IsNil() {
			t.Errorf("%s: %s", operation, err.Interface())
		}
		if diff := cmp.Diff([]string{operation}, sent); diff != "" {
			t.Errorf("%s sends another request (-document +client):\n%s", method.Name, diff)
		}
	})
}

func TestEachTypeHasThePropertiesOfItsSchema(t *testing.T) {
	t.Parallel()
	compared := map[reflect.Type]bool{}
	operations(t, func(operation string, op *openapi3.Operation, method reflect.Method) {
		if op.RequestBody != nil {
			body := method.Type.In(method.Type.NumIn() - 1)
			compare(t, operation+" takes", body, op.RequestBody.Value.Content.Get("application/json").Schema.Value, false,
				compared)
		}
		if reply := op.Responses.Value("200"); reply != nil {
			compare(t, operation+" returns", method.Type.Out(0), reply.Value.Content.Get("application/json").Schema.Value, true,
				compared)
		}
	})
	components := document(t).Components
	for name, is := range map[string]reflect.Type{"Problem": reflect.TypeFor[controlapi.Problem](),
		"Stopped": reflect.TypeFor[controlapi.Stopped](), "InvalidEvent": reflect.TypeFor[controlapi.InvalidEvent](),
		"Unmatched": reflect.TypeFor[controlapi.Unmatched]()} {
		compare(t, name, is, components.Responses[name].Value.Content.Get("application/json").Schema.Value, true, compared)
	}
	for _, want := range []reflect.Type{
		reflect.TypeFor[controlapi.ClinicSettings](), reflect.TypeFor[controlapi.WebhookSettings](),
		reflect.TypeFor[controlapi.Delivery](),
		reflect.TypeFor[controlapi.ClaimProcedure](), reflect.TypeFor[controlapi.NearMiss](),
		reflect.TypeFor[scenarios.Webhook](),
		reflect.TypeFor[scenarios.Fault](), reflect.TypeFor[scenarios.Call](),
	} {
		if !compared[want] {
			t.Errorf("%s was not compared with a schema", want)
		}
	}
}

// object returns the properties of a schema and the names of those that are required, with those of its parts.
func object(s *openapi3.Schema) (properties openapi3.Schemas, required []string) {
	properties, required = openapi3.Schemas{}, slices.Clone(s.Required)
	for name, property := range s.Properties {
		properties[name] = property
	}
	for _, part := range s.AllOf {
		more, needed := object(part.Value)
		for name, property := range more {
			properties[name] = property
		}
		required = append(required, needed...)
	}
	return properties, required
}

// compare compares a Go type with a schema, down to their parts. Of a reply, it compares the required properties with
// the fields that are always written; of a request, it leaves out the properties that are read only.
func compare(t *testing.T, at string, is reflect.Type, schema *openapi3.Schema, reply bool,
	compared map[reflect.Type]bool) {
	t.Helper()
	for is.Kind() == reflect.Pointer {
		is = is.Elem()
	}
	properties, required := object(schema)
	if len(properties) == 0 && len(schema.AllOf) == 1 { // a reference with a description of its own
		schema = schema.AllOf[0].Value
	}
	switch {
	case is == reflect.TypeFor[time.Time](), is == reflect.TypeFor[json.RawMessage](),
		reflect.PointerTo(is).Implements(reflect.TypeFor[json.Unmarshaler]()),
		reflect.PointerTo(is).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
	case is.Kind() == reflect.Slice:
		if !schema.Type.Is("array") {
			t.Errorf("%s: %s is a list, and its schema no array", at, is)
			return
		}
		compare(t, at+"[]", is.Elem(), schema.Items.Value, reply, compared)
	case is.Kind() == reflect.Map:
		if schema.AdditionalProperties.Schema != nil {
			compare(t, at+"{}", is.Elem(), schema.AdditionalProperties.Schema.Value, reply, compared)
		} else if schema.AdditionalProperties.Has == nil {
			t.Errorf("%s: %s is a map, and its schema has names", at, is)
		}
	case is.Kind() == reflect.Struct && is == reflect.TypeFor[scenarios.When]():
		compared[is] = true // its schema has no names: the language of scenarios describes it
	case is.Kind() == reflect.Struct:
		compared[is] = true
		want, got := map[string]string{}, map[string]string{}
		for name, property := range properties {
			if reply || !property.Value.ReadOnly {
				want[name] = word(!reply || slices.Contains(required, name) || shared(is))
			}
		}
		for _, f := range reflect.VisibleFields(is) {
			name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "" || name == "-" {
				continue
			}
			got[name] = word(!reply || options == "" || shared(is))
			if property := properties[name]; property != nil {
				compare(t, at+"."+name, f.Type, property.Value, reply, compared)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s, in %s (-schema +type):\n%s", at, is, diff)
		}
	case schema.Properties != nil || schema.Items != nil:
		t.Errorf("%s: %s is no %v", at, is, schema.Type)
	default:
		scalar(t, at, is, schema)
	}
}

// shared reports whether a type is one of a request, too, which leaves out what is not set.
func shared(is reflect.Type) bool {
	return is == reflect.TypeFor[controlapi.ClaimSettings]() || is == reflect.TypeFor[controlapi.ClaimDefaults]()
}

// word says whether a property is always there.
func word(always bool) string { return map[bool]string{true: "always", false: "sometimes"}[always] }

// scalar compares a type without parts with the type of a schema.
func scalar(t *testing.T, at string, is reflect.Type, schema *openapi3.Schema) {
	t.Helper()
	kinds := map[string][]reflect.Kind{
		"string": {reflect.String}, "boolean": {reflect.Bool}, "number": {reflect.Float64}, "integer": {reflect.Int,
			reflect.Int64, reflect.Uint64},
	}
	if schema.Type == nil || !slices.Contains(kinds[fmt.Sprint((*schema.Type)[0])], is.Kind()) {
		t.Errorf("%s: %s is no %v", at, is, schema.Type)
	}
}
