//go:build ignore

package contract

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// largest is a mock's default limit for a body, in bytes.
const largest = 1 << 20

// failureSpecs adds the failures that openapi.yaml lists for each operation.
func failureSpecs(t *target) {
	t.in("Failures", func() {
		for _, o := range operations() {
			if o.id == "listAccounts" {
				continue // it belongs to no clinic, and faults are set per clinic
			}
			for _, status := range scenarios.Statuses() {
				failure(t, o, status)
			}
		}
		for _, o := range operations() {
			if o.body {
				tooLarge(t, o)
			}
		}
	})
}

// failure adds a requirement that an operation fails as in openapi.yaml. Only a mock can fail on demand.
func failure(t *target, o operation, status int) {
	r := cell("FAIL", strconv.Itoa(status), "are told of flat, and the next request goes through, "+strings.ToLower(http.StatusText(status)), documented, o)
	r.effect, r.needs = mutating, []need{aMock}
	t.require(r, func(w *world) {
		made := o.call(w)
		made.prepare()
		w.fail(scenarios.Fault{Operation: o.id, Times: 1, Status: status})
		refused(made.send(w, w.base(), "", nil), status)
		made.shows(made.send(w, w.base(), "", nil))
	})
}

// tooLarge adds a requirement that an operation refuses an oversized body.
func tooLarge(t *target, o operation) {
	t.require(cell("FAIL", "413", "are told of flat when a body is too large", ours, o), func(w *world) {
		made := o.call(w)
		made.body = func() payload { return asURLEncoded(form{{"city", strings.Repeat("x", largest)}}) }
		refused(made.send(w, w.base(), "", nil), http.StatusRequestEntityTooLarge)
	})
}
