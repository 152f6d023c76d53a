// Package listen has the command that receives the events of a mock, prints them, and passes them on.
package listen

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/receiver"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

const (
	// maxForward limits the time for the receiver's answer to a forwarded event.
	maxForward = 30 * time.Second
	// maxAnswer limits the bytes to read of this answer.
	maxAnswer = 64 << 10
)

// forwarder forwards events to a receiver.
type forwarder struct {
	url    string
	client *http.Client
}

// forwarded is the result of forwarding an event.
type forwarded struct {
	Status   int             `json:"status"` // 0 when there was no answer
	Body     json.RawMessage `json:"body,omitempty"`
	Duration string          `json:"duration"`
	Reason   string          `json:"reason,omitempty"` // why there was no answer
}

func newForwarder(address string) *forwarder {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil              // forwarded events are for the receiver alone
	transport.MaxIdleConnsPerHost = -1 // reuse no connection: the receiver may have restarted
	return &forwarder{address, &http.Client{
		Transport:     transport,
		Timeout:       maxForward,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// shown returns the target of forwarded events without the secret parts of its URL.
func (f *forwarder) shown() string {
	u, _ := url.Parse(f.url) // the command has validated the URL
	if u.User != nil {
		u.User = url.User("…")
	}
	if u.RawQuery != "" {
		u.RawQuery = "…"
	}
	text, _ := url.PathUnescape(u.String())
	return text
}

// forward sends an event on with its original body. It returns the receiver's answer, or a 502 if there is none.
func (f *forwarder) forward(ctx context.Context, h receiver.Request) (receiver.Answer, *forwarded) {
	began := clock.Wall()
	reply, err := f.send(ctx, h)
	result := &forwarded{Duration: clock.Since(began).Round(time.Microsecond).String()}
	if err != nil {
		result.Reason = err.Error()
		return receiver.TextAnswer(http.StatusBadGateway, "the event could not be passed on: %s", err), result
	}
	result.Status, result.Body = reply.Status, asJSON(reply.Body)
	return reply, result
}

func (f *forwarder) send(ctx context.Context, h receiver.Request) (receiver.Answer, error) {
	request, err := http.NewRequestWithContext(ctx, h.Method, f.url, bytes.NewReader(h.Raw))
	if err != nil {
		return receiver.Answer{}, errors.New("its URL cannot be used") // err would show the URL, which may hold secrets
	}
	request.Header = endToEnd(h.Header)
	reply, err := f.client.Do(request)
	if err != nil {
		return receiver.Answer{}, unforwarded(ctx, err)
	}
	defer reply.Body.Close()
	if reply.StatusCode < http.StatusOK {
		return receiver.Answer{}, fmt.Errorf("%d is not a final answer", reply.StatusCode)
	}
	a := receiver.Answer{Status: reply.StatusCode, Header: http.Header{}}
	a.Body, _ = io.ReadAll(io.LimitReader(reply.Body, maxAnswer)) // a broken body still has a status to pass on
	for _, name := range []string{"Content-Type", "Retry-After"} {
		if values := reply.Header.Values(name); len(values) > 0 {
			a.Header[name] = values
		}
	}
	return a, nil
}

// unforwarded gives the reason for a missing answer, without the URL.
func unforwarded(ctx context.Context, err error) error {
	var failed *url.Error
	switch {
	case ctx.Err() != nil:
		return errors.New("the sender did not wait, or listen was stopped")
	case errors.As(err, &failed) && failed.Timeout():
		return fmt.Errorf("no answer came within %s", maxForward)
	case errors.As(err, &failed):
		return failed.Err
	}
	return err
}

// endToEnd returns a copy without the headers that concern only one connection, and without Expect,
// Content-Length and Accept-Encoding.
func endToEnd(header http.Header) http.Header {
	kept := header.Clone()
	for _, value := range header.Values("Connection") {
		for name := range strings.SplitSeq(value, ",") {
			kept.Del(strings.TrimSpace(name))
		}
	}
	for _, name := range []string{
		"Connection", "Keep-Alive", "Proxy-Authorization", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding",
		"Upgrade", "Expect", "Content-Length", "Accept-Encoding",
	} {
		kept.Del(name)
	}
	return kept
}
