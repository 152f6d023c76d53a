// Package controlapi is the control API of vsee-mock in Go: the types of its JSON, for the server and for every client,
// and a Client with one method per call. The document of the API is mockserver/control/openapi.yaml;
// the methods have the names of its operations, and a test compares both. VSee has no such API.
//
// Times are on the clinic's clock, in UTC, unless a name says real. JSON writes them as RFC 3339 does.
package controlapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/bounded"
)

// Prefix is the path under which a mock serves the control API.
const Prefix = "/_mock"

// HeaderVersion is the header of every reply of a mock's control API; its value is the version of the mock. A reply
// without it comes from something else, such as a proxy.
const HeaderVersion = "X-Mock-Version"

// MaxReply is the largest reply in bytes, 64 MiB. A thousand events with large bodies have fewer, and
// a wrong URL may lead to anything.
const MaxReply = 64 << 20

// Client calls the control API of one mock. It is safe for concurrent use while its fields do not change. Every error
// of a call is an *Error, unless Failure replaces it or JSON cannot hold a value.
type Client struct {
	// URL is where the control API is, such as http://127.0.0.1:8080/_mock.
	URL string
	// Token is the mock's --control-token; empty for none.
	Token string
	// Transport sends the requests; nil for http.DefaultTransport. Redirects are not followed.
	Transport http.RoundTripper
	// Timeout is how long a call may take, with the reading of its reply; 0 for as long as its context lets it.
	Timeout time.Duration
	// Reply gets the text of each successful reply before it is decoded; nil for none.
	Reply func(text []byte)
	// Failure replaces the error of a call, to word it for the program or to redact it; nil keeps it.
	Failure func(error) error
}

// Page is a part of a list.
type Page[T any] struct {
	// Data has the rows, in the order of the list; empty for none.
	Data []T `json:"data"`
	// Next is the PageRequest.After of the rows that follow; empty when there are none.
	Next string `json:"next,omitempty"`
}

// PageRequest selects a part of a list. The zero value is its first 100 rows.
type PageRequest struct {
	// Limit is the number of rows, from 1 to 10000; 0 for the mock's own, 100.
	Limit int
	// After is the Page.Next of the page before; empty for the first page.
	After string
}

// query returns the request as the query of a URL, with the question mark.
func (p PageRequest) query() string {
	query := url.Values{}
	if p.Limit != 0 {
		query.Set("limit", strconv.Itoa(p.Limit))
	}
	if p.After != "" {
		query.Set("after", p.After)
	}
	if len(query) == 0 {
		return ""
	}
	return "?" + query.Encode()
}

// All returns every row of a list of a clinic, such as Client.ListEvents. It asks for one page after the other, of size
// rows each, and ends with the first error.
func All[T any](
	ctx context.Context, account string, size int, list func(context.Context, string, PageRequest) (Page[T], error),
) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for request := (PageRequest{Limit: size}); ; {
			page, err := list(ctx, account, request)
			if err != nil {
				yield(*new(T), err)
				return
			}
			for _, row := range page.Data {
				if !yield(row, nil) {
					return
				}
			}
			if request.After = page.Next; request.After == "" {
				return
			}
		}
	}
}

// Problem is the JSON of a refusal.
type Problem struct {
	// Error is one sentence for the caller. It names a field and a rule, and repeats no value.
	Error string `json:"error"`
}

// call makes a call and returns its reply.
func call[T any](ctx context.Context, c *Client, operation string, body any, ids ...string) (T, error) {
	var result T
	err := c.Call(ctx, operation, body, &result, ids...)
	return result, err
}

// Call makes one call. operation is its method and its path in the document, without Prefix, such as
// "GET /clinics/{account}/events/{id}"; ids replace the names in braces, in order. body is sent as JSON, nil for none.
// The reply is decoded into result, unless that is nil. So is a refusal: that of a move has the receipt up to the stop.
//
// The methods of Client call it. Use them where there is one.
func (c *Client) Call(ctx context.Context, operation string, body, result any, ids ...string) error {
	err := c.call(ctx, operation, body, result, ids)
	if err != nil && c.Failure != nil {
		return c.Failure(err)
	}
	return err
}

func (c *Client) call(ctx context.Context, operation string, body, result any, ids []string) error {
	request, err := c.request(ctx, operation, body, ids)
	if err != nil {
		return err
	}
	reply, failed := c.send(request, operation, c.Timeout)
	if reply == nil {
		return failed
	}
	defer reply.Body.Close()
	text, err := bounded.ReadAll(reply.Body, MaxReply)
	switch {
	case err != nil:
		failed.Err = err
	case reply.StatusCode != http.StatusOK && (reply.StatusCode != http.StatusNoContent || result != nil):
		failed.setMessage(text, result)
	default:
		if c.Reply != nil {
			c.Reply(text)
		}
		if result == nil {
			return nil
		}
		if err := json.Unmarshal(text, result); err == nil {
			return nil
		}
		failed.Err = ErrNotControlAPI
	}
	return failed
}

// send sends a request. It returns the reply, and an error to fill in when the reply turns out wrong; or no reply, and
// the reason. The time-out covers the reading of the reply, too; 0 for none.
func (c *Client) send(request *http.Request, operation string, timeout time.Duration) (*http.Response, *Error) {
	failed := &Error{URL: c.URL}
	failed.Operation, _, _ = strings.Cut(operation, "?")
	sender := c.sender()
	sender.Timeout = timeout
	reply, err := sender.Do(request)
	if err != nil {
		failed.Proxy, failed.Err = c.proxyOf(request), err
		return nil, failed
	}
	failed.Status = reply.StatusCode
	if reply.Header.Get(HeaderVersion) == "" {
		if failed.Proxy = c.proxyOf(request); failed.Proxy != "" {
			_ = reply.Body.Close() // nothing in it matters
			return nil, failed
		}
	}
	return reply, failed
}

// CloseIdleConnections closes the connections of the Transport that no call uses.
func (c *Client) CloseIdleConnections() { c.sender().CloseIdleConnections() }

// sender returns the client of net/http that sends a call.
func (c *Client) sender() *http.Client {
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &http.Client{Transport: c.Transport, CheckRedirect: stay}
}

// request returns the request of a call.
func (c *Client) request(ctx context.Context, operation string, body any, ids []string) (*http.Request, error) {
	var sent io.Reader = http.NoBody
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("writing a request to the mock: %w", err)
		}
		sent = bytes.NewReader(text)
	}
	method, path, _ := strings.Cut(operation, " ")
	for _, id := range ids {
		before, rest, _ := strings.Cut(path, "{")
		_, after, _ := strings.Cut(rest, "}")
		path = before + url.PathEscape(id) + after
	}
	request, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(c.URL, "/")+path, sent)
	if err != nil {
		return nil, errors.New("making a request to the mock: its URL cannot be used") // the cause would repeat it
	}
	if c.Token != "" {
		request.Header.Set("Authorization", "Bearer "+c.Token)
	}
	return request, nil
}

// Health is the state of a mock.
type Health struct {
	// Status is alive or ready.
	Status string `json:"status"`
	// Problems are those of ScenarioPage, of a ready mock; empty for none.
	Problems []FileProblem `json:"scenario_problems,omitempty"`
}

// Version is the version of a mock.
type Version struct {
	// Version is as the build set it; dev for none.
	Version string `json:"version"`
}

// Live returns an error unless the mock is alive.
func (c *Client) Live(ctx context.Context) (Health, error) {
	return call[Health](ctx, c, "GET /livez", nil)
}

// Ready returns an error while the mock starts or stops.
func (c *Client) Ready(ctx context.Context) (Health, error) {
	return call[Health](ctx, c, "GET /readyz", nil)
}

// Version returns the version of the mock.
func (c *Client) Version(ctx context.Context) (Version, error) {
	return call[Version](ctx, c, "GET /version", nil)
}
