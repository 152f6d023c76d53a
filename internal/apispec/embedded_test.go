package apispec_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

func TestTheNamesOfOperationsAreReadWithoutParsingTheDocument(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(embedded.Spec().IDs(), embedded.IDs()); diff != "" {
		t.Errorf("(-document +lines):\n%s", diff)
	}
}
