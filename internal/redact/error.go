package redact

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"syscall"
)

// ErrUnreadable replaces every error of no known kind: net/http and encoding/json quote the received data in theirs.
var ErrUnreadable = errors.New("the message is unreadable")

// Error redacts an error of sending a request or reading a reply; nil stays nil. It returns one of the known errors
// without any received data. errors.Is finds the known error, and none of the errors it wrapped.
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
		return errors.New("the host name has no address")
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return errors.New("the host's certificate is not trusted")
	}
	return ErrUnreadable
}
