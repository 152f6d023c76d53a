package api

import "strings"

// The media types of a body, beside JSON.
const (
	multipartType = "multipart/form-data" // the one in which a body may have files
	formType      = "application/x-www-form-urlencoded"
)

// mediaOf returns the media type that a body has by its content type. A form type with a boundary is multipart: curl
// sends that when its -F comes with a header of the caller's, as in a sample command of VSee's (ours).
func mediaOf(contentType string) string {
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	if media == formType && boundary(contentType) != "" {
		return multipartType
	}
	return media
}

// boundary returns the boundary of a content type, "" for none. Of several it is the last: to a header of the caller's
// that has one already, as in sample commands of VSee's, curl appends the one that it uses (ours). Clients write it by
// hand, without the quotes that some characters need, so that it is taken as it stands.
func boundary(contentType string) string {
	last := ""
	_, rest, _ := strings.Cut(contentType, ";")
	for rest != "" {
		var name, value string
		if name, value, rest = cutParameter(rest); strings.EqualFold(name, "boundary") && value != "" {
			last = value
		}
	}
	return last
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
