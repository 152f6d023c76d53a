// Package ui is the page of the mock for browsers. It shows the control API, and uses nothing else: each view calls it
// in this process by a controlapi.Client. A view is a handler, and a template of its name in the folder view. All of it
// can be read without JavaScript; script.js makes it live.
package ui

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/requestid"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// Prefix is the path under which the page is served.
const Prefix = controlapi.Prefix + "/page"

// Options are the parts of a UI. All are required except Token and Results.
type Options struct {
	// Mock serves the control API and VSee's API.
	Mock http.Handler
	// Token is the control token; empty for none. Browsers exchange it for a session.
	Token string
	// Results has files with results of contract runs, which an address may name; nil for none.
	Results fs.FS
	Log     *slog.Logger
}

// UI is an http.Handler for the page.
type UI struct {
	Options
	sessions sessions
	handler  http.Handler
}

// New returns the page.
func New(o Options) *UI {
	u := &UI{Options: o}
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u.write(w, r, nil, failure(http.StatusForbidden, "a page of another origin may not change the mock"))
	}))
	u.handler = protection.Handler(u.routes())
	return u
}

// Handles reports whether a request is for the page: at its own paths, by a browser at the root of the control API, or
// at the root of the mock by a browser or by curl, which prints the address.
func Handles(r *http.Request) bool {
	accept, reads := r.Header.Get("Accept"), r.Method == http.MethodGet || r.Method == http.MethodHead
	isBrowser := strings.Contains(accept, "text/html")
	switch path := r.URL.EscapedPath(); path {
	case "/":
		return reads && (isBrowser || accept == "" || accept == "*/*")
	case controlapi.Prefix, controlapi.Prefix + "/":
		return reads && isBrowser
	default:
		return path == Prefix || strings.HasPrefix(path, Prefix+"/")
	}
}

// maxForm is the size of the largest form, in bytes.
const maxForm = 1 << 20

// policy permits the page's own files, and nothing from elsewhere.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// ServeHTTP implements http.Handler.
func (u *UI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("Cache-Control", "no-store")
	limit := int64(maxForm)
	if strings.HasSuffix(r.URL.Path, "/results") {
		limit = maxResults
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	u.handler.ServeHTTP(w, r)
}

// call is a request for a view of a clinic, or for one without a clinic.
type call struct {
	*http.Request
	client  *controlapi.Client
	account string // empty for none
}

// answer is a view with its data, or a redirection.
type answer struct {
	status int    // 200 when 0
	view   string // the name of its template; empty for a redirection
	data   any
	to     string // the address of a redirection, or of a view without one
	text   string // a plain text instead of a view
}

func failure(status int, message string) answer {
	return answer{status: status, view: "problem", data: message}
}

// redirect returns a redirection to a view of the call's clinic.
func (c *call) redirect(path string) answer { return answer{to: c.address(path)} }

// address returns the address of a view of the call's clinic; path begins with a slash, or is empty.
func (c *call) address(path string) string {
	return Prefix + "/clinics/" + url.PathEscape(c.account) + path
}

// routes returns the handler of all addresses below Prefix.
func (u *UI) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET "+Prefix+"/assets/", http.StripPrefix(Prefix+"/assets/", u.asset()))
	mux.HandleFunc("GET "+Prefix+"/login", u.loginForm)
	mux.HandleFunc("POST "+Prefix+"/login", u.login)
	mux.HandleFunc("POST "+Prefix+"/logout", u.logout)
	mux.HandleFunc("POST "+Prefix+"/theme", u.setTheme)
	mux.Handle("GET "+Prefix+"/clinics/{account}/stream", u.authorize(u.stream))
	for pattern, handle := range map[string]func(*call) (answer, error){
		"GET ":                                       u.enter,
		"GET /clinics/{account}":                     u.timeline,
		"POST /clinics/{account}":                    u.playGuide,
		"POST /clinics/{account}/clock":              u.moveClock,
		"GET /clinics/{account}/claims/{id}":         u.claim,
		"GET /clinics/{account}/visits/{id}":         u.visit,
		"GET /clinics/{account}/patients":            u.patients,
		"GET /clinics/{account}/patients/{id}":       u.patient,
		"GET /clinics/{account}/faults":              u.faults,
		"POST /clinics/{account}/faults":             u.setFault,
		"GET /clinics/{account}/webhooks":            u.webhooks,
		"POST /clinics/{account}/webhooks":           u.setWebhook,
		"GET /clinics/{account}/events/{id}":         u.event,
		"GET /clinics/{account}/events":              u.toForm,
		"POST /clinics/{account}/events":             u.fireEvent,
		"POST /clinics/{account}/events/{id}/resend": u.resendEvent,
		"POST /clinics/{account}/reveal":             u.reveal,
		"GET /clinics/{account}/exchanges/{id}":      u.exchange,
		"GET /clinics/{account}/checks/{id}":         u.check,
		"GET /clinics/{account}/fire":                u.askEvent,
		"GET /clinics/{account}/reference":           u.reference,
		"GET /clinics/{account}/reference/{name}":    u.oneOperation,
		"GET /clinics/{account}/evidence":            u.evidence,
		"GET /clinics/{account}/results":             u.askResults,
		"POST /clinics/{account}/results":            u.readResults,
		"GET /clinics/{account}/scenarios":           u.scenarios,
		"GET /clinics/{account}/scenarios/{id...}":   u.scenario,
		"POST /clinics/{account}/scenarios/{id...}":  u.tryScenario,
	} {
		method, path, _ := strings.Cut(pattern, " ")
		mux.Handle(method+" "+Prefix+path, u.authorize(u.serve(handle)))
	}
	mux.HandleFunc("GET /{$}", u.toFront)
	mux.HandleFunc("GET "+controlapi.Prefix, u.toFront)
	mux.HandleFunc("GET "+controlapi.Prefix+"/{$}", u.toFront)
	mux.HandleFunc(Prefix+"/", func(w http.ResponseWriter, r *http.Request) {
		u.write(w, r, nil, failure(http.StatusNotFound, "There is no such page."))
	})
	return mux
}

func (u *UI) toFront(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, withQuery(Prefix, r.URL.Query()), http.StatusFound) //nolint:gosec // the path is the page's own
}

// withQuery returns an address with a query; without a question mark for an empty one.
func withQuery(address string, query url.Values) string {
	if len(query) == 0 {
		return address
	}
	return address + "?" + query.Encode()
}

// enter leads to a clinic: the one named in the address, else vclinic, else the first. The rest of the query goes
// along, to the contract results if it names some.
func (u *UI) enter(c *call) (answer, error) {
	query, view := c.URL.Query(), ""
	query.Del("account")
	if query.Has("results") {
		view = "/results"
	}
	if c.account = c.FormValue("account"); c.account != "" {
		return c.redirect(withQuery(view, query)), nil
	}
	page, err := c.client.ListClinics(c.Context(), controlapi.PageRequest{Limit: 1000})
	if err != nil {
		return answer{}, err
	}
	for _, one := range page.Data {
		if c.account == "" || one.AccountCode == "vclinic" {
			c.account = one.AccountCode
		}
	}
	if c.account == "" {
		return failure(http.StatusNotFound, "There is no clinic: POST /_mock/clinics makes one."), nil
	}
	return c.redirect(withQuery(view, query)), nil
}

// serve answers a request with a view. An error of the control API is shown with its status and sentence.
func (u *UI) serve(handle func(*call) (answer, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := &call{Request: r, client: u.client(r), account: r.PathValue("account")}
		a, err := handle(c)
		if err != nil {
			a = failed(err)
		}
		u.write(w, r, c, a)
	}
}

// inputError says why a form was refused, in sentences for a view.
type inputError string

func (e inputError) Error() string { return string(e) }

// failed returns the view of an error.
func failed(err error) answer {
	var refused *controlapi.Error
	if errors.As(err, &refused) && refused.Status != 0 {
		return failure(refused.Status, refused.Error())
	}
	return failure(http.StatusBadRequest, err.Error())
}

// write writes an answer.
func (u *UI) write(w http.ResponseWriter, r *http.Request, c *call, a answer) {
	if a.view == "" && a.to != "" {
		http.Redirect(w, r, a.to, http.StatusSeeOther)
		return
	}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	text, kind := []byte(a.text), "text/plain; charset=utf-8"
	if a.view != "" {
		var page bytes.Buffer
		if err := static().views[a.view].Execute(&page, u.frame(r, c, a)); err != nil {
			u.Log.Error("a view could not be written", "request_id", requestid.FromReply(w), "view", a.view, "error", err)
			http.Error(w, "the mock has failed: see its log", http.StatusInternalServerError)
			return
		}
		text, kind = page.Bytes(), "text/html; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	send(w, r, a.status, text)
}

// send sends a body, compressed if the browser takes that. An error has no reader: the browser has gone.
func send(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	w.Header().Set("Vary", "Accept-Encoding")
	if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.WriteHeader(status)
		_, _ = w.Write(body) //nolint:gosec // html/template has escaped it, or its type is no HTML
		return
	}
	w.Header().Set("Content-Encoding", "gzip")
	w.WriteHeader(status)
	packer, _ := gzip.NewWriterLevel(w, gzip.BestSpeed) // the level is one
	_, _ = packer.Write(body)
	_ = packer.Close()
}
