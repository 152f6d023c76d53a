package api

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/fault"
)

// faultError is a deliberate failure, sent in place of serving the request.
type faultError struct{ fault.Effect }

func (e *faultError) Error() string { return fmt.Sprintf("a fault of status %d", e.Status) }

// header returns the headers of the failure.
func (e *faultError) header() http.Header {
	if e.RetryAfter == 0 {
		return nil
	}
	return http.Header{"Retry-After": {strconv.Itoa(int(e.RetryAfter / time.Second))}}
}

// befall decides which fault a request gets. The clinic and the operation are known, and nothing has been done yet.
func (a *API) befall(x *exchange, c *call) error {
	if x.clinic == nil { // faults are a clinic's
		return nil
	}
	stories, err := a.stories(x, c)
	if err != nil {
		return err
	}
	if faults := a.Faults(x.clinic); faults != nil {
		x.fate = faults.ForRequest(x.op.ID, stories...)
	}
	if x.fate.Kind == fault.Status {
		return &faultError{x.fate}
	}
	return nil
}
