package webhook

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/signature"
)

// reservedHeaders are the headers not free to carry a signature: those of every request, those for the framing of a
// message, and those for which Go's client repeats a request by itself.
var reservedHeaders = []string{
	"Accept-Encoding", "Authorization", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Expect",
	"Host",
	"Idempotency-Key", "Keep-Alive", "Proxy-Authorization", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "User-Agent",
	"X-Idempotency-Key",
}

// Check returns the error in the signing settings: an unknown scheme, or header names unusable together.
func (s Signing) Check() error {
	if !s.Scheme.Known() {
		return errors.New("webhook.signature must be " + signature.Choices())
	}
	names := s.Names()
	var used []string
	for _, header := range []struct{ field, name string }{{"id", names.ID}, {"timestamp", names.Timestamp},
		{"signature", names.Signature}} {
		name := http.CanonicalHeaderKey(header.name)
		switch {
		case name == "":
			continue
		case strings.ContainsFunc(name, isNoHeaderRune):
			return fmt.Errorf("webhook.headers.%s must be the name of a header: letters, digits and hyphens", header.field)
		case slices.Contains(reservedHeaders, name):
			return fmt.Errorf("webhook.headers.%s must be an unused header, such as X-Event-%s", header.field, header.field)
		case slices.Contains(used, name):
			return errors.New("webhook.headers must each have a name of their own")
		}
		used = append(used, name)
	}
	return nil
}

func isNoHeaderRune(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-'
}

// ParseProxy returns the URL of a proxy, nil for "". The error does not repeat it: it may hold a password.
func ParseProxy(address string) (*url.URL, error) {
	if address == "" {
		return nil, nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || !slices.Contains([]string{"http", "https", "socks5"}, u.Scheme) ||
		strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("the proxy of webhooks must be an http, https or socks5 URL with a host and no path, such " +
			"as http://proxy.example.com:3128")
	}
	return u, nil
}

// Check returns the error in a list of hosts; nil for none.
func (h Hosts) Check() error {
	for _, pattern := range h {
		name := strings.TrimPrefix(pattern, "*.")
		bare := strings.Trim(name, "[]")
		if name == "" || strings.ContainsAny(name, " /*@") || strings.Count(bare, ":") == 1 {
			return errors.New("the hosts of webhooks must be names or addresses, without a scheme and a port: " +
				"hooks.example.com, *.example.com or 127.0.0.1")
		}
	}
	return nil
}
