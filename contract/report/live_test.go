package report_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// pause waits for a duration on the fake clock of synctest.
func pause(ctx context.Context, span time.Duration) error {
	select {
	case <-time.After(span):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Live prints a line when a requirement ends. On a terminal it also shows a slow one, with the time so far.
func TestALiveRunShowsASlowRequirement(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out, terminal bytes.Buffer
		l := &report.Live{Console: report.Console{W: &out}, Terminal: &terminal, Wait: pause}
		l.Began("AUTH-001", "a request without a token is refused")
		time.Sleep(2900 * time.Millisecond)
		l.Ended(result.Requirement{ID: "AUTH-001", Title: "a request without a token is refused", State: result.Passed, Duration: 2.9})
		if terminal.Len() > 0 {
			t.Errorf("a quick requirement has a temporary line: %q", terminal.String())
		}
		l.Began("ELIG-001", "a check\x1b[2J "+strings.Repeat("ends ", 50))
		time.Sleep(4500 * time.Millisecond)
		if out.String() != "  passed              AUTH-001    a request without a token is refused (2.9 s)\n" {
			t.Errorf("the output is %q", out.String())
		}
		l.Ended(result.Requirement{ID: "ELIG-001", Title: "a check ends", State: result.Failed, Duration: 4.5})
		shown := strings.Split(terminal.String(), "\r\x1b[K")
		if len(shown) != 4 || shown[0] != "" || !strings.HasPrefix(shown[1], "  waiting, 3s        ELIG-001    a check") ||
			!strings.HasPrefix(shown[2], "  waiting, 4s        ELIG-001    a check") || shown[3] != "" {
			t.Errorf("the terminal shows %q", shown)
		}
		for _, line := range shown {
			if len([]rune(line)) > 79 || strings.ContainsAny(line, "\x1b\n") {
				t.Errorf("%q is not one line of plain text", line)
			}
		}
		if !strings.HasSuffix(out.String(), "\n  failed              ELIG-001    a check ends (4.5 s)\n") {
			t.Errorf("the output is %q", out.String())
		}
		l.Began("ELIG-002", "a check has an id")
		time.Sleep(3500 * time.Millisecond)
		if err := l.Close(); err != nil || !strings.HasSuffix(terminal.String(), "\r\x1b[K") {
			t.Errorf("%v, and the temporary line is not erased: %q", err, terminal.String())
		}
	})
}

// Without a terminal Live prints plain lines only. Close returns the error of a line that could not be written.
func TestALiveRunWithoutATerminalPrintsPlainLines(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	l := &report.Live{Console: report.Console{W: &out}}
	l.Began("AUTH-001", "a request is refused")
	l.Ended(result.Requirement{ID: "AUTH-001", Title: "a request is refused", State: result.NotTestable, Reason: "no webhook URL"})
	if err := l.Close(); err != nil || out.String() != "  not testable        AUTH-001    a request is refused: no webhook URL\n" {
		t.Errorf("%v, %q", err, out.String())
	}
	l = &report.Live{Console: report.Console{W: full{}}}
	l.Ended(result.Requirement{ID: "AUTH-001", State: result.Passed})
	if err := l.Close(); !errors.Is(err, errFull) {
		t.Errorf("a line that cannot be written: %v", err)
	}
}

var errFull = errors.New("the disk is full")

// full is a writer that always fails.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestTheConsoleEscapesControlCharacters(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	failed := result.Requirement{ID: "AUTH-001", Title: "T", State: result.NotTestable, Reason: "\u009b31m\x1b[2J\u202e\u2028\xff"}
	if err := (report.Console{W: &b}).Line(failed); err != nil {
		t.Fatal(err)
	}
	if want := `: \u009b31m\u001b[2J\u202e\u2028\xff` + "\n"; !strings.HasSuffix(b.String(), want) {
		t.Errorf("%q, want %q", b.String(), want)
	}
}
