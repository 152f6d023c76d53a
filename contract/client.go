package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// client sends requests, one at a time, and holds each reply to openapi.yaml. What it sends it sends once.
type client struct {
	http    *http.Client
	checker *checker
	agent   string          // what it calls itself
	shared  bool            // others use the target too: it is left alone when it does not cope
	budget  int             // how many more requests it may send, when the target is shared
	pause   time.Duration   // from one request to the next, then
	next    <-chan struct{} // closed when the next may be sent; nil for at once
	last    exchange
	inARow  int   // how many requests in a row the target could not cope with
	stopped error // why nothing more is sent; nil while it is
}

// exchange is what is kept of a request and its reply, for a finding: nothing that may be anybody's.
type exchange struct {
	Operation string // operationId, "" for none
	Status    int    // 0 when there was no reply
	Breach    string // how the reply breaks openapi.yaml, "" when it does not
}

// patience is how many requests in a row a target may not cope with until a run stops that others might suffer from.
const patience = 5

// errSpent is returned when as many requests have been sent as a run may send.
var errSpent = errors.New("the budget of requests is spent")

// errStopped is returned for requests that are not sent any more.
var errStopped = errors.New("the target cannot cope")

// form is the fields of a form, in the order they are sent.
type form [][2]string

// and returns the form with one more field.
func (f form) and(name, value string) form { return append(f[:len(f):len(f)], [2]string{name, value}) }

// request is one call.
type request struct {
	method string
	root   string // scheme, host and prefix
	path   string // below the prefix, as it is sent
	header map[string]string
	body   payload
}

// payload is a body with its media type.
type payload struct {
	contentType string
	data        []byte
}

func asMultipart(f form) payload {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, field := range f {
		_ = w.WriteField(field[0], field[1]) // a buffer takes everything
	}
	_ = w.Close()
	return payload{w.FormDataContentType(), b.Bytes()}
}

func asURLEncoded(f form) payload {
	pairs := make([]string, 0, len(f))
	for _, field := range f {
		pairs = append(pairs, url.QueryEscape(field[0])+"="+url.QueryEscape(field[1]))
	}
	return payload{"application/x-www-form-urlencoded", []byte(strings.Join(pairs, "&"))}
}

func asJSON(v any) payload {
	text, _ := json.Marshal(v) // maps and texts
	return payload{"application/json", text}
}

// response is what came back.
type response struct {
	Status int
	Header http.Header
	Body   []byte
}

// at returns the value at a path of names, nil when there is none.
func (r response) at(path ...string) any {
	var value any
	if json.Unmarshal(r.Body, &value) != nil {
		return nil
	}
	for _, name := range path {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[name]
	}
	return value
}

// text returns the text at a path of names, "" when there is none.
func (r response) text(path ...string) string {
	s, _ := r.at(path...).(string)
	return s
}

// do sends a request. The error is for a reply that breaks openapi.yaml too.
func (c *client) do(ctx context.Context, r request) (response, error) {
	if c.stopped != nil {
		return response{}, c.stopped
	}
	path, _, _ := strings.Cut(r.path, "?")
	path = strings.TrimSuffix(strings.TrimSuffix(path, "/"), ".json")
	c.last = exchange{Operation: c.checker.operation(r.method, path)}
	if err := c.spend(ctx); err != nil {
		return response{}, err
	}
	in, err := c.send(ctx, r)
	c.last.Status = in.Status
	c.cope(in, err)
	if err != nil {
		return in, err
	}
	err = c.checker.reply(ctx, r.method, path, &http.Response{StatusCode: in.Status, Header: in.Header}, in.Body)
	if err != nil {
		c.last.Breach = err.Error()
	}
	return in, err
}

// spend takes a request from the budget, and waits until it may be sent. A target that is not shared may be asked as
// often as one likes.
func (c *client) spend(ctx context.Context) error {
	if !c.shared {
		return nil
	}
	if c.budget--; c.budget < 0 {
		c.stopped = fmt.Errorf("%w: raise %s if it may have more", errSpent, EnvBudget)
		return c.stopped
	}
	if c.next != nil {
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting to ask the target: %w", ctx.Err())
		case <-c.next:
		}
	}
	next := make(chan struct{})
	time.AfterFunc(c.pause, func() { close(next) }) //nolint:forbidigo // a target that is no mock lives in real time
	c.next = next
	return nil
}

// cope stops a run when a shared target could not cope with several requests in a row.
func (c *client) cope(in response, err error) {
	if err == nil && in.Status != http.StatusTooManyRequests && in.Status < http.StatusInternalServerError {
		c.inARow = 0
		return
	}
	if c.inARow++; c.shared && c.inARow >= patience {
		c.stopped = fmt.Errorf("%w: it answered %d requests in a row with 429, 5xx or not at all", errStopped, c.inARow)
	}
}

func (c *client) send(ctx context.Context, r request) (response, error) {
	out, err := http.NewRequestWithContext(ctx, r.method, r.root+r.path, bytes.NewReader(r.body.data))
	if err != nil {
		return response{}, fmt.Errorf("making a request: %w", err)
	}
	if r.body.contentType != "" {
		out.Header.Set("Content-Type", r.body.contentType)
	}
	out.Header.Set("User-Agent", c.agent)
	for name, value := range r.header {
		out.Header.Set(name, value)
	}
	in, err := c.http.Do(out)
	if err != nil {
		return response{}, fmt.Errorf("asking the target: %w", err)
	}
	defer in.Body.Close()
	body, err := io.ReadAll(in.Body)
	if err != nil {
		return response{Status: in.StatusCode}, fmt.Errorf("reading the target's reply: %w", err)
	}
	return response{in.StatusCode, in.Header, body}, nil
}
