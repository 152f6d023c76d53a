package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// handlers has a method for each operation of openapi.yaml, under its operationId with a capital letter: GetMe handles
// getMe. Each method is in the file of its subject.
type handlers struct {
	clinics *clinic.Directory
	settle  func(context.Context, *clinic.Clinic) error // Options.Settle

	thumbnails thumbnails
	kept       *keptReplies
}

// handler carries out one operation. It gets a valid request.
type handler = func(context.Context, call) (reply, error)

// call is a request to an operation, decoded and validated.
type call struct {
	caller
	request *http.Request // for links with the origin in the caller's form
	prefix  string        // of the path, before api_v3
	params  document.Params
	query   url.Values
	body    fields

	scenario string // the id of the scenario the request names; empty for none

	// warn tells the caller about a probable mistake in a request VSee accepts. The warning goes into the reply
	// header X-Mock-Warnings, the log and the journal. The message names fields and never repeats a value.
	warn func(message string)
}

// bind returns the handlers by operationId. It finds the methods of h by reflection, so that no list of them has to
// agree with the document. The error joins every operation without a method and every method without an operation.
func bind[H any](operations []string, h H) (map[string]handler, error) {
	bound, extra := map[string]handler{}, []error{}
	for method := range reflect.TypeFor[H]().Methods() {
		id := strings.ToLower(method.Name[:1]) + method.Name[1:]
		// A call of the function itself costs less than that of a method value, which goes through package reflect.
		f, ok := method.Func.Interface().(func(H, context.Context, call) (reply, error))
		switch {
		case !ok:
			extra = append(extra, fmt.Errorf("function %s must be a func(context.Context, call) (reply, error)", id))
		case !slices.Contains(operations, id):
			extra = append(extra, fmt.Errorf("function %s has no operation in openapi.yaml", id))
		}
		bound[id] = func(ctx context.Context, c call) (reply, error) { return f(h, ctx, c) }
	}
	var missing []error
	for _, id := range operations {
		if _, ok := bound[id]; !ok {
			missing = append(missing, fmt.Errorf("operation %s of openapi.yaml has no function", id))
		}
	}
	return bound, errors.Join(append(missing, extra...)...)
}
