package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
)

// client sends requests and holds each reply to openapi.yaml.
type client struct {
	http    *http.Client
	checker *checker
}

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
	out, err := http.NewRequestWithContext(ctx, r.method, r.root+r.path, bytes.NewReader(r.body.data))
	if err != nil {
		return response{}, fmt.Errorf("making a request: %w", err)
	}
	if r.body.contentType != "" {
		out.Header.Set("Content-Type", r.body.contentType)
	}
	out.Header.Set("User-Agent", "vsee-contract")
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
		return response{}, fmt.Errorf("reading the target's reply: %w", err)
	}
	path, _, _ := strings.Cut(r.path, "?")
	path = strings.TrimSuffix(strings.TrimSuffix(path, "/"), ".json")
	return response{in.StatusCode, in.Header, body}, c.checker.reply(ctx, r.method, path, in, body)
}
