package webhook

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// message is the request of an attempt and can be sent more than once.
type message struct {
	url            *url.URL
	header         http.Header
	unpacked, body []byte // the body, and as it is sent
	slow           time.Duration
	cut, trickles  bool
	midway         func(context.Context) error
}

// newMessage writes and signs the request of an attempt.
func (s *Sender) newMessage(r Request) (message, error) {
	body := r.Body
	if r.Misbehaviour.NumericMemberID {
		body = memberIDText.ReplaceAll(body, []byte(`$1$2`))
	}
	if r.Misbehaviour.ExtraField {
		body = addField(body, unknownField)
	}
	header := http.Header{"Content-Type": {"application/json"}, "User-Agent": {s.UserAgent}}
	if err := r.sign(header, body); err != nil {
		return message{}, err
	}
	if r.Misbehaviour.Altered {
		body = addField(body, alteredField)
	}
	m := message{
		header: header, unpacked: body, body: body, slow: time.Duration(r.Misbehaviour.Slow), cut: r.Cut,
		trickles: r.trickles(),
	}
	if r.Misbehaviour.Gzip {
		header.Set("Content-Encoding", "gzip")
		m.body = compress(body)
	}
	if r.Midway != nil {
		var once sync.Once // Midway runs once, in the first sending of the attempt
		m.midway = func(ctx context.Context) (err error) { once.Do(func() { err = r.Midway(ctx) }); return err }
	}
	var err error
	if m.url, err = s.parsedURL(r.URL); err != nil {
		return message{}, errors.New("its URL is not usable") // the cause would repeat it
	}
	return m, nil
}

// parsedURL parses a URL, unless it is that of the call before. The result must not be changed.
func (s *Sender) parsedURL(text string) (*url.URL, error) {
	if last := s.lastURL.Load(); last != nil && last.text == text {
		return last.url, nil
	}
	u, err := url.Parse(text)
	if err == nil {
		s.lastURL.Store(&parsedURL{text, u})
	}
	return u, err
}

type parsedURL struct {
	text string
	url  *url.URL
}

// request returns the message as a new request. f observes its connection.
func (m *message) request(ctx context.Context, f *flight) *http.Request {
	open := func() (io.ReadCloser, error) {
		switch {
		case len(m.body) == 0:
			return http.NoBody, nil
		case m.trickles:
			body := newTrickle(ctx, m.body, m.slow, m.midway, f.stop)
			if m.cut {
				body.cut = body.half
			}
			return io.NopCloser(body), nil
		}
		return io.NopCloser(bytes.NewReader(m.body)), nil
	}
	// net/http sends the head at once, and each part of a body as it reads it, unless the body is a bytes.Reader.
	request := (&http.Request{
		Method: http.MethodPost, URL: m.url, Host: m.host(), Header: m.header, ContentLength: int64(len(m.body)),
		GetBody: open,
	}).WithContext(f.withTrace(ctx))
	request.Body, _ = open() // has no error
	if user := m.url.User; user != nil {
		request.Header = m.header.Clone()
		password, _ := user.Password()
		request.SetBasicAuth(user.Username(), password)
	}
	return request
}

// host returns the value of the header Host.
func (m *message) host() string { return strings.TrimSuffix(m.url.Host, ":") }

// writeTo writes the message in HTTP/1.1.
func (m *message) writeTo(out *bufio.Writer) error {
	for _, part := range [...]string{
		"POST ", m.url.RequestURI(), " HTTP/1.1\r\nHost: ", m.host(),
		"\r\nContent-Length: ", strconv.Itoa(len(m.body)), "\r\n",
	} {
		_, _ = out.WriteString(part) // Flush returns the error
	}
	_ = m.header.Write(out)
	_, _ = out.WriteString("\r\n")
	_, _ = out.Write(m.body)
	return out.Flush()
}
