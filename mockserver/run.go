package mockserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/logline"
)

// Run ends checks and delivers events as they fall due, until ctx ends. Then it begins nothing more and waits for
// work under way, moves of clocks included, up to the stop time-out.
func (s *Server) Run(ctx context.Context) {
	items, breakOff := context.WithCancel(context.WithoutCancel(ctx))
	defer breakOff()
	var timer sync.WaitGroup
	defer timer.Wait()
	ended := make(chan struct{})
	defer close(ended)
	timer.Go(func() {
		select {
		case <-ended:
			return
		case <-ctx.Done():
		}
		grace, cancel := context.WithTimeout(items, s.options.StopTimeout)
		defer cancel()
		select {
		case <-ended:
		case <-grace.Done():
			breakOff()
		}
	})
	s.runLoop(ctx, items)
}

// runLoop begins due work until ctx ends, and returns when the work is done. The end of items breaks the work off.
func (s *Server) runLoop(ctx, items context.Context) {
	s.ready.Store(true)
	defer s.ready.Store(false)
	defer s.sender.Close()
	s.loop.Run(ctx, items)
}

// Serve runs the mock and answers on listeners until ctx ends. Then it takes no more requests and waits for those
// under way. After the stop time-out it breaks the remaining ones off, and their replies get five more seconds. It
// returns nil after such a stop, and closes all listeners in any case. It returns an error for a failing listener,
// and for a call without one.
func (s *Server) Serve(ctx context.Context, listeners ...net.Listener) error {
	if len(listeners) == 0 {
		return errors.New("serving: there is no listener")
	}
	ctx, stop := context.WithCancel(ctx)
	items, breakOff := context.WithCancel(context.WithoutCancel(ctx))
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: s.options.HeaderTimeout,
		ReadTimeout:       s.options.ReadTimeout,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.options.Log.Handler(), slog.LevelWarn),
	}
	var work sync.WaitGroup
	defer work.Wait()
	defer breakOff()
	defer stop()
	ran := make(chan struct{})
	work.Go(func() {
		defer close(ran)
		s.runLoop(ctx, items)
	})
	failed := make(chan error, len(listeners))
	for _, l := range listeners {
		work.Go(func() { failed <- server.Serve(l) })
	}
	var broken error
	select {
	case err := <-failed:
		_ = server.Close() // the other listeners end with the first
		broken = fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	stop()
	return errors.Join(broken, s.shutDown(ctx, server, ran, breakOff))
}

// shutDown stops the server. Requests under way, and work in the loop, have the stop time-out. The loop closes ran at
// its end. After the time-out breakOff ends everything they wait for.
func (s *Server) shutDown(ctx context.Context, server *http.Server, ran <-chan struct{}, breakOff func()) error {
	s.ready.Store(false)
	s.stop()
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.options.StopTimeout)
	defer cancel()
	err := server.Shutdown(grace)
	select {
	case <-ran:
	case <-grace.Done():
	}
	breakOff()
	if errors.Is(err, context.DeadlineExceeded) {
		s.options.Log.Warn("work in progress was aborted", "waited_ms", logline.Milliseconds(s.options.StopTimeout))
		err = closeAfterReplies(ctx, server)
	}
	if err != nil {
		return fmt.Errorf("stopping: %w", err)
	}
	return nil
}

// closeAfterReplies closes a server once its requests are answered, or the time for replies is over.
func closeAfterReplies(ctx context.Context, server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), maxReplying)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return server.Close()
	}
	return err
}
