package main

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/cmdtest"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// needsSIGHUP skips a test of SIGHUP where the processes that it starts ignore the signal.
func needsSIGHUP(t *testing.T) {
	t.Helper()
	if signal.Ignored(syscall.SIGHUP) {
		t.Skip("the tests run under nohup, or with SIGHUP ignored by other means")
	}
}

// The closing of its terminal stops a mock in order, as SIGTERM does.
func TestSIGHUPStopsServeAsSIGTERMDoes(t *testing.T) {
	t.Parallel()
	needsSIGHUP(t)
	for _, ends := range []syscall.Signal{syscall.SIGHUP, syscall.SIGTERM} {
		p := begin(t, nil, "--listen", "127.0.0.1:0", "--log-level", "off")
		if got := p.end(t, ends); got != "vsee-mock has stopped; nothing was pending\n" {
			t.Errorf("after %s it says %q", ends, got)
		}
	}
}

// A mock started by nohup goes on after its terminal is closed.
func TestAMockThatNohupHasStartedOutlivesItsTerminal(t *testing.T) {
	t.Parallel()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	p := launch(t, exec.CommandContext(t.Context(), "sh", "-c",
		`trap "" HUP; exec "$0" --listen 127.0.0.1:0 --log-level off`, path), "openapi.yaml")
	if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	if status, text := cmdtest.Request(t, "POST", p.base+"/_mock/clinics/vclinic/clock",
		`{"freeze": true}`); status != 200 {
		t.Errorf("after SIGHUP: %d %s", status, text)
	}
	if got := p.end(t, syscall.SIGTERM); got != "vsee-mock has stopped; nothing was pending\n" {
		t.Errorf("after SIGTERM it says %q", got)
	}
}

// hearing starts `vsee-mock listen` as a process for the events of a mock's clinic.
func hearing(t *testing.T, w cmdtest.Clinic) *process {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	p := launch(t, exec.CommandContext(t.Context(), path, "listen", "--listen", "127.0.0.1:0", "--mock", w.Mock,
		"--clinic", "mine"), "until this ends")
	if got := w.WebhookURL(t); got != p.base+"/hook" {
		t.Fatalf("events go to %s", got)
	}
	return p
}

// A closing terminal sends SIGHUP, and its shell may send it again. However it ends, listen puts the URL back.
func TestListenPutsTheURLBackWhateverEndsIt(t *testing.T) {
	t.Parallel()
	for _, ends := range []syscall.Signal{syscall.SIGHUP, syscall.SIGTERM, syscall.SIGINT} {
		t.Run(ends.String(), func(t *testing.T) {
			t.Parallel()
			if ends == syscall.SIGHUP {
				needsSIGHUP(t)
			}
			w := cmdtest.NewClinic(t, nil)
			before := w.WebhookURL(t)
			p := hearing(t, w)
			if ends == syscall.SIGHUP {
				_ = p.cmd.Process.Signal(ends)
			}
			if got := p.end(t, ends); !strings.Contains(got,
				"the previous webhook URL of mine is restored\nvsee-mock has stopped listening") {
				t.Errorf("after %s it says %q", ends, got)
			}
			if got := w.WebhookURL(t); got != before {
				t.Errorf("after %s, events go to %s and not %s", ends, got, before)
			}
		})
	}
	t.Run("a pipe that nobody reads", func(t *testing.T) {
		t.Parallel()
		w := cmdtest.NewClinic(t, nil)
		before := w.WebhookURL(t)
		p := hearing(t, w)
		if err := p.pipe.Close(); err != nil {
			t.Fatal(err)
		}
		w.Check(t)
		if err := p.cmd.Wait(); err != nil {
			t.Errorf("it ended with %s: %s", err, &p.stderr)
		}
		if got := w.WebhookURL(t); got != before {
			t.Errorf("events go to %s and not %s", got, before)
		}
	})
}

// An advance longer than the grace of a stop gets a reply with the work done so far, from the command as from the
// package.
func TestAnAdvanceThatSIGTERMBreaksOffIsAnswered503(t *testing.T) {
	t.Parallel()
	begun, hang := make(chan struct{}), make(chan struct{})
	receiver := mocktest.NewReceiver(t, func(n int) int {
		if n == 2 {
			close(begun)
			<-hang
		}
		return http.StatusOK
	})
	t.Cleanup(func() { close(hang) })
	p := begin(t, nil, "--listen", "127.0.0.1:0", "--freeze", "--webhook-url", receiver.URL, "--stop-timeout", "10ms",
		"--log-level", "off")
	token := []string{"X-ApiToken", "vclinic_api_token", "Content-Type", "application/json"}
	cmdtest.Request(t, "POST", p.base+"/api_v3/me", `{"insurance": {"primary": {"carrier_code": "car7556"}}}`, token...)
	for range 3 {
		cmdtest.Request(t, "POST", p.base+"/api_v3/users/-/car7556/eligibility", "", token...)
	}
	type answer struct {
		status int
		text   string
	}
	answered := make(chan answer, 1)
	advance, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.base+"/_mock/clinics/vclinic/clock",
		strings.NewReader(`{"advance": "10s"}`))
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		reply, err := mocktest.Client().Do(advance)
		if err != nil {
			answered <- answer{0, err.Error()}
			return
		}
		defer reply.Body.Close()
		text, _ := io.ReadAll(reply.Body)
		answered <- answer{reply.StatusCode, string(text)}
	}()
	<-begun
	const want = "vsee-mock has stopped; still pending: 0 checks, 0 claims, 0 visits and 2 webhook deliveries\n"
	if got := p.end(t, syscall.SIGTERM); got != want {
		t.Errorf("at the end it says %q", got)
	}
	if got := <-answered; got.status != 503 || !strings.Contains(got.text, "the mock is stopping") ||
		strings.Count(got.text, `"attempt": 1`) != 1 {
		t.Errorf("the advance is answered %d %s", got.status, got.text)
	}
}

// The real setup: two processes, and the keys to end them.
func TestListenEndsBySignal(t *testing.T) {
	t.Parallel()
	mock := begin(t, nil, "--listen", "127.0.0.1:0", "--log-level", "off", "--webhook-url", "http://127.0.0.1:1/before")
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		cmd := exec.CommandContext(t.Context(), path, "listen")
		// The mock's address is not the address of listen, and each flag has a variable.
		cmd.Env = append(os.Environ(), "VSEE_MOCK_LISTEN="+strings.TrimPrefix(mock.base, "http://"),
			"VSEE_MOCK_RECEIVER_LISTEN=127.0.0.1:0", "VSEE_MOCK_MOCK="+mock.base)
		stdout, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewReader(stdout)
		if first, err := lines.ReadString('\n'); err != nil || !strings.Contains(first, "listens for events on") {
			t.Fatalf("%v: %s", err, first)
		}
		if err := cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		out, err := io.ReadAll(lines)
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err != nil || !strings.HasSuffix(string(out), "0 deliveries, 0 verified, 0 refused\n") {
			t.Errorf("%v: %s", err, out)
		}
		if _, text := cmdtest.Request(t, "GET", mock.base+"/_mock/clinics/vclinic", ""); !strings.Contains(text,
			`"url": "http://127.0.0.1:1/before"`) {
			t.Errorf("the webhook is %s", text)
		}
	}
	// A mock stopped first has forgotten the receiver.
	listener := launch(t, exec.CommandContext(t.Context(), path, "listen", "--listen", "127.0.0.1:0", "--mock", mock.base),
		"until this ends")
	mock.end(t, os.Interrupt)
	if out := listener.end(t, os.Interrupt); !strings.Contains(out,
		"the mock has stopped already: there is no URL to restore") {
		t.Error(out)
	}
}
