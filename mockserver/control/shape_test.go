package control

import (
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/signature"
)

func TestTheDocumentListsTheSignatureSchemes(t *testing.T) {
	t.Parallel()
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		t.Fatal(err)
	}
	var want []any
	for _, name := range signature.Names() {
		want = append(want, name)
	}
	if diff := cmp.Diff(want, doc.Components.Schemas["Webhook"].Value.Properties["signature"].Value.Enum); diff != "" {
		t.Errorf("(-schemes +document):\n%s", diff)
	}
}
