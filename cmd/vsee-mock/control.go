package main

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

	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// maxControl is how long the control API may take: sending an event waits for its receiver.
const maxControl = time.Minute

// maxControlReply is how many bytes of a reply are read: a thousand events with large bodies have fewer.
const maxControlReply = 64 << 20

// account is the flags of commands that work with a clinic of a running mock.
type account struct {
	Clinic       string `default:"vclinic" help:"Account code of the clinic."`
	ControlToken string `help:"Bearer token of the mock's control API (none)."`
	NoProxy      bool   `help:"Ask the mock itself, not HTTP_PROXY."`
}

// control is a client of the control API of a running mock, for one clinic.
type control struct {
	account
	mock   string // http://host:port
	route  route
	client *http.Client
}

// of returns the client for a clinic of the mock at an address, which is checked.
func (a account) of(mock string) (*control, error) {
	u, err := url.Parse(mock)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.Trim(u.Path, "/") != "" ||
		u.User != nil || u.RawQuery != "" {
		return nil, usage{errors.New("--mock must be the mock's address alone, such as http://127.0.0.1:8080")}
	}
	if a.Clinic == "" {
		return nil, usage{errors.New("--clinic must be the account code of a clinic, such as vclinic")}
	}
	route := routeTo(u, a.NoProxy)
	return &control{a, u.Scheme + "://" + u.Host, route, &http.Client{
		Transport:     route.transport,
		Timeout:       maxControl,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// call calls the control API below the clinic's path. It decodes the reply into result, and returns it as it is, too.
func (c *control) call(ctx context.Context, method, path string, body, result any) ([]byte, error) {
	var sent io.Reader = http.NoBody
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("writing a request: %w", err)
		}
		sent = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.mock+"/_mock/clinics/"+url.PathEscape(c.Clinic)+path, sent)
	if err != nil {
		return nil, fmt.Errorf("writing a request: %w", err)
	}
	if c.ControlToken != "" {
		request.Header.Set("Authorization", "Bearer "+c.ControlToken)
	}
	reply, err := c.client.Do(request)
	if err != nil {
		return nil, c.unreached(err)
	}
	defer reply.Body.Close()
	if err := c.route.answeredByProxy(c.mock, reply); err != nil {
		return nil, err
	}
	text, err := bounded.ReadAll(reply.Body, maxControlReply)
	if errors.Is(err, bounded.ErrTooLarge) {
		return nil, fmt.Errorf("the reply of the mock on %s: %w; a smaller --limit asks for less, and --mock says where to ask", c.mock, err)
	}
	if err != nil {
		return nil, fmt.Errorf("the reply of the mock on %s broke off", c.mock)
	}
	if reply.StatusCode != http.StatusOK {
		return nil, c.refusal(reply.StatusCode, text)
	}
	if err := json.Unmarshal(text, result); err != nil {
		return nil, c.stranger(reply.StatusCode)
	}
	return text, nil
}

// errNoMock is in the errors of calls that nobody has answered.
var errNoMock = errors.New("is it running there? --mock says where to ask")

func (c *control) unreached(err error) error {
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("asking the mock on %s: %w", c.mock, context.Canceled)
	}
	if err := c.route.brokenByProxy(c.mock, err); err != nil {
		return err
	}
	var failed *url.Error
	if errors.As(err, &failed) && failed.Timeout() {
		return fmt.Errorf("the mock on %s did not answer in %s", c.mock, maxControl)
	}
	return fmt.Errorf("no mock answers on %s: %w", c.mock, errNoMock)
}

// refusal returns the control API's own sentence.
func (c *control) refusal(status int, text []byte) error {
	var problem struct {
		Error string `json:"error"`
	}
	switch err := json.Unmarshal(text, &problem); {
	case err != nil || problem.Error == "":
		return c.stranger(status)
	case status == http.StatusUnauthorized:
		return fmt.Errorf("%s: --control-token is what to send", problem.Error)
	}
	return errors.New(problem.Error)
}

func (c *control) stranger(status int) error {
	return fmt.Errorf("what answers on %s is no vsee-mock with a control API: it answered %d; --mock says where to ask", c.mock, status)
}

// endpoint is a clinic's webhook, as far as a receiver needs to know it.
type endpoint struct {
	URL            string          `json:"url"`
	Disabled       bool            `json:"disabled"`
	Signature      string          `json:"signature"`
	Secret         string          `json:"secret"`
	PreviousSecret string          `json:"previous_secret"`
	Headers        webhook.Headers `json:"headers"` // its keys differ by case alone
}

// signing returns how the endpoint's events are signed.
func (e endpoint) signing() webhook.Signing {
	s := webhook.Signing{Scheme: webhook.Scheme(e.Signature), Headers: e.Headers}
	for _, secret := range []string{e.Secret, e.PreviousSecret} {
		if secret != "" {
			s.Secrets = append(s.Secrets, secret)
		}
	}
	return s
}

// endpoint returns the clinic's webhook.
func (c *control) endpoint(ctx context.Context) (endpoint, error) {
	var reply struct {
		Webhook endpoint `json:"webhook"`
	}
	_, err := c.call(ctx, http.MethodGet, "", nil, &reply)
	return reply.Webhook, err
}

// direct has the clinic's events go to a URL.
func (c *control) direct(ctx context.Context, address string) error {
	body := map[string]any{"webhook": map[string]string{"url": address}}
	_, err := c.call(ctx, http.MethodPatch, "", body, &struct{}{})
	return err
}

// event is an event of a clinic.
type event struct {
	ID       string          `json:"id"`
	Type     string          `json:"type"`
	Created  time.Time       `json:"created"`
	Data     json.RawMessage `json:"data"`
	Status   string          `json:"status"`
	Attempts int             `json:"attempts"`
	Next     *time.Time      `json:"next_attempt"`
	WaitsFor string          `json:"waits_for"`

	Misbehaviour json.RawMessage `json:"misbehaviour"`
}

// attempt is one attempt to deliver an event.
type attempt struct {
	Attempt  int         `json:"attempt"`
	At       time.Time   `json:"at"`
	RealAt   time.Time   `json:"real_at"`
	Duration string      `json:"duration"`
	URL      string      `json:"url"`
	Headers  http.Header `json:"headers"`
	Body     string      `json:"body"`
	Status   int         `json:"status"`
	Answered http.Header `json:"answer_headers"`
	Answer   string      `json:"answer"`
	Reason   string      `json:"reason"`
	Detail   string      `json:"detail"`
	Hint     string      `json:"hint"`
	Next     *time.Time  `json:"next_attempt"`

	Misbehaviour []string `json:"misbehaviour"`
}

// told is an event and the attempts to deliver it, oldest first.
type told struct {
	Event      event     `json:"event"`
	Deliveries []attempt `json:"deliveries"`
}

// events returns the clinic's events, newest first, behind one of them if after is its id; and the reply as it is.
func (c *control) events(ctx context.Context, limit int, after string) (page eventPage, raw []byte, err error) {
	query := url.Values{"limit": {fmt.Sprint(limit)}}
	if after != "" {
		query.Set("after", after)
	}
	raw, err = c.call(ctx, http.MethodGet, "/events?"+query.Encode(), nil, &page)
	return page, raw, err
}

// eventPage is a page of a clinic's events.
type eventPage struct {
	Data []json.RawMessage `json:"data"`
	Next string            `json:"next"`
}
