package wire

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/redact"
)

// maxReply is how much of a reply is read. What is longer ends in an error.
const maxReply = 16 << 20

// RoundTrip sends a request, once, and records it with its reply. The reply's body has been read when it returns; where
// that went wrong, the body's reader says so at the place where it did.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := take(r)
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
			return nil, fmt.Errorf("waiting for the request before: %w", r.Context().Err())
		}
	}
	if err := t.gate.pass(r.Context()); err != nil {
		return nil, err
	}
	id := requirement(r.Context())
	out := once(r, body)
	out.Header.Set("User-Agent", t.userAgent(id))
	exchange := result.Exchange{Request: t.request(out, body)}
	in, err := t.config.Next.RoundTrip(out)
	if err != nil {
		exchange.Reply.Line = "no reply"
		if r.Context().Err() == nil { // nobody has ended it but the target
			t.gate.answered(http.StatusServiceUnavailable)
		}
		t.record(id, exchange)
		return nil, redact.Error(err)
	}
	exchange.Reply = t.finish(in)
	t.gate.answered(in.StatusCode)
	t.record(id, exchange)
	return in, nil
}

// take reads the body of a request and closes it, as a RoundTripper must in any case.
func take(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	defer r.Body.Close()
	return io.ReadAll(r.Body)
}

// once returns a copy of a request that cannot be sent a second time.
func once(r *http.Request, body []byte) *http.Request {
	out := r.Clone(r.Context())
	out.GetBody = nil
	out.Body, out.ContentLength = http.NoBody, 0
	if len(body) > 0 {
		out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	return out
}

func (t *Transport) request(r *http.Request, body []byte) result.Message {
	return result.Message{
		Line:   t.config.Redactor.Line(r.Method, r.URL),
		Header: t.config.Redactor.Header(r.Header),
		Body:   t.config.Redactor.Body(r.Header.Get("Content-Type"), body),
	}
}

// finish reads a reply to its end, or to where it breaks off, and returns what is left of it.
func (t *Transport) finish(in *http.Response) result.Message {
	defer in.Body.Close()
	body, err := io.ReadAll(io.LimitReader(in.Body, maxReply+1))
	err = redact.Error(err)
	if err == nil && len(body) > maxReply {
		body, err = body[:maxReply], fmt.Errorf("the reply has more than %d bytes", maxReply)
	}
	message := result.Message{
		Line:   fmt.Sprintf("%d %s", in.StatusCode, http.StatusText(in.StatusCode)),
		Header: t.config.Redactor.Header(in.Header),
		Body:   t.config.Redactor.Body(in.Header.Get("Content-Type"), body),
	}
	in.Body = io.NopCloser(bytes.NewReader(body))
	if err != nil {
		message.Body += " (breaks off)"
		in.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), broken{err}))
	}
	return message
}

// broken is what follows a body that has broken off.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

func (t *Transport) record(id string, exchange result.Exchange) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.recorded[id] = append(t.recorded[id], exchange)
}

// Exchanges returns what was sent for a requirement and what came back, in the order in which it came; "" is for what
// was sent for none. The slice is the caller's own.
func (t *Transport) Exchanges(id string) []result.Exchange {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.recorded[id])
}

// CloseIdleConnections does what http.Client's method of that name is for.
func (t *Transport) CloseIdleConnections() {
	if closer, ok := t.config.Next.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}
