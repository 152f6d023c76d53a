package report

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// Live prints the progress of a run: a line for each requirement as it ends. On a terminal it also shows the current
// requirement if that takes long. A run has one current requirement at a time.
type Live struct {
	Console

	// Terminal gets a temporary line with the current requirement, if that takes long; nil for none.
	Terminal io.Writer
	// Wait blocks for a duration. It returns the context's error if ctx ends first. It may be nil without a Terminal.
	Wait func(ctx context.Context, span time.Duration) error

	stop func() // removes the line of the current requirement; nil if there is none
	err  error  // the first error of writing a line
}

const (
	slowAfter = 3 * time.Second // a shorter requirement has no temporary line
	width     = 79              // of the temporary line: a terminal cannot erase a line that wraps
	eraseLine = "\r\x1b[K"
)

// Began makes a requirement the current one.
func (l *Live) Began(id, title string) {
	l.clear()
	if l.Terminal == nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.showWaiting(ctx, fmt.Sprintf("%-10s  %s", oneLine(id, width), oneLine(title, width)))
	}()
	l.stop = func() {
		cancel()
		<-done
	}
}

// showWaiting updates the temporary line every second until ctx ends, and then erases it.
func (l *Live) showWaiting(ctx context.Context, about string) {
	if l.Wait(ctx, slowAfter) != nil {
		return
	}
	for took := slowAfter; ; took += time.Second {
		line := []rune(fmt.Sprintf("  waiting, %-8s  %s", took, about))
		_, _ = fmt.Fprint(l.Terminal, eraseLine, string(line[:min(len(line), width)])) // only progress: an error does not matter
		if l.Wait(ctx, time.Second) != nil {
			_, _ = fmt.Fprint(l.Terminal, eraseLine)
			return
		}
	}
}

// Ended prints the line of the current requirement.
func (l *Live) Ended(r result.Requirement) {
	l.clear()
	if err := l.Line(r); err != nil && l.err == nil {
		l.err = err
	}
}

// Close removes the temporary line. It returns the error of the first line that could not be written.
func (l *Live) Close() error {
	l.clear()
	return l.err
}

// clear removes the temporary line, and waits for its goroutine.
func (l *Live) clear() {
	if l.stop != nil {
		l.stop()
		l.stop = nil
	}
}
