package api

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/vsee-mock/vsee-mock/internal/contenttype"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// maxParts is how many fields a multipart body may have.
const maxParts = 200

// maxReserved is how many bytes a body gets room for before it is read, whatever its Content-Length.
const maxReserved = 64 << 10

// read reads a request's body to its end. size is its Content-Length, -1 for none. The error says when the body is over
// the limit.
func read(body io.Reader, size int64) (data []byte, err error) {
	if size < 0 {
		size = bytes.MinRead
	}
	data = make([]byte, 0, min(size, maxReserved)+1) // with room to see the end
	for err == nil {
		if len(data) == cap(data) {
			data = slices.Grow(data, bytes.MinRead)
		}
		var n int
		n, err = body.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
	}
	if err == io.EOF {
		return data, nil
	}
	var large *http.MaxBytesError
	if !errors.As(err, &large) {
		return nil, &bodyError{"the body could not be read to its end"}
	}
	return data, err
}

// decodeFields decodes a request's body into its fields, in any of the three media types and spellings, and validates
// them against the document. An empty body has no fields, whatever its type. The error is for a body that cannot be
// decoded; every other mistake is noted in the fields.
//
// space is for the fields; they need more memory only without it.
func decodeFields(contentType string, data []byte, body *document.Body, space []quickField) (fields, error) {
	media := mediaOf(contentType, data)
	if len(data) > 0 {
		if quick, ok := quickFields(media, contentType, data, body, space); ok {
			return quick, nil
		}
	}
	f := newFields(body)
	if len(data) > 0 {
		if err := f.read(media, contentType, data); err != nil {
			return fields{}, err
		}
	}
	f.validate()
	return f, nil
}

func (f *fields) read(media, contentType string, data []byte) error {
	switch media {
	case contenttype.JSON:
		return f.readJSON(data)
	case contenttype.Form:
		return f.readURLEncoded(data)
	case contenttype.Multipart:
		return f.readMultipart(contenttype.Boundary(contentType), data)
	}
	return &bodyError{"Content-Type must be multipart/form-data, application/x-www-form-urlencoded or " +
		"application/json" + advice(data)}
}

// mediaOf returns the media type of a body. A form type is multipart if its boundary is in the body: curl sends this
// combination when -F meets a Content-Type header of the caller's own, as in a sample command of VSee's (ours).
func mediaOf(contentType string, data []byte) string {
	media, boundary := contenttype.Media(contentType), ""
	if media == contenttype.Form {
		boundary = contenttype.Boundary(contentType)
	}
	if boundary != "" && bytes.Contains(data, []byte("--"+boundary)) {
		return contenttype.Multipart
	}
	return media
}

func (f *fields) readJSON(data []byte) error {
	object, twice, err := strictObject(data)
	if err != nil {
		return cmp.Or(mislabelled(contenttype.JSON, data), error(&bodyError{"the body " + err.Error()}))
	}
	f.sentTwice("", twice)
	return f.addAll(object)
}

func (f *fields) readURLEncoded(data []byte) error {
	if err := mislabelled(contenttype.Form, data); err != nil {
		return err
	}
	values, err := url.ParseQuery(string(data))
	if err != nil {
		return &bodyError{"the form is not well encoded: write % as %25, & as %26 and ; as %3B"}
	}
	f.form = true
	for _, name := range sorted(values) {
		if strings.HasPrefix(name, `{"`) { // some clients encode the JSON, too
			return mislabelled(contenttype.Form, []byte(name))
		}
		for _, value := range values[name] {
			if err := f.addText(name, value); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *fields) readMultipart(boundary string, data []byte) error {
	wrong := mislabelled(contenttype.Multipart, data)
	if boundary == "" {
		return cmp.Or(wrong, error(&bodyError{"Content-Type multipart/form-data has no boundary: " +
			"leave this header to your HTTP client, or add boundary= and the text that separates the parts"}))
	}
	if !bytes.Contains(data, []byte("--"+boundary)) {
		return cmp.Or(wrong, error(&bodyError{"the boundary in Content-Type is not in the body: both must be the same"}))
	}
	parts := multipart.NewReader(bytes.NewReader(data), boundary)
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if err == io.EOF { //nolint:errorlint // a wrapped io.EOF means: no last boundary
			return nil
		}
		if err != nil {
			return cmp.Or(wrong, cutOff(err))
		}
		if n == maxParts {
			return &bodyError{fmt.Sprintf("the multipart body has more than %d parts", maxParts)}
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return cutOff(err)
		}
		parameters := contenttype.Disposition(part.Header.Get("Content-Disposition"))
		if parameters["name"] == "" {
			return &bodyError{"a part of the multipart body has no name: set it in Content-Disposition"}
		}
		if err := f.addPart(parameters, value); err != nil {
			return err
		}
	}
}

// cutOff returns the error for a multipart body with a broken end.
func cutOff(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &bodyError{"the multipart body is cut off: it must end with --, the boundary and --"}
	}
	return &bodyError{"the multipart body is malformed"}
}

// addPart adds a field by the parameters of its part. A part with a file name, even an empty one, is a file. A file
// without a name and without bytes comes from a file input left empty in a browser, and counts as not sent.
func (f *fields) addPart(parameters map[string]string, value []byte) error {
	place := dotted(parameters["name"])
	name, file := parameters["filename"]
	unchosen := file && name == "" && len(value) == 0
	if file {
		f.fileBytes += len(value)
	}
	switch {
	case f.body.IsFile(place) && unchosen:
		return nil
	case f.body.IsFile(place) && (file || len(value) == 0 || !f.body.TakesText(place)):
		return f.refuse(f.addFile(place, parameters, value))
	case !file:
		return f.addText(place, string(value))
	case !utf8.ValidString(place):
		return &bodyError{"the body is not valid UTF-8"}
	}
	if _, err := f.body.Place(place); err != nil || unchosen {
		return f.refuse(err)
	}
	return f.refuseField(place, "must be text, not a file")
}

// addText adds a field of a form. The field of an object may hold it as JSON, and the field of a list must.
func (f *fields) addText(name, value string) error {
	name = dotted(name)
	if !utf8.ValidString(name) || !utf8.ValidString(value) {
		return &bodyError{"the body is not valid UTF-8"}
	}
	if f.body.IsList(name) || f.body.IsPlainList(name) {
		list, twice, err := strictList([]byte(value))
		if err != nil && f.body.IsPlainList(name) && !strings.HasPrefix(strings.TrimSpace(value), "[") {
			err = fmt.Errorf("must be a list: send %s[] once for each item, or a JSON list", name)
		}
		if err != nil {
			return f.refuseField(name, err.Error())
		}
		f.sentTwice(name, twice)
		return f.add(name, list)
	}
	if !f.body.IsGroup(name) {
		return f.add(name, value)
	}
	object, twice, err := strictObject([]byte(value))
	if err != nil {
		return f.refuseField(name, err.Error())
	}
	f.sentTwice(name, twice)
	return f.add(name, object)
}
