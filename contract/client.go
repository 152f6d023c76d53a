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
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/coverage"
	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/strict"
	"github.com/vsee-mock/vsee-mock/contract/wire"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/internal/redact"
)

// client sends requests and validates each reply against openapi.yaml. Package wire controls the redaction, the
// rate and the hosts of its traffic.
type client struct {
	http     *http.Client
	wire     *wire.Transport
	checker  *strict.Checker
	redactor *redact.Redactor
	tracker  *coverage.Tracker
	replies  map[string]int // by operation, since the last spec
	last     exchange
	stopped  error // the reason to send no more requests; nil to go on
}

// exchange is the record of a request and its reply for a finding. It has nothing private in it.
type exchange struct {
	Operation string // operationId, "" for none
	Status    int    // 0 when there was no reply
	Rule      string // the description of the failed assertion; "" for none
	Findings  []result.Finding
	Shown     *result.Exchange // the exchange, redacted; nil for none
}

// String returns the redacted exchange for people to read.
func (e exchange) String() string {
	if e.Shown == nil {
		return ""
	}
	return report.Transcript(*e.Shown)
}

// patience is the number of failed requests in a row after which a run against a shared target stops, for the sake
// of its other users.
const patience = 5

// form is the fields of a form, in the order they are sent.
type form [][2]string

// and returns the form with one more field.
func (f form) and(name, value string) form { return append(f[:len(f):len(f)], [2]string{name, value}) }

// with returns the form with another value for a field.
func (f form) with(name, value string) form {
	f = slices.Clone(f)
	for i := range f {
		if f[i][0] == name {
			f[i][1] = value
		}
	}
	return f
}

// value returns the value of a field, "" for none.
func (f form) value(name string) string {
	for _, field := range f {
		if field[0] == name {
			return field[1]
		}
	}
	return ""
}

// object returns the fields as an object. With numbers, the fields that may be numbers are numbers.
func (f form) object(numbers bool) map[string]any {
	object := map[string]any{}
	for _, field := range f {
		object[field[0]] = field[1]
		if numbers && (field[0] == "type" || field[0] == "gender") {
			object[field[0]] = json.RawMessage(field[1])
		}
	}
	return object
}

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
		_ = w.WriteField(field[0], field[1]) // a buffer never fails
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

// response is the reply to a request.
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

// do sends a request. It also returns an error for a reply that breaks openapi.yaml.
func (c *client) do(ctx context.Context, r request) (response, error) {
	at, _ := embedded.Spec().Find(r.method, r.path)
	operation := at.ID
	c.last = exchange{Operation: operation}
	in, err := c.send(ctx, r)
	c.last.Status = in.Status
	if err != nil {
		return in, err
	}
	onPurpose := in.Header.Get(faultHeader) != "" && in.Status < http.StatusBadRequest // such as a page, not JSON
	if operation != "" && !onPurpose {
		c.replies[operation]++
		c.tracker.Saw(operation, in.Status, in.Header.Get("Content-Type"), in.Body)
	}
	err = c.reply(operation, in)
	if broken, ok := errors.AsType[*breach](err); ok {
		c.last.Findings = broken.findings
	}
	return in, err
}

func (c *client) send(ctx context.Context, r request) (response, error) {
	out, err := http.NewRequestWithContext(ctx, r.method, r.root+r.path, bytes.NewReader(r.body.data))
	if err != nil {
		return response{}, errors.New("making a request: what came before makes no URL")
	}
	if r.body.contentType != "" {
		out.Header.Set("Content-Type", r.body.contentType)
	}
	for name, value := range r.header {
		out.Header.Set(name, value)
	}
	in, err := c.http.Do(out)
	if err != nil {
		return response{}, c.unsent(err)
	}
	defer in.Body.Close()
	body, err := io.ReadAll(in.Body)
	if err != nil {
		return response{Status: in.StatusCode}, fmt.Errorf("reading the target's reply: %w", err)
	}
	return response{in.StatusCode, in.Header, body}, nil
}

// unsent returns the error of a request without a reply. The error has nothing in it of the request or the
// network's answer.
func (c *client) unsent(err error) error {
	switch {
	case errors.Is(err, wire.ErrBudget):
		c.stopped = fmt.Errorf("%w: raise %s if it may have more", wire.ErrBudget, EnvBudget)
		return c.stopped
	case c.wire.GaveUp():
		c.stopped = wire.ErrGaveUp
	}
	if wrapped, ok := errors.AsType[*url.Error](err); ok && slices.ContainsFunc([]error{wire.ErrHost, wire.ErrGaveUp, wire.ErrNotSynthetic}, func(refused error) bool {
		return errors.Is(err, refused)
	}) {
		return fmt.Errorf("asking the target: %w", wrapped.Err)
	}
	return fmt.Errorf("asking the target: %w", redact.Error(err))
}
