package ui

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

const (
	sessionCookie = "vsee_mock_session"
	themeCookie   = "vsee_mock_theme"
	// maxSessions is the number of browsers that can be logged in; the oldest sessions go first.
	maxSessions = 100
)

// sessions are those of the browsers that gave the control token.
type sessions struct {
	mu  sync.Mutex
	ids []string // oldest first
}

// begin returns the id of a new session.
func (s *sessions) begin() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ids = append(s.ids, rand.Text())
	s.ids = s.ids[max(0, len(s.ids)-maxSessions):]
	return s.ids[len(s.ids)-1]
}

// end ends the session of a request.
func (s *sessions) end(r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ids = slices.DeleteFunc(s.ids, func(id string) bool { return isIn(r, id) })
}

func (s *sessions) has(r *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.ids, func(id string) bool { return isIn(r, id) })
}

// isIn reports whether the cookie of a request has a session id.
func isIn(r *http.Request, id string) bool {
	cookie, err := r.Cookie(sessionCookie)
	return err == nil && subtle.ConstantTimeCompare([]byte(cookie.Value), []byte(id)) == 1
}

// authorize sends a browser without a session to the login form, if the mock has a control token.
func (u *UI) authorize(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case u.Token == "" || u.sessions.has(r):
			next(w, r)
		case r.Method == http.MethodGet && r.Header.Get("Accept") != "text/event-stream":
			http.Redirect(w, r, Prefix+"/login?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
		default:
			u.write(w, r, nil, failure(http.StatusUnauthorized, "Log in with the control token first."))
		}
	})
}

// login is the data of the login form.
type login struct {
	Next  string
	Wrong bool
}

// loginForm shows the form for the control token.
func (u *UI) loginForm(w http.ResponseWriter, r *http.Request) {
	u.write(w, r, nil, answer{view: "login", data: login{Next: ownAddress(r.FormValue("next"))}})
}

// login exchanges the control token for a session. The token is in no address and in no cookie.
func (u *UI) login(w http.ResponseWriter, r *http.Request) {
	next := ownAddress(r.PostFormValue("next"))
	if u.Token != "" && subtle.ConstantTimeCompare([]byte(r.PostFormValue("token")), []byte(u.Token)) != 1 {
		u.write(w, r, nil, answer{status: http.StatusUnauthorized, view: "login", data: login{next, true}})
		return
	}
	setCookie(w, r, sessionCookie, u.sessions.begin())
	http.Redirect(w, r, next, http.StatusSeeOther)
}

func (u *UI) logout(w http.ResponseWriter, r *http.Request) {
	u.sessions.end(r)
	http.Redirect(w, r, Prefix, http.StatusSeeOther)
}

// setTheme keeps light, dark, or the browser's own theme for any other value.
func (u *UI) setTheme(w http.ResponseWriter, r *http.Request) {
	setCookie(w, r, themeCookie, themeOf(r.PostFormValue("theme")))
	http.Redirect(w, r, ownAddress(r.PostFormValue("next")), http.StatusSeeOther)
}

func themeOf(name string) string {
	if name == "light" || name == "dark" {
		return name
	}
	return "auto"
}

func setCookie(w http.ResponseWriter, r *http.Request, name, value string) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // the mock may be served without TLS
		Name: name, Value: value, Path: Prefix, HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil,
	})
}

// ownAddress returns an address of the page, the front page instead of any other one.
func ownAddress(address string) string {
	if address == Prefix || strings.HasPrefix(address, Prefix+"/") && !strings.ContainsAny(address, "\\\r\n") {
		return address
	}
	return Prefix
}
