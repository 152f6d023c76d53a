package ownmock

import (
	"context"
	"net"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/bind"
)

// Loopback is the network of this computer.
type Loopback struct{}

// Listen implements Network.
func (Loopback) Listen(ctx context.Context) ([]net.Listener, string, error) {
	on, err := bind.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	return on.Listeners, on.Base(), nil
}

// Dial implements Network.
func (Loopback) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, network, address)
}
