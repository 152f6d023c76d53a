package api

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"unicode/utf8"

	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// maxParts is how many fields a multipart body may have.
const maxParts = 200

// read reads a request's body to its end. The error says when it is over the limit.
func read(body io.Reader) ([]byte, error) {
	data, err := io.ReadAll(body)
	var large *http.MaxBytesError
	if err != nil && !errors.As(err, &large) {
		return nil, &bodyError{"the body could not be read to its end"}
	}
	return data, err
}

// decode decodes a request's body, in whichever of the three media types and spellings, into its fields, and checks
// them against the document. An empty body has no fields, whatever its type.
func decode(contentType string, data []byte, body *document.Body) (fields, error) {
	f := newFields(body)
	if len(data) > 0 {
		if err := f.read(contentType, data); err != nil {
			return fields{}, err
		}
	}
	return f, f.check()
}

func (f *fields) read(contentType string, data []byte) error {
	switch mediaOf(contentType) {
	case jsonType:
		return f.readJSON(data)
	case formType:
		return f.readURLEncoded(data)
	case multipartType:
		return f.readMultipart(boundary(contentType), data)
	}
	return &bodyError{"Content-Type must be multipart/form-data, application/x-www-form-urlencoded or application/json"}
}

func (f *fields) readJSON(data []byte) error {
	object, err := strictObject(data)
	if err != nil {
		return &bodyError{"the body " + err.Error()}
	}
	return f.addAll(object)
}

func (f *fields) readURLEncoded(data []byte) error {
	values, err := url.ParseQuery(string(data))
	if err != nil {
		return &bodyError{"the form is not well encoded"}
	}
	for _, name := range sorted(values) {
		for _, value := range values[name] {
			if err := f.addText(name, value); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *fields) readMultipart(boundary string, data []byte) error {
	if boundary == "" {
		return &bodyError{"Content-Type multipart/form-data names no boundary: leave this header to your HTTP client, or add boundary= and the text that separates the parts"}
	}
	if !bytes.Contains(data, []byte("--"+boundary)) {
		return &bodyError{"the boundary that Content-Type names is nowhere in the body: both must be the same"}
	}
	parts := multipart.NewReader(bytes.NewReader(data), boundary)
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return &bodyError{"the multipart body is malformed"}
		}
		if n == maxParts {
			return &bodyError{fmt.Sprintf("the multipart body has more than %d parts", maxParts)}
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return &bodyError{"the multipart body is malformed"}
		}
		if disposition(part)["name"] == "" {
			return &bodyError{"a part of the multipart body has no name"}
		}
		if err := f.addPart(part, value); err != nil {
			return err
		}
	}
}

// addPart adds a field. What has a file name, be it an empty one, is a file; a file without a name and without bytes is
// that of an input of a page that nobody chose a file for, and so was not sent.
func (f *fields) addPart(part *multipart.Part, value []byte) error {
	parameters := disposition(part)
	place := dotted(parameters["name"])
	name, file := parameters["filename"]
	unchosen := file && name == "" && len(value) == 0
	switch {
	case f.body.IsFile(place) && unchosen:
		return nil
	case f.body.IsFile(place) && (file || len(value) == 0 || !f.body.TakesText(place)):
		return f.addImage(place, file, value)
	case !file:
		return f.addText(place, string(value))
	}
	if _, err := f.body.Place(place); err != nil || unchosen {
		return err
	}
	return &document.Violation{Field: place, Rule: "must be text, not a file"}
}

// disposition returns the parameters of a part: name, and filename for a file. Part.FormName wants form-data, but curl writes attachment where the type of the body is not multipart/form-data;
// and Part.FileName does not tell an empty name from none.
func disposition(part *multipart.Part) map[string]string {
	_, parameters, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if err != nil {
		return nil
	}
	return parameters
}

// addText adds a field of a form. One that stands for an object may hold it as JSON, and one that
// stands for a list must.
func (f *fields) addText(name, value string) error {
	name = dotted(name)
	if !utf8.ValidString(name) || !utf8.ValidString(value) {
		return &bodyError{"the body is not valid UTF-8"}
	}
	if f.body.IsList(name) || f.body.IsPlainList(name) {
		list, err := strictList([]byte(value))
		if err != nil {
			return &document.Violation{Field: name, Rule: err.Error()}
		}
		return f.add(name, list)
	}
	if !f.body.IsGroup(name) {
		return f.add(name, value)
	}
	object, err := strictObject([]byte(value))
	if err != nil {
		return &document.Violation{Field: name, Rule: err.Error()}
	}
	return f.add(name, object)
}
