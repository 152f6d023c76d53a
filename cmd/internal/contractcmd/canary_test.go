package contractcmd

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// echoes returns replies with a planted value. Each has it in another place that an error could quote.
func echoes() map[string]string {
	const plain = "Content-Length: 2\r\nConnection: close\r\n\r\n{}"
	return map[string]string{
		"a refusal": "HTTP/1.1 409 Conflict\r\nContent-Type: application/json\r\nContent-Length: " +
			"50\r\nConnection: close\r\n\r\n" + `{"code":409,"message":"Quilligan 5551234 is there"}`[:50],
		"an error in text": "HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/plain\r\nContent-Length: " +
			"17\r\nConnection: close\r\n\r\nQuilligan 5551234",
		"a status text":       "HTTP/1.1 503 Quilligan 5551234\r\n" + plain,
		"a status of no form": "HTTP/1.1 Quilligan 5551234\r\n" + plain,
		"a protocol":          "Quilligan/5551234 200 OK\r\n" + plain,
		"no status line":      "Quilligan 5551234\r\n\r\n",
		"a header": "HTTP/1.1 200 OK\r\nServer: Quilligan\r\nX-Member: 5551234\r\nSet-Cookie: " +
			"Quilligan=5551234\r\n" + plain,
		"the name of a header":   "HTTP/1.1 200 OK\r\nX-Quilligan-5551234: yes\r\n" + plain,
		"a header of no form":    "HTTP/1.1 200 OK\r\nQuilligan 5551234\r\n" + plain,
		"a length":               "HTTP/1.1 200 OK\r\nContent-Length: Quilligan 5551234\r\n\r\n{}",
		"a transfer encoding":    "HTTP/1.1 200 OK\r\nTransfer-Encoding: Quilligan5551234\r\n\r\n{}",
		"a chunk":                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nQuilligan5551234\r\n{}",
		"a redirect":             "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/Quilligan/5551234\r\n" + plain,
		"a redirect to no host":  "HTTP/1.1 302 Found\r\nLocation: http://quilligan-5551234.invalid/\r\n" + plain,
		"a redirect to no URL":   "HTTP/1.1 302 Found\r\nLocation: http://[Quilligan5551234/\r\n" + plain,
		"a redirect by a scheme": "HTTP/1.1 307 Temporary Redirect\r\nLocation: quilligan5551234://somewhere\r\n" + plain,
		"a content type":         "HTTP/1.1 200 OK\r\nContent-Type: Quilligan/5551234; charset=Quilligan\r\n" + plain,
		"a content type apart":   "HTTP/1.1 200 OK\r\nContent-Type: application/json; q=\"Quilligan 5551234\r\n" + plain,
		"a packed body":          "HTTP/1.1 200 OK\r\nContent-Encoding: Quilligan5551234\r\n" + plain,
		"another type": "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 53\r\nConnection: " +
			"close\r\n\r\n" + `{"now":"Quilligan","account_code":5551234,"data":[1]}`,
		"no JSON": "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 17\r\nConnection: " +
			"close\r\n\r\nQuilligan 5551234",
		"half a body": "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\nConnection: " +
			"close\r\n\r\n{\"data\":{\"id\":\"Quilligan 5551234",
	}
}

// The output of a run never quotes a reply of the target or of the control API. That holds for findings, and for the
// reason of a run that ended early.
func TestARunNeverQuotesAReply(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short leaves repeated runs out")
	}
	mock := mocktest.Start(t)
	for name, reply := range echoes() {
		for server, echoed := range map[string]func(r *http.Request) bool{
			"the target":      func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/api_v3/") },
			"the control API": func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/_mock/") },
			"the control API, after the start": func(r *http.Request) bool {
				return strings.HasPrefix(r.URL.Path, "/_mock/") && r.Method != http.MethodGet
			},
		} {
			if strings.HasSuffix(server, "start") &&
				!slices.Contains([]string{"a refusal", "another type", "no JSON", "half a body"}, name) {
				continue // the client reads it as at the start
			}
			t.Run(server+", "+name, func(t *testing.T) {
				t.Parallel()
				base := front(t, mock, func(w http.ResponseWriter, r *http.Request) bool {
					if !echoed(r) {
						return false
					}
					connection, _, err := http.NewResponseController(w).Hijack()
					if err != nil {
						t.Error(err)
						return true
					}
					_, _ = connection.Write([]byte(reply)) // the client may have gone
					_ = connection.Close()
					return true
				})
				run, artifacts := wholeRun(t, []string{"VSEE_BASE_URL=" + base + "/api_v3", "VSEE_CONTROL_URL=" + base + "/_mock"},
					"--id", "AUTH-00[13]")
				if run.ExitCode() == result.ExitFine {
					t.Error("the run is green")
				}
				for artifact, text := range artifacts {
					for _, planted := range []string{"quilligan", "5551234"} {
						if i := bytes.Index(bytes.ToLower(text), []byte(planted)); i >= 0 {
							t.Errorf("%s holds %q: …%s", artifact, planted, text[max(0, i-150):min(len(text), i+80)])
						}
					}
				}
			})
		}
	}
}

// wholeRun runs the command. It returns the results, and everything that the run has written.
func wholeRun(t *testing.T, environ []string, args ...string) (run result.Run, artifacts map[string][]byte) {
	t.Helper()
	dir := t.TempDir()
	for _, output := range []string{"junit", "html", "summary"} {
		args = append(args, fmt.Sprintf("--%s=%s", output, filepath.Join(dir, output)))
	}
	done := runContract(t, environ, args...)
	artifacts = map[string][]byte{"the console": []byte(done.console)}
	for _, name := range []string{done.file, filepath.Join(dir, "junit"), filepath.Join(dir, "html"),
		filepath.Join(dir, "summary")} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatalf("%v\n%s", err, done.console)
		}
		artifacts[filepath.Base(name)] = text
	}
	run = results(t, done.file)
	if done.code != run.ExitCode() {
		t.Errorf("exit %d, but the results give %d", done.code, run.ExitCode())
	}
	return run, artifacts
}
