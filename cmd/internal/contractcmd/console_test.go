package contractcmd

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// front starts a proxy for a mock and returns its URL. look sees each request first, and may answer it.
func front(t *testing.T, mock *mocktest.Mock,
	look func(w http.ResponseWriter, r *http.Request) (answered bool)) string {
	t.Helper()
	target, err := url.Parse(mock.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.Transport = mocktest.Client().Transport
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !look(w, r) {
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// The console has each difference once, and the reasons of requirements that are not testable. A run of a few
// requirements has a line for each of them. The last lines have totals.
func TestTheConsoleShowsEachDifferenceOnce(t *testing.T) {
	t.Parallel()
	environ := previewEnviron(t, true)
	run := runContract(t, environ, "--allow-mutating", "--id", "AUTH-001", "--id", "USER-001", "--id", "HOOK-00[56]")
	text := regexp.MustCompile(`\(\d+\.\d s\)`).ReplaceAllString(run.console, "(0.0 s)")
	const noReceiver = "there is no receiver for the clinic's events: set VSEE_WEBHOOK_LISTEN"
	for _, want := range []string{
		"  breaking  status signOn (ok): 200 -> 401\n            known: it is so (owner us, until 2999-12-31); ",
		"\n              > POST ",
		"\n  passed        AUTH-001    ", "\n  known         USER-001    ", "\n  not testable  HOOK-005    ",
		"\n1 passed, 0 failed, 1 known, 2 not testable: " + noReceiver + "\n",
		"\nResult: preview keeps the contract but for 1 known difference.\n2 of 4 requirements tested, ",
	} {
		if strings.Count(text, want) != 1 {
			t.Errorf("%q must appear once in\n%s", want, text)
		}
	}
	if run.code != result.ExitFine || strings.Contains(text, "\x1b") {
		t.Errorf("exit %d\n%s", run.code, text)
	}
}

// The coverage includes events: their envelopes, fields, reject reasons and undeclared fields.
func TestTheCoverageIncludesEvents(t *testing.T) {
	t.Parallel()
	run := runContract(t, mockEnviron(mocktest.Start(t)),
		"--id", "HOOK-001", "--id", "SCEN-no-response", "--id", "SCEN-webhook-with-an-unknown-field")
	if run.code != result.ExitFine {
		t.Fatalf("exit %d\n%s", run.code, run.console)
	}
	_, stdout, stderr := runCommand(t, nil, "coverage", run.file)
	want := "\neligibility.checked: 2 messages, 1 of 3 envelopes, 9 of 29 fields, "
	if !strings.Contains(stdout, want) || strings.Contains(stdout, "undeclared") { // events of a misbehaviour do not count
		t.Errorf("%q is missing, or something is undeclared:\n%s%s", want, stdout, stderr)
	}
	text, err := os.ReadFile(run.file)
	if err != nil {
		t.Fatal(err)
	}
	for _, seen := range []string{"Success", "No response received by clearinghouse"} {
		if !strings.Contains(string(text), `"eligibility.checked unversioned /data/eligibility_response=\"`+seen+`\""`) {
			t.Errorf("%q is not covered by an event", seen)
		}
	}
}

// refusing starts a proxy for a mock that refuses every sign-on of a requirement, and returns its URL.
func refusing(t *testing.T, mock *mocktest.Mock) string {
	t.Helper()
	return front(t, mock, func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/users/sso") || strings.HasSuffix(r.UserAgent(), " req/-") {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"code": 401, "message": "no"}`)
		return true
	})
}

// previewEnviron returns the environment of a run that tests a mock as if it were preview, without a control API. A
// known difference covers sign-ons that are refused; refuses is whether they are.
func previewEnviron(t *testing.T, refuses bool) []string {
	t.Helper()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "expecting"})
	file := filepath.Join(t.TempDir(), "known-differences.yaml")
	if err := os.WriteFile(file, []byte(knownDifference("signOn", "2999-12-31")), 0o600); err != nil {
		t.Fatal(err)
	}
	base := mock.URL
	if refuses {
		base = refusing(t, mock)
	}
	return []string{
		"VSEE_BASE_URL=" + base + "/api_v3", "VSEE_ACCOUNT_CODE=" + c.AccountCode, "VSEE_API_KEY=" + c.Key,
		"VSEE_TARGET=preview",
		"VSEE_API_SECRET=" + c.Secret, "VSEE_API_TOKEN=" + c.AdminToken, "VSEE_RATE=1000", "VSEE_KNOWN_DIFFERENCES=" + file,
	}
}
