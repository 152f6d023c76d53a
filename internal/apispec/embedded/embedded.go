// Package embedded is the openapi.yaml of this build as data, read once for the process.
package embedded

import (
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
