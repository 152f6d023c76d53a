package mockserver_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

const browserApp = "http://localhost:3000"

func from(origin string) func(*http.Request) { return with("Origin", origin) }

// preflight sends a browser's request before a page's own.
func preflight(t *testing.T, address, origin string, options ...func(*http.Request)) reply {
	t.Helper()
	return send(t, http.MethodOptions, address, noBody, append([]func(*http.Request){
		from(origin), with("Access-Control-Request-Method", "GET"), with("Access-Control-Request-Headers", "x-apitoken"),
	}, options...)...)
}

func corsOf(h http.Header) map[string]string {
	found := map[string]string{}
	for name := range h {
		if short, ok := strings.CutPrefix(name, "Access-Control-"); ok {
			found[short] = h.Get(name)
		}
	}
	return found
}

func TestAPreflightFromLoopbackIsAllowed(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	const unknown = "DELETE, GET, PATCH, POST, PUT"
	for path, methods := range map[string]string{
		"/api_v3/insurances/":                       "GET",
		"/api_v3/me.json":                           "GET, POST",
		"/vc/dev/api_v3/users/1/insurances/primary": "DELETE, POST",
		"/claims_v2/api_v3/users/1/eligibility":     "POST",
		"/api_v3/nothing":                           unknown,
	} {
		r := preflight(t, mock.URL+path, browserApp)
		want := map[string]string{"Allow-Origin": browserApp, "Allow-Methods": methods, "Allow-Headers": "x-apitoken",
			"Max-Age": "600"}
		if diff := cmp.Diff(want, corsOf(r.header)); r.status != 204 || len(r.body) > 0 || diff != "" {
			t.Errorf("%s: %d %s (-want +got):\n%s", path, r.status, r.body, diff)
		}
		if vary := r.header.Values("Vary"); !cmp.Equal(vary, []string{"Origin", "Access-Control-Request-Headers"}) {
			t.Errorf("%s: it varies by %v", path, vary)
		}
	}
}

func TestOriginsOfThisComputerAreAllowedAndNoOthers(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, func(o *mockserver.Options) {
		o.CORSOrigins = []string{"https://App.Example.com", "https://default.example.com:443", "capacitor://app"}
	})
	for origin, allowed := range map[string]bool{
		"http://localhost:3000": true, "https://localhost": true, "http://a.localhost:5173": true,
		"http://127.0.0.1:8080": true,
		"http://127.9.9.9":      true, "http://[::1]:3000": true, "https://[::1]": true,
		"https://app.example.com": true, "https://default.example.com": true, "capacitor://app": true,
		"https://app.example.com:8443": false, "http://app.example.com": false, "https://other.example.com": false,
		"http://localhost.example.com": false, "http://127.0.0.1.example.com": false, "http://notlocalhost": false,
		"http://[::2]": false, "http://128.0.0.1": false, "null": false, "localhost:3000": false, "ftp://localhost": false,
		"http://localhost:3000/": false, "http://user@localhost": false, "http://localhost:": false, "http://": false,
		"*":                                    false,
		"https://example.com http://localhost": false, "http://localhost:99x": false,
	} {
		want, status := "", 403
		if allowed {
			want, status = origin, 204
		}
		r := preflight(t, mock.URL+"/api_v3/me", origin)
		if got := r.header.Get("Access-Control-Allow-Origin"); r.status != status || got != want ||
			r.header.Get("Vary") == "" {
			t.Errorf("%s: %d, allow-origin %q", origin, r.status, got)
		}
		if got := get(t, mock.URL+"/api_v3/accounts", from(origin)).header.Get("Access-Control-Allow-Origin"); got != want {
			t.Errorf("%s: a reply has the allow-origin %q", origin, got)
		}
	}
}

func TestAPageOfAnotherOriginIsToldTheFlag(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	r := preflight(t, mock.URL+"/api_v3/me", "https://app.example.org")
	got := r.message(t, 403)
	if !strings.Contains(got, "--cors-origin") || strings.Contains(got, "example.org") {
		t.Errorf("it is told %q", got)
	}
	if len(corsOf(r.header)) > 0 || r.header.Get("Content-Type") != "application/json" ||
		r.header.Get("X-Mock-Evidence") != "ours" {
		t.Errorf("the headers are %v", r.header)
	}
	if r := get(t, mock.URL+"/api_v3/accounts", from("https://app.example.org")); r.status != 200 ||
		len(corsOf(r.header)) > 0 {
		t.Errorf("its request without a preflight: %d %v", r.status, r.header)
	}
}

func TestAllOriginsCanBeAllowed(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, func(o *mockserver.Options) { o.CORSOrigins = []string{mockserver.AnyOrigin} })
	for _, origin := range []string{"https://app.example.com", "null", browserApp} {
		if r := preflight(t, mock.URL+"/api_v3/me", origin); r.status != 204 ||
			r.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %d %v", origin, r.status, corsOf(r.header))
		}
	}
}

func TestAPreflightAllowsTheHeadersThatAreAskedFor(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	const all = "Content-Type, X-AccountCode, X-ApiKey, X-ApiSecret, X-ApiToken, X-Mock-Scenario, X-Request-Id"
	for asked, want := range map[string]string{
		"":                       all,
		"x-apitoken":             "x-apitoken",
		"content-type,x-apikey":  "content-type,x-apikey",
		"x-custom, x_other,a.b`": "x-custom, x_other,a.b`",
		"x y":                    all,
		"a,,b":                   all,
		"<script>":               all,
	} {
		r := preflight(t, mock.URL+"/api_v3/me", browserApp, with("Access-Control-Request-Headers", asked))
		if got := r.header.Get("Access-Control-Allow-Headers"); got != want {
			t.Errorf("%q: %q", asked, got)
		}
	}
	r := preflight(t, mock.URL+"/api_v3/me", browserApp, with("Access-Control-Request-Private-Network", "true"))
	if got := r.header.Get("Access-Control-Allow-Private-Network"); got != "true" {
		t.Errorf("the private network: %q", got)
	}
}

// A page can read each reply, refusals and deliberate failures included, and the headers with further information.
func TestAPageReadsEachReplyOfTheAPI(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "page"})
	setFaults(t, c, `[{"operation": "getMe", "times": 1, "status": 503, "retry_after": "30s"}, {"operation": "getMe", `+
		`"from": 2, "html": true}]`)
	page := from(browserApp)
	for what, r := range map[string]reply{
		"success":   get(t, c.BaseURL+"/insurances", byToken(c.AdminToken), page),
		"401":       get(t, c.BaseURL+"/insurances", page),
		"404":       get(t, c.BaseURL+"/nothing", page),
		"405":       send(t, http.MethodDelete, c.BaseURL+"/me", noBody, page),
		"400":       post(t, c.BaseURL+"/users/sso", jsonBody("{"), byKey(c), page),
		"a fault":   get(t, c.BaseURL+"/me", byToken(c.AdminToken), page),
		"an HTML":   get(t, c.BaseURL+"/me", byToken(c.AdminToken), page),
		"too large": post(t, c.BaseURL+"/users/sso", jsonBody(strings.Repeat(" ", 2<<20)), byKey(c), page),
	} {
		want := map[string]string{
			"Allow-Origin": browserApp, "Expose-Headers": "X-Mock-Evidence, X-Mock-Warnings, X-Mock-Fault, X-Request-Id, " +
				"Retry-After, Allow",
		}
		if diff := cmp.Diff(want, corsOf(r.header)); diff != "" || r.header.Get("Vary") != "Origin" {
			t.Errorf("%s: %d, varies by %q (-want +got):\n%s", what, r.status, r.header.Get("Vary"), diff)
		}
	}
}

func TestTheControlAPIIsForNoPageOfAnotherOrigin(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, func(o *mockserver.Options) { o.CORSOrigins = []string{mockserver.AnyOrigin} })
	for _, path := range []string{"/_mock/clinics", "/_mock/clinics/vclinic", "/_mock/openapi.yaml", "/_mock/nothing",
		"/_mock"} {
		if r := preflight(t, mock.URL+path, browserApp); r.status < 400 || len(corsOf(r.header)) > 0 {
			t.Errorf("a preflight of %s: %d %v", path, r.status, r.header)
		}
		if r := get(t, mock.URL+path, from(browserApp)); len(corsOf(r.header)) > 0 {
			t.Errorf("%s: %v", path, r.header)
		}
	}
}

// A request without an Origin is served as for a client outside a browser, and OPTIONS is no operation.
func TestARequestWithoutAnOriginIsNoMatterOfCORS(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	for name, r := range map[string]reply{
		"OPTIONS": send(t, http.MethodOptions, mock.URL+"/api_v3/insurances", noBody),
		"OPTIONS with a method": send(t, http.MethodOptions, mock.URL+"/api_v3/insurances", noBody,
			with("Access-Control-Request-Method", "GET")),
		"OPTIONS of a page, no preflight": send(t, http.MethodOptions, mock.URL+"/api_v3/insurances", noBody,
			from(browserApp)),
	} {
		if got := r.message(t, 405); got != "this path takes GET" || r.header.Get("Allow") != "GET" {
			t.Errorf("%s: %q, allow %q", name, got, r.header.Get("Allow"))
		}
	}
	if r := get(t, mock.URL+"/api_v3/accounts"); len(corsOf(r.header)) > 0 || r.header.Get("Vary") != "" {
		t.Errorf("a GET: %v", r.header)
	}
}

// A preflight is no exchange with a clinic: it is not in the clinic's journal, and does not count for its faults.
func TestAPreflightIsNotInTheJournal(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "page"})
	setFaults(t, c, `[{"status": 503}]`)
	if r := preflight(t, c.BaseURL+"/accounts/page", browserApp, byToken(c.AdminToken)); r.status != 204 {
		t.Errorf("%d %s", r.status, r.body)
	}
	if rows := listOf(t, c, "/journal"); len(rows) > 0 {
		t.Errorf("the journal has %v", rows)
	}
}

func TestAnOriginOfTheOptionsMustBeOne(t *testing.T) {
	t.Parallel()
	for origin, ok := range map[string]bool{
		"https://app.example.com": true, "http://app:8080": true, "capacitor://app": true, "*": true, "http://[::1]:1": true,
		"": false, "null": false, "app.example.com": false, "https://": false, "https://a/": false, "https://a/b": false,
		"https://a?b": false,
		"https://a#":  false, "https://*.example.com": false, "https://user@a": false, "https://a:": false,
		"https://a:b": false, "mailto:a": false,
	} {
		_, err := mockserver.New(mockserver.Options{CORSOrigins: []string{browserApp, origin}})
		if (err == nil) != ok || err != nil && !strings.HasPrefix(err.Error(),
			"the CORS origin 2 must be an origin such as https://app.example.com") {
			t.Errorf("%q: %v", origin, err)
		}
	}
}
