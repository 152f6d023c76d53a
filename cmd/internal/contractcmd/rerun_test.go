package contractcmd

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// A shape requirement fails by the replies to other requirements. --rerun selects some of these, too.
func TestARerunMeetsAFailedShapeAgain(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	right := mockEnviron(mock)
	wrong := lastValues(append(mockEnviron(mock), "VSEE_BASE_URL="+lacking(t, mock, "username")+"/api_v3"))
	first := runContract(t, wrong, "--id", "SHAPE-sign-on,AUTH-00?")
	if got := stateOf(t, first.file, "SHAPE-sign-on"); first.code != result.ExitFindings || got != result.Failed {
		t.Fatalf("exit %d, SHAPE-sign-on is %s\n%s", first.code, got, first.console)
	}
	for _, tc := range []struct {
		environ []string
		args    string
		code    int
		says    string
	}{
		{wrong, "", result.ExitFindings, "mock does not keep the contract"},
		{right, "", result.ExitFine, "mock keeps the contract."},
		{right, "--id SHAPE-*", result.ExitConfig, "vsee-contract explain has the selection with one"},
	} {
		again := runContract(t, tc.environ, append(strings.Fields(tc.args), "--rerun", first.file)...)
		if again.code != tc.code || !strings.Contains(again.console, tc.says) {
			t.Errorf("%q: exit %d\n%s", tc.args, again.code, again.console)
		}
	}
}

// lacking returns a proxy of a mock. A field is missing from the data of its replies.
func lacking(t *testing.T, mock *mocktest.Mock, field string) string {
	t.Helper()
	to, err := url.Parse(mock.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ModifyResponse = func(r *http.Response) error {
		var body map[string]any
		text, err := io.ReadAll(r.Body)
		if err == nil && json.Unmarshal(text, &body) == nil {
			if data, is := body["data"].(map[string]any); is {
				delete(data, field)
			}
			text, err = json.Marshal(body)
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
		r.Header.Del("Content-Length")
		return err
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	return server.URL
}

// stateOf returns the state of a requirement in the results.
func stateOf(t *testing.T, file, id string) result.State {
	t.Helper()
	for _, r := range results(t, file).Requirements {
		if r.ID == id {
			return r.State
		}
	}
	return ""
}
