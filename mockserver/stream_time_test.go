package mockserver_test

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver"
)

// pipes is a listener whose connections are in memory, so that a bubble of synctest can hold them.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p pipes) Close() error   { close(p.done); return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

// servePipes runs a mock in a bubble, and returns how to connect to it and to stop it.
func servePipes(t *testing.T) (dial func() net.Conn, stop func() error) {
	t.Helper()
	server, err := mockserver.New(mockserver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := pipes{make(chan net.Conn), make(chan struct{})}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, p) }()
	return func() net.Conn {
			ours, theirs := net.Pipe()
			p.conns <- theirs
			return ours
		}, func() error {
			cancel()
			return <-ended
		}
}

const streamRequest = "GET /_mock/clinics/vclinic/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"

// The time limit for reading a request does not end the stream, and a proxy sees a sign of life.
func TestAnIdleStreamStaysOpenWithAHeartbeat(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dial, stop := servePipes(t)
		conn := dial()
		go func() { _, _ = conn.Write([]byte(streamRequest)) }()
		reply, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer reply.Body.Close()
		lines, began, beats := bufio.NewScanner(reply.Body), time.Now(), 0
		for beats < 20 && lines.Scan() {
			if strings.HasPrefix(lines.Text(), ":") {
				beats++
			}
		}
		if passed := time.Since(began); beats != 20 || passed != 5*time.Minute {
			t.Errorf("%d heartbeats came in %s: %v", beats, passed, lines.Err())
		}
		_ = conn.Close() // the reader leaves
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

// A reader that never reads is not waited for.
func TestAReaderThatReadsNothingDoesNotHoldUpAStop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dial, stop := servePipes(t)
		conn := dial()
		if _, err := conn.Write([]byte(streamRequest)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		began := time.Now()
		if err := stop(); err != nil || time.Since(began) > 2*time.Second {
			t.Errorf("the stop took %s: %v", time.Since(began), err)
		}
		_ = conn.Close()
	})
}
