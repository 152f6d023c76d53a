package report

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// Live shows the progress of a run on a terminal, on one temporary line: how many requirements have ended, and the
// current one that began first. A run may have many current requirements. It is safe for concurrent use.
type Live struct {
	Terminal io.Writer // nil for no progress
	// Wait blocks for a duration. It returns the context's error if ctx ends first. It may be nil without a Terminal.
	Wait func(ctx context.Context, span time.Duration) error

	mu      sync.Mutex
	current []string // ids and titles, the first begun first
	ended   map[result.State]int
	stop    func() // removes the line; nil before the first requirement
}

const (
	width     = 79 // of the temporary line: a terminal cannot erase a line that wraps
	eraseLine = "\r\x1b[K"
)

// Began makes a requirement a current one.
func (l *Live) Began(id, title string) {
	if l.Terminal == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.current = append(l.current, name(id, title))
	if l.stop != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for l.Wait(ctx, time.Second) == nil {
			l.show()
		}
	}()
	l.stop = func() {
		cancel()
		<-done
		_, _ = fmt.Fprint(l.Terminal, eraseLine) // only progress: an error does not matter
	}
}

func name(id, title string) string { return oneLine(id, width) + " " + oneLine(title, width) }

// show prints the line.
func (l *Live) show() {
	l.mu.Lock()
	defer l.mu.Unlock()
	ended := 0
	for _, n := range l.ended {
		ended += n
	}
	text := fmt.Sprintf("  %d done, %d failed, %d blocked", ended, l.ended[result.Failed], l.ended[result.Blocked])
	if len(l.current) > 0 {
		text += "; waiting for " + l.current[0]
	}
	line := []rune(text)
	_, _ = fmt.Fprint(l.Terminal, eraseLine, string(line[:min(len(line), width)]))
}

// Ended counts a requirement. It is no longer a current one.
func (l *Live) Ended(r result.Requirement) {
	if l.Terminal == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.Index(l.current, name(r.ID, r.Title)); i >= 0 {
		l.current = slices.Delete(l.current, i, i+1)
	}
	if l.ended == nil {
		l.ended = map[result.State]int{}
	}
	l.ended[r.State]++
}

// Close removes the line. No requirement may begin afterwards.
func (l *Live) Close() {
	l.mu.Lock()
	stop := l.stop
	l.mu.Unlock()
	if stop != nil {
		stop()
	}
}
