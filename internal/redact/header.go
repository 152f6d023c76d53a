package redact

import (
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// keptHeaders has the headers with a value worth keeping, and the form a value must have to be kept.
var keptHeaders = map[string]*regexp.Regexp{
	"Allow": regexp.MustCompile(`^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)(, ` +
		`?(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS))*$`),
	"Content-Encoding":  regexp.MustCompile(`^(gzip|deflate|br|identity)$`),
	"Content-Length":    regexp.MustCompile(`^[0-9]{1,9}$`),
	"Retry-After":       regexp.MustCompile(`^[0-9]{1,5}$`),
	"Transfer-Encoding": regexp.MustCompile(`^chunked$`),
	"User-Agent": regexp.MustCompile(`^vsee-contract/[0-9A-Za-z.+-]{1,32} run/[0-9a-f]{8} ` +
		`req/([A-Z]{1,16}-[0-9a-z-]{1,80}|-)$`),
	"X-Mock-Evidence": regexp.MustCompile(`^(seed|documented|observed|inferred|ours)$`),
}

// namedHeaders are further headers: their names stay, and their values do not.
var namedHeaders = []string{
	"Accept", "Authorization", "Cache-Control", "Connection", "Content-Type", "Cookie", "Date", "Etag", "Location",
	"Server",
	"Set-Cookie", "Vary", "Www-Authenticate", "X-Accountcode", "X-Apikey", "X-Apisecret", "X-Apitoken", "X-Powered-By",
	"X-Request-Id",
}

// mediaTypes are the media types kept as they are.
var mediaTypes = []string{
	"application/json", "application/octet-stream", "application/problem+json", "application/x-www-form-urlencoded",
	"application/xml",
	"multipart/form-data", "text/html", "text/plain", "text/xml",
}

// Header redacts headers. Most of them leave their name and the class of their values.
func (r *Redactor) Header(header http.Header) map[string]string {
	if len(header) == 0 {
		return nil
	}
	kept := make(map[string]string, len(header))
	for name, values := range header {
		left := make([]string, len(values))
		for i, value := range values {
			left[i] = r.headerValue(name, value)
		}
		kept[r.headerName(name)] = strings.Join(left, ", ")
	}
	return kept
}

func (r *Redactor) headerName(name string) string {
	canonical := http.CanonicalHeaderKey(name)
	if _, ok := keptHeaders[canonical]; ok || slices.Contains(namedHeaders, canonical) {
		return canonical
	}
	for declared := range r.allow.Names {
		if http.CanonicalHeaderKey(declared) == canonical {
			return canonical
		}
	}
	return r.token("name", name)
}

func (r *Redactor) headerValue(name, value string) string {
	canonical := http.CanonicalHeaderKey(name)
	if form, ok := keptHeaders[canonical]; ok && form.MatchString(value) {
		return value
	}
	if canonical == "Content-Type" {
		return r.MediaType(value)
	}
	return r.token("string", value)
}

// MediaType redacts a Content-Type: a media type in common use stays, without its parameters.
func (r *Redactor) MediaType(contentType string) string {
	if mediaType, _, err := mime.ParseMediaType(contentType); err == nil && slices.Contains(mediaTypes, mediaType) {
		return mediaType
	}
	return r.token("string", contentType)
}
