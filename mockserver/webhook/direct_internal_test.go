package webhook

import (
	"errors"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

func TestAConnectionIdleForLongIsClosed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := &direct{idle: map[string][]*wire{}}
		keep := func() (open func() bool) {
			ours, theirs := net.Pipe()
			d.keep(&wire{connection: &connection{Conn: ours}, address: "a", stop: func() bool { return true }})
			return func() bool {
				_ = theirs.SetReadDeadline(time.Now().Add(time.Millisecond))
				_, err := theirs.Read(make([]byte, 1))
				return errors.Is(err, os.ErrDeadlineExceeded)
			}
		}
		first := keep()
		time.Sleep(idleTime - time.Second)
		second := keep()
		if !first() || !second() {
			t.Error("a connection is closed before its time")
		}
		time.Sleep(2 * time.Second)
		if first() || !second() {
			t.Error("the first connection is open, or the second one closed")
		}
		time.Sleep(2 * idleTime)
		synctest.Wait()
		if second() || len(d.idle) > 0 || d.sweep != nil {
			t.Error("a connection is open, or its timer runs")
		}
		third := keep()
		if d.CloseIdleConnections(); third() || d.sweep != nil {
			t.Error("a connection is open after the end, or its timer runs")
		}
	})
}
