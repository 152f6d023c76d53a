package mocktest

import "net/http"

// Client returns an HTTP client for tests, one for all of a process. Its connections are no others': a httptest.Server that
// is closed closes the idle ones of http.DefaultTransport too, now and then as a test that runs in parallel sends its next
// request. They end with the server that they lead to.
func Client() *http.Client { return &http.Client{Transport: transport} }

// transport is what http.DefaultTransport is, unless a program has put another in its place.
var transport = http.DefaultTransport.(*http.Transport).Clone()
