package serve

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"slices"

	"github.com/alecthomas/kong"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/bind"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/internal/bounded"
)

// tlsFlags are the flags of serve for HTTPS, served beside HTTP.
type tlsFlags struct {
	TLSCert   string `name:"tls-cert" placeholder:"FILE" help:"Certificate in PEM; serves HTTPS too (none)."`
	TLSKey    string `name:"tls-key" placeholder:"FILE" help:"Key of that certificate, in PEM."`
	ListenTLS string `name:"listen-tls" default:"localhost:8443" placeholder:"ADDRESS" help:"HOST:PORT of HTTPS, with --tls-cert (localhost:8443)."`
}

// checkListen returns an error for an address of HTTPS on a command line without a certificate: nothing would listen
// there. The variable alone is no error, because the image sets it for those who give a certificate.
func (f *tlsFlags) checkListen(line *kong.Context) error {
	isGiven := slices.ContainsFunc(line.Path, func(p *kong.Path) bool {
		return p.Flag != nil && p.Flag.Name == "listen-tls"
	})
	if isGiven && f.TLSCert == "" && f.TLSKey == "" {
		return errors.New("--listen-tls has no use without --tls-cert and --tls-key: give them, or leave it out")
	}
	return nil
}

// maxPEM is the largest file of a certificate or a key, in bytes.
const maxPEM = 1 << 20

// config returns the configuration for HTTPS, without certificates for a mock without it.
func (f *tlsFlags) config() (*tls.Config, error) {
	// HTTP/1.1 alone: a fault breaks its connection off, and HTTP/2 would share the connection with other requests.
	config := &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}
	switch {
	case f.TLSCert == "" && f.TLSKey == "":
		return config, nil
	case f.TLSCert == "":
		return nil, command.Usage(errors.New("--tls-key has no use without --tls-cert: give both"))
	case f.TLSKey == "":
		return nil, command.Usage(errors.New("--tls-cert has no use without --tls-key: give both"))
	}
	certificate, err := readPEM("--tls-cert", f.TLSCert)
	if err != nil {
		return nil, err
	}
	key, err := readPEM("--tls-key", f.TLSKey)
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return nil, command.Usage(fmt.Errorf("--tls-cert and --tls-key do not fit: %w; give a certificate and its own key, "+
			"both in PEM and without a password", err))
	}
	config.Certificates = []tls.Certificate{pair}
	return config, nil
}

func readPEM(flag, name string) ([]byte, error) {
	data, err := bounded.ReadFile(name, maxPEM)
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err // without the name
	}
	if err != nil {
		return nil, command.Usage(fmt.Errorf("%s must be a file that can be read: %w", flag, err))
	}
	return data, nil
}

// listen listens for HTTPS; on nothing without a certificate.
func (f *tlsFlags) listen(ctx context.Context, config *tls.Config) ([]net.Listener, error) {
	if len(config.Certificates) == 0 {
		return nil, nil
	}
	on, err := bind.Listen(ctx, "--listen-tls", f.ListenTLS)
	for i, l := range on.Listeners {
		on.Listeners[i] = tls.NewListener(l, config)
	}
	return on.Listeners, err
}
