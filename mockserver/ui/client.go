package ui

import (
	"bytes"
	"io"
	"net/http"
	"net/url"

	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// client returns the client of the control API for a request. It keeps the host of the request, so that the control
// API refuses a host name that anyone could own, and answers with the addresses that the reader can use.
func (u *UI) client(r *http.Request) *controlapi.Client {
	return &controlapi.Client{URL: "http://" + r.Host + controlapi.Prefix, Token: u.Token, Transport: inProcess{u.Mock}}
}

// inProcess is an http.RoundTripper that calls a handler.
type inProcess struct{ handler http.Handler }

// RoundTrip implements http.RoundTripper. It returns an error for a connection that the handler aborts.
func (t inProcess) RoundTrip(r *http.Request) (response *http.Response, err error) {
	defer func() {
		switch aborted := recover(); aborted {
		case nil:
		case http.ErrAbortHandler:
			response, err = nil, io.ErrUnexpectedEOF
		default:
			panic(aborted)
		}
	}()
	served := r.Clone(r.Context())
	if served.Body == nil {
		served.Body = http.NoBody
	}
	defer served.Body.Close()
	served.Host, served.RequestURI = r.URL.Host, r.URL.RequestURI()
	reply := &buffer{header: http.Header{}, status: http.StatusOK}
	t.handler.ServeHTTP(reply, served)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: reply.status, Header: reply.header, Request: r, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(&reply.body), ContentLength: int64(reply.body.Len()),
	}, nil
}

// buffer is an http.ResponseWriter that keeps a reply.
type buffer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (b *buffer) Header() http.Header { return b.header }

// WriteHeader implements http.ResponseWriter.
func (b *buffer) WriteHeader(status int) { b.status = status }

// Write implements http.ResponseWriter.
func (b *buffer) Write(p []byte) (int, error) { return b.body.Write(p) }

// stream passes the stream of a clinic on to a browser, which can send no control token of its own.
func (u *UI) stream(w http.ResponseWriter, r *http.Request) {
	passed := r.Clone(r.Context())
	passed.URL.Path = controlapi.Prefix + "/clinics/" + r.PathValue("account") + "/stream"
	passed.URL.RawPath = controlapi.Prefix + "/clinics/" + url.PathEscape(r.PathValue("account")) + "/stream"
	if u.Token != "" {
		passed.Header.Set("Authorization", "Bearer "+u.Token)
	}
	u.Mock.ServeHTTP(w, passed)
}
