package mutant_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/mutant"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

func TestACauseIsAtThePlaceOfAMutantWhenItNamesIt(t *testing.T) {
	t.Parallel()
	place := mutant.Place{Operation: "getMe", Pointer: "/data/*/city", Kinds: []result.Kind{result.Value, result.Undeclared, result.Status}}
	for name, tc := range map[string]struct {
		key  result.Key
		want bool
	}{
		"the same pointer":              {result.Key{Kind: result.Value, Operation: "getMe", Pointer: "/data/*/city"}, true},
		"a parent":                      {result.Key{Kind: result.Value, Operation: "getMe", Pointer: "/data"}, true},
		"a child":                       {result.Key{Kind: result.Value, Operation: "getMe", Pointer: "/data/*/city/name"}, true},
		"a pointer with the same start": {result.Key{Kind: result.Value, Operation: "getMe", Pointer: "/data/*/cityname"}, false},
		"a new name":                    {result.Key{Kind: result.Undeclared, Operation: "getMe", Pointer: "/data/*/town"}, true},
		"a status":                      {result.Key{Kind: result.Status, Operation: "getMe", Pointer: "/city"}, true},
		"another kind":                  {result.Key{Kind: result.Null, Operation: "getMe", Pointer: "/data/*/city"}, false},
		"another operation":             {result.Key{Kind: result.Value, Operation: "getUser", Pointer: "/data/*/city"}, false},
	} {
		if got := place.Of(tc.key); got != tc.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// Each mutant breaks a statement about an operation or an event, and each operation and event has mutants.
func TestEachOperationAndEventHasMutants(t *testing.T) {
	t.Parallel()
	spec := embedded.Spec()
	known := slices.Concat(spec.IDs(), spec.Types())
	with := map[string]bool{}
	for _, m := range mutant.All() {
		with[m.Operation] = true
		if !slices.Contains(known, m.Operation) || len(m.Kinds) == 0 || m.Evidence == "" || !strings.HasSuffix(m.Sentence, ".") {
			t.Errorf("%+v", m)
		}
	}
	for _, name := range known {
		if !with[name] {
			t.Errorf("%s has no mutant", name)
		}
	}
}

// A proxy without a deviation is not killed in any mode: the suite sees no difference between it and the mock.
func TestAProxyWithoutADeviationSurvives(t *testing.T) {
	t.Parallel()
	for _, mode := range mutant.Modes() {
		few := trial(t, mode)
		few.Requirements = slices.DeleteFunc(few.Requirements, func(r engine.Requirement) bool {
			return r.Body != nil && !slices.Contains([]string{"USER-001", "USER-002", "HOOK-006", "AUTH-001"}, r.ID)
		})
		honest := mutant.Mutant{Name: "honest", Place: mutant.Place{Operation: "getMe", Kinds: []result.Kind{result.Value}}}
		score, err := few.Face(t.Context(), []mutant.Mutant{honest})
		if err != nil || len(score) != 1 || score[0].Killed || score[0].Provoked || len(score[0].Astray) > 0 {
			t.Errorf("%s: %v, %v", mode, err, score)
		}
	}
}
