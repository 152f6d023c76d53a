package wire

import (
	"bytes"
	"fmt"
	"io"
	"net/http"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/redact"
)

// maxReply is the largest number of bytes read from a reply's body. A longer body ends with an error.
const maxReply = 16 << 20

// RoundTrip sends a request once, and records it with its reply. It reads the whole body of the reply first. If that
// fails, the caller still gets the reply; reading its body returns the error after the bytes received so far.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := readBody(r)
	if err != nil {
		return nil, fmt.Errorf("reading the body of the request: %w", err)
	}
	if !t.allowed(r) {
		return nil, ErrHost
	}
	if t.config.Shared {
		if err := t.config.Synthetic.check(r, body); err != nil {
			return nil, err
		}
		select {
		case t.turn <- struct{}{}:
			defer func() { <-t.turn }()
		case <-r.Context().Done():
			return nil, fmt.Errorf("waiting for the previous request: %w", r.Context().Err())
		}
	}
	if err := t.gate.pass(r.Context()); err != nil {
		return nil, err
	}
	id := requirement(r.Context())
	out := sendOnce(r, body)
	out.Header.Set("User-Agent", t.userAgent(id))
	request := t.message(out.Header, body, func() string { return t.config.Redactor.Line(out.Method, out.URL) })
	in, err := t.config.Next.RoundTrip(out)
	if err != nil {
		if r.Context().Err() == nil { // the target broke it off, not the caller
			t.gate.replied(http.StatusServiceUnavailable)
		}
		t.record(id, request, func() result.Message { return result.Message{Line: "no reply"} })
		return nil, redact.Error(err)
	}
	reply := t.readReply(in)
	t.gate.replied(in.StatusCode)
	t.record(id, request, reply)
	return in, nil
}

// readBody reads and closes the body of a request. A RoundTripper must close it, even after an error.
func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	defer r.Body.Close()
	body := bytes.NewBuffer(make([]byte, 0, max(r.ContentLength, 0)+bytes.MinRead)) // with room to see the end
	_, err := body.ReadFrom(r.Body)
	return body.Bytes(), err
}

// sendOnce returns a copy of a request without GetBody, so that net/http cannot send it again.
func sendOnce(r *http.Request, body []byte) *http.Request {
	out := r.Clone(r.Context())
	out.GetBody = nil
	out.Body, out.ContentLength = http.NoBody, 0
	if len(body) > 0 {
		out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	return out
}

// message returns a function that redacts a message.
func (t *Transport) message(header http.Header, body []byte, line func() string) func() result.Message {
	header = header.Clone()
	return func() result.Message {
		return result.Message{
			Line: line(), Header: t.config.Redactor.Header(header),
			Body: t.config.Redactor.Body(header.Get("Content-Type"), body),
		}
	}
}

// readReply reads a reply's body, as much as there is, and replaces it with the bytes read. It returns a function that
// redacts the reply.
func (t *Transport) readReply(in *http.Response) func() result.Message {
	defer in.Body.Close()
	body, err := io.ReadAll(io.LimitReader(in.Body, maxReply+1))
	err = redact.Error(err)
	if err == nil && len(body) > maxReply {
		body, err = body[:maxReply], fmt.Errorf("the reply has more than %d bytes", maxReply)
	}
	status := in.StatusCode
	whole := t.message(in.Header, body, func() string { return fmt.Sprintf("%d %s", status, http.StatusText(status)) })
	in.Body = io.NopCloser(bytes.NewReader(body))
	if err == nil {
		return whole
	}
	in.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), failingReader{err}))
	return func() result.Message {
		message := whole()
		message.Body += " (breaks off)"
		return message
	}
}

// failingReader is the end of a body that broke off: it returns the error.
type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.err }

func (t *Transport) record(id string, request, reply func() result.Message) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.latest[id] = func() *result.Exchange { return &result.Exchange{Request: request(), Reply: reply()} }
}

// Latest returns a function that redacts the latest exchange of a requirement; nil for none. An empty id returns that
// of no requirement. Redacting takes longer than sending, and most exchanges are never shown.
func (t *Transport) Latest(id string) func() *result.Exchange {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.latest[id]
}

// CloseIdleConnections closes idle connections of the next transport. http.Client calls it.
func (t *Transport) CloseIdleConnections() {
	if closer, ok := t.config.Next.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}
