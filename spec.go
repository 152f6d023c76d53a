// Package vseemock holds the contract of the project: openapi.yaml, with all known facts about VSee Clinic's api_v3,
// each with its grade of evidence. The mock serves it and the contract suite checks against it.
package vseemock

import _ "embed"

//go:embed openapi.yaml
var document []byte

// OpenAPI returns openapi.yaml as embedded at build time: OpenAPI 3.0.3, YAML, UTF-8. The caller owns the slice.
func OpenAPI() []byte {
	return append([]byte(nil), document...)
}
