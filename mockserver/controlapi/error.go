package controlapi

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/bounded"
)

// ErrNotControlAPI is in the error of a reply without the JSON of the control API: something else answered.
var ErrNotControlAPI = errors.New("it is no reply of a mock's control API")

// errHTTPSOnly is in the error of a call by http:// to a port of HTTPS.
var errHTTPSOnly = errors.New("the port is one of HTTPS")

// Error says why a call failed: the mock refused it, something else answered, or no reply came.
type Error struct {
	// URL is the URL of the Client.
	URL string
	// Operation is the method and the path of the call, with names in place of ids: GET /clinics/{account}.
	Operation string
	// Status is the status of the reply; 0 when none came.
	Status int
	// Message is the mock's own sentence, when it refused the call; empty for every other failure.
	Message string
	// Place is the rule in VSee's document that the call breaks; nil for none.
	Place *DocumentPlace
	// Proxy is the environment variable that names the proxy, when one was on the way and no mock answered; else empty.
	Proxy string
	// Err is the cause, when no reply came or it could not be read: ErrNotControlAPI, bounded.ErrTooLarge, or an error
	// of the Transport, which may repeat the address and the password of a proxy. It is nil for a refusal.
	Err error
}

// setMessage takes the sentence from the text of a refusal.
func (e *Error) setMessage(text []byte, result any) {
	var problem InvalidEvent
	switch {
	case strings.Contains(string(text), "an HTTP request to an HTTPS server"): // net/http's words
		e.Err = errHTTPSOnly
		return
	case json.Unmarshal(text, &problem) != nil || problem.Error == "":
		e.Err = ErrNotControlAPI
		return
	}
	e.Message, e.Place = problem.Error, problem.Place
	if result != nil {
		_ = json.Unmarshal(text, result) // few refusals say more
	}
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Unreachable reports whether nothing answered at the mock's address, in good time and without a proxy on the way.
func (e *Error) Unreachable() bool {
	return e.Status == 0 && e.Proxy == "" && !e.Timeout() && !e.untrusted() &&
		!errors.Is(e.Err, http.ErrSchemeMismatch) && !errors.Is(e.Err, context.Canceled)
}

// untrusted reports whether this computer does not trust the certificate of the server.
func (e *Error) untrusted() bool { return errors.As(e.Err, new(*tls.CertificateVerificationError)) }

// Timeout reports whether no reply came in time.
func (e *Error) Timeout() bool {
	var failed *url.Error
	return e.Status == 0 && errors.As(e.Err, &failed) && failed.Timeout()
}

// Error returns a sentence without anything secret. A refusal is the mock's own sentence.
func (e *Error) Error() string {
	address := strings.TrimSuffix(strings.TrimSuffix(e.URL, "/"), Prefix)
	switch {
	case e.Message != "":
		return e.Message
	case errors.Is(e.Err, context.Canceled):
		return fmt.Sprintf("asking the mock on %s: %s", address, context.Canceled)
	case e.Proxy != "":
		return e.proxySentence(address)
	case e.Timeout():
		return fmt.Sprintf("the mock on %s did not answer in time", address)
	case e.untrusted():
		return fmt.Sprintf("the certificate of the server on %s is not trusted: add it to this computer's own, or name its "+
			"file in SSL_CERT_FILE on Linux", address)
	case errors.Is(e.Err, http.ErrSchemeMismatch):
		return fmt.Sprintf("the server on %s has no HTTPS at this port: begin its address with http://", address)
	case errors.Is(e.Err, errHTTPSOnly):
		return fmt.Sprintf("the server on %s has only HTTPS at this port: begin its address with https://", address)
	case e.Status == 0:
		return "no mock answers on " + address
	case errors.Is(e.Err, bounded.ErrTooLarge):
		return fmt.Sprintf("the reply of the mock on %s: %s", address, e.Err)
	case errors.Is(e.Err, ErrNotControlAPI):
		return fmt.Sprintf("the server on %s is no vsee-mock with a control API: it answered %d", address, e.Status)
	}
	return fmt.Sprintf("the reply of the mock on %s is incomplete", address)
}

// proxySentence returns the sentence for a failure on the way by a proxy.
func (e *Error) proxySentence(address string) string {
	var failed *net.OpError
	switch {
	case e.Status != 0:
		return fmt.Sprintf("a proxy answered %d instead of the mock on %s", e.Status, address)
	case errors.As(e.Err, &failed) && failed.Op == "proxyconnect":
		return fmt.Sprintf("the proxy on the way to the mock on %s cannot be reached", address)
	}
	return fmt.Sprintf("the proxy on the way to the mock on %s gave no answer", address)
}

// A mock in a container has a name of its own, so a proxy for the internet gets requests for it, and answers with an
// error of its own. Nothing in its reply tells it from a server's.

// proxyVariables are the environment variables that name a proxy, by the scheme of a request, in the order in which Go
// reads them.
var proxyVariables = map[string][]string{"http": {"HTTP_PROXY", "http_proxy"}, "https": {"HTTPS_PROXY", "https_proxy"}}

// proxyOf returns the environment variable that names the proxy of a request; "" for none.
func (c *Client) proxyOf(request *http.Request) string {
	next := c.Transport
	if next == nil {
		next = http.DefaultTransport
	}
	transport, ok := next.(*http.Transport)
	if !ok || transport.Proxy == nil {
		return ""
	}
	if proxy, err := transport.Proxy(request); proxy == nil && err == nil {
		return ""
	}
	for _, name := range proxyVariables[request.URL.Scheme] {
		if os.Getenv(name) != "" {
			return name
		}
	}
	return ""
}
