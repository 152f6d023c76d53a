package mutant

import (
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// The Operation values of Mutants with a change in webhook requests: the types of events.
const (
	Event   = "eligibility.checked"
	Claimed = "claim.updated"
	Created = "user.created"
)

// IsEvent reports whether an Operation is the type of an event.
func IsEvent(operation string) bool { return slices.Contains(embedded.Spec().Types(), operation) }

// eventOf returns the type of an event; Event for one without a known type.
func eventOf(body []byte) string {
	if kind := textAt(body, "type"); IsEvent(kind) {
		return kind
	}
	return Event
}

// operation returns the operationId of a call, "" when openapi.yaml has none for it.
func (c call) operation() string {
	_, path, _ := strings.Cut(c.path, "/api_v3")
	found, _ := embedded.Spec().Find(c.method, path)
	return found.ID
}

// operations returns the ids of the matching operations, in the order of openapi.yaml.
func operations(fits func(apispec.Operation) bool) []string {
	var ids []string
	for _, o := range embedded.Spec().Operations {
		if fits(o) {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// callableBy returns the ids of the operations for some callers (x-caller).
func callableBy(callers ...string) []string {
	return operations(func(o apispec.Operation) bool { return slices.Contains(callers, o.Caller) })
}
