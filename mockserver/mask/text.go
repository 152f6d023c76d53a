package mask

import (
	"net/url"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// maxLevel is the nesting limit of texts in other texts: a URL in JSON in a form has three levels.
const maxLevel = 4

// maskText masks the credentials in the value of a field that is not secret itself: in JSON, as a form has for an
// object, and in the URLs in it. It returns false if there are none: then the value can be shown as it was sent.
func (m *Masker) maskText(value string, level int) (masked string, changed bool) {
	if level > maxLevel {
		return Masked, true
	}
	if looksLikeJSON(value) {
		masked, left := m.maskJSON([]byte(value), place{}, level)
		if left == 0 {
			return masked, masked != value
		}
		if strings.ContainsAny(value, quotes) {
			return Masked, true
		}
	}
	masked = m.maskURLs(value, m.isSecretName, level)
	if decoded, err := url.PathUnescape(masked); err == nil && decoded != masked { // a URL in a URL
		if again, changed := m.maskText(decoded, level+1); changed {
			return again, true
		}
	}
	return masked, masked != value
}

// looksLikeJSON reports whether a text begins as an object or a list does.
func looksLikeJSON(text string) bool {
	text = strings.TrimSpace(text)
	return strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[")
}

// quotes are quotation marks: a text without any of them has no fields of JSON, however malformed it is.
const quotes = "\"'"

// endOfURL are the characters outside a URL: a URL in a text ends before the first one.
const endOfURL = " \t\r\n\"'<>"

// maskURLs masks the credentials of the URLs in a text: the password before a host, and the secret parameters of
// queries and fragments.
func (m *Masker) maskURLs(value string, secret func(name string) bool, level int) string {
	value = maskUserinfo(value)
	var out strings.Builder
	for {
		at := strings.IndexAny(value, "?#")
		if at < 0 {
			out.WriteString(maskParameters(value, secret))
			return out.String()
		}
		out.WriteString(maskParameters(value[:at], secret) + value[at:at+1])
		value = value[at+1:]
		query := value
		if end := strings.IndexAny(value, endOfURL+"#"); end >= 0 {
			query = value[:end]
		}
		value = value[len(query):]
		masked, ok := m.maskPairs(query, secret, level)
		if !ok {
			masked = Masked
		}
		out.WriteString(masked)
	}
}

// maskParameters masks the secret parameters behind semicolons, as in the segments of a path.
func maskParameters(text string, secret func(name string) bool) string {
	parts := strings.Split(text, ";")
	for i, part := range parts[1:] {
		if name, _, ok := strings.Cut(part, "="); ok && secret(name) {
			parts[i+1] = name + "=" + Masked
		}
	}
	return strings.Join(parts, ";")
}

// maskUserinfo masks the passwords in the URLs of a text. It masks a name without a password as well, since it may be a
// token.
func maskUserinfo(value string) string {
	var out strings.Builder
	for {
		at := strings.Index(value, "//")
		if at < 0 {
			out.WriteString(value)
			return out.String()
		}
		out.WriteString(value[:at+2])
		value = value[at+2:]
		authority := value
		if end := strings.IndexAny(value, endOfURL+`/?#\`); end >= 0 {
			authority = value[:end]
		}
		value = value[len(authority):]
		if at := strings.LastIndexByte(authority, '@'); at >= 0 {
			if name, _, both := strings.Cut(authority[:at], ":"); both {
				out.WriteString(name + ":")
			}
			out.WriteString(Masked)
			authority = authority[at:]
		}
		out.WriteString(authority)
	}
}

// foreignNames are the names of parameters for the credentials of other servers, as reduce returns them. The document
// says nothing about those.
const foreignNames = " key apikey accesskey subscriptionkey secret clientsecret sharedsecret sig signature auth " +
	"authorization code pass pwd passwd "

// URL masks the credentials of a receiver's URL: the password, and the parameters named as credentials by the
// document or by common use.
func (m *Masker) URL(address string) string {
	return m.maskURLs(address, func(name string) bool {
		return m.isSecretName(name) || strings.Contains(foreignNames, " "+lettersAndDigits(name)+" ")
	}, 1)
}

// Text masks the credentials in a text from outside the API: the payload of an event, or a receiver's answer.
func (m *Masker) Text(text string) string {
	if looksLikeJSON(text) {
		shown, left := m.maskJSON([]byte(text), place{}, 1)
		if left == 0 {
			return shown
		}
		if strings.ContainsAny(text, quotes) {
			return shown + unreadNote(left)
		}
	}
	return m.maskURLs(text, m.isSecretName, 1)
}

// Path masks the credentials of a request's path and query. It takes them as they were sent.
func (m *Masker) Path(target string) string {
	path, query, more := strings.Cut(target, "?")
	path = m.maskSegments(path)
	if !more {
		return path
	}
	masked, ok := m.maskPairs(query, m.isSecretName, 1)
	if !ok {
		masked = Masked
	}
	return path + "?" + masked
}

// maskSegments masks the credentials in the segments of a path: a token in place of an id, a query behind a
// percent-encoded question mark, and parameters such as ;token=.
func (m *Masker) maskSegments(path string) string {
	if !strings.ContainsAny(path, "%=@") && !document.HoldsToken(path) {
		return path
	}
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		decoded, err := url.PathUnescape(segment)
		if err != nil || document.HoldsToken(decoded) {
			segments[i] = Masked
			continue
		}
		masked, _ := m.maskText(decoded, 1)
		masked = m.maskAssignments(masked)
		if masked != decoded {
			segments[i] = unescapeMasks(url.PathEscape(masked))
			if strings.Contains(segment, ";") {
				segments[i] = strings.ReplaceAll(segments[i], "%3B", ";")
			}
		}
	}
	return strings.Join(segments, "/")
}

// maskAssignments masks the secret parameters, such as a=b, in a segment of a path.
func (m *Masker) maskAssignments(segment string) string {
	parts := strings.FieldsFunc(segment, func(r rune) bool { return strings.ContainsRune("?&;", r) })
	for _, part := range parts {
		if name, value, ok := strings.Cut(part, "="); ok && value != "" && value != Masked && m.isSecretName(name) {
			segment = strings.ReplaceAll(segment, part, name+"="+Masked)
		}
	}
	return segment
}

// unescapeMasks undoes the percent-encoding of a mask.
func unescapeMasks(escaped string) string { return strings.ReplaceAll(escaped, "%2A%2A%2A", Masked) }
