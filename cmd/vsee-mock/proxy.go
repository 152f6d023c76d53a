package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
)

// A mock in a container has its own host name, so a proxy set for the internet also receives requests for the mock.
// Such a proxy then replies with an error about an unreachable host, and the reply does not mention the proxy.

// headerVersion is in each reply of a mock's control API, and in no reply of a proxy's own.
const headerVersion = "X-Mock-Version"

// proxyVariables are the variables of the environment for a proxy, by the scheme of the request's URL, in the order of
// Go's net/http.
var proxyVariables = map[string][]string{"http": {"HTTP_PROXY", "http_proxy"}, "https": {"HTTPS_PROXY", "https_proxy"}}

// route is the way to a mock: direct, or through the proxy of the environment.
type route struct {
	transport *http.Transport
	variable  string // that names the proxy on the way; "" for none
}

// routeTo returns the way to a mock. It avoids any proxy when straight is set.
func routeTo(mock *url.URL, straight bool) route {
	r := route{transport: http.DefaultTransport.(*http.Transport).Clone()}
	if straight {
		r.transport.Proxy = nil
		return r
	}
	proxy, err := r.transport.Proxy(&http.Request{URL: mock})
	if proxy == nil && err == nil {
		return r
	}
	for _, name := range proxyVariables[mock.Scheme] {
		if os.Getenv(name) != "" {
			r.variable = name
			break
		}
	}
	return r
}

// remedy says how to avoid the proxy.
func (r route) remedy() string {
	return fmt.Sprintf("%s is set; --no-proxy asks the mock itself, as does its host in NO_PROXY", r.variable)
}

// answeredByProxy returns the error for a reply from a proxy; nil for a reply possibly from a mock.
func (r route) answeredByProxy(mock string, reply *http.Response) error {
	if r.variable == "" || reply.Header.Get(headerVersion) != "" {
		return nil
	}
	return fmt.Errorf("a proxy answered %d instead of the mock on %s: %s", reply.StatusCode, mock, r.remedy())
}

// brokenByProxy returns the error for a call without a reply; nil when there is no proxy. It does not wrap the cause,
// because the cause may repeat the proxy's address and password.
func (r route) brokenByProxy(mock string, err error) error {
	if r.variable == "" {
		return nil
	}
	var failed *net.OpError
	if errors.As(err, &failed) && failed.Op == "proxyconnect" {
		return fmt.Errorf("the proxy on the way to the mock on %s cannot be reached: %s", mock, r.remedy())
	}
	return fmt.Errorf("the proxy on the way to the mock on %s gave no answer: %s", mock, r.remedy())
}
