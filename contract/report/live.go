package report

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// Live tells people about a run while it is under way: a line for each requirement as it ends and, on a terminal, what
// the run is waiting for meanwhile. A run has one requirement under way at a time.
type Live struct {
	Console

	// Terminal shows which requirement takes long, on a line that is taken back; nil for nothing of the kind.
	Terminal io.Writer
	// Wait returns when a time span has passed, or with the context's error when that ends first. It may be nil where
	// there is no Terminal.
	Wait func(ctx context.Context, span time.Duration) error

	stop func() // ends the line of what is under way; nil while there is none
	err  error  // the first of writing a line
}

const (
	patience = 3 * time.Second // until a requirement takes long
	width    = 79              // of a line that is taken back: one that is broken into two is not
	takeBack = "\r\x1b[K"
)

// Began says that a requirement is under way.
func (l *Live) Began(id, title string) {
	l.halt()
	if l.Terminal == nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		l.waiting(ctx, fmt.Sprintf("%-10s  %s", oneLine(id, width), oneLine(title, width)))
	}()
	l.stop = func() {
		cancel()
		<-gone
	}
}

// waiting shows for how long a requirement has been under way until ctx ends, and takes that back.
func (l *Live) waiting(ctx context.Context, about string) {
	if l.Wait(ctx, patience) != nil {
		return
	}
	for took := patience; ; took += time.Second {
		line := []rune(fmt.Sprintf("  waiting, %-8s  %s", took, about))
		_, _ = fmt.Fprint(l.Terminal, takeBack, string(line[:min(len(line), width)])) // a decoration
		if l.Wait(ctx, time.Second) != nil {
			_, _ = fmt.Fprint(l.Terminal, takeBack)
			return
		}
	}
}

// Ended says what came of the requirement that was under way.
func (l *Live) Ended(r result.Requirement) {
	l.halt()
	if err := l.Line(r); err != nil && l.err == nil {
		l.err = err
	}
}

// Close ends what is still shown of a requirement that is under way. The error is that of the first line that could not
// be written.
func (l *Live) Close() error {
	l.halt()
	return l.err
}

func (l *Live) halt() {
	if l.stop != nil {
		l.stop()
		l.stop = nil
	}
}
