package apispec_test

import (
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

// Findings of the contract suite name a line of the document.
func TestTheDocumentHasItsLines(t *testing.T) {
	t.Parallel()
	for _, op := range load(t).Operations {
		if apispec.Line(op.Declared.Origin) == 0 {
			t.Errorf("the line of %s is not known", op.ID)
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
		if _, err := apispec.Load([]byte(text)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
