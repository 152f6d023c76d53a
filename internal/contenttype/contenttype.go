// Package contenttype reads the headers that say how a body is to be read. The API reads bodies by them, and the journal
// masks bodies by them: what the two read differently would be a credential that is shown.
package contenttype

import (
	"mime"
	"strings"
)

// The media types of a body.
const (
	JSON      = "application/json"
	Multipart = "multipart/form-data" // the one in which a body may have files
	Form      = "application/x-www-form-urlencoded"
)

// Media returns the media type of a content type, in lower case, however malformed the rest of it is.
func Media(contentType string) string {
	media, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(media))
}

// Boundary returns the boundary of a content type, "" for none. Of several it is the last: to a header of the caller's
// that has one already, as in sample commands of VSee's, curl appends the one that it uses (ours).
func Boundary(contentType string) string {
	all := Boundaries(contentType)
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}

// Boundaries returns all boundaries of a content type, in order. Clients write them by hand, without the quotes that some
// characters need, so that they are taken as they stand.
func Boundaries(contentType string) []string {
	var all []string
	_, rest, _ := strings.Cut(contentType, ";")
	for rest != "" {
		var name, value string
		if name, value, rest = cutParameter(rest); strings.EqualFold(name, "boundary") && value != "" {
			all = append(all, value)
		}
	}
	return all
}

// Disposition returns the parameters of a part's Content-Disposition: name, and filename for a file. It returns nil for
// one that is malformed. Its type does not matter: curl writes attachment where the type of the body is not
// multipart/form-data. multipart.Part.FileName does not tell an empty name from none.
func Disposition(header string) map[string]string {
	_, parameters, err := mime.ParseMediaType(header)
	if err != nil {
		return nil
	}
	return parameters
}

// cutParameter cuts the first one off the parameters of a header.
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

// cutQuoted cuts the text off that stands in quotes at the beginning, false for none.
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
