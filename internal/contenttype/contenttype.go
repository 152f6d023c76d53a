// Package contenttype reads the headers with the form of a body. The API decodes bodies by them, and the journal masks
// bodies by them: if the two read a header differently, the journal would show a credential.
package contenttype

import (
	"iter"
	"mime"
	"strings"
)

// The media types of a body.
const (
	JSON      = "application/json"
	Multipart = "multipart/form-data" // the one type with files in the body
	Form      = "application/x-www-form-urlencoded"
)

// Media returns the media type of a content type, in lower case, even when the rest of it is malformed.
func Media(contentType string) string {
	media, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(media))
}

// Boundary returns the boundary of a content type, "" for none. Of several it returns the last (ours): some sample
// commands of VSee's set a header with a boundary, and curl then appends the boundary in use.
func Boundary(contentType string) string {
	last := ""
	for boundary := range Boundaries(contentType) {
		last = boundary
	}
	return last
}

// Boundaries returns all boundaries of a content type, in order. Clients write them by hand, without the quotes
// required for some characters, so Boundaries takes the characters as they stand.
func Boundaries(contentType string) iter.Seq[string] {
	return func(yield func(string) bool) {
		_, rest, _ := strings.Cut(contentType, ";")
		for rest != "" {
			var name, value string
			name, value, rest = cutParameter(rest)
			if strings.EqualFold(name, "boundary") && value != "" && !yield(value) {
				return
			}
		}
	}
}

// Disposition returns the parameters of a part's Content-Disposition: name, and filename for a file. It returns nil for
// a malformed header. Its type does not matter: curl writes attachment when the type of the body is not
// multipart/form-data. multipart.Part.FileName cannot tell an empty name from a missing one.
func Disposition(header string) map[string]string {
	_, parameters, err := mime.ParseMediaType(header)
	if err != nil {
		return nil
	}
	return parameters
}

// cutParameter cuts the first parameter off the parameters of a header.
func cutParameter(text string) (name, value, rest string) {
	end := strings.IndexAny(text, "=;")
	if end < 0 || text[end] == ';' {
		name, rest, _ = strings.Cut(text, ";")
		return strings.TrimSpace(name), "", rest
	}
	name, text = strings.TrimSpace(text[:end]), strings.TrimLeft(text[end+1:], " \t")
	if value, rest, ok := cutQuoted(text); ok {
		_, rest, _ = strings.Cut(rest, ";")
		return name, value, rest
	}
	value, rest, _ = strings.Cut(text, ";")
	return name, strings.Trim(strings.TrimSpace(value), `"`), rest
}

// cutQuoted cuts off the quoted text at the beginning, false for none.
func cutQuoted(text string) (value, rest string, ok bool) {
	if !strings.HasPrefix(text, `"`) {
		return "", "", false
	}
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '"':
			return b.String(), text[i+1:], true
		case '\\':
			if i++; i == len(text) {
				return "", "", false
			}
		}
		b.WriteByte(text[i])
	}
	return "", "", false
}
