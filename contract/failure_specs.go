package contract

import (
	"net/http"
	"strings"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// bodyLimit is the largest body in bytes that a mock takes by default.
const bodyLimit = 1 << 20

// failureSpecs adds what VSee documents of each operation, and only a mock can be told to do.
func failureSpecs(t *target) {
	t.in("Failures", func() {
		for _, c := range []struct {
			status int
			ids    row
		}{
			{http.StatusTooManyRequests, row{"FAIL-001", "FAIL-002", "FAIL-003", "FAIL-004", "FAIL-005", "FAIL-006"}},
			{http.StatusInternalServerError, row{"FAIL-007", "FAIL-008", "FAIL-009", "FAIL-010", "FAIL-011", "FAIL-012"}},
			{http.StatusBadGateway, row{"FAIL-013", "FAIL-014", "FAIL-015", "FAIL-016", "FAIL-017", "FAIL-018"}},
			{http.StatusServiceUnavailable, row{"FAIL-019", "FAIL-020", "FAIL-021", "FAIL-022", "FAIL-023", "FAIL-024"}},
			{http.StatusGatewayTimeout, row{"FAIL-025", "FAIL-026", "FAIL-027", "FAIL-028", "FAIL-029", "FAIL-030"}},
		} {
			for column, operation := range operations() {
				t.require(required{
					id: c.ids[column], title: "are told of flat, and the next request goes through: " + operation + ", " + strings.ToLower(http.StatusText(c.status)),
					level: must, operation: operation, effect: mutating, evidence: documented, needs: []need{aMock},
				}, func(w *world) {
					made := w.call(column)
					path, header := made.path(), made.header()
					w.fail(scenarios.Fault{Operation: operation, Times: 1, Status: c.status})
					refused(w.send(made.method, path, made.body(), header), c.status)
					made.shows(w.send(made.method, path, made.body(), header))
				})
			}
		}
		for column, id := range (row{updateMe: "FAIL-031", signOn: "FAIL-032"}) {
			if id == "" {
				continue
			}
			t.require(required{
				id: id, title: "are told of flat when a body is too large: " + operations()[column],
				level: may, operation: operations()[column], effect: mutating, evidence: ours,
			}, func(w *world) {
				made := w.call(column)
				large := asMultipart(form{{"city", strings.Repeat("x", bodyLimit)}})
				refused(w.send(made.method, made.path(), large, made.header()), http.StatusRequestEntityTooLarge)
			})
		}
	})
}
