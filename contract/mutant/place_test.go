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
	place := mutant.Place{
		Operation: "getMe", Pointer: "/data/*/city", Kinds: []result.Kind{result.Value, result.Undeclared, result.Status},
	}
	at := func(kind result.Kind, operation, pointer string) result.Key {
		return result.Key{Kind: kind, Operation: operation, Pointer: pointer}
	}
	for name, tc := range map[string]struct {
		key  result.Key
		want bool
	}{
		"the same pointer":  {at(result.Value, "getMe", "/data/*/city"), true},
		"a parent":          {at(result.Value, "getMe", "/data"), true},
		"a child":           {at(result.Value, "getMe", "/data/*/city/a"), true},
		"the same start":    {at(result.Value, "getMe", "/data/*/cityname"), false},
		"a new name":        {at(result.Undeclared, "getMe", "/data/*/town"), true},
		"a status":          {at(result.Status, "getMe", "/city"), true},
		"another kind":      {at(result.Null, "getMe", "/data/*/city"), false},
		"another operation": {at(result.Value, "getUser", "/data/*/city"), false},
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
		complete := len(m.Kinds) > 0 && m.Evidence != "" && strings.HasSuffix(m.Sentence, ".")
		if !slices.Contains(known, m.Operation) || !complete {
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
