package mockserver

import (
	"sync"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// The embedded files are read once in a process, by the first mock that needs them, and never change. Reading them
// takes most of a mock's start, and tests start hundreds.
var (
	embeddedDocument  = sync.OnceValues(func() (*document.Document, error) { return document.Load(vseemock.OpenAPI()) })
	embeddedCatalogue = sync.OnceValues(scenarios.Catalogue)
)

// Preload reads the embedded openapi.yaml, which takes most of the start of a process. New waits for it, so a process
// may call Preload beside its other preparations.
func Preload() { _, _ = embeddedDocument() } // New reports the error

// documentOf returns the options' document, openapi.yaml by default.
func documentOf(o Options) (*document.Document, error) {
	if o.Document == nil {
		return embeddedDocument()
	}
	return document.Load(o.Document)
}
