package ownmock

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Faults describes the faults of a request in sentences without an end; none for a faultless one.
func (a *Arrival) Faults() []string {
	var faults []string
	say := func(so bool, format string, args ...any) {
		if so {
			faults = append(faults, fmt.Sprintf(format, args...))
		}
	}
	say(a.Signed != GoodSignature, "%s", a.Signed)
	say(a.Off < -Tolerance, "it is signed as of %s before it was sent", -a.Off)
	say(a.Off > Tolerance, "it is signed as of %s after it was sent", a.Off)
	say(a.Nth > 1, "it comes for the %s time", Ordinal(a.Nth))
	say(len(a.Raw) != len(a.Body), "it came compressed, in %d bytes for %d", len(a.Raw), len(a.Body))
	unknown := a.unknown()
	say(len(unknown) > 0, "it has a field that VSee does not know: %s", strings.Join(unknown, ", "))
	return faults
}

// unknown returns the fields of an event missing from its envelope.
func (a *Arrival) unknown() []string {
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(a.Body, &fields) // other bodies have no fields
	for _, known := range []string{"id", "type", "created", "account_code", "data"} {
		delete(fields, known)
	}
	return slices.Sorted(maps.Keys(fields))
}

// Ordinal writes a number above 1 as in 2nd, 3rd and 11th.
func Ordinal(n int) string {
	suffix := map[int]string{1: "st", 2: "nd", 3: "rd"}[n%10]
	if tens := n / 10 % 10; suffix == "" || tens == 1 {
		suffix = "th"
	}
	return fmt.Sprintf("%d%s", n, suffix)
}
