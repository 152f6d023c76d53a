package api

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/contenttype"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
	"github.com/vsee-mock/vsee-mock/mockserver/journal"
)

// decode decodes the query and the body of a request into its call, and validates them. The call has every valid
// part, even with an error, so that the choice of a fault knows the user.
func (a *API) decode(x *exchange) error {
	query, unknown, broken := x.op.Query(x.request.URL.RawQuery)
	x.call.query = query
	body, err := x.decodeBody(a.BodyLimit)
	if err != nil && errors.As(err, new(*sizeError)) {
		return err
	}
	x.call.body = body
	return a.validate(x, unknown, broken, err)
}

// validate returns an error with all problems of a request: those of the path, the query and the body. It warns of
// ignored names, whether or not there is a problem.
func (a *API) validate(x *exchange, unknown []*document.Unknown, query document.Violations, undecoded error) error {
	var found problems
	if err := x.op.CheckPath(x.call.params); err != nil {
		found = append(found, err)
	}
	body, names := x.call.body.broken, x.call.body.unknowns()
	x.op.ExplainMissing(body, names)
	if len(unknown)+len(names) > 0 {
		mode := a.unknownFields(&x.call)
		query = append(query, a.refuseUnknown(x, mode, "query parameters", unknown)...)
		body = append(body, a.refuseUnknown(x, mode, "fields", names)...)
	}
	query.Sort()
	body.Sort()
	for _, v := range slices.Concat(query, body) {
		found = append(found, v)
	}
	if undecoded != nil {
		found = append(found, undecoded)
	}
	return found.err()
}

// refuseUnknown returns the violations for refused unknown names, and warns of the ignored ones.
func (a *API) refuseUnknown(
	x *exchange, mode clinic.UnknownFields, kind string, unknown []*document.Unknown,
) document.Violations {
	refused, ignored := splitUnknown(mode, unknown)
	if len(ignored) > 0 {
		x.warn(ignoredWarning(kind, mode, ignored, a.Mask.NameMayHoldSecret))
	}
	return refused
}

// maxDiscarded is the number of bytes of a refused body that are read before the reply.
const maxDiscarded = 16 << 20

// sizeError is the error for a body over its limit in bytes. base is the limit without files.
type sizeError struct{ limit, base int64 }

func (e *sizeError) Error() string {
	text := fmt.Sprintf("the body is larger than the limit of %d bytes", e.limit)
	if e.limit > e.base {
		text += fmt.Sprintf(": %d, and %d for each of its files", e.base, clinic.MaxFile)
	}
	return text
}

// decodeBody reads and decodes the request's body, if the operation takes one. The limit counts all unpacked bytes but
// those of files. Files may come on top of it.
func (x *exchange) decodeBody(base int64) (fields, error) {
	if x.op.Body == nil {
		return fields{}, nil
	}
	contentType, limit := first(x.request.Header, "Content-Type"), base
	if contenttype.Boundary(contentType) != "" {
		limit += int64(x.op.Body.Files()) * clinic.MaxFile
	}
	body, err := x.readBody(contentType, limit)
	if err != nil && errors.As(err, new(*http.MaxBytesError)) {
		return fields{}, &sizeError{limit, base}
	}
	if int64(len(x.sent)-body.fileBytes) > base && err == nil {
		return fields{}, &sizeError{base, base}
	}
	return body, err
}

// readBody reads and decodes a body of at most limit bytes.
func (x *exchange) readBody(contentType string, limit int64) (fields, error) {
	waits := strings.EqualFold(first(x.request.Header, "Expect"), "100-continue")
	if x.request.ContentLength > limit && waits { // the caller need not send the body
		return fields{}, &http.MaxBytesError{Limit: limit}
	}
	var err error
	if x.sent, err = read(http.MaxBytesReader(x.writer, x.request.Body, limit), x.request.ContentLength); err != nil {
		// A caller that still sends would not see the reply.
		_, _ = io.CopyN(io.Discard, x.request.Body, maxDiscarded)
		return fields{}, err
	}
	if x.sent, err = unpack(x.request.Header, x.sent, limit); err != nil {
		return fields{}, err
	}
	body, err := decodeFields(contentType, x.sent, x.op.Body, x.space)
	if cap(body.quick) > cap(x.space) {
		x.space = body.quick
	}
	for _, place := range sorted(body.files) {
		file := body.files[place]
		x.files = append(x.files, journal.File{Type: file.Type, Data: file.Data})
	}
	return body, err
}
