package mockserver_test

import (
	"mime"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver"
)

// The media type follows from the bytes. A browser gets nothing to run.
func TestAFileIsServedAsNothingThatRuns(t *testing.T) {
	t.Parallel()
	_, c := fileClinic(t, "types")
	_, token := userWithoutCards(t, c, "pat")
	for data, want := range map[string]string{
		"<!DOCTYPE html><script>alert(1)</script>":    "application/octet-stream attachment",
		"<svg xmlns='http://www.w3.org/2000/svg'/>":   "application/octet-stream attachment",
		"<?xml version='1.0'?><html/>":                "application/octet-stream attachment",
		"GIF89a":                                      "image/gif inline",
		"%PDF-1.7\n":                                  "application/pdf inline",
		"plain text":                                  "application/octet-stream attachment",
		"\x00\x01\x02":                                "application/octet-stream attachment",
		"BM\x00\x00":                                  "application/octet-stream attachment",
		string(picture(t, "jpeg", 1)) + "<script>":    "image/jpeg inline",
		string(picture(t, "webp", 1)) + "RIFFandmore": "image/webp inline",
	} {
		file := uploaded(t, c.BaseURL, token, named(`filename="page.html"`, []byte(data)))
		got := get(t, file["fullpath"].(string)+"&size=10x10")
		kind, _, _ := mime.ParseMediaType(got.header.Get("Content-Disposition"))
		if is := got.header.Get("Content-Type") + " " + kind; is != want && is != "image/png inline" ||
			got.header.Get("X-Content-Type-Options") != "nosniff" || is == want && string(got.body) != data {
			t.Errorf("%.20q is served as %s: %v", data, is, got.header)
		}
	}
	for _, entry := range listOf(t, c, "/journal") {
		path, text := entry["path"].(string), entry["reply"].(map[string]any)["body"].(string)
		if strings.Contains(path, "auth_code=") && !strings.Contains(path, "auth_code=***") ||
			strings.Contains(text, "alert") || strings.Contains(text, "auth_code=") &&
			!strings.Contains(text, "auth_code=***") {
			t.Errorf("the journal has %s: %s", path, text)
		}
	}
}

// A link opens one file, at the time in it, under every prefix, with any token or none.
func TestALinkOpensOneFileAlone(t *testing.T) {
	t.Parallel()
	mock, c := fileClinic(t, "links")
	_, token := userWithoutCards(t, c, "pat")
	first := uploaded(t, c.BaseURL, token, named(`filename=a`, []byte("first")))
	second := uploaded(t, c.BaseURL, token, named(`filename=a`, []byte("second")))
	link, _ := url.Parse(first["fullpath"].(string))
	code, id, other := link.Query().Get("auth_code"), first["id"].(string), second["id"].(string)
	const refusal = "auth_code and time must be those of the file's fullpath"
	for path, want := range map[string]string{
		"/files/view/" + id + "?auth_code=" + code + "&time=1578488144":                  "",
		"/any/files/view/" + id + "?time=1578488144&auth_code=" + code:                   "",
		"/api_v3/files/" + id + "?auth_code=" + code + "&time=1578488144":                "",
		"/files/view/" + id + "?auth_code=" + code + "&time=1578488145":                  refusal,
		"/files/view/" + id + "?auth_code=" + code + "&time=":                            refusal,
		"/files/view/" + id + "?auth_code=" + code + "&time=99999999999999999999":        refusal,
		"/files/view/" + id + "?auth_code=" + code:                                       refusal,
		"/files/view/" + id + "?time=1578488144":                                         refusal,
		"/files/view/" + id:                                                              refusal,
		"/api_v3/files/" + id + "?auth_code=":                                            refusal,
		"/files/view/" + other + "?auth_code=" + code + "&time=1578488144":               refusal,
		"/files/view/" + id + "?auth_code=" + code[:39] + "&time=1578488144":             refusal,
		"/files/view/" + id + "?auth_code=" + strings.ToUpper(code) + "&time=1578488144": refusal,
	} {
		for what, options := range map[string]func(*http.Request){
			"no token":          func(*http.Request) {},
			"an unknown token":  byToken(strings.Repeat("0", 32)),
			"the account code":  with("X-AccountCode", "links"),
			"an unknown clinic": with("X-AccountCode", "nobody"),
		} {
			got := get(t, mock.URL+path, options)
			switch {
			case want == "" && string(got.body) != "first":
				t.Errorf("%s with %s: %d %s", path, what, got.status, got.body)
			case want != "" && got.message(t, 403) != want:
				t.Errorf("%s with %s: %d %s", path, what, got.status, got.body)
			}
		}
	}
	if got := get(t, mock.URL+"/files/view/"+id, byToken(token)).message(t, 403); got != refusal {
		t.Errorf("a token in place of a link: %s", got)
	}
	c.Advance(t, 50*365*24*time.Hour)
	if got := get(t, link.String()); string(got.body) != "first" {
		t.Errorf("the link after 50 years: %d %s", got.status, got.body)
	}
	if got := get(t, c.BaseURL+"/files/"+id, byToken(token)).message(t,
		401); got != "X-ApiToken has expired: sign on again" {
		t.Errorf("an expired token: %s", got)
	}
}

// The clinic's own mock of a browser reads files from another origin.
func TestABrowserReadsALinkFromAnotherOrigin(t *testing.T) {
	t.Parallel()
	mock := startRetrying(t, func(o *mockserver.Options) { o.CORSOrigins = []string{"https://app.example.com"} })
	got := get(t, mock.URL+"/vc/next/files/view/x", with("Origin", "https://app.example.com"))
	if got.status != 404 || got.header.Get("Access-Control-Allow-Origin") != "https://app.example.com" {
		t.Errorf("%d %v", got.status, got.header)
	}
}
