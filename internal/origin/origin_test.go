package origin_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/origin"
)

// request returns a request to http://asked:8080 with headers in pairs.
func request(t *testing.T, header ...string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	r.Host = "asked:8080"
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	return r
}

func TestTheOriginIsThatOfTheCallersURL(t *testing.T) {
	t.Parallel()
	const proto, host, standard = "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded"
	for name, tc := range map[string]struct {
		header []string
		want   string
	}{
		"no proxy":                    {nil, "http://asked:8080"},
		"a proxy with TLS":            {[]string{proto, "https"}, "https://asked:8080"},
		"a proxy with a name":         {[]string{host, "mock.example"}, "http://mock.example"},
		"both":                        {[]string{proto, "HTTPS", host, "mock.example:8443"}, "https://mock.example:8443"},
		"two proxies":                 {[]string{proto, "https, http", host, "outer.test , inner"}, "https://outer.test"},
		"two proxies, a header each":  {[]string{host, "outer.example", host, "inner"}, "http://outer.example"},
		"a name with its last dot":    {[]string{host, "mock.example."}, "http://mock.example."},
		"an IPv6 address":             {[]string{host, "[2001:db8::1]:8080"}, "http://[2001:db8::1]:8080"},
		"a service of a compose file": {[]string{host, "my_mock:80"}, "http://my_mock:80"},
		"the standard's header": {
			[]string{standard, `for=192.0.2.1;proto=https;host="mock.example:8443"`}, "https://mock.example:8443",
		},
		"the standard's, two proxies":  {[]string{standard, "Host=outer.test; Proto=https, host=in"}, "https://outer.test"},
		"the standard's and the usual": {[]string{standard, "host=a;proto=http", host, "b", proto, "https"}, "https://b"},
	} {
		if got := origin.Of(request(t, tc.header...)); got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
	r := request(t)
	if r.TLS = new(tls.ConnectionState); origin.Of(r) != "https://asked:8080" {
		t.Errorf("over TLS: %s", origin.Of(r))
	}
}

func TestAMalformedForwardedHeaderIsIgnored(t *testing.T) {
	t.Parallel()
	hostile := []string{
		"", " ", ",", "evil.example/path", "evil.example?x", "evil.example#x", "user@evil.example", "user:p@evil.example",
		`evil.example"><script>`, "evil.example\r\nSet-Cookie: a=b", "evil.example\x00", "evil example", "évil.example",
		"evil.example:", "evil.example:0", "evil.example:65536", "evil.example:80:80", "evil.example:-1", "::1",
		"[::1", "[::1]x", "[evil]", "[]", "[::ffff:999.1.1.1]", ".evil", "%65vil", `\\evil`, "http://evil",
		"javascript:alert(1)", "-evil",
		strings.Repeat("e", 255),
	}
	for _, value := range hostile {
		for _, name := range []string{"X-Forwarded-Host", "X-Forwarded-Proto"} {
			if got := origin.Of(request(t, name, value)); got != "http://asked:8080" {
				t.Errorf("%s: %q gives %s", name, value, got)
			}
		}
		if got := origin.Of(request(t, "Forwarded", `host="`+value+`";proto="`+value+`"`)); got != "http://asked:8080" {
			t.Errorf("Forwarded: %q gives %s", value, got)
		}
		r := request(t)
		if r.Host = value; origin.Of(r) != "http://localhost" {
			t.Errorf("Host: %q gives %s", value, origin.Of(r))
		}
	}
	for _, value := range []string{"ftp", "javascript", "https://x", "http s", "wss"} {
		if got := origin.Of(request(t, "X-Forwarded-Proto", value)); got != "http://asked:8080" {
			t.Errorf("X-Forwarded-Proto: %q gives %s", value, got)
		}
	}
	for _, value := range []string{";;;", "=", "host", "host=;proto=", `host="`, "host=\"a;b\"", ",host=evil.example"} {
		if got := origin.Of(request(t, "Forwarded", value)); got != "http://asked:8080" {
			t.Errorf("Forwarded: %q gives %s", value, got)
		}
	}
}

func TestARequestWithoutAHostGetsTheAddressOfItsConnection(t *testing.T) {
	t.Parallel()
	r := request(t)
	r.Host = ""
	local := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}
	r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, local))
	if got := origin.Of(r); got != "http://127.0.0.1:8080" {
		t.Error(got)
	}
}
