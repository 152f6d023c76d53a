package main

import (
	"bufio"
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
func front(t *testing.T, mock *mocktest.Mock, look func(w http.ResponseWriter, r *http.Request) (answered bool)) string {
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

// The line of a requirement appears when it ends: here the second one waits until the test has read the first line.
func TestTheConsolePrintsEachRequirementAsItEnds(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	read := make(chan struct{})
	base := front(t, mock, func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.UserAgent(), "AUTH-002") {
			<-read
		}
		return false
	})
	cmd, _ := process(t.Context(), t, []string{"VSEE_BASE_URL=" + base + "/api_v3", "VSEE_CONTROL_URL=" + mock.URL + "/_mock"}, "run", "--id", "AUTH-00[12]")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stdout)
	first, err := lines.ReadString('\n')
	if err != nil || !regexp.MustCompile(`^  passed {14}AUTH-001    Authentication takes a token alone, without an account code: listInsurers \(0\.\d s\)\n$`).MatchString(first) {
		t.Errorf("%v, %q", err, first)
	}
	close(read)
	rest, err := io.ReadAll(lines)
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil || !strings.HasPrefix(string(rest), "  passed              AUTH-002    ") || stderr.Len() > 0 || strings.Contains(string(rest), "\x1b") {
		t.Errorf("%v\n%s%s", err, rest, stderr.String())
	}
	if !strings.Contains(string(rest), "\n\n2 passed, 0 failed\nrun ") {
		t.Errorf("the output ends with\n%s", rest)
	}
}

// Each requirement has a line with its state and reason. Only a failed one has its exchange. The last line has totals.
func TestTheConsoleShowsEachStateOnce(t *testing.T) {
	t.Parallel()
	environ := previewEnviron(t, func(string) string { return "wrong" })
	cmd, _ := process(t.Context(), t, environ, "run", "--allow-mutating", "--id", "AUTH-001", "--id", "AUTH-003", "--id", "SIGN-001", "--id", "HOOK-00[56]")
	out, _ := cmd.CombinedOutput()
	text := regexp.MustCompile(`\(\d+\.\d s\)`).ReplaceAllString(string(out), "(0.0 s)")
	const noReceiver = "there is no receiver for the clinic's events: set VSEE_WEBHOOK_LISTEN"
	for _, want := range []string{
		"  passed              AUTH-001    Authentication takes a token alone, without an account code: listInsurers (0.0 s)\n",
		"  failed as expected  AUTH-003    Authentication takes key, secret and token together for a sign-on (0.0 s): the secret is another (owner someone, until 2999-12-31)\n",
		"  failed              SIGN-001    Sign-on is idempotent: the same code is the same user (0.0 s): the status of the second sign-on\n",
		"  not testable        HOOK-005    Webhook comes after the result has been saved: " + noReceiver + "\n",
		"\nfailed: SIGN-001 Sign-on is idempotent: the same code is the same user\n",
		"\n1 passed, 1 failed, 1 failed as expected, 2 not testable: " + noReceiver + "\n",
	} {
		if strings.Count(text, want) != 1 {
			t.Errorf("%q must appear once in\n%s", want, text)
		}
	}
	if strings.Count(text, "      > POST") != 1 {
		t.Errorf("a requirement that has not failed has an exchange:\n%s", text)
	}
	if code := cmd.ProcessState.ExitCode(); code != result.ExitFindings {
		t.Errorf("exit %d", code)
	}
}

// The coverage includes events: their envelopes, fields, reject reasons and undeclared fields.
func TestTheCoverageIncludesEvents(t *testing.T) {
	t.Parallel()
	cmd, file := process(t.Context(), t, mockEnviron(mocktest.Start(t)), "run", "--id", "HOOK-001", "--id", "SCEN-no-response", "--id", "SCEN-webhook-with-an-unknown-field")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	_, stdout, stderr := runCommand(t, nil, "coverage", file)
	want := "\neligibility.checked: 2 payloads, 1 of 3 envelopes, 9 of 29 fields, "
	if !strings.Contains(stdout, want) || strings.Contains(stdout, "undeclared") { // events of a misbehaviour do not count
		t.Errorf("%q is missing, or something is undeclared:\n%s%s", want, stdout, stderr)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, seen := range []string{"Success", "No response received by clearinghouse"} {
		if !strings.Contains(string(text), `"unversioned /data/eligibility_response=\"`+seen+`\""`) {
			t.Errorf("%q is not covered by an event", seen)
		}
	}
}

// previewEnviron returns the environment of a run that tests a mock as if it were preview, without a control API. secret gets
// the valid API secret and returns the one to use. A known difference expects AUTH-003 to fail.
func previewEnviron(t *testing.T, secret func(right string) string) []string {
	t.Helper()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "expecting"})
	file := filepath.Join(t.TempDir(), "known-differences.yaml")
	entry := "- requirement: AUTH-003\n  target: preview\n  reason: the secret is another\n  owner: someone\n  since: 2020-01-01\n  expires: 2999-12-31\n"
	if err := os.WriteFile(file, []byte(entry), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{
		"VSEE_BASE_URL=" + mock.URL + "/api_v3", "VSEE_ACCOUNT_CODE=" + c.AccountCode, "VSEE_API_KEY=" + c.Key, "VSEE_TARGET=preview",
		"VSEE_API_SECRET=" + secret(c.Secret), "VSEE_API_TOKEN=" + c.AdminToken, "VSEE_RATE=1000", "VSEE_KNOWN_DIFFERENCES=" + file,
	}
}
