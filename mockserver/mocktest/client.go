package mocktest

import "net/http"

// Client returns an HTTP client for tests, one for the whole process, with its own connections. A closing
// httptest.Server closes the idle connections of http.DefaultTransport too, at times just as a parallel test sends
// its next request. Connections of this client end with their server.
func Client() *http.Client { return &http.Client{Transport: transport} }

// transport is a copy of http.DefaultTransport, unless a program has replaced it.
var transport = http.DefaultTransport.(*http.Transport).Clone()
