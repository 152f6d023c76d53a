package mockserver

import (
	"sync"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// What is embedded is read once in a process, by the first mock that needs it, and never changes: it is most of what a
// mock takes to start, and tests start hundreds.
var (
	embeddedDocument  = sync.OnceValues(func() (*document.Document, error) { return document.Load(vseemock.OpenAPI()) })
	embeddedCatalogue = sync.OnceValues(scenarios.Catalogue)
)

// documentOf returns what the options have for openapi.yaml.
func documentOf(o Options) (*document.Document, error) {
	if o.Document == nil {
		return embeddedDocument()
	}
	return document.Load(o.Document)
}
