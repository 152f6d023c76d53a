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

	"github.com/vsee-mock/vsee-mock/internal/headerlines"
)

// message is the request of an attempt and can be sent more than once.
type message struct {
	to             *target
	lines          headerlines.Lines
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
	lines := make(headerlines.Lines, 0, headerSize).With("Content-Type", "application/json")
	lines, err := r.sign(lines.With("User-Agent", s.UserAgent), body)
	if err != nil {
		return message{}, err
	}
	if r.Misbehaviour.Altered {
		body = addField(body, alteredField)
	}
	m := message{
		lines: lines, unpacked: body, body: body, slow: time.Duration(r.Misbehaviour.Slow), cut: r.Cut,
		trickles: r.trickles(),
	}
	if r.Misbehaviour.Gzip {
		m.lines = lines.With("Content-Encoding", "gzip")
		m.body = compress(body)
	}
	if r.Midway != nil {
		var once sync.Once // Midway runs once, in the first sending of the attempt
		m.midway = func(ctx context.Context) (err error) { once.Do(func() { err = r.Midway(ctx) }); return err }
	}
	if m.to, err = s.target(r.URL); err != nil {
		return message{}, errors.New("its URL is not usable") // the cause would repeat it
	}
	return m, nil
}

// headerSize is the room for the lines of a usual header.
const headerSize = 256

// target is a parsed URL, with the parts needed for each message to it.
type target struct {
	text    string
	url     *url.URL
	address string // for direct; "" if it cannot send there
	start   string // of a message in HTTP/1.1, up to its length
}

// host returns the value of the header Host.
func (t *target) host() string { return strings.TrimSuffix(t.url.Host, ":") }

// target parses a URL, unless it is that of the call before.
func (s *Sender) target(text string) (*target, error) {
	if last := s.lastTarget.Load(); last != nil && last.text == text {
		return last, nil
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, err
	}
	t := &target{text: text, url: u, address: address(u)}
	t.start = "POST " + u.RequestURI() + " HTTP/1.1\r\nHost: " + t.host() + "\r\nContent-Length: "
	s.lastTarget.Store(t)
	return t, nil
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
		Method: http.MethodPost, URL: m.to.url, Host: m.to.host(), Header: m.lines.Header(),
		ContentLength: int64(len(m.body)), GetBody: open,
	}).WithContext(f.withTrace(ctx))
	request.Body, _ = open() // has no error
	if user := m.to.url.User; user != nil {
		password, _ := user.Password()
		request.SetBasicAuth(user.Username(), password)
	}
	return request
}

// writeTo writes the message in HTTP/1.1.
func (m *message) writeTo(out *bufio.Writer) error {
	_, _ = out.WriteString(m.to.start) // Flush returns the error
	_, _ = out.Write(strconv.AppendInt(out.AvailableBuffer(), int64(len(m.body)), 10))
	_, _ = out.WriteString("\r\n")
	_, _ = out.Write(m.lines)
	_, _ = out.WriteString("\r\n")
	_, _ = out.Write(m.body)
	return out.Flush()
}
