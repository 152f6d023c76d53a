package api

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// root is the first segment of the API's own part of a path.
const root = "/api_v3"

// viewPath begins the paths of links to files, which VSee serves outside the API, under the same prefixes
// (documented).
const viewPath = "/files/view/"

// reserved begins the first segment of the mock's own paths, so no prefix of the API begins with it.
const reserved = "_mock"

// resource cuts the prefix off a percent-encoded path. It returns the prefix and the rest, and false for a path outside
// the API. The prefix ends with the first segment api_v3: a base URL joined to a whole path is a mistake of the
// client's, and its path is unknown (ours).
func resource(path string) (prefix, below string, ok bool) {
	before, _, ok := strings.Cut(path, root+"/")
	end := len(before) + len(root)
	if !ok {
		before, _, ok = strings.Cut(path, viewPath)
		end = len(before)
	}
	if !ok || !isPrefix(before) {
		return "", "", false
	}
	return path[:end], singular(path[end:]), true
}

// isPrefix reports whether the API is served below a percent-encoded path. VSee's own prefixes are /vc/{channel}
// (seed for dev, documented for next and stable), /claims_v2 and /cc/{name} (documented), and any other is accepted
// too (ours). It refuses a segment that a proxy would resolve or split, and a segment of the mock's own: neither may
// lead elsewhere.
func isPrefix(path string) bool {
	if path == "" {
		return true
	}
	first, found := strings.CutPrefix(path, "/")
	if !found {
		return false
	}
	for segment := range strings.SplitSeq(first, "/") {
		plain, err := url.PathUnescape(segment)
		if err != nil || plain == "" || plain == "." || plain == ".." || strings.ContainsAny(plain, `/\`) {
			return false
		}
	}
	plain, _ := url.PathUnescape(first)
	return !strings.HasPrefix(strings.ToLower(plain), reserved)
}

// Serves reports whether a percent-encoded path is one of the API, even a path missing from openapi.yaml.
func Serves(path string) bool {
	_, _, ok := resource(path)
	return ok
}

// Methods returns the allowed methods of a request's path, sorted; none for a path missing from openapi.yaml.
func (a *API) Methods(r *http.Request) []string {
	_, path, ok := resource(r.URL.EscapedPath())
	if !ok {
		return nil
	}
	return a.Document.Methods(path)
}

// singular returns the path of claims as openapi.yaml has it. The guide's anchor writes /insurance/claims, but
// insurers are under /insurances, so clients are likely to call either (ours).
func singular(path string) string {
	const claims = "/insurances/claims"
	if rest, ok := strings.CutPrefix(path, claims); ok && (rest == "" || rest[0] == '/' || rest[0] == '.') {
		return "/insurance/claims" + rest
	}
	return path
}

// withWordPaths adds the paths with a word to the error for an unknown id that is a word: the caller may have mistyped
// one of them.
func (a *API) withWordPaths(x *exchange, err error) error {
	if err == nil {
		return nil
	}
	var refused *clinic.Error
	if !errors.As(err, &refused) || refused.Kind != clinic.NotFound {
		return err
	}
	_, name, _ := strings.Cut(x.op.Path, "{")
	value := x.call.params.Get(strings.TrimSuffix(name, "}"))
	paths, near := a.Document.WordPaths(x.op, value)
	if len(paths) == 0 || value == "-" || strings.ContainsAny(value, "0123456789") {
		return err
	}
	text := fmt.Sprintf("%s; %s takes a word in its place in %s", refused.Message, x.op.Method, strings.Join(paths, ", "))
	if near != "" {
		text += " (did you mean " + near + "?)"
	}
	return &clinic.Error{Kind: refused.Kind, Message: text}
}
