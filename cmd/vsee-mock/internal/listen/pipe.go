package listen

import (
	"io"
	"os"
	"os/signal"
	"syscall"
)

// surviveBrokenPipes makes writing to a pipe without a reader an error, instead of the end of the process, until undo.
// Commands with something to restore at their end need this.
func surviveBrokenPipes() (undo func()) {
	broken := make(chan os.Signal, 1)
	signal.Notify(broken, syscall.SIGPIPE)
	return func() { signal.Stop(broken) }
}

// watched is a writer with a function to call when writing fails.
type watched struct {
	io.Writer
	failed func()
}

// Write implements io.Writer.
func (w *watched) Write(text []byte) (int, error) {
	n, err := w.Writer.Write(text)
	if err != nil {
		w.failed()
	}
	return n, err
}
