package scenarios

import "slices"

// FaultIndex finds the scenarios with faults for requests, among any number of scenarios. It does not change.
type FaultIndex struct {
	set    Set // with faults
	places *places
}

// FaultIndex returns an index of the scenarios with faults for requests, in their order.
func (s Set) FaultIndex() *FaultIndex {
	x := &FaultIndex{places: newPlaces()}
	for i := range s {
		if len(s[i].HTTP) > 0 {
			x.places.add(&s[i].When, len(x.set))
			x.set = append(x.set, s[i])
		}
	}
	return x
}

// IsEmpty reports whether no scenario has faults for requests.
func (x *FaultIndex) IsEmpty() bool { return len(x.set) == 0 }

// Concerning returns the scenarios, in order, that may match a future check, as far as it can be known before.
func (x *FaultIndex) Concerning(checks ...Check) Set {
	var found []int
	for i := range checks {
		for places := range x.places.of(&checks[i]) {
			for _, place := range places {
				if x.set[place].When.Concerns(checks[i]) {
					found = append(found, place)
				}
			}
		}
	}
	slices.Sort(found)
	var set Set
	for _, place := range slices.Compact(found) {
		set = append(set, x.set[place])
	}
	return set
}
