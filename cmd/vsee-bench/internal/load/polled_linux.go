package load

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"
)

// polled are connections of one thread, which waits for all of them in one call. They cost less than connections of
// package net: no goroutine is parked, and no read is in vain.
type polled struct {
	poll        int // the descriptor of epoll
	connections []polledConnection
	buffer      []byte
}

type polledConnection struct {
	descriptor int
	request    []byte
	reply      reply
	sent       time.Time
}

func open(address string, requests [][]byte) (connections, error) {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return nil, err
	}
	p := &polled{buffer: make([]byte, bufferSize)}
	if p.poll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return nil, err
	}
	for _, request := range requests {
		if err := p.add(at, request); err != nil {
			p.close()
			return nil, err
		}
	}
	return p, nil
}

// add makes one connection.
func (p *polled) add(at netip.AddrPort, request []byte) error {
	descriptor, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	p.connections = append(p.connections, polledConnection{descriptor: descriptor, request: request})
	return errors.Join(
		unix.Connect(descriptor, &unix.SockaddrInet4{Port: int(at.Port()), Addr: at.Addr().As4()}),
		unix.SetsockoptInt(descriptor, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1),
		unix.EpollCtl(p.poll, unix.EPOLL_CTL_ADD, descriptor,
			//nolint:gosec // there are few connections
			&unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(len(p.connections) - 1)}),
	)
}

func (p *polled) close() {
	for _, c := range p.connections {
		_ = unix.Close(c.descriptor)
	}
	_ = unix.Close(p.poll)
}

func (p *polled) run(until time.Time) ([]time.Duration, error) {
	var latencies []time.Duration
	for i := range p.connections {
		if err := p.connections[i].send(time.Now()); err != nil {
			return nil, err
		}
	}
	events := make([]unix.EpollEvent, len(p.connections))
	for waiting := len(p.connections); waiting > 0; {
		n, err := unix.EpollWait(p.poll, events, int(grace.Milliseconds()))
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return nil, fmt.Errorf("no reply for %s", grace)
		}
		for _, event := range events[:n] {
			c := &p.connections[event.Fd]
			complete, err := c.receive(p.buffer)
			if err != nil {
				return nil, fmt.Errorf("reading a reply: %w", err)
			}
			if !complete {
				continue
			}
			now := time.Now()
			latencies = append(latencies, now.Sub(c.sent))
			if !now.Before(until) {
				waiting--
			} else if err := c.send(now); err != nil {
				return nil, err
			}
		}
	}
	return latencies, nil
}

// send sends the request. A request is far smaller than the buffer of a socket, so it is sent as a whole.
func (c *polledConnection) send(now time.Time) error {
	c.sent = now
	if _, err := unix.Write(c.descriptor, c.request); err != nil {
		return fmt.Errorf("sending a request: %w", err)
	}
	return nil
}

// receive reads once, and reports whether the reply is complete.
func (c *polledConnection) receive(buffer []byte) (complete bool, err error) {
	n, err := unix.Read(c.descriptor, buffer)
	if err == nil && n == 0 {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return false, err
	}
	return c.reply.add(buffer[:n])
}
