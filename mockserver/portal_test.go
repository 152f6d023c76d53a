package mockserver_test

import (
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// browse gets a page like a browser, without following redirects.
func browse(t *testing.T, address string, options ...func(*http.Request)) reply {
	t.Helper()
	client := mocktest.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return sendWith(t, client, http.MethodGet, address, noBody, options...)
}

// portal returns a mock's URL, a clinic of it, and the token of a user with an unusual name.
func portal(t *testing.T) (string, *mocktest.Clinic, string) {
	t.Helper()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "desk", Name: "The <b>Desk</b>"})
	r := signOn(t, c, fields{{"first_name", "<script>alert(1)</script>"}, {"last_name", `"O'Neil" & {{.}}`},
		{"code", "<img src=x>"}, {"email", "o'neil@example.com"}})
	return mock.URL, c, r.at(t, "data", "token", "token").(string)
}

// A browser lands where the address says, under each prefix, and its page shows the user signed on.
func TestTheHandOverSignsABrowserOn(t *testing.T) {
	t.Parallel()
	root, _, token := portal(t)
	for _, prefix := range []string{"", "/vc/dev", "/vc/next", "/vc/stable"} {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		address := root + prefix + "/auth?sso_token=" + token + "&next=" + url.QueryEscape("/visits/42?tab=<notes>")
		sent := browse(t, address)
		if got := sent.header.Get("Location"); sent.status != 302 || got != prefix+"/visits/42?tab=%3Cnotes%3E" {
			t.Errorf("%s: %d to %s", prefix, sent.status, got)
		}
		if got := sent.header.Get("X-Mock-Evidence"); got != "documented" {
			t.Errorf("%s: the evidence is %s", prefix, got)
		}
		client := &http.Client{Transport: mocktest.Client().Transport, Jar: jar}
		landed := sendWith(t, client, http.MethodGet, address, noBody)
		text := string(landed.body)
		for _, want := range []string{
			"This is a mock of VSee's portal, not VSee.",
			"&lt;script&gt;alert(1)&lt;/script&gt; &#34;O&#39;Neil&#34; &amp; {{.}} is signed on",
			"<code>" + prefix + "/visits/42?tab=%3Cnotes%3E</code>",
			"<dd>o&#39;neil@example.com</dd>", "<dd>&lt;img src=x&gt;</dd>", "<dd>The &lt;b&gt;Desk&lt;/b&gt; (desk)</dd>",
			"<dd>member (200)</dd>",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the page has no %s:\n%s", prefix, want, text)
			}
		}
		for _, never := range []string{"<script", "<img", "<b>Desk", token} {
			if strings.Contains(text, never) {
				t.Errorf("%s: the page has %s", prefix, never)
			}
		}
		if got := landed.header.Get("X-Mock-Evidence"); landed.status != 200 || got != "ours" {
			t.Errorf("%s: landed with %d, evidence %s", prefix, landed.status, got)
		}
	}
}

func TestThePageOfAHandOverIsShownInsteadOfIt(t *testing.T) {
	t.Parallel()
	root, _, token := portal(t)
	page := browse(t, root+"/vc/dev/auth/?mock=page&sso_token="+token)
	if page.status != 200 || !strings.Contains(string(page.body), `<a class="button" href="/vc/dev/">Go on</a>`) {
		t.Errorf("%d %s", page.status, page.body)
	}
	for name, want := range map[string]string{
		"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
		"X-Content-Type-Options": "nosniff",
	} {
		if got := page.header.Get(name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := page.header.Get("Content-Security-Policy"); !strings.HasPrefix(got,
		"default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-") {
		t.Errorf("policy = %s", got)
	}
	if got := page.header.Get("Set-Cookie"); got != "vsee_mock_portal="+token+"; Path=/; HttpOnly; SameSite=Lax" {
		t.Errorf("cookie = %s", strings.ReplaceAll(got, token, "TOKEN"))
	}
}

// No address sends a browser away from the mock.
func TestThePortalRedirectsToNoOtherSite(t *testing.T) {
	t.Parallel()
	root, _, token := portal(t)
	const want = "next must be a path of this portal, such as /visits/42: it must begin with one slash and have no " +
		"backslash, space, control character or segment of dots."
	for _, next := range []string{
		"https://evil.example", "//evil.example", "///evil.example", `/\evil.example`, `\\evil.example`, `/\/evil.example`,
		"javascript:alert(1)",
		"data:text/html,x", "evil.example", "?x", "#x", "/\t/evil.example", "/\n/evil.example", "\t//evil.example",
		" //evil.example", "/a b", "/%zz",
		"/\x00", "/\x7f", "/\xff", "/a\\b", "/" + strings.Repeat("x", 2_000), "/x\r\nSet-Cookie: a=b",
		"/../../_mock/clinics", "/%2e%2e/%2E%2E/_mock/clinics", "/.%2e/x", "/..", "/.", "/a/./b", "/a/%2e", "/..?q", "/..#x",
		"/..//x",
		"/a%2F..%2F..%2Fb", "/..%5C_mock",
	} {
		got := browse(t, root+"/auth?sso_token="+token+"&next="+url.QueryEscape(next))
		if got.status != 400 || got.header.Get("Location") != "" || got.header.Get("Set-Cookie") != "" ||
			!strings.Contains(string(got.body), want) {
			t.Errorf("%q: %d, %v", next, got.status, got.header)
		}
	}
	if got := browse(t, root+"/auth?sso_token="+token+"&next="+
		url.QueryEscape("/é?q=|")); got.header.Get("Location") != "/%C3%A9?q=%7C" {
		t.Errorf("sent to %s", got.header.Get("Location"))
	}
	for _, next := range []string{"/", "/a/b?c=d#e", "/%2F%2Fevil.example", "/%5Cevil.example", "/a//x", "/...", "/.x/x..",
		"/%252e%252e/x", "/?u=/../https://evil.example#/../x"} {
		if got := browse(t, root+"/auth?sso_token="+token+"&next="+url.QueryEscape(next)); got.status != 302 ||
			got.header.Get("Location") != next {
			t.Errorf("%q: %d to %s", next, got.status, got.header.Get("Location"))
		}
	}
}

// Each kind of a bad hand-over gets a page with the mistake, and no sign-on.
func TestABadHandOverIsExplained(t *testing.T) {
	t.Parallel()
	root, c, token := portal(t)
	ended := signOn(t, c, edward).at(t, "data", "token", "token").(string)
	post(t, c.BaseURL+"/users/logout", noBody, byToken(ended))
	expired := signOn(t, c, edward).at(t, "data", "token", "token").(string)
	c.Advance(t, clinic.AccessLife)
	fresh := signOn(t, c, edward).at(t, "data", "token", "token").(string)
	for _, tc := range []struct {
		path   string
		change func(*http.Request)
		status int
		want   string
	}{
		{"/auth", nil, 401, "sso_token is missing from this address: it is data.token.token of a sign-on&#39;s reply."},
		{"/auth?sso_token=", nil, 401, "sso_token is missing from this address"},
		{"/auth?sso_token=<script>", nil, 401, "sso_token is not known to this mock"},
		{"/auth?sso_token=" + expired, nil, 401, "sso_token has expired: sign on again."},
		{"/auth?sso_token=" + token, nil, 401, "sso_token has expired: sign on again."},
		{"/auth?sso_token=" + ended, nil, 401, "sso_token was ended by a logout: sign on again."},
		{"/auth?sso_token=" + c.AdminToken, nil, 401, "sso_token is the clinic&#39;s admin token: send a user&#39;s token."},
		{"/auth?sso_token=" + fresh, withHost("vclinic.localhost"), 401,
			"sso_token belongs to another clinic than the host of this address."},
		{"/auth?sso_token=a&sso_token=b", nil, 400, "sso_token appears more than once: send it once."},
		{"/auth?sso_token=" + fresh + "&next=/a&next=/b", nil, 400, "next appears more than once: send it once."},
		{"/auth?sso_token=" + fresh + "&mock=1", nil, 400, "mock must be page, or left out."},
		{"/auth?sso_token=%zz", nil, 400, "the query of this address has a malformed percent-encoding."},
		{"/visits", with("Cookie", "vsee_mock_portal="+expired), 401, "this browser&#39;s token has expired: sign on again."},
		{"/visits", with("Cookie", "vsee_mock_portal=x"), 401, "this browser&#39;s token is not known to this mock"},
	} {
		change := tc.change
		if change == nil {
			change = func(*http.Request) {}
		}
		got := browse(t, root+tc.path, change)
		if got.status != tc.status || !strings.Contains(string(got.body), tc.want) ||
			strings.Contains(string(got.body), "<script") || got.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d %v %s", tc.path, got.status, got.header, got.body)
		}
	}
	if got := browse(t, root+"/auth?sso_token="+fresh, withHost("desk.localhost:8080")); got.status != 302 {
		t.Errorf("by the clinic's own host: %d", got.status)
	}
	posted := post(t, root+"/auth?sso_token="+fresh, noBody)
	if posted.status != 405 || posted.header.Get("Allow") != "GET, HEAD" {
		t.Errorf("a POST: %d, %v", posted.status, posted.header)
	}
}

// The portal handles no path of the API, and the journal shows hand-overs without their tokens.
func TestThePortalDoesNotChangeTheAPI(t *testing.T) {
	t.Parallel()
	root, c, token := portal(t)
	signedOn := with("Cookie", "vsee_mock_portal="+token)
	for path, want := range map[string]int{"/api_v3/nothing": 404, "/vc/dev/api_v3/me": 401,
		"/api_v3/auth?sso_token=" + token: 404, "/_mock/nothing": 404} {
		got := browse(t, root+path, signedOn)
		if got.status != want || got.header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	if got := browse(t, root+"/nothing"); got.message(t, 404) != "Sorry, this page is not available." {
		t.Errorf("without a cookie: %s", got.body)
	}
	browse(t, root+"/auth?next=/x&sso_token="+token)
	last := listOf(t, c, "/journal")[0]
	if diff := cmp.Diff("/auth?next=/x&sso_token=***", last["path"]); diff != "" {
		t.Errorf("path (-want +got):\n%s", diff)
	}
	all, err := json.Marshal(listOf(t, c, "/journal"))
	if err != nil || strings.Contains(string(all), token) {
		t.Errorf("the journal has the token, or an error: %v", err)
	}
}
