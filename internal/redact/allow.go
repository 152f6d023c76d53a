package redact

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

// Allow lists the values a Redactor keeps. Its zero value keeps structure alone.
type Allow struct {
	Values   map[string][]string // by name of a JSON member or form field: the texts allowed there
	Names    map[string]struct{} // of JSON members, form fields and headers, whatever their form
	Paths    []string            // templates, such as /users/{id}
	Segments []string            // of paths, before a template or in none
}

func (a Allow) has(name, value string) bool { return slices.Contains(a.Values[name], value) }

// FromDocument returns the Allow of an OpenAPI document with paths: the members of each enumeration, under the name of
// their field or parameter; all declared names; and the document's plain paths, prefixed by the paths of its servers'
// URLs.
func FromDocument(doc *openapi3.T) Allow {
	a := Allow{Values: map[string][]string{}, Names: map[string]struct{}{}}
	if parts := doc.Components; parts != nil {
		for _, ref := range parts.Schemas {
			a.addSchema("", ref.Value, 0)
		}
		for _, ref := range parts.SecuritySchemes {
			a.Names[ref.Value.Name] = struct{}{}
		}
	}
	for path, item := range doc.Paths.Map() {
		a.Paths = append(a.Paths, apispec.PlainPath(path))
		for _, op := range item.Operations() {
			a.addOperation(op)
		}
	}
	slices.Sort(a.Paths)
	for _, server := range doc.Servers {
		a.addServer(server)
	}
	return a
}

func (a *Allow) addOperation(op *openapi3.Operation) {
	for _, parameter := range op.Parameters {
		a.Names[parameter.Value.Name] = struct{}{}
		if parameter.Value.Schema != nil {
			a.addSchema(parameter.Value.Name, parameter.Value.Schema.Value, 0)
		}
	}
	for _, callback := range op.Callbacks {
		for _, item := range callback.Value.Map() {
			for _, event := range item.Operations() {
				a.addOperation(event)
			}
		}
	}
}

// maxDepth limits the depth of schemas and JSON to follow.
const maxDepth = 32

// addSchema adds everything below a schema. name is the name of the field with this schema.
func (a *Allow) addSchema(name string, schema *openapi3.Schema, depth int) {
	if schema == nil || depth > maxDepth {
		return
	}
	if name != "" {
		a.Names[name] = struct{}{}
		for _, member := range schema.Enum {
			if text := fmt.Sprint(member); !a.has(name, text) {
				a.Values[name] = append(a.Values[name], text)
			}
		}
	}
	for property, ref := range schema.Properties {
		a.addSchema(property, ref.Value, depth+1)
	}
	for _, parts := range []openapi3.SchemaRefs{schema.AllOf, schema.AnyOf, schema.OneOf} {
		for _, ref := range parts {
			a.addSchema(name, ref.Value, depth+1)
		}
	}
	if schema.Items != nil {
		a.addSchema(name, schema.Items.Value, depth+1)
	}
}

// addServer adds the segments of a server's path, with the allowed values of its variables.
func (a *Allow) addServer(server *openapi3.Server) {
	path := server.URL
	if _, rest, found := strings.Cut(path, "://"); found {
		_, path, _ = strings.Cut(rest, "/")
	}
	for segment := range strings.SplitSeq(path, "/") {
		words := []string{segment}
		if variable, ok := strings.CutPrefix(segment, "{"); ok {
			words = nil
			if v := server.Variables[strings.TrimSuffix(variable, "}")]; v != nil {
				words = v.Enum
			}
		}
		for _, word := range words {
			if word != "" && !slices.Contains(a.Segments, word) {
				a.Segments = append(a.Segments, url.PathEscape(word))
			}
		}
	}
}
