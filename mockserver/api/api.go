// Package api serves one request to VSee's API. It finds the operation in openapi.yaml, authenticates the caller,
// decodes and validates the request, calls the operation's handler, encodes and validates the reply, writes it, and
// records the exchange. Package clinic has the behaviour of a clinic; package document reads openapi.yaml.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clearinghouse"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
	"github.com/vsee-mock/vsee-mock/mockserver/fault"
	"github.com/vsee-mock/vsee-mock/mockserver/journal"
	"github.com/vsee-mock/vsee-mock/mockserver/mask"
)

// Options configure an API. All are required but AutoClinics.
type Options struct {
	Document    *document.Document
	Clinics     *clinic.Directory
	Journal     func(*clinic.Clinic) *journal.Journal // the journal of a clinic, nil when it was deleted
	Faults      func(*clinic.Clinic) *fault.Injector  // the faults of a clinic, nil when it was deleted
	Epoch       *journal.Epoch                        // of the journals
	NextID      func() string                         // the id of a request that has none, and no clinic
	Mask        *mask.Masker                          // hides credentials in the log
	BodyLimit   int64                                 // bytes of a request's body
	AutoClinics bool                                  // an unknown account code makes a clinic
	// Count gets each reply, with the operation (empty for none), the status, the number of warnings and the time it took;
	// nil for nobody.
	Count    func(operation string, status, warnings int, took time.Duration)
	Violated func(error) // gets each breach of the document by a reply of ours
	Log      *slog.Logger

	// UnknownFields is the treatment of unknown names in a request without a clinic.
	UnknownFields clinic.UnknownFields

	// Stopping ends when the mock begins to stop: from then on no reply is held back.
	Stopping context.Context //nolint:containedctx // it lives as long as the mock

	// Clearinghouse has the scenarios in force.
	Clearinghouse *clearinghouse.Clearinghouse

	// Settle runs everything due in a clinic by now, and returns when it is done.
	Settle func(context.Context, *clinic.Clinic) error
}

// API is an http.Handler for VSee's API, under each of its prefixes.
type API struct {
	Options
	handlers     map[string]handler     // by operationId
	plainHeaders map[string]http.Header // as plainHeaders returns them
	isToken      func(json []byte) bool // whether a text is certainly a valid token of a sign-on
	exchanges    sync.Pool              // of *exchange, to be used again
}

// New returns the API. It fails if an operation of the document has no handler, or a handler has no operation.
func New(o Options) (*API, error) {
	handlers, err := bind(o.Document.Operations(), handlers{o.Clinics, o.Settle, make(thumbnails, 1), &keptReplies{}})
	return &API{
		Options: o, handlers: handlers, plainHeaders: plainHeaders(o.Document),
		isToken: o.Document.Operation("signOn").ReplyPart("data", "token"),
		exchanges: sync.Pool{New: func() any {
			x := &exchange{}
			x.warner = x.warn
			return x
		}},
	}, err
}
