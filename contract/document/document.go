// Package document owns how the contract run reads openapi.yaml: once for all that holds a target to it. Reading it takes
// longer than all else before the first request.
package document

import (
	"errors"
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"
)

// Load reads an OpenAPI document in YAML, which has at least a version and paths. Nobody changes it once it is loaded, so
// all who need it share it, also concurrently.
func Load(data []byte) (*openapi3.T, error) { return load(openapi3.NewLoader(), data) }

// LoadWithLines is Load for findings: each element knows the line at which it begins. That takes half as long again.
func LoadWithLines(data []byte) (*openapi3.T, error) {
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = true
	return load(loader, data)
}

func load(loader *openapi3.Loader, data []byte) (*openapi3.T, error) {
	doc, err := loader.LoadFromData(data)
	if err != nil {
		return nil, fmt.Errorf("reading the OpenAPI document: %w", err)
	}
	if doc.Info == nil || doc.Paths == nil {
		return nil, errors.New("reading the OpenAPI document: it has no info or no paths")
	}
	return doc, nil
}
