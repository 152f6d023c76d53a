package mutant

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/bounded"
)

// call is a request in transit: from a client to the API, or from the API to a webhook.
type call struct {
	method, host string
	path, query  string // the path is still escaped
	header       http.Header
	body         []byte
	hook         *hook // of a delivery
}

// with returns the call with a header changed; removed when the value is empty.
func (c call) with(name, value string) call {
	c.header = c.header.Clone()
	c.header.Del(name)
	if value != "" {
		c.header.Set(name, value)
	}
	return c
}

// get returns a GET call of the same client, to a path below the API's prefix.
func (c call) get(path string) call {
	prefix, _, _ := strings.Cut(c.path, "/api_v3")
	c.method, c.path, c.query, c.body = http.MethodGet, prefix+"/api_v3"+path, "", nil
	c.header = c.header.Clone()
	c.header.Del("Content-Type")
	c.header.Del("Content-Length")
	return c
}

// segments are the segments of the path below the API's prefix.
func (c call) segments() []string {
	_, path, _ := strings.Cut(c.path, "/api_v3")
	path = strings.TrimSuffix(strings.TrimSuffix(path, "/"), ".json")
	return strings.Split(strings.TrimPrefix(path, "/"), "/")
}

// reply is the reply to a call.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// text returns the text at a path of the body, "" when there is none.
func (r reply) text(path ...string) string { return textAt(r.body, path...) }

// asks forwards a call to its original destination.
type asks func(call) (reply, error)

// lie answers a call. It may forward the call any number of times, or never.
type lie func(c call, on asks) (reply, error)

func honest(c call, on asks) (reply, error) { return on(c) }

// Proxy stands between a client and a server, and between the server and a webhook.
type Proxy struct {
	target       *url.URL
	known        *memory
	about        string // the operation it lies about
	reply, event lie
	transport    *http.Transport
}

// maxMessage is the limit for a body in bytes: the suite's bodies and those of a mock's control API are smaller.
const maxMessage = 64 << 20

// ServeHTTP implements http.Handler.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := bounded.ReadAll(r.Body, maxMessage)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	c := call{method: r.Method, host: r.Host, path: r.URL.EscapedPath(), query: r.URL.RawQuery, header: r.Header, body: body}
	said, err := p.answer(r.Context(), c)
	if err != nil {
		fail(w, said)
		return
	}
	maps.Copy(w.Header(), said.header)
	for _, name := range []string{"Content-Length", "Transfer-Encoding", "Connection"} {
		w.Header().Del(name)
	}
	w.WriteHeader(said.status)
	_, _ = w.Write(said.body) // a client that has gone does not need it
}

// fail reproduces a failure of the server behind the proxy: in the middle of a reply, or without any reply.
// Closing the connection would not do in the second case, because clients retry after a server has closed it.
func fail(w http.ResponseWriter, said reply) {
	if said.status != 0 {
		maps.Copy(w.Header(), said.header)
		w.WriteHeader(said.status)
		_, _ = w.Write(said.body)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = connection.Close()
}

func (p *Proxy) answer(ctx context.Context, c call) (reply, error) {
	ask := func(c call) (reply, error) {
		return p.send(ctx, p.target.Scheme+"://"+p.target.Host, c.with("Accept-Encoding", "")) // lies edit plain text
	}
	switch {
	case strings.HasPrefix(c.path, hookPath):
		c.hook = p.known.hook(c.path)
		if c.hook == nil {
			return reply{status: http.StatusNotFound}, nil
		}
		tell, kind := honest, eventOf(c.body)
		if kind == p.about {
			tell = p.event
		}
		return p.known.watch(kind, tell, c, func(c call) (reply, error) { return p.deliver(ctx, c) })
	case strings.Contains(c.path, "/api_v3"):
		p.known.hear(c)
		return p.known.watch(c.operation(), p.reply, c, func(c call) (reply, error) {
			r, err := ask(c)
			p.known.learn(c, r)
			return r, err
		})
	}
	return p.known.control(c, ask)
}

// deliver sends an event to its webhook.
func (p *Proxy) deliver(ctx context.Context, c call) (reply, error) {
	to, err := url.Parse(c.hook.url)
	if err != nil {
		return reply{}, fmt.Errorf("reading the webhook's URL: %w", err)
	}
	c.host, c.path, c.query = to.Host, to.EscapedPath(), to.RawQuery
	return p.send(ctx, to.Scheme+"://"+to.Host, c)
}

func (p *Proxy) send(ctx context.Context, root string, c call) (reply, error) {
	address := root + c.path
	if c.query != "" {
		address += "?" + c.query
	}
	out, err := http.NewRequestWithContext(ctx, c.method, address, bytes.NewReader(c.body))
	if err != nil {
		return reply{}, fmt.Errorf("making a request: %w", err)
	}
	out.Header, out.Host = c.header.Clone(), c.host
	for _, name := range []string{"Connection", "Content-Length"} {
		out.Header.Del(name)
	}
	in, err := p.transport.RoundTrip(out)
	if err != nil {
		return reply{}, fmt.Errorf("asking what is behind the proxy: %w", err)
	}
	defer in.Body.Close()
	body, err := bounded.ReadAll(in.Body, maxMessage)
	if err != nil {
		return reply{in.StatusCode, in.Header, body}, fmt.Errorf("reading a reply: %w", err)
	}
	return reply{in.StatusCode, in.Header, slices.Clip(body)}, nil
}
