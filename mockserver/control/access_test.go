package control_test

import (
	"net/http"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

func TestHealthNeedsNoTokenAndEverythingElseDoes(t *testing.T) {
	t.Parallel()
	_, c := start(t, func(o *mockserver.Options) { o.ControlToken, o.Version = "s3cret", "1.2.3" })
	var version struct{ Version string }
	c.ok("GET", "/version", "", &version)
	if version.Version != "1.2.3" {
		t.Errorf("version = %s", version.Version)
	}
	for _, path := range []string{"/livez", "/readyz", "/openapi.yaml", "/vsee.yaml"} {
		if status, text := c.do("GET", path, ""); status != 200 {
			t.Errorf("%s: %d %s", path, status, text)
		}
	}
	const message = "the control API needs Authorization: Bearer with the server's control token"
	c.refused("GET", "/clinics", "", 401, message)
	c.refused("POST", "/clinics/vclinic/clock", `{"advance": "10s"}`, 401, message)
	for _, wrong := range []string{"Bearer wrong", "s3cret", "Basic s3cret", "Bearer", ""} {
		c.header.Set("Authorization", wrong)
		c.refused("GET", "/scenarios", "", 401, message)
	}
	c.header.Set("Authorization", "bearer s3cret")
	c.ok("GET", "/clinics", "", nil)
	c.header.Set("Authorization", "Bearer wrong")
	c.refused("GET", "/scenarios", "", 401, message)
	c.header.Set("Authorization", "Bearer s3cret")
	c.ok("GET", "/clinics", "", nil)
}

func TestAPageOfAnotherOriginChangesNothing(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	c.header.Set("Origin", "https://evil.example")
	c.header.Set("Sec-Fetch-Site", "cross-site")
	c.refused("POST", "/clinics/vclinic/reset", "", 403, "a page of another origin may not change the mock")
	c.ok("GET", "/clinics", "", nil)
}

// The owner of a page can make its host name resolve to this computer. To a browser, the page then has the same
// origin as the mock.
func TestANameThatSomebodyCanOwnLeadsNowhere(t *testing.T) {
	t.Parallel()
	for name, mock := range map[string]struct {
		token string
		open  bool
	}{"without a token": {"", false}, "with a token": {"s3cret", true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, c := start(t, func(o *mockserver.Options) { o.ControlToken = mock.token })
			for host, private := range map[string]bool{
				"127.0.0.1:8080": true, "[::1]:8080": true, "localhost": true, "vsee-mock:8080": true, "api-a.localhost": true,
				"mock.default.svc.cluster.local": true, "host.docker.internal": true, "evil.example": false,
				"127.0.0.1.evil.example": false,
			} {
				request, err := http.NewRequestWithContext(t.Context(), "GET", c.base+"/_mock/clinics", nil)
				if err != nil {
					t.Fatal(err)
				}
				request.Host = host
				request.Header.Set("Authorization", "Bearer "+mock.token)
				reply, err := mocktest.Client().Do(request)
				if err != nil {
					t.Fatal(err)
				}
				reply.Body.Close()
				want := 200
				if !private && !mock.open {
					want = 403
				}
				if reply.StatusCode != want {
					t.Errorf("%s is answered %d, want %d", host, reply.StatusCode, want)
				}
			}
		})
	}
}
