package document_test

import (
	"testing"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/contract/document"
)

// Findings name the lines of what they are about.
func TestTheDocumentHasItsLines(t *testing.T) {
	t.Parallel()
	doc, err := document.LoadWithLines(vseemock.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			if op.Origin == nil || op.Origin.Key == nil || op.Origin.Key.Line == 0 {
				t.Errorf("nobody knows where %s %s stands", method, path)
			}
		}
	}
}

func TestWhatIsNoDocumentIsRefused(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing":  "",
		"no YAML":  "{",
		"no info":  "openapi: 3.0.3\npaths: {}",
		"no paths": "openapi: 3.0.3\ninfo: {title: t, version: '1'}",
		"a list":   "[]",
	} {
		if _, err := document.Load([]byte(text)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
