package api

import (
	"net/url"
	"strings"
	"unsafe"

	"github.com/vsee-mock/vsee-mock/internal/contenttype"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// quickFields decodes a form in one pass, if it is written as HTTP clients write forms, and each of its fields is
// certainly valid. It returns false for any other body, also for an invalid one: decodeFields then reads it from the
// start, and with the same result where both can read it.
// It keeps the fields in space as long as they fit.
func quickFields(
	media, contentType string, data []byte, body *document.Body, space []quickField,
) (fields, bool) {
	q := quick{Quick: body.Quick(), fields: fields{body: body, quick: space[:0]}}
	//nolint:gosec // nobody changes the bytes of a body, so its fields may be parts of it
	text, read := unsafe.String(unsafe.SliceData(data), len(data)), false
	switch media {
	case contenttype.Form:
		q.fields.form = true
		read = q.urlEncoded(text)
	case contenttype.Multipart:
		read = q.multipart(contenttype.Boundary(contentType), text)
	}
	return q.fields, read && q.Complete()
}

// quickField is a field of a body decoded in one pass.
type quickField struct {
	place, name string
	text        string
	value       any // nil for a text
}

type quick struct {
	document.Quick
	fields fields
}

// add adds a field under its name. It returns false for a second value of a field.
func (q *quick) add(name, text string) bool {
	place, text, value, ok := q.Add(name, text)
	if !ok || place == "" {
		return ok
	}
	if q.fields.quickAt(place) != nil {
		return false
	}
	q.fields.quick = append(q.fields.quick, quickField{place, name, text, value})
	return true
}

func (q *quick) urlEncoded(data string) bool {
	if strings.IndexByte(data, ';') >= 0 {
		return false
	}
	for pair := range strings.SplitSeq(data, "&") {
		name, text, ok := strings.Cut(pair, "=")
		if strings.ContainsAny(text, "%+") {
			var err error
			if text, err = url.QueryUnescape(text); err != nil {
				return false
			}
		}
		if !ok || !q.add(name, text) {
			return false
		}
	}
	return true
}

// The header of a part with a field, up to its name, and after it.
const (
	beforeName = "\r\nContent-Disposition: form-data; name=\""
	afterName  = "\"\r\n\r\n"
)

// multipart decodes parts with the usual header alone.
func (q *quick) multipart(boundary, data string) bool {
	data, ok := strings.CutPrefix(data, "--"+boundary)
	end := "\r\n--" + boundary
	for n := 0; ok && boundary != "" && n < maxParts; n++ {
		if data == "--" || data == "--\r\n" {
			return true
		}
		var name, text string
		if data, ok = strings.CutPrefix(data, beforeName); !ok {
			return false
		}
		if name, data, ok = strings.Cut(data, afterName); !ok {
			return false
		}
		text, data, ok = strings.Cut(data, end)
		// Such a text would be an empty part and the next one.
		ok = ok && !strings.HasPrefix(text, end[len("\r\n"):]) && q.add(name, text)
	}
	return false
}
