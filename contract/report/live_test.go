package report_test

import (
	"bytes"
	"context"
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

// On a terminal a run shows how many requirements have ended, and the first of those that go on.
func TestALiveRunShowsItsProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var terminal bytes.Buffer
		l := &report.Live{Terminal: &terminal, Wait: pause}
		l.Began("AUTH-001", "A request without a token is refused")
		l.Began("ELIG-001", "A check\x1b[2J "+strings.Repeat("ends ", 50))
		time.Sleep(1500 * time.Millisecond)
		l.Ended(result.Requirement{ID: "AUTH-001", Title: "A request without a token is refused", State: result.Passed})
		l.Began("ELIG-002", "A check has an id")
		l.Ended(result.Requirement{ID: "ELIG-002", Title: "A check has an id", State: result.Failed})
		time.Sleep(time.Second)
		l.Close()
		shown := strings.Split(terminal.String(), "\r\x1b[K")
		if len(shown) != 4 || shown[0] != "" || shown[3] != "" ||
			shown[1] != "  0 done, 0 failed, 0 blocked; waiting for AUTH-001 A request without a token i" ||
			!strings.HasPrefix(shown[2], "  2 done, 1 failed, 0 blocked; waiting for ELIG-001 A check") {
			t.Errorf("the terminal shows %q", shown)
		}
		for _, line := range shown {
			if len([]rune(line)) > 79 || strings.ContainsAny(line, "\x1b\n") {
				t.Errorf("%q is not one line of plain text", line)
			}
		}
	})
}

func TestWithoutATerminalThereIsNoProgress(t *testing.T) {
	t.Parallel()
	l := new(report.Live)
	l.Began("AUTH-001", "A request is refused")
	l.Ended(result.Requirement{ID: "AUTH-001", State: result.Passed})
	l.Close()
}
