// Package embedded is the openapi.yaml of this build as data, read once for the process.
package embedded

import (
	"strings"
	"sync"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

var load = sync.OnceValue(func() *apispec.Spec {
	spec, err := apispec.Load(vseemock.OpenAPI())
	if err != nil {
		panic(err) // no test passes in a build with an unreadable document
	}
	return spec
})

// Spec returns the document. All callers share it; the first waits some tens of milliseconds for it.
func Spec() *apispec.Spec { return load() }

// IDs returns the operationIds of the document, in its order. It reads lines, not YAML: the rules for scenarios need
// the names at the start of each process, and most processes do not need the rest.
func IDs() []string {
	var ids []string
	for line := range strings.Lines(string(vseemock.OpenAPI())) {
		if id, ok := strings.CutPrefix(line, "      operationId: "); ok { // one of a callback is further to the right
			ids = append(ids, strings.TrimSpace(id))
		}
	}
	return ids
}
