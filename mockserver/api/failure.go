package api

import (
	"errors"
	"net/http"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// failure is the body of every reply but 200: flat, with the HTTP status as code (documented).
type failure struct {
	Code    int    `json:"code"`
	Message string `json:"message"`

	header http.Header
}

func (f failure) json() []byte {
	const room = `{"code":500,"message":""}` + "\n"
	return append(f.appendJSON(make([]byte, 0, len(room)+len(f.Message))), '\n')
}

// appendJSON implements appender.
func (f *failure) appendJSON(b []byte) []byte {
	return append(appendField(appendNumber(append(b, '{'), "code", int64(f.Code)), "message", f.Message), '}')
}

// bodyError is the error for a body that the API cannot decode. Its text is for the caller.
type bodyError struct{ text string }

func (e *bodyError) Error() string { return e.text }

// statuses are the HTTP statuses of the domain's errors.
var statuses = map[clinic.Kind]int{
	clinic.Invalid:         http.StatusBadRequest,
	clinic.Unauthenticated: http.StatusUnauthorized,
	clinic.Forbidden:       http.StatusForbidden,
	clinic.NotFound:        http.StatusNotFound,
}

// failureOf turns an error into the body of a reply. No other function does.
func failureOf(err error) failure {
	var method *document.MethodError
	var large *sizeError
	var refused *clinic.Error
	var broken *document.Violation
	var body *bodyError
	var all problems
	var injected *faultError
	var limited *limitError
	switch {
	case errors.Is(err, document.ErrNoPath):
		return failure{Code: http.StatusNotFound, Message: "Sorry, this page is not available."} // VSee's own words
	case errors.As(err, &method):
		allow := strings.Join(method.Allowed, ", ")
		return failure{http.StatusMethodNotAllowed, "this path takes " + allow, http.Header{"Allow": {allow}}}
	case errors.As(err, &large):
		return failure{Code: http.StatusRequestEntityTooLarge, Message: large.Error()}
	case errors.Is(err, clinic.ErrUnknown):
		return failure{Code: http.StatusUnauthorized, Message: "the clinic was deleted meanwhile"}
	case errors.As(err, &refused) && statuses[refused.Kind] != 0:
		return failure{Code: statuses[refused.Kind], Message: refused.Message}
	case errors.As(err, &all):
		return failure{Code: http.StatusBadRequest, Message: all.Error()}
	case errors.As(err, &broken):
		return failure{Code: http.StatusBadRequest, Message: broken.Error()}
	case errors.As(err, &body):
		return failure{Code: http.StatusBadRequest, Message: body.text}
	case errors.As(err, &injected):
		return injected.failure()
	case errors.As(err, &limited):
		return limited.failure()
	}
	return failure{Code: http.StatusInternalServerError, Message: "the mock has failed: see its log"}
}
