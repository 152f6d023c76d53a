package mockserver_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/feed"
)

// pipes is a listener with connections in memory: a synctest bubble can hold them.
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

// servePipes runs a mock in a bubble, and returns it, and how to connect to it and to stop it.
func servePipes(t *testing.T) (server *mockserver.Server, dial func() net.Conn, stop func() error) {
	t.Helper()
	server, err := mockserver.New(mockserver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := pipes{make(chan net.Conn), make(chan struct{})}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, p) }()
	return server, func() net.Conn {
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
		_, dial, stop := servePipes(t)
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
		_, dial, stop := servePipes(t)
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

// A reader that stands still costs the mock nothing, and hears of what it has missed.
func TestASlowReaderOfTheStreamHearsOfTheItemsThatItMissed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, dial, stop := servePipes(t)
		one, _ := server.Clinics().Clinic("vclinic")
		const token, most = "vclinic_api_token", 2 * feed.Max
		patch := clinic.Patch{Fields: []clinic.Field{{"insurance.primary.carrier_code", "car7556"}}}
		if _, err := one.UpdateUser(t.Context(), token, patch); err != nil {
			t.Fatal(err)
		}
		conn := dial()
		if _, err := conn.Write([]byte(streamRequest)); err != nil {
			t.Fatal(err)
		}
		for range most {
			if _, err := one.StartCheck(t.Context(), token, clinic.Self, "car7556", ""); err != nil {
				t.Fatal(err)
			}
		}
		reply, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer reply.Body.Close()
		lines, last, missed := bufio.NewScanner(reply.Body), 0, 0
		for last < most && lines.Scan() {
			data, ok := strings.CutPrefix(lines.Text(), "data: ")
			if !ok {
				continue
			}
			var item controlapi.StreamItem
			if err := json.Unmarshal([]byte(data), &item); err != nil {
				t.Fatal(err)
			}
			number, _ := strconv.Atoi(item.ID)
			if missed += item.Dropped; number != last+1 && number != last+item.Dropped {
				t.Fatalf("behind %d comes %d, with %d dropped", last, number, item.Dropped)
			}
			last = number
		}
		if missed == 0 || missed > most-feed.Max {
			t.Errorf("%d items of %d are missing", missed, most)
		}
		_ = conn.Close()
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}
