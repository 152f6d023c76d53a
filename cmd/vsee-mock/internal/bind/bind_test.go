package bind

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
)

// fakeHost is a fake computer with the addresses and taken ports of a test. Its free ports are counted from 5001.
type fakeHost struct {
	fails  map[string]error // by address; by host for any port
	next   int
	opened []string
	closed []string
}

// fakeListener is a listener on a fake computer.
type fakeListener struct {
	net.Listener
	address string
	of      *fakeHost
}

func (d *fakeListener) Addr() net.Addr {
	tcp, _ := net.ResolveTCPAddr("tcp", d.address)
	return tcp
}

func (d *fakeListener) Close() error {
	d.of.closed = append(d.of.closed, d.address)
	return nil
}

func (c *fakeHost) open(_ context.Context, network, address string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if port == "0" || port == "" {
		c.next++
		port = fmt.Sprint(5000 + c.next)
		address = net.JoinHostPort(host, port)
	}
	c.opened = append(c.opened, network+" "+address)
	for _, key := range []string{address, host} {
		if err := c.fails[key]; err != nil {
			return nil, &net.OpError{Op: "listen", Err: err}
		}
	}
	return &fakeListener{address: address, of: c}, nil
}

func TestLocalhostIsBothLoopbacksWithOnePort(t *testing.T) {
	t.Parallel()
	const unreached = "a client that resolves localhost to it does not reach the mock)"
	missing, taken, denied := error(syscall.EADDRNOTAVAIL), error(syscall.EADDRINUSE), error(syscall.EACCES)
	for name, tc := range map[string]struct {
		address string
		fails   map[string]error
		opened  []string
		closed  []string
		on      string
		wrong   string
	}{
		"a fixed port": {"localhost:8080", nil, []string{"tcp4 127.0.0.1:8080", "tcp6 [::1]:8080"}, nil,
			"127.0.0.1:8080 and [::1]:8080", ""},
		"in another case": {"LocalHost:8080", nil, []string{"tcp4 127.0.0.1:8080", "tcp6 [::1]:8080"}, nil,
			"127.0.0.1:8080 and [::1]:8080", ""},
		"port 0": {"localhost:0", nil, []string{"tcp4 127.0.0.1:5001", "tcp6 [::1]:5001"}, nil,
			"127.0.0.1:5001 and [::1]:5001", ""},
		"no port": {"localhost:", nil, []string{"tcp4 127.0.0.1:5001", "tcp6 [::1]:5001"}, nil,
			"127.0.0.1:5001 and [::1]:5001", ""},
		"port 0, taken on ::1 once": {
			"localhost:0", map[string]error{"[::1]:5001": taken},
			[]string{"tcp4 127.0.0.1:5001", "tcp6 [::1]:5001", "tcp4 127.0.0.1:5002", "tcp6 [::1]:5002"},
			[]string{"127.0.0.1:5001"}, "127.0.0.1:5002 and [::1]:5002", "",
		},
		"no ::1": {
			"localhost:8080", map[string]error{"::1": missing}, []string{"tcp4 127.0.0.1:8080", "tcp6 [::1]:8080"}, nil,
			"127.0.0.1:8080\n(this computer has no ::1: " + unreached, "",
		},
		"no IPv6": {
			"localhost:0", map[string]error{"::1": syscall.EAFNOSUPPORT},
			[]string{"tcp4 127.0.0.1:5001", "tcp6 [::1]:5001"}, nil,
			"127.0.0.1:5001\n(this computer has no ::1: " + unreached, "",
		},
		"no 127.0.0.1": {
			"localhost:8080", map[string]error{"127.0.0.1": missing},
			[]string{"tcp4 127.0.0.1:8080", "tcp6 [::1]:8080"}, nil,
			"[::1]:8080\n(this computer has no 127.0.0.1: " + unreached, "",
		},
		"neither": {
			"localhost:8080", map[string]error{"127.0.0.1": missing, "::1": missing},
			[]string{"tcp4 127.0.0.1:8080", "tcp6 [::1]:8080"}, nil, "",
			"--listen cannot use 127.0.0.1:8080: cannot assign requested address; give a host",
		},
		"taken on 127.0.0.1": {
			"localhost:8080", map[string]error{"127.0.0.1": taken}, []string{"tcp4 127.0.0.1:8080"}, nil, "",
			"127.0.0.1:8080 is taken by another program: stop it",
		},
		"taken on ::1": {
			"localhost:8080", map[string]error{"::1": taken}, []string{"tcp4 127.0.0.1:8080", "tcp6 [::1]:8080"},
			[]string{"127.0.0.1:8080"}, "", "[::1]:8080 is taken by another program: stop it",
		},
		"not allowed on ::1": {
			"localhost:0", map[string]error{"::1": denied}, []string{"tcp4 127.0.0.1:5001", "tcp6 [::1]:5001"},
			[]string{"127.0.0.1:5001"}, "",
			"--listen cannot use [::1]:5001: permission denied; give a host and a port of this computer",
		},
		"an unknown host": {
			"no.invalid:80", map[string]error{"no.invalid": &net.DNSError{Err: "no such host", IsNotFound: true}},
			[]string{"tcp no.invalid:80"}, nil, "", "--listen cannot use no.invalid:80: the host is not known; give a host",
		},
		"another host":    {"0.0.0.0:8080", nil, []string{"tcp 0.0.0.0:8080"}, nil, "0.0.0.0:8080", ""},
		"all addresses":   {":8080", nil, []string{"tcp :8080"}, nil, ":8080", ""},
		"::1 alone":       {"[::1]:8080", nil, []string{"tcp [::1]:8080"}, nil, "[::1]:8080", ""},
		"127.0.0.1 alone": {"127.0.0.1:8080", nil, []string{"tcp 127.0.0.1:8080"}, nil, "127.0.0.1:8080", ""},
		"no address": {"localhost", nil, nil, nil, "",
			"--listen needs HOST:PORT, for instance localhost:8080"},
		"a port alone": {"8080", nil, nil, nil, "", "--listen needs HOST:PORT, for instance localhost:8080"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &fakeHost{fails: tc.fails}
			on, err := binder{c.open, "--listen"}.bind(t.Context(), tc.address)
			if (err == nil) != (tc.wrong == "") || err != nil && !strings.Contains(err.Error(), tc.wrong) {
				t.Fatalf("error = %v, want %q", err, tc.wrong)
			}
			if got := on.String(); got != tc.on {
				t.Errorf("it listens on %s, want %s", got, tc.on)
			}
			if diff := cmp.Diff(tc.opened, c.opened); diff != "" {
				t.Errorf("it opens (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.closed, c.closed); diff != "" {
				t.Errorf("it closes (-want +got):\n%s", diff)
			}
		})
	}
}

// When every port is taken on ::1, the search for a free one ends, and leaves no listener open.
func TestTheSearchForAPortThatIsFreeOnBothLoopbacksEnds(t *testing.T) {
	t.Parallel()
	c := &fakeHost{fails: map[string]error{"::1": syscall.EADDRINUSE}}
	_, err := binder{c.open, "--listen"}.bind(t.Context(), "localhost:0")
	if err == nil || !strings.Contains(err.Error(), "no free port was found on both 127.0.0.1 and ::1") {
		t.Errorf("error = %v", err)
	}
	var wrong command.UsageError
	if errors.As(err, &wrong) {
		t.Error("it is an error of the command line")
	}
	if len(c.closed) != maxPorts || len(c.opened) != 2*maxPorts {
		t.Errorf("%d were opened and %d closed", len(c.opened), len(c.closed))
	}
}
