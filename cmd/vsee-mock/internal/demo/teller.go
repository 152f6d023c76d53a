package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/internal/receiver"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// teller makes the requests of a scenario and prints each with its reply, as it happens. It retries after a
// deliberate failure; the first other error ends the scenario.
type teller struct {
	ctx   context.Context //nolint:containedctx // it lives only as long as the one scenario
	w     io.Writer
	base  string
	clock string  // the path of the clinic's clock
	byKey headers // the clinic's headers for signing its patients on
	err   error

	refusal bool // the scenario deliberately refuses the current request with 400
}

type headers map[string]string

// call is a request of a scenario.
type call struct {
	method, path string
	header       headers
	body         any // a form, or texts or a claim to send as JSON; or nil
}

func (t *teller) say(format string, args ...any) { _, _ = fmt.Fprintf(t.w, format+"\n", args...) }

// do sends a request, prints both sides, and decodes the reply into result unless result is nil. It returns the
// deliberate failure of the request, if any; nil without one, or when the scenario has ended early.
func (t *teller) do(c call, result any) *mishap {
	if t.err != nil {
		return nil
	}
	t.say("  > %s %s", c.method, c.path)
	for _, name := range slices.Sorted(maps.Keys(c.header)) {
		t.say("  >   %s: %s", name, c.header[name])
	}
	var sent io.Reader
	contentType := ""
	switch body := c.body.(type) {
	case url.Values:
		contentType, sent = multipartForm(body)
		for _, name := range slices.Sorted(maps.Keys(body)) {
			t.say("  >   %s=%s", name, body.Get(name))
		}
	case map[string]string:
		text, _ := json.Marshal(body) // only texts, so encoding cannot fail
		contentType, sent = "application/json", bytes.NewReader(text)
		t.say("  >   %s", text)
	case scenarios.SampleClaim:
		text, _ := json.Marshal(body) // texts and numbers, so encoding cannot fail
		contentType, sent = "application/json", bytes.NewReader(text)
		t.say("  >   %s", output.Compact(text, "  >   ", output.LineWidth))
	}
	ctx, cancel := context.WithTimeout(t.ctx, maxReply)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, c.method, t.base+c.path, sent)
	if err != nil {
		t.err = err
		return nil
	}
	request.Header.Set("Content-Type", contentType)
	for name, value := range c.header {
		request.Header.Set(name, value)
	}
	return t.reply(request, result)
}

// multipartForm encodes a form as curl's --form does in the guide.
func multipartForm(form url.Values) (contentType string, body io.Reader) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(form)) {
		_ = w.WriteField(name, form.Get(name)) // writing to a buffer cannot fail
	}
	_ = w.Close()
	return w.FormDataContentType(), &b
}

// client uses a new connection for each request; otherwise net/http would retry some requests by itself.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

func (t *teller) reply(request *http.Request, result any) *mishap {
	started := clock.Wall()
	reply, err := client.Do(request)
	if err != nil {
		return t.broken(err)
	}
	defer reply.Body.Close()
	text, err := bounded.ReadAll(reply.Body, controlapi.MaxReply)
	t.say("  < %s", reply.Status)
	if _, ok := result.(*controlapi.Receipt); !ok && len(text) > 0 {
		t.pretty(text)
	}
	if err != nil {
		return t.broken(err)
	}
	onPurpose := reply.Header.Get("X-Mock-Fault")
	if strings.Contains(onPurpose, "latency") || strings.Contains(onPurpose, "slow") {
		t.say("  the reply took %s of real time", clock.Since(started).Round(time.Millisecond))
	}
	if m := wrong(reply, text, onPurpose != ""); m != nil {
		return m
	}
	if t.refusal && reply.StatusCode == http.StatusBadRequest {
		return nil
	}
	if reply.StatusCode != http.StatusOK {
		t.err = fmt.Errorf("the story ended early: %s %s answered %d", request.Method, request.URL.Path, reply.StatusCode)
		return nil
	}
	if result != nil {
		t.err = json.Unmarshal(text, result)
	}
	return nil
}

// event prints an event as the receiver got it.
func (t *teller) event(e receiver.Request) {
	t.say("  < POST /vsee-webhook")
	for _, name := range []string{"webhook-id", "webhook-timestamp", "webhook-signature"} {
		t.say("  <   %s: %s", name, e.Header.Get(name))
	}
	t.pretty(e.Body)
}

// advance moves the clinic's clock and prints the effects.
func (t *teller) advance(by time.Duration) {
	var r controlapi.Receipt
	m := t.do(call{http.MethodPost, t.clock, nil, map[string]string{"advance": by.String()}}, &r)
	if m != nil {
		t.err = fmt.Errorf("moving the clinic's clock: %s", m.what)
	}
	if t.err != nil {
		return
	}
	t.say("  <   from %s to %s", r.From.Format(time.DateTime), r.To.Format(time.DateTime))
	for _, c := range r.Checks {
		t.say("  <   %s  check %s ends: %s", c.Finished.Format(time.TimeOnly), c.ID, c.Response)
		t.say("  <             because: %s", c.Why)
	}
	decided := ""
	for _, c := range r.Claims {
		last := c.History[len(c.History)-1]
		reasons := c.Reasons
		if last.Code != "" {
			reasons = []string{last.Code}
		}
		t.say("  <   %s  claim %s: %s", last.At.Format(time.TimeOnly), c.ID, strings.TrimSpace(c.Status+" "+strings.Join(reasons, ", ")))
		if c.ID != decided {
			t.say("  <             because: %s", c.Why)
		}
		decided = c.ID
	}
	for _, d := range r.Deliveries {
		outcome := fmt.Sprintf("the receiver answers %d", d.Status)
		if d.Detail != "" {
			outcome = d.Detail
		}
		t.say("  <   %s  webhook, attempt %d: %s", d.At.Format(time.TimeOnly), d.Attempt, outcome)
	}
}

// pretty prints a body: JSON indented, and anything else unchanged.
func (t *teller) pretty(text []byte) {
	const indent = "  <   "
	shown := strings.ReplaceAll(strings.TrimRight(string(text), "\n"), "\n", "\n"+indent)
	if json.Valid(text) {
		shown = output.Compact(text, indent, output.LineWidth)
	}
	t.say("%s%s", indent, shown)
}
