package ui_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

const front = "/_mock/page/clinics/vclinic"

// reader is a browser without JavaScript.
type reader struct {
	t    *testing.T
	base string
	http.Client
}

func newReader(t *testing.T, mock *mocktest.Mock) *reader {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &reader{t, mock.URL, http.Client{Jar: jar}}
}

// shown is the head of a reply, behind all redirections.
type shown struct {
	StatusCode int
	Header     http.Header
	URL        *url.URL
}

// send sends a request as a browser does, and returns the reply and its text.
func (r *reader) send(method, path string, form url.Values, header ...string) (shown, string) {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), method, r.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		r.t.Fatal(err)
	}
	request.Header.Set("Accept", "text/html")
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	if request.Header.Get("Host") != "" {
		request.Host = request.Header.Get("Host")
	}
	reply, err := r.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return shown{reply.StatusCode, reply.Header, reply.Request.URL}, string(text)
}

// see fails unless a view has all of the texts.
func (r *reader) see(path string, texts ...string) string {
	r.t.Helper()
	reply, page := r.send(http.MethodGet, path, nil)
	if reply.StatusCode != http.StatusOK {
		r.t.Fatalf("GET %s: %d\n%s", path, reply.StatusCode, page)
	}
	for _, text := range texts {
		if !strings.Contains(page, text) {
			r.t.Errorf("GET %s has no %q:\n%s", path, text, page)
		}
	}
	return page
}

// post sends a form, and follows to the view behind it.
func (r *reader) post(path string, form url.Values) string {
	r.t.Helper()
	reply, page := r.send(http.MethodPost, path, form)
	if reply.StatusCode != http.StatusOK {
		r.t.Fatalf("POST %s: %d\n%s", path, reply.StatusCode, page)
	}
	return page
}

func TestABrowserIsLedToThePageAndOtherClientsGetJSON(t *testing.T) {
	t.Parallel()
	r := newReader(t, mocktest.Start(t))
	for _, path := range []string{"/", "/_mock", "/_mock/"} {
		if reply, _ := r.send(http.MethodGet, path, nil); reply.URL.Path != front {
			t.Errorf("GET %s leads to %s", path, reply.URL.Path)
		}
		reply, text := r.send(http.MethodGet, path, nil, "Accept", "application/json")
		if reply.StatusCode != http.StatusNotFound || reply.Header.Get("Content-Type") != "application/json" {
			t.Errorf("GET %s without text/html: %d %s", path, reply.StatusCode, text)
		}
	}
	if reply, _ := r.send(http.MethodGet, "/", nil, "Accept", "*/*"); reply.URL.Path != front {
		t.Errorf("curl of / leads to %s", reply.URL.Path)
	}
	if _, text := r.send(http.MethodGet, "/_mock/", nil, "Accept", "*/*"); !strings.Contains(text, "/_mock/page") {
		t.Errorf("curl of /_mock/ does not name the page: %s", text)
	}
}

func TestTheQueryComesAlongToThePage(t *testing.T) {
	t.Parallel()
	r := newReader(t, mocktest.Start(t))
	for query, want := range map[string]string{
		"": front, "?q=two+checks": front + "?q=two+checks", "?account=vclinic&q=x": front + "?q=x",
		"?results=second/results.json&account=vclinic": front + "/results?results=second%2Fresults.json",
	} {
		for _, path := range []string{"/", "/_mock", "/_mock/", "/_mock/page"} {
			if reply, _ := r.send(http.MethodGet, path+query, nil); reply.URL.RequestURI() != want {
				t.Errorf("GET %s%s leads to %s, want %s", path, query, reply.URL.RequestURI(), want)
			}
		}
	}
}

func TestTheGuideIsPlayedWithoutJavaScript(t *testing.T) {
	t.Parallel()
	r := newReader(t, mocktest.Start(t))
	r.see(front, "Nothing has happened", "curl "+r.base)
	r.post(front, nil)
	r.see(front, "Edward VSee", "POST /users/sso", "POST /me.json", "check started", "check ends", "next due")
	page := r.post(front+"/clock", url.Values{"move": {"next"}, "next": {front}})
	for _, text := range []string{"Subscriber/Insured not found", "eligibility.checked", "1 check", "nothing due"} {
		if !strings.Contains(page, text) {
			t.Errorf("after the move the page has no %q:\n%s", text, page)
		}
	}
	r.see(front+"/exchanges/1", "POST", "seed", "Request", "Reply", "vseelab.com")
	r.see(front+"/checks/2505465", "reject code 75", "Subscriber/Insured not found")
}

func TestTheClockIsMovedByEachOfItsButtons(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	mock.NewClinic(t, clinic.Settings{AccountCode: "still"})
	r := newReader(t, mock)
	const still = "/_mock/page/clinics/still"
	for _, move := range []struct {
		form url.Values
		want string
	}{
		{url.Values{"move": {"10s"}}, "Moved by 10 s"},
		{url.Values{"move": {"1h"}}, "Moved by 1 h"},
		{url.Values{"move": {"by"}, "by": {"1h 30m"}}, "Moved by 1 h 30 min"},
		{url.Values{"move": {"run"}}, "running"},
		{url.Values{"move": {"freeze"}}, "frozen"},
	} {
		move.form.Set("next", still)
		if page := r.post(still+"/clock", move.form); !strings.Contains(page, move.want) {
			t.Errorf("%v: the page has no %q", move.form, move.want)
		}
	}
	for _, wrong := range []url.Values{
		{"move": {"next"}}, {"move": {"by"}, "by": {"ten"}}, {"move": {"by"}, "by": {"-1s"}},
	} {
		if reply, page := r.send(http.MethodPost, still+"/clock", wrong); reply.StatusCode != http.StatusBadRequest ||
			!strings.Contains(page, "That did not work") {
			t.Errorf("%v: %d", wrong, reply.StatusCode)
		}
	}
}

func TestEachReplyHasThePolicyAndNothingIsCached(t *testing.T) {
	t.Parallel()
	r := newReader(t, mocktest.Start(t))
	for _, path := range []string{front, "/_mock/page/nothing", "/_mock/page/login", front + "/exchanges/7",
		front + "/reference/signOn", front + "/evidence", front + "/scenarios", front + "/results"} {
		reply, page := r.send(http.MethodGet, path, nil)
		policy := reply.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; script-src 'self'; style-src 'self'") ||
			reply.Header.Get("Cache-Control") != "no-store" || reply.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("GET %s: %v", path, reply.Header)
		}
		if strings.Contains(page, "style=") || strings.Contains(page, "onclick") || strings.Contains(page, "//cdn") {
			t.Errorf("GET %s has a style or a script of its own", path)
		}
	}
}

func TestAPageOfAnotherOriginChangesNothing(t *testing.T) {
	t.Parallel()
	r := newReader(t, mocktest.Start(t))
	for _, path := range []string{"", "/clock", "/reveal"} {
		reply, page := r.send(http.MethodPost, front+path, url.Values{"move": {"10s"}, "what": {"first"}},
			"Sec-Fetch-Site", "cross-site")
		if reply.StatusCode != http.StatusForbidden || strings.Contains(page, "vclinic_api_token") {
			t.Errorf("POST %s: %d", path, reply.StatusCode)
		}
	}
	r.see(front, "Nothing has happened")
	reply, page := r.send(http.MethodGet, front, nil, "Host", "evil.example")
	if reply.StatusCode != http.StatusForbidden {
		t.Errorf("under the host name of an attacker: %d %s", reply.StatusCode, page)
	}
}

func TestSecretsAreMaskedUntilTheyAreCopied(t *testing.T) {
	t.Parallel()
	r := newReader(t, mocktest.Start(t))
	empty := r.see(front, "X-ApiToken: ***")
	r.post(front, nil)
	secrets := []string{"vclinic_api_token", "vclinic_api_secret", "vclinic_api_key", mockserver.DefaultWebhookSecret}
	for _, page := range []string{empty, r.see(front), r.see(front + "/webhooks"), r.see(front + "/patients/132407"),
		r.see(front + "/exchanges/1"), r.see(front + "/exchanges/3")} {
		for _, secret := range secrets {
			if strings.Contains(page, secret) {
				t.Errorf("a view shows %s", secret)
			}
		}
	}
	for what, want := range map[string]string{"first": "vclinic_api_token", "exchange": "vclinic_api_secret"} {
		if text := r.post(front+"/reveal", url.Values{"what": {what}, "id": {"1"}}); !strings.Contains(text, want) {
			t.Errorf("the copy of %s has no %s: %s", what, want, text)
		}
	}
	r.see(front+"/exchanges/1", "Copy with the clinic’s credentials", "X-ApiKey: ***")
	r.see(front+"/exchanges/3", "Copy, with TOKEN to set", "X-ApiToken: ***")
	want := `"X-ApiToken: $TOKEN"`
	if text := r.post(front+"/reveal", url.Values{"what": {"exchange"}, "id": {"3"}}); !strings.Contains(text, want) {
		t.Errorf("the copy of a request with a token has no %s: %s", want, text)
	}
	if reply, _ := r.send(http.MethodGet, front+"/reveal?what=first", nil); reply.StatusCode == http.StatusOK {
		t.Error("a secret has an address")
	}
}

// planted is markup that must not become a part of a page.
const planted = `"><img src=x onerror=alert(1)><script>alert(2)</script>'` + "`${1}"

func TestMarkupIsShownAsTextOnEachView(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Planted", planted)
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write([]byte(planted))
	}))
	t.Cleanup(receiver.Close)
	mock.NewClinic(t, clinic.Settings{AccountCode: "north", Webhook: clinic.Webhook{URL: receiver.URL + "/<script>"}})
	r := newReader(t, mock)
	plant(t, mock, "north", planted)
	r.post(north+"/events", url.Values{"type": {"eligibility.checked"}, "member": {"132407"},
		"data.eligibility_response": {planted}})
	query := "?q=" + url.QueryEscape(planted)
	typed := "?type=claim.updated&data.currency=" + url.QueryEscape(planted) + "&json=" + url.QueryEscape(planted)
	for _, path := range []string{north, north + "/exchanges/1", north + "/exchanges/2", north + "/patients",
		north + "/patients/132407", north + "/webhooks", north + "/patients" + query, north + query, r.firstEvent(),
		north + "/fire" + typed, north + "/faults", north + "/scenarios" + query, north + "/reference" + query,
		north + "/evidence" + query, north + "/reference/signOn", north + "/results",
		"/_mock/page/login?next=" + url.QueryEscape(planted)} {
		page := r.see(path)
		for _, markup := range []string{"<img", "<script>", "onerror=alert(1)>"} {
			if strings.Contains(page, markup) {
				t.Errorf("GET %s has the markup %s:\n%s", path, markup, page)
			}
		}
	}
	for path, form := range map[string]url.Values{
		"/events":   {"type": {planted}, "member": {planted}, "json": {planted}},
		"/clock":    {"move": {"by"}, "by": {planted}},
		"/faults":   {"kind": {planted}},
		"/webhooks": {"url": {planted}},
	} {
		if reply, page := r.send(http.MethodPost, north+path, form); reply.StatusCode != http.StatusBadRequest ||
			strings.Contains(page, "<img") || strings.Contains(page, "<script>") {
			t.Errorf("POST %s: %d, %s", path, reply.StatusCode, page)
		}
	}
}

// plant signs a user on whose data and headers have a text, and then sends the text as a body.
func plant(t *testing.T, mock *mocktest.Mock, account, text string) {
	t.Helper()
	one := mock.Clinic(t, account)
	form := url.Values{"type": {"200"}, "dob": {"1986-01-01"}}
	for _, name := range []string{"first_name", "last_name", "code", "street_addr", "city", "zip"} {
		form.Set(name, text)
	}
	for _, body := range []string{form.Encode(), text} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
			one.BaseURL+"/users/sso?x="+url.QueryEscape(text), strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header = http.Header{"X-Accountcode": {account}, "X-Apikey": {one.Key}, "X-Apisecret": {one.Secret},
			"Content-Type": {"application/x-www-form-urlencoded"},
			"User-Agent":   {text}, "X-Planted": {text}, "Referer": {text}, "X-Request-Id": {text}}
		reply, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		reply.Body.Close()
	}
}

func TestTheControlTokenBecomesASession(t *testing.T) {
	t.Parallel()
	r := newReader(t, mocktest.Start(t, func(o *mockserver.Options) { o.ControlToken = "let me in" }))
	if reply, page := r.send(http.MethodGet, front+"/exchanges/1", nil); reply.URL.Path != "/_mock/page/login" ||
		!strings.Contains(page, `value="/_mock/page/clinics/vclinic/exchanges/1"`) {
		t.Errorf("without a session the reader is at %s", reply.URL)
	}
	for _, path := range []string{front, front + "/clock", front + "/reveal"} {
		if reply, _ := r.send(http.MethodPost, path, url.Values{"move": {"10s"}}); reply.StatusCode != 401 {
			t.Errorf("POST %s without a session: %d", path, reply.StatusCode)
		}
	}
	if reply, _ := r.send(http.MethodGet, front+"/stream", nil, "Accept", "text/event-stream"); reply.StatusCode != 401 {
		t.Errorf("the stream without a session: %d", reply.StatusCode)
	}
	login := "/_mock/page/login"
	if reply, page := r.send(http.MethodPost, login, url.Values{"token": {"wrong"}}); reply.StatusCode != 401 ||
		!strings.Contains(page, "not the control token") {
		t.Errorf("a wrong token: %d", reply.StatusCode)
	}
	r.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	reply, _ := r.send(http.MethodPost, login, url.Values{"token": {"let me in"}, "next": {"https://evil.example"}})
	cookie := reply.Header.Get("Set-Cookie")
	if reply.Header.Get("Location") != "/_mock/page" || !strings.Contains(cookie, "HttpOnly; SameSite=Strict") ||
		strings.Contains(cookie, "let") {
		t.Errorf("log-in: %v", reply.Header)
	}
	r.see(front, "Nothing has happened", "Log out")
	r.send(http.MethodPost, "/_mock/page/logout", nil)
	if reply, _ := r.send(http.MethodGet, front, nil); reply.StatusCode != http.StatusSeeOther {
		t.Errorf("after the log-out: %d", reply.StatusCode)
	}
}

func TestTheFirstViewIsSmall(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	flood(t, mock, "vclinic", 400) // as many as a timeline has
	r := newReader(t, mock)
	size := 0
	for _, path := range []string{front, "/_mock/page/assets/style.css", "/_mock/page/assets/script.js"} {
		reply, packed := r.send(http.MethodGet, path, nil, "Accept-Encoding", "gzip")
		if reply.Header.Get("Content-Encoding") != "gzip" {
			t.Errorf("%s is not compressed", path)
		}
		size += len(packed)
	}
	if size > 50_000 {
		t.Errorf("the first view has %d bytes on the wire, style and script included", size)
	}
	t.Logf("the first view has %d bytes on the wire", size)
}
