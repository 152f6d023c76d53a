// Package bind listens on an address of this computer; localhost means both loopbacks.
package bind

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"syscall"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
)

// opener opens a listener, like net.ListenConfig.Listen.
type opener func(ctx context.Context, network, address string) (net.Listener, error)

// Bound has the listeners of a server.
type Bound struct {
	Listeners []net.Listener // one or more; URLs name the first
	Missing   string         // the address of localhost missing on this computer; empty for none
}

// Addresses returns the addresses of the listeners, as host:port.
func (b Bound) Addresses() []string {
	var all []string
	for _, l := range b.Listeners {
		all = append(all, l.Addr().String())
	}
	return all
}

// Close closes the listeners.
func (b Bound) Close() {
	for _, l := range b.Listeners {
		_ = l.Close()
	}
}

// Base returns the base URL for a client on this computer.
func (b Bound) Base() string { return "http://" + Reachable(b.Listeners[0].Addr().String()) }

// The addresses of localhost. Clients may use either: Node 17 and 18 use the second where it exists.
const (
	loopback4 = "127.0.0.1"
	loopback6 = "::1"
)

// AddressError is the error for a value of a flag in another form than HOST:PORT.
func AddressError(flag string) error {
	return command.Usage(fmt.Errorf("%s needs HOST:PORT, for instance localhost:8080", flag))
}

// binder listens on the address of a flag, named in the errors.
type binder struct {
	open opener
	flag string
}

// bind listens on an address. localhost means both loopbacks, with one port.
func (b binder) bind(ctx context.Context, address string) (Bound, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return Bound{}, AddressError(b.flag)
	}
	if strings.EqualFold(host, "localhost") {
		return b.bindLoopbacks(ctx, port)
	}
	listener, err := b.open(ctx, "tcp", address)
	if err != nil {
		return Bound{}, b.cannotListen(address, err)
	}
	return Bound{Listeners: []net.Listener{listener}}, nil
}

// maxPorts is how many free ports of 127.0.0.1 to try, until one is free on ::1 as well.
const maxPorts = 10

// bindLoopbacks listens on a port of both loopbacks, as far as this computer has them. It fails when another program
// has the port on one of them, because some clients of the mock would reach the other program. Port 0 stands for a port
// free on both.
func (b binder) bindLoopbacks(ctx context.Context, port string) (Bound, error) {
	number, err := strconv.Atoi(port)
	anyPort := port == "" || err == nil && number == 0
	var passed []net.Listener // on ports taken on ::1; they stay open until both are free on one port
	defer func() {
		for _, l := range passed {
			_ = l.Close()
		}
	}()
	for range maxPorts {
		four, err := b.open(ctx, "tcp4", net.JoinHostPort(loopback4, port))
		if err != nil && !isMissing(err) {
			return Bound{}, b.cannotListen(net.JoinHostPort(loopback4, port), err)
		}
		if err != nil {
			return b.bindAlone(ctx, port, err)
		}
		address := net.JoinHostPort(loopback6, portOf(four))
		six, err := b.open(ctx, "tcp6", address)
		switch {
		case err == nil:
			return Bound{Listeners: []net.Listener{four, six}}, nil
		case isMissing(err):
			return Bound{[]net.Listener{four}, loopback6}, nil
		}
		passed = append(passed, four)
		if !anyPort || !errors.Is(err, syscall.EADDRINUSE) {
			return Bound{}, b.cannotListen(address, err)
		}
	}
	return Bound{}, fmt.Errorf("no free port was found on both %[1]s and %[2]s: "+
		"choose one with %[3]s, such as %[3]s localhost:8080", loopback4, loopback6, b.flag)
}

// bindAlone listens on ::1 alone, on a computer without 127.0.0.1. cause is the error from 127.0.0.1.
func (b binder) bindAlone(ctx context.Context, port string, cause error) (Bound, error) {
	six, err := b.open(ctx, "tcp6", net.JoinHostPort(loopback6, port))
	if err != nil {
		return Bound{}, b.cannotListen(net.JoinHostPort(loopback4, port), cause)
	}
	return Bound{[]net.Listener{six}, loopback4}, nil
}

// isMissing reports whether listening failed because this computer does not have the address.
func isMissing(err error) bool {
	return errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT) ||
		errors.Is(err, syscall.EPROTONOSUPPORT)
}

func portOf(l net.Listener) string {
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// cannotListen explains why listening on an address failed, and names the flag to change.
func (b binder) cannotListen(address string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is taken by another program: stop it, or choose another port with %s "+
			"(127.0.0.1:0 is any free one)", address, b.flag)
	}
	reason := err
	var system syscall.Errno
	var invalid *net.AddrError
	var unknown *net.DNSError
	switch {
	case errors.As(err, &system):
		reason = system
	case errors.As(err, &invalid):
		reason = errors.New("the port must be a number up to 65535")
	case errors.As(err, &unknown):
		reason = errors.New("the host is not known")
	}
	return command.Usage(fmt.Errorf("%s cannot use %s: %w; "+
		"give a host and a port of this computer, such as localhost:8080", b.flag, address, reason))
}

// Listen listens on the address of a flag. localhost means both loopbacks, with one port. The error names the flag.
func Listen(ctx context.Context, flag, address string) (Bound, error) {
	return binder{new(net.ListenConfig).Listen, flag}.bind(ctx, address)
}

// String returns the addresses in use, and the address of localhost missing on this computer.
func (b Bound) String() string {
	text := strings.Join(b.Addresses(), " and ")
	if b.Missing != "" {
		text += fmt.Sprintf("\n(this computer has no %s: a client that resolves localhost to it does not reach the mock)",
			b.Missing)
	}
	return text
}

// Reachable returns an address usable by a client on this computer: a server on all addresses is on loopback too.
func Reachable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
