package main

import (
	"io"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// The closing of its terminal stops a mock in order, as SIGTERM does.
func TestSIGHUPStopsServeAsSIGTERMDoes(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGHUP, syscall.SIGTERM} {
		p := begin(t, nil, "--listen", "127.0.0.1:0", "--log-level", "off")
		if got := p.end(t, signal); got != "vsee-mock has stopped; nothing was pending\n" {
			t.Errorf("after %s it says %q", signal, got)
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
	p := launch(t, exec.CommandContext(t.Context(), "sh", "-c", `trap "" HUP; exec "$0" --listen 127.0.0.1:0 --log-level off`, path), "openapi.yaml")
	if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	if status, text := request(t, "POST", p.base+"/_mock/clinics/vclinic/clock", `{"freeze": true}`); status != 200 {
		t.Errorf("after SIGHUP: %d %s", status, text)
	}
	if got := p.end(t, syscall.SIGTERM); got != "vsee-mock has stopped; nothing was pending\n" {
		t.Errorf("after SIGTERM it says %q", got)
	}
}

// hearing starts `vsee-mock listen` as a process for the events of a mock's clinic.
func hearing(t *testing.T, w world) *process {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	p := launch(t, exec.CommandContext(t.Context(), path, "listen", "--listen", "127.0.0.1:0", "--mock", w.mock, "--clinic", "mine"), "until this ends")
	if got := w.webhookURL(t); got != p.base+"/hook" {
		t.Fatalf("events go to %s", got)
	}
	return p
}

// A closing terminal sends SIGHUP, and its shell may send it again. However it ends, listen puts the URL back.
func TestListenPutsTheURLBackWhateverEndsIt(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGHUP, syscall.SIGTERM, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			before := w.webhookURL(t)
			p := hearing(t, w)
			if signal == syscall.SIGHUP {
				_ = p.cmd.Process.Signal(signal)
			}
			if got := p.end(t, signal); !strings.Contains(got, "mine's events go where they went before\nvsee-mock has stopped listening") {
				t.Errorf("after %s it says %q", signal, got)
			}
			if got := w.webhookURL(t); got != before {
				t.Errorf("after %s, events go to %s and not %s", signal, got, before)
			}
		})
	}
	t.Run("a pipe that nobody reads", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, nil)
		before := w.webhookURL(t)
		p := hearing(t, w)
		if err := p.pipe.Close(); err != nil {
			t.Fatal(err)
		}
		w.check(t)
		if err := p.cmd.Wait(); err != nil {
			t.Errorf("it ended with %s: %s", err, &p.stderr)
		}
		if got := w.webhookURL(t); got != before {
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
	p := begin(t, nil, "--listen", "127.0.0.1:0", "--freeze", "--webhook-url", receiver.URL, "--stop-timeout", "10ms", "--log-level", "off")
	token := []string{"X-ApiToken", "vclinic_api_token", "Content-Type", "application/json"}
	request(t, "POST", p.base+"/api_v3/me", `{"insurance": {"primary": {"carrier_code": "car7556"}}}`, token...)
	for range 3 {
		request(t, "POST", p.base+"/api_v3/users/-/car7556/eligibility", "", token...)
	}
	type answer struct {
		status int
		text   string
	}
	answered := make(chan answer, 1)
	advance, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.base+"/_mock/clinics/vclinic/clock", strings.NewReader(`{"advance": "10s"}`))
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
	if got := p.end(t, syscall.SIGTERM); got != "vsee-mock has stopped; still pending: 0 checks, 0 claims and 2 webhook deliveries\n" {
		t.Errorf("at the end it says %q", got)
	}
	if got := <-answered; got.status != 503 || !strings.Contains(got.text, "the mock is stopping") || strings.Count(got.text, `"attempt": 1`) != 1 {
		t.Errorf("the advance is answered %d %s", got.status, got.text)
	}
}
