package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// teller makes the requests of a story and prints each with its reply, as it happens. The first error ends the story.
type teller struct {
	ctx  context.Context //nolint:containedctx // it lives as long as the one story that is told
	w    io.Writer
	base string
	err  error
}

type headers map[string]string

func (t *teller) say(format string, args ...any) { _, _ = fmt.Fprintf(t.w, format+"\n", args...) }

// do sends a form or a JSON body, prints both sides, and decodes the reply into result unless that is nil.
func (t *teller) do(method, path string, header headers, body any, result any) {
	if t.err != nil {
		return
	}
	t.say("  > %s %s", method, path)
	for _, name := range sortedKeys(header) {
		t.say("  >   %s: %s", name, header[name])
	}
	var sent io.Reader
	contentType := ""
	switch body := body.(type) {
	case url.Values:
		contentType, sent = multipartForm(body)
		for _, name := range sortedKeys(body) {
			t.say("  >   %s=%s", name, body.Get(name))
		}
	case map[string]string:
		text, _ := json.Marshal(body) // texts alone
		contentType, sent = "application/json", bytes.NewReader(text)
		t.say("  >   %s", text)
	}
	request, err := http.NewRequestWithContext(t.ctx, method, t.base+path, sent)
	if err != nil {
		t.err = err
		return
	}
	request.Header.Set("Content-Type", contentType)
	for name, value := range header {
		request.Header.Set(name, value)
	}
	t.reply(request, result)
}

// multipartForm encodes a form as curl's --form does in the guide.
func multipartForm(form url.Values) (contentType string, body io.Reader) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, name := range sortedKeys(form) {
		_ = w.WriteField(name, form.Get(name)) // a buffer takes everything
	}
	_ = w.Close()
	return w.FormDataContentType(), &b
}

func (t *teller) reply(request *http.Request, result any) {
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		t.err = err
		return
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		t.err = err
		return
	}
	t.say("  < %s", reply.Status)
	if _, ok := result.(*receipt); !ok {
		t.pretty(text)
	}
	if reply.StatusCode != http.StatusOK {
		t.err = fmt.Errorf("the story ended early: %s %s answered %d", request.Method, request.URL.Path, reply.StatusCode)
		return
	}
	if result != nil {
		t.err = json.Unmarshal(text, result)
	}
}

// event prints what a receiver got.
func (t *teller) event(e hooked) {
	t.say("  < POST /vsee-webhook")
	for _, name := range []string{"webhook-id", "webhook-timestamp", "webhook-signature"} {
		t.say("  <   %s: %s", name, e.header.Get(name))
	}
	t.pretty(e.body)
	t.say("  the signature is that of the body, by the clinic's secret")
}

// receipt is what the story shows of what moving a clock has caused.
type receipt struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Checks []struct {
		ID       string    `json:"id"`
		Finished time.Time `json:"finished"`
		Response string    `json:"eligibility_response"`
		Why      string    `json:"why"`
	} `json:"checks"`
	Deliveries []struct {
		At      time.Time `json:"at"`
		Attempt int       `json:"attempt"`
		Status  int       `json:"status"`
		Detail  string    `json:"detail"`
	} `json:"deliveries"`
}

// advance moves the clinic's clock and prints what that has caused.
func (t *teller) advance(path string, by time.Duration) {
	var r receipt
	t.do(http.MethodPost, path, nil, map[string]string{"advance": by.String()}, &r)
	if t.err != nil {
		return
	}
	t.say("  <   from %s to %s", r.From.Format(time.DateTime), r.To.Format(time.DateTime))
	for _, c := range r.Checks {
		t.say("  <   %s  check %s ends: %s", c.Finished.Format(time.TimeOnly), c.ID, c.Response)
		t.say("  <             because: %s", c.Why)
	}
	for _, d := range r.Deliveries {
		outcome := fmt.Sprintf("the receiver answers %d", d.Status)
		if d.Detail != "" {
			outcome = d.Detail
		}
		t.say("  <   %s  webhook, attempt %d: %s", d.At.Format(time.TimeOnly), d.Attempt, outcome)
	}
}

func (t *teller) pretty(text []byte) { t.say("  <   %s", compact(text, "  <   ", lineWidth)) }

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
