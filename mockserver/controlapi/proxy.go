package controlapi

import (
	"net/http"
	"os"
)

// A mock in a container has a name of its own, so a proxy that is set for the internet gets requests for it, and answers
// that it cannot reach this host. Nothing in its reply says that it is a proxy's.

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
