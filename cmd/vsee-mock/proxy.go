package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
)

// A mock in a container has a name of its own, so that a proxy that is set for the internet gets what is asked of it. What
// such a proxy answers is about a host that it cannot reach, and nothing of it says so.

// headerVersion is in each reply of a mock's control API, and in none of a proxy's own.
const headerVersion = "X-Mock-Version"

// proxyVariables are the variables of the environment that name a proxy, by the scheme of what is asked, in the order in
// which Go reads them.
var proxyVariables = map[string][]string{"http": {"HTTP_PROXY", "http_proxy"}, "https": {"HTTPS_PROXY", "https_proxy"}}

// route is the way to a mock: straight, or by the proxy of the environment.
type route struct {
	transport *http.Transport
	variable  string // that names the proxy on the way; "" for none
}

// routeTo returns the way to a mock, which is straight when straight is set.
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

// remedy is what to do about a proxy.
func (r route) remedy() string {
	return fmt.Sprintf("%s is set; --no-proxy asks the mock itself, as does its host in NO_PROXY", r.variable)
}

// answeredByProxy returns the error for a reply that no mock has given; nil for one that may be a mock's.
func (r route) answeredByProxy(mock string, reply *http.Response) error {
	if r.variable == "" || reply.Header.Get(headerVersion) != "" {
		return nil
	}
	return fmt.Errorf("a proxy answered %d instead of the mock on %s: %s", reply.StatusCode, mock, r.remedy())
}

// brokenByProxy returns the error for a call without a reply; nil when there is no proxy. It has nothing of the cause,
// which may repeat the proxy's address and password.
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
