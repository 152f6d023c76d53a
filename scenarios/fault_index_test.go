package scenarios_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// The index is a short cut: it finds the same scenarios as a look at each of them.
func TestTheIndexFindsEveryScenarioWithFaultsForACheck(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	text := func() string { return []string{"a", "A-1", "a1", "b", "a*", "?"}[random.IntN(6)] }
	wanted := func() (m scenarios.Match) {
		for range max(0, random.IntN(4)-1) {
			m = append(m, text())
		}
		return m
	}
	for range 3_000 {
		var set scenarios.Set
		for i := range random.IntN(8) {
			s := scenarios.Scenario{ID: fmt.Sprint(i), When: scenarios.When{SubscriberNum: wanted(), Code: wanted(),
				Email: wanted(), Nth: wanted()}}
			if random.IntN(2) == 0 {
				s.HTTP = []scenarios.Fault{{Reset: true}}
			}
			set = append(set, s)
		}
		checks := []scenarios.Check{{SubscriberNum: text(), Code: text(), Email: text()},
			{SubscriberNum: text(), Code: text()}}[:random.IntN(3)]
		var want, got []string
		for _, s := range set {
			if len(s.HTTP) > 0 && slices.ContainsFunc(checks, s.When.Concerns) {
				want = append(want, s.ID)
			}
		}
		for _, s := range set.FaultIndex().Concerning(checks...) {
			got = append(got, s.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%+v for %+v (-want +got):\n%s", set, checks, diff)
		}
	}
}

// It runs alone: other tests allocate, too.
func TestARequestWithoutAFaultAllocatesNothingToFindNone(t *testing.T) { //nolint:paralleltest // it counts allocations
	set, err := scenarios.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	x, c := set.FaultIndex(), scenarios.Check{SubscriberNum: "234234", Code: "pat", CarrierCode: "car7556"}
	if got := testing.AllocsPerRun(100, func() { x.Concerning(c) }); got > 0 {
		t.Errorf("%v allocations are made", got)
	}
}
