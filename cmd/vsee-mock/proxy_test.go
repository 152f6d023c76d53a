package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/cmdtest"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// behind runs the command with a proxy in its environment and returns the output. The proxy's user and password are
// secret.
func behind(t *testing.T, proxy string, args ...string) string {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Env = os.Environ()
	for _, name := range []string{"HTTP_PROXY", "http_proxy"} {
		cmd.Env = append(cmd.Env, name+"="+strings.Replace(proxy, "://", "://user:hunter2@", 1))
	}
	cmd.Env = append(cmd.Env, "NO_PROXY=", "no_proxy=")
	out, _ := cmd.CombinedOutput() // the output also shows how it ends
	if strings.Contains(string(out), "hunter2") {
		t.Errorf("%q repeats the proxy's password: %s", args, out)
	}
	return string(out)
}

// The mock has its own host name, as in a container: the proxy answers, and the command says so.
func TestACommandSaysThatAProxyAnswered(t *testing.T) {
	t.Parallel()
	const name = "http://mock.invalid:8080"
	const remedy = ": HTTP_PROXY is set; use --no-proxy, or add the mock's host to NO_PROXY"
	for what, answer := range map[string]http.HandlerFunc{
		"502": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) },
		"407": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(407) },
		"403 with a page": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(403)
			_,
				_ = io.WriteString(w, "<html>")
		},
		"200 with a page": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>Sign in") },
		"404 with JSON": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(404)
			_, _ = io.WriteString(w, `{"error": "no"}`)
		},
		"200 with JSON": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"data": []}`) },
		"302 to somewhere else": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location",
				"/")
			w.WriteHeader(302)
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			proxy := httptest.NewServer(answer)
			t.Cleanup(proxy.Close)
			for _, args := range [][]string{
				{"events", "list"}, {"events", "send", "eligibility.checked", "--member", "1"}, {"explain"},
				{"scenarios", "save", "1"}, {"listen", "--listen", "127.0.0.1:0"},
			} {
				want := "vsee-mock: a proxy answered " + what[:3] + " instead of the mock on " + name + remedy + "\n"
				if got := behind(t, proxy.URL, append(args, "--mock", name)...); got != want {
					t.Errorf("%q: %s, want %s", args, got, want)
				}
			}
		})
	}
}

func TestACommandSaysThatAProxyCannotBeReached(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	got := behind(t, gone.URL, "events", "list", "--mock", "http://mock.invalid:8080")
	const want = "vsee-mock: the proxy on the way to the mock on http://mock.invalid:8080 " +
		"cannot be reached: HTTP_PROXY is set; use --no-proxy"
	if !strings.HasPrefix(got, want) {
		t.Errorf("%s, want %s", got, want)
	}
	broken := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter,
		*http.Request) {
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(broken.Close)
	got = behind(t, broken.URL, "events", "list", "--mock", "http://mock.invalid:8080")
	if !strings.Contains(got, "gave no answer: HTTP_PROXY is set; use --no-proxy") {
		t.Error(got)
	}
}

func TestAProxyThatPassesOnIsNoTrouble(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	mock.NewClinic(t, clinic.Settings{AccountCode: "mine"})
	to, err := url.Parse(mock.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(httputil.NewSingleHostReverseProxy(to))
	t.Cleanup(proxy.Close)
	if got := behind(t, proxy.URL, "events", "list", "--mock", "http://mock:8080", "--clinic",
		"mine"); got != "mine has no events\n" {
		t.Error(got)
	}
	if got := behind(t, proxy.URL, "events", "list", "--mock", "http://mock:8080", "--clinic",
		"nobody"); !strings.Contains(got, "there is no clinic with this account code") {
		t.Error(got)
	}
}

func TestNoProxyAsksTheMockItself(t *testing.T) {
	t.Parallel()
	proxy := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter,
		r *http.Request) {
		t.Errorf("the proxy is asked: %s", r.URL)
	}))
	t.Cleanup(proxy.Close)
	got := behind(t, proxy.URL, "events", "list", "--no-proxy", "--mock", "http://mock.invalid:8080")
	if got != "vsee-mock: no mock answers on http://mock.invalid:8080: start it, or give its address with --mock\n" {
		t.Error(got)
	}
}

// Events ignore a proxy set for the internet: they use a proxy only when --webhook-proxy names one.
func TestEventsGoByTheProxyOfTheirFlagAlone(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 10)
	proxy := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked <- r.URL.String() + " " + r.Header.Get("Proxy-Authorization")
	}))
	t.Cleanup(proxy.Close)
	secret := strings.Replace(proxy.URL, "://", "://user:hunter2@", 1)
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"by default":         {nil, `"reason": "dns"`},
		"by --webhook-proxy": {[]string{"--webhook-proxy", secret}, `"status": 200`},
		"by --webhook-proxy, which leads nowhere": {[]string{"--webhook-proxy", "http://user:hunter2@127.0.0.1:1"},
			`"detail": "no connection to the proxy could be made; all events go by the proxy of --webhook-proxy"`},
		"by --webhook-proxy, to a host that may not be called": {[]string{"--webhook-proxy", secret, "--webhook-hosts",
			"127.0.0.1"}, "400"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := begin(t, []string{"HTTP_PROXY=" + secret, "http_proxy=" + secret, "NO_PROXY=", "no_proxy="},
				append([]string{"serve", "--listen", "127.0.0.1:0", "--freeze"}, tc.args...)...)
			status, text := cmdtest.Request(t, "PATCH", p.base+"/_mock/clinics/vclinic",
				`{"webhook": {"url": "http://receiver.invalid/hook"}}`)
			if status == 200 {
				_, text = cmdtest.Request(t, "POST", p.base+"/api_v3/users/sso",
					`{"code": "a", "first_name": "A", "last_name": "B", "type": 200, "dob": "1986-01-01", "gender": 1}`,
					"Content-Type", "application/json", "X-AccountCode", "vclinic",
					"X-ApiKey", "vclinic_api_key", "X-ApiSecret", "vclinic_api_secret")
				member := strings.Split(strings.SplitN(text, `"id":"`, 2)[1], `"`)[0]
				_, text = cmdtest.Request(t, "POST", p.base+"/_mock/clinics/vclinic/events",
					`{"type": "eligibility.checked", "member_id": "`+member+`"}`)
			}
			if tc.want == "400" {
				if status != 400 || !strings.Contains(text, "webhook.url has a host outside the mock's --webhook-hosts") {
					t.Errorf("%d %s", status, text)
				}
			} else if !strings.Contains(text, tc.want) {
				t.Errorf("the event: %s, want %s", text, tc.want)
			}
			rest := p.end(t, os.Interrupt)
			if all := p.banner + rest + p.stderr.String() + text; strings.Contains(all, "hunter2") {
				t.Errorf("the proxy's password is told: %s", all)
			}
		})
	}
	t.Cleanup(func() {
		close(asked)
		var got []string
		for one := range asked {
			got = append(got, one)
		}
		if len(got) != 1 || got[0] != "http://receiver.invalid/hook Basic dXNlcjpodW50ZXIy" {
			t.Errorf("the proxy was asked for %q", got)
		}
	})
}
