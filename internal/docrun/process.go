package docrun

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
)

// process is a command of a page running in the background.
type process struct {
	command *exec.Cmd
	shown   []string // the page's lines of its output

	mu      sync.Mutex
	printed strings.Builder
	more    chan struct{} // has an item after each output
	ended   chan struct{}
}

// Write implements io.Writer.
func (p *process) Write(text []byte) (int, error) {
	p.mu.Lock()
	p.printed.Write(text)
	p.mu.Unlock()
	select {
	case p.more <- struct{}{}:
	default:
	}
	return len(text), nil
}

func (p *process) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.printed.String()
}

// start starts a command and returns after it has printed the lines of the page up to the first "...".
func start(command *exec.Cmd, s *session, shown []string) (*process, error) {
	p := &process{command: command, shown: shown, more: make(chan struct{}, 1), ended: make(chan struct{})}
	command.Stdout, command.Stderr = p, p
	if err := command.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = command.Wait() // its exit code after an interrupt is no fault
		close(p.ended)
	}()
	first := shown
	if i := slices.IndexFunc(shown, func(line string) bool { return line == "..." || line == "…" }); i >= 0 {
		first = shown[:i+1]
	}
	if len(first) == 0 {
		return p, nil
	}
	for {
		err := s.bound.match(first, s.withPagePorts(p.text()))
		if err == nil {
			return p, nil
		}
		select {
		case <-p.more:
		case <-p.ended:
			return nil, fmt.Errorf("it has ended: %w", err)
		case <-s.t.Context().Done():
			return nil, errors.Join(err, s.t.Context().Err())
		}
	}
}

// stop ends the process as Ctrl-C does, and returns all of its output.
func (p *process) stop() string {
	_ = p.command.Process.Signal(os.Interrupt) // it may have ended
	<-p.ended
	return p.text()
}
