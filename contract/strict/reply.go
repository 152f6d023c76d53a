package strict

import (
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

const mediaJSON = "application/json"

// Reply returns the findings about a reply to an operation, nil for none.
func (c *Checker) Reply(operation string, status int, header http.Header, body []byte) []Finding {
	f := &findings{status: status}
	known, ok := c.spec.Operation(operation)
	if !ok {
		f.add(Finding{Kind: result.Status, Expected: result.Absent, Got: result.Present,
			Rule: "openapi.yaml has no such operation"}, nil)
		return f.list
	}
	op := known.Declared
	if slices.Contains(redirects, status) {
		f.add(undeclaredStatus(op, status, "a reply must not redirect"), nil)
		return f.list
	}
	response := declared(op, status)
	if response == nil {
		f.add(undeclaredStatus(op, status, "the status is not declared"), nil)
		return f.list
	}
	f.headers(response, header)
	f.content(response, header.Get("Content-Type"), body)
	return f.list
}

// undeclaredStatus is the finding of a status that an operation must not have.
func undeclaredStatus(op *openapi3.Operation, status int, rule string) Finding {
	return Finding{Kind: result.Status, Expected: "a declared status", Got: strconv.Itoa(status), Rule: rule,
		Line: apispec.Line(op.Origin)}
}

// declared returns the response declared for a status, or for its range such as 4XX, nil for none. The default is for
// clients: a status that the document does not name is a finding.
func declared(op *openapi3.Operation, status int) *openapi3.Response {
	for _, key := range []string{strconv.Itoa(status), fmt.Sprintf("%dXX", status/100)} {
		if ref := op.Responses.Value(key); ref != nil {
			return ref.Value
		}
	}
	return nil
}

// headers adds the missing headers, and the undeclared ones.
func (f *findings) headers(response *openapi3.Response, header http.Header) {
	for _, name := range slices.Sorted(maps.Keys(header)) {
		if response.Headers[name] == nil && !isUsual(name) {
			f.list = append(f.list, Finding{
				Kind: result.Header, Pointer: headerName(name), Expected: result.Absent, Got: result.Present,
				Rule: "the header is not declared", Optional: true, Line: apispec.Line(response.Origin),
			})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(response.Headers)) {
		if h := response.Headers[name].Value; h.Required && header.Get(name) == "" {
			f.add(Finding{
				Kind: result.Header, Expected: name, Got: result.Absent,
				Rule: "the header " + name + " is required", Line: apispec.Line(response.Origin),
			}, nil)
		}
	}
}

// isUsual reports whether a header is one that HTTP itself, servers and proxies add to replies of any API, or the
// mock's.
func isUsual(name string) bool {
	for _, start := range []string{"Access-Control-", "Content-", "Cross-Origin-", "X-Mock-"} {
		if strings.HasPrefix(name, start) {
			return true
		}
	}
	return slices.Contains([]string{
		"Age", "Allow", "Alt-Svc", "Cache-Control", "Connection", "Date", "Etag", "Expires", "Keep-Alive", "Last-Modified",
		"Location", "Pragma", "Referrer-Policy", "Retry-After", "Server", "Set-Cookie", "Strict-Transport-Security",
		"Trailer", "Transfer-Encoding", "Upgrade", "Vary", "Via", "Warning", "Www-Authenticate", "X-Content-Type-Options",
		"X-Frame-Options", "X-Powered-By", "X-Request-Id", "X-Xss-Protection",
	}, name)
}

// headerName returns the name of a header, or * for a text that may be a value.
func headerName(name string) string {
	if Name(strings.ToLower(name)) == wildcard {
		return wildcard
	}
	return name
}

func (f *findings) content(response *openapi3.Response, contentType string, body []byte) {
	line := apispec.Line(response.Origin)
	switch {
	case len(response.Content) == 0 && len(body) > 0:
		f.add(Finding{Kind: result.MediaType, Expected: result.Absent, Got: result.Present, Rule: "there must be no body",
			Line: line}, nil)
		return
	case len(response.Content) == 0:
		return
	case len(body) == 0:
		f.add(Finding{Kind: result.MediaType, Expected: result.Present, Got: result.Absent, Rule: "there must be a body",
			Line: line}, nil)
		return
	}
	mediaType, params, _ := mime.ParseMediaType(contentType) // an invalid content type is never declared
	content := response.Content[mediaType]
	if content == nil {
		want := strings.Join(slices.Sorted(maps.Keys(response.Content)), " or ")
		f.add(Finding{
			Kind: result.MediaType, Expected: want, Got: ShownType(mediaType), Rule: "the content type must be " + want,
			Line: line,
		}, nil)
		content = response.Content[mediaJSON]
		if _, err := parse(body); content == nil || err != nil {
			return // an HTML page needs no second finding about JSON
		}
	}
	if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		f.add(Finding{Kind: result.MediaType, Expected: "charset utf-8", Got: "another charset",
			Rule: "the charset must be UTF-8", Line: line}, nil)
	}
	if content.Schema != nil && content == response.Content[mediaJSON] {
		f.body(content.Schema.Value, body)
	}
}

// ShownType returns a common media type, and "another type" for the rest, because it may hold a value.
func ShownType(mediaType string) string {
	if mediaType == "" {
		return result.Absent
	}
	if slices.Contains([]string{"application/problem+json", "text/html", "text/plain", "application/xml", "text/xml",
		mediaJSON}, mediaType) {
		return mediaType
	}
	return "another type"
}

// body checks the JSON of a reply.
func (f *findings) body(schema *openapi3.Schema, body []byte) {
	f.root = schema
	value, ok := f.document(schema, body)
	if !ok {
		return
	}
	f.schema(schema, value)
	f.fields([]*openapi3.Schema{schema}, value, nil)
	f.errorCode(schema, value)
}

// errorCode checks a rule about the error code that the document gives in words: it is the HTTP status.
func (f *findings) errorCode(schema *openapi3.Schema, value any) {
	object, _ := value.(map[string]any)
	code, _ := object["code"].(json.Number)
	if property := schema.Properties["code"]; f.status >= http.StatusBadRequest && property != nil {
		if inRange := property.Value.VisitJSON(code, options...) == nil; inRange && whole(code.String()) &&
			code.String() != strconv.Itoa(f.status) {
			f.add(Finding{
				Kind: result.Value, Expected: strconv.Itoa(f.status), Got: "another status",
				Rule: "must be the HTTP status", Line: apispec.Line(property.Value.Origin),
			}, pointer{"code"})
		}
	}
}
