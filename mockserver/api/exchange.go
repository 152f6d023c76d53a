package api

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/contenttype"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
	"github.com/vsee-mock/vsee-mock/mockserver/fault"
	"github.com/vsee-mock/vsee-mock/mockserver/journal"
)

// HeaderEvidence is the reply header with the evidence grade of the operation.
const HeaderEvidence = "X-Mock-Evidence"

// HeaderWarnings is the reply header with probable mistakes in a request, one value for each warning.
const HeaderWarnings = "X-Mock-Warnings"

// exchange is one HTTP request and its reply being served.
type exchange struct {
	request *http.Request
	writer  http.ResponseWriter
	escaped string // the request's path, percent-encoded
	id      string // of the request
	start   time.Time
	mark    journal.Mark // the same for the journals

	op    *document.Operation // nil if the document has none for the request
	path  string              // in the document; empty if it has none
	call  call                // its clinic is nil until authenticate has found it
	sent  []byte              // the request's body
	space []quickField        // of earlier exchanges, to be used again
	files []journal.File      // the files in sent
	fault fault.Effect        // the deliberate failure

	reply    reply
	journal  *journal.Journal // of the clinic; nil when the clinic was deleted
	header   http.Header      // of the reply; exchanges may share it
	message  string           // the reason for a refusal or a failure
	warnings []string
	broken   error // a breach of the document by the reply

	warner func(message string) // warn, as the call has it
}

// warn adds a warning to the reply, the log and the journal.
func (x *exchange) warn(message string) { x.warnings = append(x.warnings, message) }

// Serve replies to a request with a percent-encoded path.
func (a *API) Serve(w http.ResponseWriter, r *http.Request, path string) {
	x := a.exchanges.Get().(*exchange)
	*x = exchange{
		request: r, writer: w, escaped: path, start: clock.Wall(), mark: a.Epoch.Mark(), space: x.space, warner: x.warner,
	}
	err := a.serve(x)
	a.identify(x)
	if err == nil {
		err = x.reply.encode()
	}
	if err != nil {
		a.refuse(x, err)
	}
	a.validateReply(x)
	x.header = a.replyHeader(x)
	x.injectFault()
	a.write(w, x)
	clear(x.space[:cap(x.space)])
	*x = exchange{space: x.space, warner: x.warner} // the pool keeps nothing of it in memory
	a.exchanges.Put(x)
}

// serve takes a request through the steps up to its handler. A panic becomes an error with the stack: the caller gets
// a reply, and the log has the stack. A fault with a status comes before the refusal of an invalid request.
func (a *API) serve(x *exchange) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if err := a.route(x); err != nil {
		return err
	}
	if x.call.caller, err = a.authenticate(x); err != nil {
		return err
	}
	invalid := a.decode(x)
	if err := a.chooseFault(x); err != nil {
		return err
	}
	if invalid != nil && x.op.ID == "submitClaim" {
		return withClaimProblems(x.request.Context(), x.call, invalid)
	}
	if invalid != nil {
		return invalid
	}
	if x.reply, err = a.handlers[x.op.ID](x.request.Context(), x.call); err != nil {
		x.reply = reply{}
	}
	return a.withWordPaths(x, err)
}

// route finds the operation of a request, and the parameters in its path.
func (a *API) route(x *exchange) error {
	prefix, path, ok := resource(x.escaped)
	if !ok {
		x.warn("paths of the API start with " + root + "; a browser shows the mock at /_mock/page")
		return document.ErrNoPath
	}
	op, params, err := a.Document.Find(x.request.Method, path)
	if err != nil {
		if near := a.Document.NearPath(path); near != "" && errors.Is(err, document.ErrNoPath) {
			x.warn("openapi.yaml has no such path: did you mean " + near + "?")
		}
		x.path = pathOf(err)
		return err
	}
	x.op, x.path = op, op.Path
	x.call = call{params: params, request: x.request, prefix: strings.TrimSuffix(prefix, root), warn: x.warner}
	return nil
}

// ours is the evidence grade of behaviour that VSee does not document.
const ours = "ours"

// evidence returns the grade of the operation, or of the refusal if there is no operation. A deliberate failure is
// always ours, and so is a part of a scenario that only a mock can play.
func (a *API) evidence(x *exchange) string {
	switch {
	case x.op == nil:
		return a.Document.Unrouted(x.reply.status)
	case x.fault.Kind != fault.None, x.reply.ours:
		return ours
	}
	return x.op.Evidence
}

// plainHeaders returns the headers of replies in JSON without a header of their own, by their evidence grade.
func plainHeaders(doc *document.Document) map[string]http.Header {
	headers := map[string]http.Header{ours: newHeader(contenttype.JSON, ours)}
	for _, id := range doc.Operations() {
		grade := doc.Operation(id).Evidence
		headers[grade] = newHeader(contenttype.JSON, grade)
	}
	return headers
}

func newHeader(media, grade string) http.Header {
	return http.Header{"Content-Type": {media}, HeaderEvidence: {grade}}
}

// replyHeader returns the headers of the reply. They must not be changed: exchanges share them.
func (a *API) replyHeader(x *exchange) http.Header {
	grade := a.evidence(x)
	isPlain := len(x.reply.header)+len(x.warnings) == 0 && x.reply.media == contenttype.JSON
	if header := a.plainHeaders[grade]; isPlain && header != nil {
		return header
	}
	header := newHeader(x.reply.media, grade)
	maps.Copy(header, x.reply.header)
	if len(x.warnings) > 0 {
		header[HeaderWarnings] = x.warnings
	}
	return header
}

// refuse makes the reply to a request that ends with an error. An unexpected error goes to the log only.
func (a *API) refuse(x *exchange, err error) {
	f := failureOf(err)
	if f.Code == http.StatusInternalServerError && x.fault.Kind != fault.Status {
		a.logError(x, "serving a request failed", "error", err)
	}
	x.setFailure(f)
}

// setFailure replaces the reply by a failure. The journal still has the check or the claim that the request began.
func (x *exchange) setFailure(f failure) {
	x.message = f.Message
	x.reply.status, x.reply.header, x.reply.media, x.reply.body = f.Code, f.header, contenttype.JSON, f.json()
	x.reply.valid = nil
}

// validateReply validates the reply against the document, the same bytes once. An invalid reply is a mistake of ours
// and is not sent.
func (a *API) validateReply(x *exchange) {
	if x.reply.valid != nil && x.reply.valid.Load() && (x.reply.token == nil || a.isToken(x.reply.token)) {
		return
	}
	if x.op == nil {
		x.broken = a.Document.CheckFailure(x.reply.body)
	} else {
		x.broken = x.op.CheckReply(x.reply.status, x.reply.media, x.reply.body)
	}
	if x.broken == nil {
		if x.reply.valid != nil {
			x.reply.valid.Store(true)
		}
		return
	}
	a.logError(x, "the reply breaks openapi.yaml", "status", x.reply.status, "violation", x.broken)
	a.Violated(x.broken)
	const message = "the mock's reply breaks openapi.yaml: see its log"
	x.setFailure(failure{Code: http.StatusInternalServerError, Message: message})
}
