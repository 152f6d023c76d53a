package control

import (
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/mux"
)

// The routes and the document have the same operations, under the same operationIds.
func TestTheRoutesAreThoseOfTheDocument(t *testing.T) {
	t.Parallel()
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		t.Fatal(err)
	}
	var declared, routed []string
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			declared = append(declared, method+" "+path+" "+op.OperationID)
		}
	}
	err = New(Options{}).router.Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		if route.GetName() == "" {
			return nil
		}
		path, err := route.GetPathTemplate()
		if err != nil {
			return err
		}
		methods, err := route.GetMethods()
		routed = append(routed, strings.Join(methods, ",")+" "+path+" "+route.GetName())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(declared)
	slices.Sort(routed)
	if diff := cmp.Diff(declared, routed); diff != "" {
		t.Errorf("(-document +routes):\n%s", diff)
	}
}
