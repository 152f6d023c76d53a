package redact

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"syscall"
)

// ErrUnreadable is what is left of an error that no other is known to be: net/http and encoding/json quote what came.
var ErrUnreadable = errors.New("what came cannot be read")

// Error returns what is left of an error of sending a request or reading a reply, nil for nil: which one it is of those
// that say nothing of what came. errors.Is finds it, and none of what it was made of.
func Error(err error) error {
	if err == nil {
		return nil
	}
	for _, known := range []error{context.DeadlineExceeded, context.Canceled, io.ErrUnexpectedEOF, io.EOF} {
		if errors.Is(err, known) {
			return known
		}
	}
	if number, ok := errors.AsType[syscall.Errno](err); ok {
		return number
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return errors.New("the name of the host leads nowhere")
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return errors.New("the host's certificate is not to be trusted")
	}
	return ErrUnreadable
}
