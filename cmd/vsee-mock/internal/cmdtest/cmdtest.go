// Package cmdtest runs commands of vsee-mock in tests, and has the clinic, the files and the texts for them.
package cmdtest

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/internal/fifo"
	"github.com/vsee-mock/vsee-mock/internal/printable"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

// Secret is the webhook secret of the tests.
const Secret = "whsec_dnNlZS1tb2NrLWRlbW8tc2VjcmV0LTEyMw=="

// Run runs a command line and returns its exit code and its output. commands is a pointer to kong's struct of the
// commands.
func Run(t *testing.T, commands any, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = command.Run(commands, command.App{Ctx: t.Context(), Stdout: &out, Stderr: &errs, Version: "dev"}, args)
	return code, out.String(), errs.String()
}

// Clinic is the clinic mine of a mock, with the same ids and times in each run, and a receiver.
type Clinic struct {
	*mocktest.Clinic
	Mock     string // http://host:port
	Receiver *mocktest.Receiver
}

// NewClinic starts a mock with the clinic and a patient. The receiver answers the nth event with the status of
// receives, or 200 when receives is nil.
func NewClinic(t *testing.T, receives func(n int) int) Clinic {
	t.Helper()
	mock := mocktest.Start(t)
	receiver := mocktest.NewReceiver(t, receives)
	c := mock.NewClinic(t, clinic.Settings{
		AccountCode: "mine", Seed: 7, AdminToken: "mine-admin",
		Clock: clinic.ClockSettings{Start: time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC), Frozen: true},
		Webhook: clinic.Webhook{
			URL: receiver.URL + "/hook", Secret: Secret, Timestamp: outbox.TimestampClinic,
			Schedule: []time.Duration{time.Minute},
		},
	})
	started := Clinic{c, mock.URL, receiver}
	started.Call(t, "/me", `{"insurance": {"primary": {"carrier_code": "car7556", "subscriber_num": "11000075"}}}`)
	return started
}

// Call posts a body to the API of the clinic, by its admin's token. It fails the test for any answer but 200.
func (c Clinic) Call(t *testing.T, path, body string) {
	t.Helper()
	status, text := Request(t, http.MethodPost, c.BaseURL+path, body,
		"X-AccountCode", c.AccountCode, "X-ApiToken", c.AdminToken, "Content-Type", "application/json")
	if status != http.StatusOK {
		t.Fatalf("%s: %d %s", path, status, text)
	}
}

// Check runs one eligibility check to its end.
func (c Clinic) Check(t *testing.T) controlapi.Check {
	t.Helper()
	c.Call(t, "/users/-/car7556/eligibility", "")
	return c.Advance(t, 10*time.Second).Checks[0]
}

// WebhookURL returns the target of the clinic's events.
func (c Clinic) WebhookURL(t *testing.T) string {
	t.Helper()
	var now controlapi.Clinic
	c.Control(t, http.MethodGet, "", nil, &now)
	return now.Webhook.URL
}

// Request makes a request and returns the status and the body of the reply. Headers come in pairs.
func Request(t *testing.T, method, address, body string, header ...string) (status int, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	reply, err := mocktest.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	read, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply.StatusCode, string(read)
}

// Stable replaces the parts of the output that differ between runs.
func Stable(text string) string {
	for pattern, with := range map[string]string{
		`127\.0\.0\.1:[0-9]+`:               "127.0.0.1:PORT",
		`[^ ]+ in real time`:                "REAL-TIME in real time",
		`(< [0-9]+ [A-Za-z ]+), in [^ \n]+`: "$1, in DURATION",
		`< Date: .*`:                        "< Date: DATE",
	} {
		text = regexp.MustCompile(pattern).ReplaceAllString(text, with)
	}
	return text
}

// Folder makes a folder of files.
func Folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Irregular puts special files with names of scenarios into a folder: a pipe without a writer, and a device without an
// end.
func Irregular(t *testing.T, dir string) {
	t.Helper()
	if err := errors.Join(
		fifo.Make(filepath.Join(dir, "pipe.yaml")), os.Symlink("/dev/zero", filepath.Join(dir, "zero.yaml")),
	); err != nil {
		t.Fatal(err)
	}
}

// Hostile would colour, reorder and hide text on a terminal. encoding/json leaves half of it unescaped.
const Hostile = "\u009b31m\x7f\u202e\u2066\u2028\u0085"

// ShowsNothingHostile fails a test for output with an effect on a terminal.
func ShowsNothingHostile(t *testing.T, name, out string) {
	t.Helper()
	if printable.Lines(out) != out || !strings.Contains(out, `\u009b31m`) {
		t.Errorf("%s prints %q", name, out)
	}
}
