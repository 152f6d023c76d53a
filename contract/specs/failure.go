package specs

import (
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// largest is a mock's default limit for a body, in bytes.
const largest = 1 << 20

// failureSpecs adds the failures of each operation in openapi.yaml.
func failureSpecs(l *list) {
	for _, o := range operations() {
		if o.id == "listAccounts" {
			continue // it belongs to no clinic, and faults are set per clinic
		}
		for _, status := range scenarios.Statuses() {
			l.failure(o, status)
		}
	}
	for _, o := range operations() {
		if o.body {
			l.badBody(o)
		}
	}
}

// failure adds a requirement on a failure of an operation, as in openapi.yaml. Only a mock can fail on demand.
func (l *list) failure(o operation, status int) {
	r := cell("FAIL", strconv.Itoa(status), "fails with a flat "+strings.ToLower(http.StatusText(status))+
		", and accepts the next request", documented, o)
	r.Effect, r.Needs = requirement.Changes, []need{aMock}
	l.require(r, func(t *trial) {
		made := o.call(t)
		q := made.request()
		failing := q.Status(faultCase(status), status)
		failing.Raw = true
		t.Faults(scenarios.Fault{Operation: o.id, Times: 1, Status: status})
		t.Send(failing).Refused()
		made.shows(t.Send(q))
	})
}

// faultCase is the case whose reply has a status; of the statuses of a busy or broken server, the case beyond a limit.
func faultCase(status int) result.Case {
	switch status {
	case http.StatusBadRequest:
		return result.BadField
	case http.StatusUnauthorized:
		return result.WrongToken
	case http.StatusForbidden:
		return result.OtherUser
	case http.StatusNotFound:
		return result.UnknownID
	}
	return result.Limit
}

// tooLargeBody is the same for all operations: making it takes longer than sending it.
var tooLargeBody = sync.OnceValue(func() engine.Payload {
	return engine.URLEncoded(form{{"city", strings.Repeat("x", largest)}})
})

// badBody adds a requirement on the refusals of a body that cannot be read and of an oversized one.
func (l *list) badBody(o operation) {
	l.require(cell("FAIL", "413", "refuses broken JSON, and too large a body", ours, o), func(t *trial) {
		q := o.call(t).request()
		q.Body = payload{ContentType: "application/json", Data: []byte(`{"first_name": `)}
		t.Send(q.As(result.BadField)).Refused()
		q.Body = tooLargeBody()
		t.Send(q.Status(result.Limit, http.StatusRequestEntityTooLarge)).Refused()
	})
}
