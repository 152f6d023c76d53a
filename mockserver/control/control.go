// Package control is the interface for tests and people to control the mock: the JSON API under /_mock. Its own
// document is openapi.yaml beside this file. VSee has nothing like it; all of it is ours.
package control

import (
	"bytes"
	"context"
	"crypto/subtle"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"github.com/vsee-mock/vsee-mock/internal/origin"
	"github.com/vsee-mock/vsee-mock/mockserver/clearinghouse"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/cron"
	"github.com/vsee-mock/vsee-mock/mockserver/due"
	"github.com/vsee-mock/vsee-mock/mockserver/fault"
	"github.com/vsee-mock/vsee-mock/mockserver/feed"
	"github.com/vsee-mock/vsee-mock/mockserver/journal"
	"github.com/vsee-mock/vsee-mock/mockserver/mask"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

//go:embed openapi.yaml
var document []byte

// Options are the dependencies and limits of a Control. All are required except Token.
type Options struct {
	Clinics       *clinic.Directory
	Loop          *due.Loop[cron.Done]
	Journal       func(*clinic.Clinic) *journal.Journal // nil when the clinic was deleted
	Feed          func(*clinic.Clinic) *feed.Feed       // nil when the clinic was deleted
	Stopping      context.Context                       //nolint:containedctx // it ends when the mock begins to stop
	Metrics       http.Handler                          // the metrics of the mock
	Mask          *mask.Masker                          // hides credentials in receipts
	Clearinghouse *clearinghouse.Clearinghouse
	Faults        func(*clinic.Clinic) *fault.Injector // nil when the clinic was deleted
	VSee          func(url string) ([]byte, error)     // VSee's OpenAPI document, with the API's URL as its first server
	Events        []string                             // the types of events in the document
	// Operations are those of the document.
	Operations []string
	// Problems returns the errors in the files of scenarios.
	Problems func() []*scenarios.Problem
	// Check returns how an event, from a clinic and in an envelope, does not match openapi.yaml.
	Check     func(account, envelope string, e outbox.Event) error
	Version   string
	Token     string // callers send it as Authorization: Bearer; empty: no token needed
	Ready     func() bool
	BodyLimit int64 // bytes
	Log       *slog.Logger
}

// Control is an http.Handler for everything under controlapi.Prefix.
type Control struct {
	Options
	router   *mux.Router
	handlers map[string]http.Handler // of the routes, by id
	handler  http.Handler
}

// handler answers one request. Its result is written as JSON with 200, or as 204 when it is nil.
type handler func(r *http.Request) (any, error)

// New returns the control API.
func New(o Options) *Control {
	c := &Control{Options: o, router: sharedRouter(), handlers: map[string]http.Handler{}}
	for _, one := range c.routes() {
		c.handlers[one.id] = one.handler
	}
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(c.refuse(http.StatusForbidden, "a page of another origin may not change the mock"))
	c.handler = protection.Handler(http.HandlerFunc(c.dispatch))
	if o.Token == "" {
		c.handler = c.guardHost(c.handler)
	}
	return c
}

// guardHost refuses requests to a host name anyone on the internet could own. Otherwise, without a control token, an
// attacker could make their host name resolve to this computer, and use the control API from a page of the same
// origin.
func (c *Control) guardHost(next http.Handler) http.Handler {
	refused := c.refuse(http.StatusForbidden, "the control API is not served under this host name without a token: "+
		"use localhost or an address, or start the mock with --control-token")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isPrivateHost(r.Host) {
			refused.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isPrivateHost reports whether a host cannot be owned on the internet: an address, a name without a dot (as containers
// have), or a name in a domain reserved for local use.
func isPrivateHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	if net.ParseIP(host) != nil || !strings.Contains(host, ".") {
		return true
	}
	for _, domain := range []string{".localhost", ".local", ".internal", ".test"} {
		if strings.HasSuffix(host, domain) {
			return true
		}
	}
	return false
}

// ServeHTTP implements http.Handler.
func (c *Control) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(controlapi.HeaderVersion, c.Version)
	r.Body = &requestBody{http.MaxBytesReader(w, r.Body, c.BodyLimit), http.NewResponseController(w)}
	if r.ContentLength == 0 {
		_ = r.Body.(*requestBody).out.SetReadDeadline(time.Time{}) // there is nothing to read
	}
	c.handler.ServeHTTP(w, r)
}

// requestBody is a body without a time limit once it is read: the server would end a call that waits for longer.
type requestBody struct {
	io.ReadCloser
	out *http.ResponseController
}

// Read implements io.Reader.
func (b *requestBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		_ = b.out.SetReadDeadline(time.Time{}) // a caller in this process has none
	}
	return n, err
}

// authorize passes requests with the control token on to next.
func (c *Control) authorize(next http.Handler) http.Handler {
	refused := c.refuse(http.StatusUnauthorized, "the control API needs Authorization: Bearer with the server's "+
		"control token")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.Token != "" && !c.hasToken(r.Header.Get("Authorization")) {
			w.Header().Set("WWW-Authenticate", "Bearer")
			refused.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// hasToken reports whether an Authorization header contains the control token.
func (c *Control) hasToken(authorization string) bool {
	scheme, token, _ := strings.Cut(authorization, " ")
	return strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare([]byte(token), []byte(c.Token)) == 1
}

func (c *Control) wrongMethod(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{http.MethodDelete, http.MethodGet, http.MethodPatch, http.MethodPost, http.MethodPut} {
		other := r.Clone(r.Context())
		other.Method = method
		var match mux.RouteMatch
		if c.router.Match(other, &match) && match.MatchErr == nil {
			allowed = append(allowed, method)
		}
	}
	w.Header().Set("Allow", strings.Join(slices.Clip(allowed), ", "))
	c.refuse(http.StatusMethodNotAllowed, "this path takes "+strings.Join(allowed, ", ")).ServeHTTP(w, r)
}

// problem is a refusal: an HTTP status, and a sentence for the caller.
type problem struct {
	status  int
	message string
}

func (p problem) Error() string { return p.message }

// busyMessage is the refusal of a call while the clinic is busy.
const busyMessage = "the clinic waits for the answer of a webhook receiver, and did so when this call came: a " +
	"receiver cannot move " +
	"the clock, settle, reset or send events from inside the request that it is answering, so answer that first; " +
	"any other caller may try again"

// statusClientGone is the logged status of a call after its caller has disconnected; there is no reply (nginx uses 499,
// too).
const statusClientGone = 499

// errClientGone is the problem of a call whose caller disconnected before its end.
var errClientGone = problem{statusClientGone, "the caller disconnected before the end of this call"}

// refuse returns a handler to refuse every request with a problem.
func (c *Control) refuse(status int, message string) http.Handler {
	return c.serve(func(*http.Request) (any, error) { return nil, problem{status, message} })
}

// serve writes the result of a handle.
func (c *Control) serve(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		log, began := c.logger(w, r), clock.Wall()
		reply, err := h(r)
		status, message := http.StatusOK, ""
		if err != nil {
			p := errClientGone
			if !errors.Is(err, context.Canceled) || r.Context().Err() == nil {
				p = c.problem(err, log)
			}
			status, message, reply = p.status, p.message, controlapi.Problem{Error: p.message}
			if broken := (stoppedError{}); errors.As(err, &broken) {
				reply = controlapi.Stopped{Problem: controlapi.Problem{Error: p.message}, Receipt: broken.done}
			}
			if placed := (placedError{}); errors.As(err, &placed) {
				reply = controlapi.InvalidEvent{Problem: controlapi.Problem{Error: p.message}, Place: placed.place}
			}
			if unmatched := (unmatchedError{}); errors.As(err, &unmatched) {
				reply = controlapi.Unmatched{Problem: controlapi.Problem{Error: p.message}, Seen: unmatched.seen}
			}
		} else if reply == nil {
			status = http.StatusNoContent
		}
		defer func() { logRequest(log, r, status, message, clock.Since(began)) }()
		if reply == nil {
			w.WriteHeader(status)
			return
		}
		text, err := indented(reply)
		if err != nil {
			log.Error("a control reply could not be written", "error", err)
			status, text = http.StatusInternalServerError, []byte(`{"error": "the mock has failed: see its log"}`+"\n")
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write(text)
	})
}

// indented returns the JSON of a reply, readable for people as well: <, > and & are not escaped.
func indented(reply any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(reply)
	return text.Bytes(), err
}

// problem converts an error into a problem for the caller.
func (c *Control) problem(err error, log *slog.Logger) problem {
	var p problem
	var broken stoppedError
	var placed placedError
	var unmatched unmatchedError
	var large *http.MaxBytesError
	var refused *clinic.Error
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &broken):
		return broken.problem
	case errors.As(err, &placed):
		return placed.problem
	case errors.As(err, &unmatched):
		return unmatched.problem
	case errors.Is(err, due.ErrStopped):
		return errStopping
	case errors.As(err, &large):
		return problem{http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is larger than the limit of %d bytes",
			large.Limit)}
	case errors.As(err, &refused):
		switch refused.Kind {
		case clinic.Exists:
			return problem{http.StatusConflict, refused.Message}
		case clinic.NotFound:
			return problem{http.StatusNotFound, refused.Message}
		default:
			return problem{http.StatusBadRequest, refused.Message}
		}
	}
	if errors.Is(err, clinic.ErrUnknown) || errors.Is(err, due.ErrUnknown) {
		return problem{http.StatusNotFound, "the clinic was deleted meanwhile"}
	}
	if errors.Is(err, due.ErrStuck) {
		return problem{http.StatusConflict, busyMessage}
	}
	log.Error("a control request failed", "error", err)
	return problem{http.StatusInternalServerError, "the mock has failed: see its log"}
}

func (c *Control) serveFile(data []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/yaml")
		_, _ = w.Write(data)
	})
}

// serveVSee serves VSee's document. Its first server is the mock, at the address of the request.
func (c *Control) serveVSee() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, err := c.VSee(origin.Of(r) + "/api_v3")
		if err != nil {
			c.Log.Error("the document could not be made", "error", err)
			http.Error(w, "the mock has failed: see its log", http.StatusInternalServerError)
			return
		}
		c.serveFile(data).ServeHTTP(w, r)
	})
}
