package document_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// A generated client calls the first server. No other of them is a mock on this computer, whose port may be another.
func TestTheServedDocumentNamesTheServerThatServesItFirst(t *testing.T) {
	t.Parallel()
	d := load(t)
	text, err := d.Served("http://127.0.0.1:12345/api_v3")
	if err != nil {
		t.Fatal(err)
	}
	served, err := document.Load(text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d.Operations(), served.Operations()); diff != "" {
		t.Errorf("operations (-loaded +served):\n%s", diff)
	}
	spec, err := apispec.Load(text)
	if err != nil {
		t.Fatal(err)
	}
	for i, server := range spec.Document.Servers {
		if ours := strings.Contains(server.URL, "127.0.0.1"); ours != (i == 0) ||
			ours && server.URL != "http://127.0.0.1:12345/api_v3" {
			t.Errorf("server %d is %s", i+1, server.URL)
		}
	}
	for _, path := range []string{"\n  /insurances/:\n", "\n  /me.json:\n", "\n  /users/sso:\n"} {
		if !strings.Contains(string(text), path) {
			t.Errorf("the document has no line %q", path)
		}
	}
}
