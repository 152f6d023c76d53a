package contractcmd

import (
	"bytes"
	"flag"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// secretIDs are the requirements of the runs with canaries: some here, and all in .ci/run.
var secretIDs = flag.String("ids", "*-??[05],SHAPE-*", "the requirements of the runs that must show no secret")

// canaries are texts that no output of a run may have: the data of its made-up patients, and every token and secret in
// the replies of one mock.
type canaries struct {
	mu   sync.Mutex
	seen map[string]bool
}

var aSecret = regexp.MustCompile(`"(?:token|refresh_token|api_key|api_secret|admin_token|secret)": ?"([^"]{8,})"`)

func (c *canaries) note(body []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, found := range aSecret.FindAllSubmatch(body, -1) {
		c.seen[string(found[1])] = true
	}
}

func newCanaries() *canaries {
	return &canaries{seen: map[string]bool{"2868 Tully": true, "1986-01-01": true, "1987-01-01": true, "234234": true,
		"Contract Patient": true}}
}

// observedWriter passes each body to canaries.
type observedWriter struct {
	http.ResponseWriter
	by *canaries
}

// Write implements io.Writer.
func (o observedWriter) Write(body []byte) (int, error) {
	o.by.note(body)
	return o.ResponseWriter.Write(body)
}

// Unwrap lets http.ResponseController reach the connection, which faults of the mock break.
func (o observedWriter) Unwrap() http.ResponseWriter { return o.ResponseWriter }

// watched starts a mock and collects canaries from its replies. It returns the mock's URL.
func watched(t *testing.T) (string, *canaries) {
	t.Helper()
	mock, c := mocktest.Start(t), newCanaries()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mock.Server.ServeHTTP(observedWriter{w, c}, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, c
}

// changing starts a mock that collects canaries from its replies and then changes them. It returns its URL.
func changing(t *testing.T, change func(r *http.Request, body []byte) []byte) (string, *canaries) {
	t.Helper()
	mock, c := mocktest.Start(t), newCanaries()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reply := &heldReply{ResponseWriter: w, status: http.StatusOK}
		mock.Server.ServeHTTP(reply, r)
		c.note(reply.body.Bytes())
		body := change(r, reply.body.Bytes())
		if w.Header().Get("Content-Length") == strconv.Itoa(reply.body.Len()) { // no fault has cut the reply
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		}
		w.WriteHeader(reply.status)
		_, _ = w.Write(body) // after a fault of the mock, the connection is gone
	}))
	t.Cleanup(server.Close)
	return server.URL, c
}

// heldReply keeps a reply until it is complete.
type heldReply struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader implements http.ResponseWriter.
func (h *heldReply) WriteHeader(status int) { h.status = status }

// Write implements io.Writer.
func (h *heldReply) Write(body []byte) (int, error) { return h.body.Write(body) }

// Flush does nothing: the length of the reply is not known yet.
func (h *heldReply) Flush() {}

// Unwrap lets http.ResponseController reach the connection, which faults of the mock break.
func (h *heldReply) Unwrap() http.ResponseWriter { return h.ResponseWriter }

// mustBeAbsent fails the test for each canary in the output of a run.
func (c *canaries) mustBeAbsent(t *testing.T, artifacts map[string][]byte) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.seen) < 100 {
		t.Errorf("there are only %d canaries", len(c.seen))
	}
	for artifact, data := range artifacts {
		for canary := range c.seen {
			if i := bytes.Index(data, []byte(canary)); i >= 0 {
				t.Errorf("%s holds %q: …%s", artifact, canary, data[max(0, i-150):min(len(data), i+80)])
			}
		}
	}
}

// The requirements pass against a mock. The output of the run has no data of patients or clinics.
func TestARunAgainstAMockPasses(t *testing.T) {
	t.Parallel()
	base, canaries := watched(t)
	found, artifacts := wholeRun(t, []string{"VSEE_BASE_URL=" + base + "/api_v3", "VSEE_CONTROL_URL=" + base + "/_mock"},
		"--target=ours", "--id", *secretIDs)
	out := string(artifacts["the console"])
	if all := len(found.Requirements); all < 250 || found.Tally()[result.Passed] != all {
		t.Errorf("%d requirements: %v", all, found.Tally())
	}
	if found.ExitCode() != result.ExitFine || found.Target.Name != "ours" || !found.Target.Mock ||
		found.Started.IsZero() {
		t.Errorf("%+v\n%s", found, out)
	}
	if !strings.Contains(out, "run "+found.ID+" against ours") || strings.Contains(out, "Ginkgo") ||
		strings.Contains(out, "Ran ") {
		t.Errorf("the output is\n%s", out)
	}
	canaries.mustBeAbsent(t, artifacts)
	if code, stdout, stderr := runCommand(t, nil, "coverage",
		writeFile(t, string(artifacts["results.json"]))); code != result.ExitFine || !strings.Contains(stdout, "signOn: ") ||
		strings.Contains(stdout, "signOn: 0 ") {
		t.Errorf("coverage: exit %d, %s%s", code, stdout, stderr)
	}
}

// The same holds for a failed run, which prints causes with their exchanges.
func TestARedRunHasNoDataOfPatientsOrClinics(t *testing.T) {
	t.Parallel()
	base, canaries := changing(t, func(r *http.Request, body []byte) []byte {
		if !strings.HasPrefix(r.URL.Path, "/api_v3/") {
			return body
		}
		body = bytes.ReplaceAll(body, []byte("1986-01-01"), []byte("1987-01-01")) // a requirement compares this field
		if strings.Contains(r.URL.Path, "sso") && !strings.Contains(r.UserAgent(), "BODY-010") {
			body = bytes.Replace(body, []byte(`{"data":{"id"`), []byte(`{"code":200,"data":{"id"`), 1)
		}
		return body
	})
	found, artifacts := wholeRun(t, []string{"VSEE_BASE_URL=" + base + "/api_v3", "VSEE_CONTROL_URL=" + base + "/_mock"},
		"--id", *secretIDs)
	if len(found.Causes) < 2 || found.Causes[0].Exchange == nil {
		t.Errorf("%d causes", len(found.Causes))
	}
	canaries.mustBeAbsent(t, artifacts)
}
