package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/contenttype"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
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
	sent    []byte         // the request's body
	images  []journal.File // the files in sent
	start   time.Time
	mark    journal.Mark        // the same for the journals
	op      *document.Operation // nil when the document has none
	clinic  *clinic.Clinic      // nil while it is not known
	header  http.Header         // of the reply
	status  int
	media   string // the type of the reply
	reply   []byte
	read    string       // the id of the user whose results the reply shows
	ours    bool         // the result in the reply was decided by a rule of the mock alone
	check   string       // the id of the check it has started
	claim   string       // the id of the claim it has submitted
	broken  error        // how the reply broke the document
	fate    fault.Effect // the deliberate failure

	id       string // of the request
	path     string // as the document has it; empty when it has none
	message  string // why it was refused or failed
	warnings []string
}

// warn adds a warning to the reply, the log and the journal.
func (x *exchange) warn(message string) {
	x.warnings = append(x.warnings, message)
	x.header.Add(HeaderWarnings, message)
}

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &exchange{request: r, writer: w, start: clock.Wall(), mark: a.Epoch.Mark(), header: http.Header{}, media: contenttype.JSON}
	data, err := a.attempt(x)
	a.identify(x)
	if err != nil {
		a.fail(x, err)
	} else {
		a.succeed(x, data)
	}
	a.check(x)
	x.header.Set("Content-Type", x.media)
	x.header.Set(HeaderEvidence, a.evidence(x))
	x.spoil()
	a.reply(w, x)
}

// reply sends the reply, after any delay, and records the exchange.
func (a *API) reply(w http.ResponseWriter, x *exchange) {
	if x.fate.Latency > 0 {
		a.wait(x.request.Context(), x.fate.Latency)
	}
	if x.fate.Kind == fault.Reset {
		a.note(x) // before the caller can know, and look
		reset(w)
		return
	}
	maps.Copy(w.Header(), x.header)
	read := a.reading(x)
	x.send(w)
	a.note(x) // before the caller has all of the reply, and can send more
	read(w)
}

// wait holds a reply back on purpose, until the span is over, the caller has gone or the mock stops.
func (a *API) wait(ctx context.Context, span time.Duration) {
	waiting, enough := context.WithCancel(ctx)
	defer enough()
	defer context.AfterFunc(a.Stopping, enough)()
	_ = clock.Wait(waiting, span) // an error means the caller has gone or the mock stops
}

// reading tells the clinic when a reply with a user, and so with results, is about to be sent. The returned function
// sends the rest of the reply and tells the clinic about its arrival.
func (a *API) reading(x *exchange) (read func(http.ResponseWriter)) {
	if x.read == "" || x.status != http.StatusOK || x.fate.Kind != fault.None {
		return func(http.ResponseWriter) {}
	}
	failed := func(err error) {
		if err != nil {
			a.logger(x).Error("events that waited for a user to be read could not be sent", "error", err)
		}
	}
	over, err := x.clinic.Reading(context.WithoutCancel(x.request.Context()), x.read)
	failed(err)
	return func(w http.ResponseWriter) {
		_ = http.NewResponseController(w).Flush() // after a failed flush, the bytes are out already
		failed(over())
	}
}

// attempt calls answer and turns a panic into an error: the caller gets a reply and the log has the stack.
func (a *API) attempt(x *exchange) (data any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return a.answer(x)
}

// ours is the evidence grade of behaviour that VSee does not document.
const ours = "ours"

// evidence returns the grade of the operation, or of the refusal if there is no operation. A deliberate failure is
// always ours, and so is a part of a scenario that only a mock can play.
func (a *API) evidence(x *exchange) string {
	switch {
	case x.op == nil:
		return a.Document.Unrouted(x.status)
	case x.fate.Kind != fault.None, x.ours:
		return ours
	}
	return x.op.Evidence
}

// answer serves the request and returns the value for `data`. A fault with a status strikes before anything is done.
// The other faults change the reply: all work is done by then, as it is when a real reply is lost and the caller
// cannot know.
func (a *API) answer(x *exchange) (any, error) {
	r := x.request
	prefix, path, ok := resource(r.URL.EscapedPath())
	if !ok {
		return nil, document.ErrNoPath
	}
	op, params, err := a.Document.Find(r.Method, path)
	if err != nil {
		x.path = pathOf(err)
		return nil, err
	}
	x.op, x.path = op, op.Path
	c := call{params: params, settle: a.Settle, base: baseOf(r, prefix), warn: x.warn}
	c.clinic, c.token, err = a.authenticate(r, op, params)
	x.clinic = c.clinic
	if err != nil {
		return nil, err
	}
	wrong := a.take(x, &c)
	if err := a.befall(x, &c); err != nil {
		return nil, err
	}
	if wrong != nil {
		return nil, wrong
	}
	data, err := a.operations[op.ID](r.Context(), c)
	switch data := data.(type) {
	case user:
		x.read, x.ours = data.ID, data.ours
	case envelope:
		x.read, x.ours = data.shows, data.ours
	case startedCheck:
		x.check, x.ours = data.ID, data.ours
	case submittedClaim:
		x.claim = data.ID
	}
	return data, err
}

// take decodes the request into the call, as far as the document allows it. The error joins all mistakes in the
// request. The caller is warned of ignored names, whether or not the rest is refused.
func (a *API) take(x *exchange, c *call) error {
	var wrong complaints
	if err := x.op.CheckPath(c.params); err != nil {
		wrong = append(wrong, err)
	}
	query, parameters, broken := x.op.Query(x.request.URL.RawQuery)
	c.query = query
	body, err := x.body(a.BodyLimit)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	c.body = body
	var names []*document.Unknown
	if len(body.unknown) > 0 {
		names = body.unknowns()
	}
	if len(parameters)+len(names) > 0 {
		mode, err := a.unknownFields(x.request.Context(), x.clinic)
		if err != nil {
			return err
		}
		broken = append(broken, a.judge(x, mode, "query parameters", parameters)...)
		body.broken = append(body.broken, a.judge(x, mode, "fields", names)...)
		body.broken.Sort()
	}
	broken.Sort()
	for _, v := range slices.Concat(broken, body.broken) {
		wrong = append(wrong, v)
	}
	if err != nil {
		wrong = append(wrong, err)
	}
	return wrong.err()
}

// judge returns the violations for refused unknown names, and warns of the ignored ones.
func (a *API) judge(x *exchange, mode clinic.UnknownFields, what string, unknown []*document.Unknown) document.Violations {
	refused, ignored := judge(mode, unknown)
	if len(ignored) > 0 {
		x.warn(ignoredWarning(what, mode, ignored, a.Mask.NameMayHoldSecret))
	}
	return refused
}

// readOn is the number of bytes of a refused body that are read before the reply.
const readOn = 16 << 20

// body reads and decodes the request's body, when the operation takes one. Images come on top of the limit of a body,
// which is one of what gzip unpacks to, too.
func (x *exchange) body(limit int64) (fields, error) {
	if x.op.Body == nil {
		return fields{}, nil
	}
	contentType := x.request.Header.Get("Content-Type")
	if contenttype.Boundary(contentType) != "" {
		limit += int64(x.op.Body.Files()) * clinic.MaxImage
	}
	waits := strings.EqualFold(x.request.Header.Get("Expect"), "100-continue")
	if x.request.ContentLength > limit && waits { // the caller need not send the body
		return fields{}, &http.MaxBytesError{Limit: limit}
	}
	var err error
	if x.sent, err = read(http.MaxBytesReader(x.writer, x.request.Body, limit)); err != nil {
		_, _ = io.CopyN(io.Discard, x.request.Body, readOn) // a caller that still sends would not see the reply
		return fields{}, err
	}
	if x.sent, err = unpack(x.request.Header, x.sent, limit); err != nil {
		return fields{}, err
	}
	body, err := decode(contentType, x.sent, x.op.Body)
	for _, place := range sorted(body.files) {
		x.images = append(x.images, journal.File(body.files[place]))
	}
	return body, err
}

func (a *API) succeed(x *exchange, data any) {
	if image, ok := data.(clinic.Image); ok {
		x.status, x.media, x.reply = http.StatusOK, image.Type, image.Data
		x.header.Set("X-Content-Type-Options", "nosniff")
		return
	}
	whole, ok := data.(envelope)
	if !ok {
		whole.Data = data
	}
	reply, err := json.Marshal(whole)
	if err != nil {
		a.fail(x, err)
		return
	}
	reply = append(reply, '\n')
	x.status, x.reply = http.StatusOK, reply
}

func (a *API) fail(x *exchange, err error) {
	reply, header := failed(err)
	if reply.Code == http.StatusInternalServerError && x.fate.Kind != fault.Status {
		a.logger(x).Error("a request could not be answered", "error", err)
	}
	maps.Copy(x.header, header)
	x.status, x.message = reply.Code, reply.Message
	x.reply = reply.json()
}

// check validates the reply against the document. An invalid reply is a mistake of ours and is not sent.
func (a *API) check(x *exchange) {
	if x.op == nil {
		x.broken = a.Document.CheckFailure(x.reply)
	} else {
		x.broken = x.op.CheckReply(x.status, x.media, x.reply)
	}
	if x.broken == nil {
		return
	}
	a.logger(x).Error("our reply breaks openapi.yaml", "status", x.status, "violation", x.broken)
	a.Violated(x.broken)
	x.status, x.media, x.message = http.StatusInternalServerError, contenttype.JSON, "the mock's reply breaks openapi.yaml: see its log"
	x.reply = failure{x.status, x.message}.json()
}

func (x *exchange) operation() string {
	if x.op == nil {
		return ""
	}
	return x.op.ID
}

// note records the exchange in the log and, if its clinic is known, in the clinic's journal.
func (a *API) note(x *exchange) {
	took := clock.Since(x.start)
	if x.clinic != nil {
		a.keep(x, took)
	}
	a.log(x, took)
}

// keep puts the exchange into the clinic's journal, unless the clinic was deleted meanwhile. It decodes nothing: the
// journal decodes an exchange when it is read.
func (a *API) keep(x *exchange, took time.Duration) {
	kept := a.Journal(x.clinic)
	if kept == nil {
		return
	}
	r := x.request
	e := journal.RawExchange{
		Facts: journal.Facts{
			At: x.clinic.Clock().Now(), Began: x.start, Duration: took, Method: r.Method, Operation: x.operation(),
			CheckID: x.check, ClaimID: x.claim, RequestID: x.id, Status: x.status, Fault: x.fate.String(), Warnings: x.warnings,
		},
		Mark: x.mark, URL: *r.URL,
		Request: journal.RawMessage{Header: r.Header, Body: x.sent, Files: x.images},
		Reply:   journal.RawMessage{Header: x.header, Body: x.reply},
	}
	if x.broken != nil {
		e.Violation = x.broken.Error()
	}
	kept.AddExchange(e)
}
