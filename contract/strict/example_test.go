package strict_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/contract/strict"
)

// The document's own examples must be held to no more than it says.
func TestTheDocumentsExamplesHaveNoFindings(t *testing.T) {
	t.Parallel()
	doc := load(t, vseemock.OpenAPI())
	c := strict.New(doc)
	seen := 0
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			for key, response := range op.Responses.Map() {
				status, err := strconv.Atoi(key)
				if err != nil {
					t.Fatal(err)
				}
				for _, example := range examples(response.Value.Content.Get("application/json")) {
					body, err := json.Marshal(example)
					if err != nil {
						t.Fatal(err)
					}
					seen++
					if found := c.Reply(op.OperationID, status, http.Header{"Content-Type": {"application/json"}}, body); found != nil {
						t.Errorf("%s %d: %+v", op.OperationID, status, found)
					}
				}
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d examples were looked at", seen)
	}
}

func examples(m *openapi3.MediaType) []any {
	var all []any
	if m == nil { // an image
		return nil
	}
	if m.Example != nil {
		all = append(all, m.Example)
	}
	for _, e := range m.Examples {
		all = append(all, e.Value.Value)
	}
	return all
}
