package measure

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"sync/atomic"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/child"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/report"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/server"
)

// entries are as many as a timeline has at most.
const entries = 400

// page measures how long the mock's page takes to come, beside the same page from a bare server.
func page(ctx context.Context, s Suite, r *report.Report) error {
	t := report.Table{Section: "page", Title: "First view of the page, with its style and script",
		Columns: []string{"ms", "CPU in ms", "bytes on the wire", "CPU, ratio to the same page from bare"}}
	mock, address, err := s.serve(ctx, server.Mock, nil)
	if err != nil {
		return err
	}
	defer mock.Stop()
	for _, row := range []struct {
		name     string
		requests int
	}{{"of an empty clinic", 0}, {fmt.Sprintf("with %d entries", entries), entries}} {
		s.progress("page: %s", row.name)
		for range row.requests {
			if _, err := operationNamed("list").send(ctx, address, 0, defaultToken); err != nil {
				return err
			}
		}
		values, err := s.comparePage(ctx, mock, address)
		if err != nil {
			return err
		}
		t.Add(row.name, values...)
	}
	r.Tables = append(r.Tables, t)
	return nil
}

// comparePage returns the time of the first view and the server's CPU in ms, the bytes, and the ratio of the CPU to a
// bare server's.
func (s Suite) comparePage(ctx context.Context, mock *child.Process, address string) ([]float64, error) {
	own, err := loadPage(ctx, address)
	if err != nil {
		return nil, err
	}
	bare, plain, err := s.serve(ctx, server.Bare, own.replies)
	if err != nil {
		return nil, err
	}
	defer bare.Stop()
	took, cpu, err := s.loadPages(ctx, mock, address)
	if err != nil {
		return nil, err
	}
	_, fixed, err := s.loadPages(ctx, bare, plain)
	return []float64{took, cpu, float64(own.bytes), report.Ratio(cpu, fixed)}, err
}

// loadPages loads the page several times. It returns the median of the times, and the server's CPU for each, in ms.
func (s Suite) loadPages(ctx context.Context, of *child.Process, address string) (took, cpu float64, err error) {
	var before, after child.Usage
	if err := of.Call(server.Request{}, &before); err != nil {
		return 0, 0, err
	}
	var times []float64
	for range s.Counts.Starts {
		one, err := loadPage(ctx, address)
		if err != nil {
			return 0, 0, err
		}
		times = append(times, 1e3*one.took.Seconds())
	}
	err = of.Call(server.Request{}, &after)
	return report.Median(times), 1e3 * (after.CPU - before.CPU).Seconds() / float64(s.Counts.Starts), err
}

// loaded is a page with its style and script, as a browser without any of them has got it.
type loaded struct {
	took    time.Duration
	bytes   int64 // read from the connection, headers and redirections included
	replies []server.Reply
}

var assets = regexp.MustCompile(`(?:href|src)="(/_mock/page/assets/([^"?]+)[^"]*)"`)

// loadPage loads the page on a connection of its own.
func loadPage(ctx context.Context, address string) (loaded, error) {
	var got loaded
	var read atomic.Int64
	transport := &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			dialed, err := new(net.Dialer).DialContext(ctx, network, address)
			return &counted{dialed, &read}, err
		},
	}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	begun := time.Now()
	get := func(path, pattern string) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+path, http.NoBody)
		if err != nil {
			return err
		}
		request.Header.Set("Accept", "text/html")
		reply, err := client.Do(request)
		if err != nil {
			return err
		}
		defer reply.Body.Close()
		text, err := io.ReadAll(reply.Body)
		if err == nil && reply.StatusCode != http.StatusOK {
			err = fmt.Errorf("GET %s: the status is %d, and must be 200", path, reply.StatusCode)
		}
		got.replies = append(got.replies, server.Reply{Pattern: pattern, Type: reply.Header.Get("Content-Type"), Body: text})
		return err
	}
	if err := get("/", "GET /{$}"); err != nil {
		return got, err
	}
	for _, asset := range assets.FindAllSubmatch(got.replies[0].Body, -1) {
		if err := get(string(asset[1]), "GET /_mock/page/assets/"+string(asset[2])); err != nil {
			return got, err
		}
	}
	got.took, got.bytes = time.Since(begun), read.Load()
	return got, nil
}

// counted is a connection that counts the bytes it reads.
type counted struct {
	net.Conn
	read *atomic.Int64
}

// Read implements io.Reader.
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.read.Add(int64(n))
	return n, err
}
