package ownmock

import (
	"context"
	"fmt"
	"net"
	"sync"
)

// memory is a network within this process.
type memory struct {
	mu        sync.Mutex
	listeners map[string]*listener
}

// Listen implements Network.
func (m *memory) Listen(context.Context) ([]net.Listener, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.listeners == nil {
		m.listeners = map[string]*listener{}
	}
	l := &listener{name: fmt.Sprintf("own-%d:80", len(m.listeners)), conns: make(chan net.Conn), closed: make(chan struct{})}
	m.listeners[l.name] = l
	return []net.Listener{l}, "http://" + l.name, nil
}

// Dial implements Network.
func (m *memory) Dial(ctx context.Context, _, address string) (net.Conn, error) {
	m.mu.Lock()
	l := m.listeners[address]
	m.mu.Unlock()
	if l == nil {
		return nil, fmt.Errorf("nothing listens on %s", address)
	}
	near, far := net.Pipe()
	select {
	case l.conns <- far:
		return near, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// listener accepts the connections of a memory. Its address is its name.
type listener struct {
	name   string
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *listener) Addr() net.Addr  { return l }
func (l *listener) Network() string { return "memory" }
func (l *listener) String() string  { return l.name }
