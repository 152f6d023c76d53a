package mockserver

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/requestid"
	"github.com/vsee-mock/vsee-mock/mockserver/api"
)

// AnyOrigin in Options.CORSOrigins allows all origins, and pages without one, such as a page opened from a file.
const AnyOrigin = "*"

// CheckCORSOrigin returns an error for a text that is no origin for Options.CORSOrigins.
func CheckCORSOrigin(text string) error {
	if _, ok := originOf(text); ok || text == AnyOrigin {
		return nil
	}
	return errors.New("must be an origin such as https://app.example.com, with a scheme and a host and without a path, " +
		"or * for all")
}

// cors lets pages of other origins use VSee's API from a browser. It follows the protocol of
// https://fetch.spec.whatwg.org, without credentials: the API's tokens are headers. VSee does not document which
// origins its API allows.
type cors struct {
	any     bool
	origins []string
	methods func(*http.Request) []string // of a path
	ids     *requestIDs
	log     *slog.Logger
}

func newCORS(
	origins []string, methods func(*http.Request) []string, ids *requestIDs, log *slog.Logger,
) *cors {
	c := &cors{methods: methods, ids: ids, log: log}
	for _, text := range origins {
		if origin, ok := originOf(text); ok {
			c.origins = append(c.origins, origin)
		}
		c.any = c.any || text == AnyOrigin
	}
	return c
}

// The headers of a reply that a page may read.
var exposedHeaders = strings.Join([]string{
	api.HeaderEvidence, api.HeaderWarnings, api.HeaderFault, requestid.Header, "Retry-After", "Allow",
}, ", ")

// The headers a page may send, if its browser does not ask for particular ones.
var allowedHeaders = strings.Join([]string{
	"Content-Type", "X-AccountCode", "X-ApiKey", "X-ApiSecret", "X-ApiToken", api.HeaderScenario, requestid.Header,
}, ", ")

// unknownPathMethods lists the methods of a path without an operation. With them the page can send its request and read
// the 404.
var unknownPathMethods = []string{http.MethodDelete, http.MethodGet, http.MethodPatch, http.MethodPost, http.MethodPut}

// maxAge is how long a browser may reuse the answer to a preflight, in seconds.
const maxAge = "600"

// originRefused is the message for a page of an origin outside the allowed ones.
const originRefused = "pages of this origin may not use the API: start the mock with --cors-origin and the origin, " +
	"as in --cors-origin https://app.example.com"

// handle adds the CORS headers to a reply, and answers a preflight. It returns false if the request still needs an
// answer.
func (c *cors) handle(w http.ResponseWriter, r *http.Request) (answered bool) {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return false
	}
	header := w.Header()
	header.Add("Vary", "Origin")
	allowed := c.allows(origin)
	switch {
	case allowed && c.any:
		header.Set("Access-Control-Allow-Origin", AnyOrigin)
	case allowed:
		header.Set("Access-Control-Allow-Origin", origin)
	}
	if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
		c.preflight(w, r, allowed)
		return true
	}
	if allowed {
		header.Set("Access-Control-Expose-Headers", exposedHeaders)
	}
	return false
}

// preflight answers the browser's request before a page's own. It is no exchange with the API, and not in the
// journal.
func (c *cors) preflight(w http.ResponseWriter, r *http.Request, allowed bool) {
	log := c.log.With("request_id", c.ids.set(w, r))
	header := w.Header()
	if !allowed {
		header.Set("Content-Type", "application/json")
		header.Set(api.HeaderEvidence, "ours")
		w.WriteHeader(http.StatusForbidden)
		// the browser has gone
		_ = json.NewEncoder(w).Encode(map[string]any{"code": http.StatusForbidden, "message": originRefused})
		log.Warn("OPTIONS a preflight", "status", http.StatusForbidden, "message", originRefused)
		return
	}
	methods := c.methods(r)
	if len(methods) == 0 {
		methods = unknownPathMethods
	}
	header.Set("Access-Control-Allow-Methods", strings.Join(methods, ", "))
	header.Set("Access-Control-Allow-Headers", headersFor(r))
	header.Set("Access-Control-Max-Age", maxAge)
	header.Add("Vary", "Access-Control-Request-Headers")
	if r.Header.Get("Access-Control-Request-Private-Network") == "true" {
		header.Set("Access-Control-Allow-Private-Network", "true")
	}
	w.WriteHeader(http.StatusNoContent)
	log.Debug("OPTIONS a preflight", "status", http.StatusNoContent)
}

// headerList is a list of names of headers, as a browser writes it.
var headerList = regexp.MustCompile(`^[A-Za-z0-9!#$%&'*+.^_|~\x60-]+(?:[ \t]*,[ \t]*[A-Za-z0-9!#$%&'*+.^_|~\x60-]+)*$`)

// maxRequestedHeaders is how many bytes of header names are returned. Some clients and proxies refuse a reply with a
// header longer than 8 KiB.
const maxRequestedHeaders = 4 << 10

// headersFor returns the headers a page may send: all it asks for, because the API ignores unknown headers.
func headersFor(r *http.Request) string {
	asked := strings.Join(r.Header.Values("Access-Control-Request-Headers"), ", ")
	if len(asked) <= maxRequestedHeaders && headerList.MatchString(asked) {
		return asked
	}
	return allowedHeaders
}

// allows reports whether pages of an origin may use the API: origins of this computer, and origins in the options.
// The origin null is neither: pages of any site can have it.
func (c *cors) allows(sent string) bool {
	if c.any {
		return true
	}
	origin, ok := originOf(sent)
	if !ok {
		return false
	}
	return slices.Contains(c.origins, origin) || isLoopback(origin)
}

// originOf returns an origin in the form used by browsers, false for a text that is no origin.
func originOf(text string) (string, bool) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" || u.Hostname() == "" || u.User != nil || u.Path != "" || u.Opaque != "" ||
		strings.ContainsAny(text, "?#*") || strings.HasSuffix(u.Host, ":") {
		return "", false
	}
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	switch port := u.Port(); {
	case scheme == "http" && port == "80", scheme == "https" && port == "443":
		host = strings.TrimSuffix(host, ":"+port)
	}
	return scheme + "://" + host, true
}

// isLoopback reports whether an origin is a server on this computer.
func isLoopback(origin string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	host := u.Hostname()
	if address, err := netip.ParseAddr(host); err == nil {
		return address.Unmap().IsLoopback()
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}
