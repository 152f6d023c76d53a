package main

import (
	"io"
	"os"
	"os/signal"
	"syscall"
)

// surviveBrokenPipes makes a write to a pipe that nobody reads an error, instead of the end of the process, until undo.
// Whoever has something to put back at its end needs that.
func surviveBrokenPipes() (undo func()) {
	broken := make(chan os.Signal, 1)
	signal.Notify(broken, syscall.SIGPIPE)
	return func() { signal.Stop(broken) }
}

// watched is a writer that calls a function when writing fails.
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
