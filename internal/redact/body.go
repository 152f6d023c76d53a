package redact

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strings"
)

// Body returns the redacted form of a body. JSON and forms keep their structure; JSON does so under any content type.
// Anything else leaves only its size.
func (r *Redactor) Body(contentType string, body []byte) string {
	if len(body) == 0 {
		return ""
	}
	mediaType, params, err := mime.ParseMediaType(contentType)
	switch {
	case err == nil && mediaType == "application/x-www-form-urlencoded":
		return r.pairs(string(body))
	case err == nil && mediaType == "multipart/form-data":
		if left, err := r.parts(body, params["boundary"]); err == nil {
			return left
		}
		return size(len(body))
	}
	if left, err := r.json(body); err == nil {
		return left
	}
	return size(len(body))
}

// pairs redacts name=value pairs. An unreadable pair leaves only its size.
func (r *Redactor) pairs(text string) string {
	var left []string
	for pair := range strings.SplitSeq(text, "&") {
		rawName, rawValue, _ := strings.Cut(pair, "=")
		name, errName := url.QueryUnescape(rawName)
		value, errValue := url.QueryUnescape(rawValue)
		if errors.Join(errName, errValue) != nil {
			left = append(left, size(len(pair)))
			continue
		}
		left = append(left, r.name(name)+"="+r.value("string", name, value))
	}
	return strings.Join(left, "&")
}

// parts redacts a multipart form, with one line for each part.
func (r *Redactor) parts(body []byte, boundary string) (string, error) {
	if boundary == "" {
		return "", errors.New("the form has no boundary")
	}
	var left []string
	form := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := form.NextRawPart()
		if errors.Is(err, io.EOF) {
			return strings.Join(left, "\n"), nil
		}
		if err != nil {
			return "", err
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return "", err
		}
		value := size(len(data))
		if part.FileName() == "" {
			value = r.value("string", part.FormName(), string(data))
		}
		left = append(left, r.name(part.FormName())+"="+value)
	}
}
