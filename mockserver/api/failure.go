package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// failure is the body of every reply but 200: flat, with the HTTP status as code (documented).
type failure struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (f failure) json() []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // for people to read as well
	_ = encoder.Encode(f)        // a number and a text
	return text.Bytes()
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

// failed turns an error into a reply. No other place does.
func failed(err error) (failure, http.Header) {
	var method *document.MethodError
	var large *http.MaxBytesError
	var refused *clinic.Error
	var broken *document.Violation
	var body *bodyError
	var all complaints
	var fault *faultError
	switch {
	case errors.Is(err, document.ErrNoPath):
		return failure{http.StatusNotFound, "Sorry, this page is not available."}, nil // VSee's own words
	case errors.As(err, &method):
		allow := strings.Join(method.Allowed, ", ")
		return failure{http.StatusMethodNotAllowed, "this path takes " + allow}, http.Header{"Allow": {allow}}
	case errors.As(err, &large):
		return failure{http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is larger than the limit of %d bytes", large.Limit)}, nil
	case errors.Is(err, clinic.ErrUnknown):
		return failure{http.StatusUnauthorized, "the clinic was deleted meanwhile"}, nil
	case errors.As(err, &refused) && statuses[refused.Kind] != 0:
		return failure{statuses[refused.Kind], refused.Message}, nil
	case errors.As(err, &all):
		return failure{http.StatusBadRequest, all.Error()}, nil
	case errors.As(err, &broken):
		return failure{http.StatusBadRequest, broken.Error()}, nil
	case errors.As(err, &body):
		return failure{http.StatusBadRequest, body.text}, nil
	case errors.As(err, &fault):
		return failure{fault.Status, "this request fails on purpose because a fault says so"}, fault.header()
	}
	return failure{http.StatusInternalServerError, "the mock has failed: see its log"}, nil
}
