package mockserver_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// links returns the origin of every URL of the mock's own in its replies, and whether the portal's cookie is for TLS
// alone.
type links func(client *http.Client, root string, options ...func(*http.Request)) (all map[string]string, secure bool)

// linkedClinic returns a mock with a file and a completed visit, and its links.
func linkedClinic(t *testing.T) (*mocktest.Mock, links) {
	t.Helper()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "linked"})
	_, token := userWithoutCards(t, c, "pat")
	visit := walkIn(t, c, token)
	step(t, c, token, "inprogress", visit)
	step(t, c, token, "close", visit)
	uploaded(t, c.BaseURL, token, named(`filename="a.png"`, picture(t, "png", 1)))
	return mock, func(client *http.Client, root string, options ...func(*http.Request)) (map[string]string, bool) {
		read := func(path string) reply {
			return sendWith(t, client, http.MethodGet, root+path, noBody, append(options, byToken(token))...)
		}
		before := func(text any, rest string) string {
			found, _, _ := strings.Cut(text.(string), rest)
			return found
		}
		_, document, _ := strings.Cut(string(read("/_mock/vsee.yaml").body), "servers:")
		_, document, _ = strings.Cut(document, `url: "`)
		file := read("/vc/dev/api_v3/files").at(t, "data").([]any)[0].(map[string]any)
		kept := read("/auth?mock=page&sso_token=" + token).header.Get("Set-Cookie")
		return map[string]string{
			"fullpath": before(file["fullpath"], "/vc/dev/files/view/"),
			"summary":  before(read("/api_v3/visits/"+visit+"/exports/visit_summary").at(t, "data", "url"), "/visits/exports/"),
			"base_url": before(read("/_mock/clinics/linked").at(t, "base_url"), "/api_v3"),
			"document": before(document, "/api_v3"),
		}, strings.Contains(kept, "; Secure")
	}
}

func TestEveryLinkHasTheSchemeAndHostThatTheCallerUsed(t *testing.T) {
	t.Parallel()
	mock, links := linkedClinic(t)
	secure := httptest.NewTLSServer(mock.Server)
	t.Cleanup(secure.Close)
	plain, other := mocktest.Client(), strings.Replace(mock.URL, "http:", "https:", 1)
	for name, tc := range map[string]struct {
		client     *http.Client
		root       string
		name, said string // a header
		want       string
	}{
		"HTTP":                      {plain, mock.URL, "X-None", "", mock.URL},
		"HTTPS":                     {secure.Client(), secure.URL, "X-None", "", secure.URL},
		"another name":              {plain, mock.URL, "Host", "mock.localhost:1", "http://mock.localhost:1"},
		"a proxy with TLS":          {plain, mock.URL, "X-Forwarded-Proto", "https", other},
		"a proxy with a name":       {plain, mock.URL, "X-Forwarded-Host", "mock.example", "http://mock.example"},
		"the header of RFC 7239":    {plain, mock.URL, "Forwarded", "host=mock.example;proto=https", "https://mock.example"},
		"a proxy with hostile text": {plain, mock.URL, "X-Forwarded-Host", `evil.example"\n: x`, mock.URL},
	} {
		option := with(tc.name, tc.said)
		if tc.name == "Host" {
			option = withHost(tc.said)
		}
		want := map[string]string{"fullpath": tc.want, "summary": tc.want, "base_url": tc.want, "document": tc.want}
		got, secure := links(tc.client, tc.root, option)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if secure != strings.HasPrefix(tc.want, "https:") {
			t.Errorf("%s: the portal's cookie is secure: %t", name, secure)
		}
	}
}

func TestAResetOverTLSIsAReset(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "faulty"})
	c.Control(t, http.MethodPut, "/faults", json.RawMessage(`[{"reset": true}]`), nil)
	secure := httptest.NewTLSServer(mock.Server)
	t.Cleanup(secure.Close)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, secure.URL+"/api_v3/insurances", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-ApiToken", c.AdminToken)
	answer, err := secure.Client().Do(request)
	if !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("%v", err)
	}
	if err == nil {
		_ = answer.Body.Close()
	}
}
