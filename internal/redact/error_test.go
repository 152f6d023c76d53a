package redact_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/redact"
)

// The wrapped causes of an error are gone; its kind stays, for people and for errors.Is.
func TestAnErrorKeepsWhatItIsAlone(t *testing.T) {
	t.Parallel()
	const secret = "Quilligan5551234"
	_, unread := textproto.NewReader(bufio.NewReader(strings.NewReader(secret + "\r\n\r\n"))).ReadMIMEHeader()
	var number struct{ ID bool }
	mistyped := json.Unmarshal([]byte(`{"ID": 5551234}`), &number)
	_, dated := time.Parse(time.RFC3339, secret)
	_, noURL := url.Parse(strings.Join([]string{"http://[", secret}, ""))
	for name, tc := range map[string]struct {
		err  error
		want error  // nil for an error without a known kind
		text string // the expected text; empty for any
	}{
		"no reply that can be read": {unread, redact.ErrUnreadable, ""},
		"JSON of another type":      {mistyped, redact.ErrUnreadable, ""},
		"a date of no form":         {dated, redact.ErrUnreadable, ""},
		"a URL of no form":          {noURL, redact.ErrUnreadable, ""},
		"a time that is over":       {fmt.Errorf("%s: %w", secret, context.DeadlineExceeded), context.DeadlineExceeded, ""},
		"somebody who has gone":     {&url.Error{Op: "Get", URL: secret, Err: context.Canceled}, context.Canceled, ""},
		"half a reply":              {fmt.Errorf("%s: %w", secret, io.ErrUnexpectedEOF), io.ErrUnexpectedEOF, ""},
		"nothing":                   {&url.Error{Op: "Get", URL: secret, Err: io.EOF}, io.EOF, ""},
		"nobody there": {
			&net.OpError{Op: "dial", Net: "tcp", Source: nil, Addr: &net.UnixAddr{Name: secret},
				Err: os.NewSyscallError(secret, syscall.ECONNREFUSED)},
			syscall.ECONNREFUSED, "",
		},
		"a host of no name": {&net.DNSError{Err: "no such host", Name: secret}, nil, "the host name has no address"},
		"another's certificate": {&tls.CertificateVerificationError{Err: errors.New(secret)}, nil,
			"the host's certificate is not trusted"},
	} {
		got := redact.Error(tc.err)
		if tc.err == nil || got == nil || tc.want != nil && !errors.Is(got, tc.want) || tc.text != "" &&
			got.Error() != tc.text {
			t.Errorf("%s: %v becomes %v", name, tc.err, got)
		}
		for wrapped := got; wrapped != nil; wrapped = errors.Unwrap(wrapped) {
			if text := fmt.Sprintf("%v %+v %#v", wrapped, wrapped, wrapped); strings.Contains(text, secret) ||
				strings.Contains(text, "5551234") {
				t.Errorf("%s: %s", name, text)
			}
		}
	}
	if err := redact.Error(nil); err != nil {
		t.Errorf("no error becomes %v", err)
	}
}
