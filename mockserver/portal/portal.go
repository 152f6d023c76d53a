// Package portal is VSee's portal as far as clients send a browser there: GET auth takes a token from the URL, keeps it
// in a cookie and redirects to the user's landing path. VSee's portal would show its own pages there; this one
// shows the visit and its people, or the signed-on user, and a note about being a mock.
package portal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/logline"
	"github.com/vsee-mock/vsee-mock/internal/origin"
	"github.com/vsee-mock/vsee-mock/internal/requestid"
	"github.com/vsee-mock/vsee-mock/internal/vseehost"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/journal"
)

// Options are the parts of a Portal. All are required.
type Options struct {
	Clinics *clinic.Directory
	Journal func(*clinic.Clinic) *journal.Journal // nil when the clinic was deleted
	Epoch   *journal.Epoch                        // of the journals
	Log     *slog.Logger
}

// Portal is an http.Handler for the pages opened in a browser.
type Portal struct {
	Options
	pages pages
}

// New returns the portal.
func New(o Options) *Portal { return &Portal{o, newPages()} }

// prefixes are the portal's: the prefixes of the API without api_v3 (documented); the empty one is the last.
func prefixes() []string { return []string{"/vc/dev", "/vc/next", "/vc/stable", ""} }

// apiPath begins every path of the API below a prefix.
const apiPath = "/api_v3"

// cookie is the name of the cookie with the token of the signed-on user.
const cookie = "vsee_mock_portal"

// splitPrefix returns the prefix of a percent-encoded path and the rest, false for a path of the API.
func splitPrefix(path string) (prefix, rest string, ok bool) {
	for _, prefix := range prefixes() {
		rest, found := strings.CutPrefix(path, prefix)
		if found && strings.HasPrefix(rest, "/") {
			return prefix, rest, rest != apiPath && !strings.HasPrefix(rest, apiPath+"/")
		}
	}
	return "", "", false
}

// Handles reports whether a request is the portal's: one to auth, to a place or to a summary, or one of a browser
// already sent on by auth.
func (p *Portal) Handles(r *http.Request) bool {
	_, rest, ok := splitPrefix(r.URL.EscapedPath())
	if !ok {
		return false
	}
	place, _ := p.placeOf(rest)
	if place != "" || rest == "/auth" || rest == "/auth/" || strings.HasPrefix(rest, summaries) {
		return true
	}
	_, err := r.Cookie(cookie)
	return err == nil && (r.Method == http.MethodGet || r.Method == http.MethodHead)
}

// answer is how the portal answers a request.
type answer struct {
	clinic *clinic.Clinic // nil when it is not known
	status int
	header http.Header
	page   any // the data of its template; nil for no page
}

// ServeHTTP implements http.Handler.
func (p *Portal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began, mark := clock.Wall(), p.Epoch.Mark()
	prefix, rest, _ := splitPrefix(r.URL.EscapedPath())
	var a answer
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		a = refusalAnswer(http.StatusMethodNotAllowed, "this page takes GET")
		a.header = http.Header{"Allow": {"GET, HEAD"}}
	case rest == "/auth" || rest == "/auth/":
		a = p.signOn(r, prefix)
	case strings.HasPrefix(rest, summaries):
		a = p.summary(r, strings.TrimPrefix(rest, summaries))
	default:
		a = p.landingPage(r, rest)
	}
	body, err := p.pages.render(a.page)
	if err != nil {
		p.Log.Error("a page of the portal could not be written", "request_id", requestid.FromReply(w), "error", err)
		a.status, body = http.StatusInternalServerError, nil
	}
	header := w.Header()
	header.Set("X-Mock-Evidence", evidenceGrade(a))
	header.Set("Content-Type", a.mediaType())
	header.Set("Content-Security-Policy", p.pages.policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer") // the URL of auth has a token in it
	header.Set("Cache-Control", "no-store")
	maps.Copy(header, a.header)
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the browser has gone, so an error has no reader
	}
	p.record(r, a, header, began, mark)
}

// evidenceGrade returns the grade of an answer. VSee documents that auth signs a browser on and redirects. All pages
// are ours.
func evidenceGrade(a answer) string {
	if a.status == http.StatusFound {
		return "documented"
	}
	return "ours"
}

// signOn signs a browser on and redirects it to its landing path. With mock=page, it shows a page with the path
// instead.
func (p *Portal) signOn(r *http.Request, prefix string) answer {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return refusalAnswer(http.StatusBadRequest, "the query of this address has a malformed percent-encoding")
	}
	for _, name := range []string{"sso_token", "next", "mock"} {
		if len(query[name]) > 1 {
			return refusalAnswer(http.StatusBadRequest, name+" appears more than once: send it once")
		}
	}
	next := query.Get("next")
	if next == "" {
		next = "/"
	}
	if !isLocalPath(next) {
		return refusalAnswer(http.StatusBadRequest, "next must be a path of this portal, such as /visits/42: it must "+
			"begin with one slash and have no backslash, space, control character or segment of dots")
	}
	if said := query.Get("mock"); said != "" && said != "page" {
		return refusalAnswer(http.StatusBadRequest, "mock must be page, or left out")
	}
	token := query.Get("sso_token")
	if token == "" {
		return refusalAnswer(http.StatusUnauthorized, "sso_token is missing from this address: it is data.token.token of "+
			"a sign-on's reply")
	}
	one, s, problem := p.session(r, token)
	if problem != "" {
		a := refusalAnswer(http.StatusUnauthorized, "sso_token "+problem)
		a.clinic = one
		return a
	}
	target := prefix + encodePath(next)
	kept := &http.Cookie{ //nolint:gosec // a mock is served without TLS, too
		Name: cookie, Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: strings.HasPrefix(origin.Of(r), "https:"),
	}
	a := answer{clinic: one, status: http.StatusFound, header: http.Header{"Set-Cookie": {kept.String()},
		"Location": {target}}}
	if query.Get("mock") == "page" {
		a.status = http.StatusOK
		delete(a.header, "Location")
		a.page = signedOn{user: s, Next: target, Waiting: true}
	}
	return a
}

// landingPage shows the page at the end of a redirect from auth: a place, or the signed-on user elsewhere.
func (p *Portal) landingPage(r *http.Request, rest string) answer {
	if pattern, name := p.placeOf(rest); pattern != "" {
		return p.showPlace(r, pattern, name)
	}
	s, problem := p.signedOnSession(r)
	if problem != "" {
		a := refusalAnswer(http.StatusUnauthorized, problem)
		a.clinic = s.clinic
		return a
	}
	return answer{clinic: s.clinic, status: http.StatusOK, page: signedOn{user: s.user, Next: r.URL.RequestURI()}}
}

// session is a browser's sign-on.
type session struct {
	clinic *clinic.Clinic
	user   user
	token  string
}

// signedOnSession returns the session of the cookie that auth set, or else the problem with it.
func (p *Portal) signedOnSession(r *http.Request) (session, string) {
	kept, err := r.Cookie(cookie)
	if err != nil {
		return session{}, "this browser has no signed-on user: sign on with /auth first"
	}
	one, who, problem := p.session(r, kept.Value)
	if problem != "" {
		problem = "this browser's token " + problem
	}
	return session{one, who, kept.Value}, problem
}

// session returns the owner of a token, or else the error in the token. VSee does not say which token sso_token is.
// Here it is the access token of a sign-on or a login, and never the clinic's admin token, because an admin token does
// not belong in an address.
func (p *Portal) session(r *http.Request, token string) (*clinic.Clinic, user, string) {
	one, ok := p.Clinics.ByToken(r.Context(), token)
	if !ok {
		return nil, user{}, "is not known to this mock: it is data.token.token of a sign-on's reply"
	}
	if code, _ := vseehost.Account(r.Host); code != "" && code != one.Account() {
		return one, user{}, "belongs to another clinic than the host of this address"
	}
	s, err := one.Session(r.Context(), token)
	var refusal *clinic.Error
	switch {
	case errors.As(err, &refusal):
		return one, user{}, strings.TrimPrefix(refusal.Message, "X-ApiToken ")
	case err != nil:
		p.Log.Error("the portal could not check a token", "error", err)
		return one, user{}, "could not be checked: see the mock's log"
	}
	return one, p.userOf(r.Context(), one, s), ""
}

func (p *Portal) userOf(ctx context.Context, one *clinic.Clinic, s clinic.Session) user {
	name := one.Account()
	if settings, err := one.Settings(ctx); err == nil {
		name = settings.Name
	}
	return user{
		Name: s.User.FullName(), Email: s.User.Email, ID: s.User.ID, Code: s.User.Code, Type: typeName(s.User.Type),
		Clinic: name, Account: one.Account(), Expiry: s.Expiry.UTC().Format("2 January 2006, 15:04:05 UTC"),
	}
}

func typeName(t clinic.Type) string {
	switch t {
	case clinic.Admin:
		return "admin (100)"
	case clinic.Provider:
		return "provider (400)"
	case clinic.Guest:
		return "guest (600)"
	case clinic.Member:
	}
	return "member (200)"
}

// maxNext is the greatest length of a landing path.
const maxNext = 2_000

// isLocalPath reports whether a browser stays in this portal when it is redirected to a path. Browsers take \ for /,
// leave tabs and line breaks out, take the text after two slashes for a host, and go up by a segment of two dots,
// however they are encoded.
func isLocalPath(next string) bool {
	if len(next) > maxNext || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") {
		return false
	}
	for _, c := range next {
		if c <= ' ' || c == 0x7f || c == '\\' || c == '\ufffd' {
			return false
		}
	}
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil {
		return false
	}
	segments := strings.FieldsFunc(u.Path, func(c rune) bool { return c == '/' || c == '\\' })
	return !slices.Contains(segments, ".") && !slices.Contains(segments, "..")
}

// encodePath returns a path in a form safe for a header: characters other than plain ASCII, or not for an address, are
// percent-encoded.
func encodePath(next string) string {
	var b strings.Builder
	for _, c := range []byte(next) {
		if c > '~' || strings.IndexByte("\"<>^`{|}", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// record puts the exchange into the log and into its clinic's journal.
func (p *Portal) record(r *http.Request, a answer, header http.Header, began time.Time, mark journal.Mark) {
	took, id := clock.Since(began), header.Get(requestid.Header)
	log := p.Log.With("request_id", id, "status", a.status, "took_ms", logline.Milliseconds(took))
	if why, ok := a.page.(refusal); ok {
		log = log.With("message", why.Why)
	}
	if a.clinic != nil {
		log = log.With("clinic", a.clinic.Account())
	}
	log.Log(context.WithoutCancel(r.Context()), logline.Level(a.status), logline.Call(r.Method, "a page of the portal"))
	if a.clinic == nil {
		return
	}
	if kept := p.Journal(a.clinic); kept != nil {
		kept.AddExchange(journal.RawExchange{
			Facts: journal.Facts{At: a.clinic.Clock().Now(), Began: began, Duration: took, Method: r.Method, RequestID: id,
				Status: a.status},
			Mark: mark, URL: r.URL,
			Request: journal.RawMessage{Header: r.Header}, Reply: journal.RawMessage{Header: header.Clone()},
		})
	}
}
