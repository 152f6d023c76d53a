// Package api serves one request to VSee's API. It finds the operation in openapi.yaml, authenticates the caller,
// decodes and validates the request, calls the operation's function, validates the reply and writes it. Package
// clinic has the behaviour of a clinic; package document reads openapi.yaml.
package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"

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
	Mask        *mask.Masker                          // hides credentials in the log
	BodyLimit   int64                                 // bytes of a request's body
	AutoClinics bool                                  // an unknown account code makes a clinic
	Violated    func(error)                           // gets each breach of the document by a reply of ours
	Log         *slog.Logger

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
	operations map[string]operation
}

// operation carries out an operation of the document. It returns the value for `data` in the reply; an envelope, if
// the reply has more keys at its top; or a clinic.Image, if the reply is an image.
type operation func(ctx context.Context, c call) (any, error)

// call is one request to an operation.
type call struct {
	clinic *clinic.Clinic // nil when an operation is about none
	settle func(context.Context, *clinic.Clinic) error
	base   string            // the URL of the API in the caller's form
	token  string            // empty if the operation takes none
	params map[string]string // of the path, decoded
	query  url.Values
	body   fields

	scenario string // the id of the scenario the request names; empty for none

	// warn tells the caller about a probable mistake in a request VSee accepts. The warning goes into the reply
	// header X-Mock-Warnings, the log and the journal. The message names fields and never repeats a value.
	warn func(message string)
}

// New returns the API. It fails if an operation of the document has no function here, or a function has no operation.
func New(o Options) (*API, error) {
	a := &API{Options: o}
	a.operations = map[string]operation{
		"listAccounts":          a.listAccounts,
		"listInsurers":          listInsurers,
		"signOn":                signOn,
		"getMe":                 getMe,
		"updateMe":              updateMe,
		"getUser":               getUser,
		"searchUsers":           searchUsers,
		"login":                 login,
		"refreshToken":          refreshToken,
		"logout":                logout,
		"getAccount":            getAccount,
		"startEligibilityCheck": startEligibilityCheck,
		"listInsurerOptions":    listInsurerOptions,
		"listCards":             listCards,
		"importCards":           importCards,
		"saveCard":              saveCard,
		"deleteCard":            deleteCard,
		"getFile":               getFile,
		"submitClaim":           submitClaim,
		"getClaim":              getClaim,
		"listClaims":            listClaims,
	}
	var wrong []error
	declared := o.Document.Operations()
	for _, id := range declared {
		if a.operations[id] == nil {
			wrong = append(wrong, fmt.Errorf("operation %s of openapi.yaml has no function", id))
		}
	}
	for id := range a.operations {
		if !slices.Contains(declared, id) {
			wrong = append(wrong, fmt.Errorf("function %s has no operation in openapi.yaml", id))
		}
	}
	return a, errors.Join(wrong...)
}
