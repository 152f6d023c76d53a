// Package load sends requests to a server as fast as it answers: one request at a time over each connection. It costs
// less than net/http's client, so that the server and not the driver is the limit: each connection has one request,
// written once, and of a reply it reads only the status and the length.
package load

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/child"
)

// Job is one period of load.
type Job struct {
	// Address and Requests make new connections, one for each request; without them those of the job before serve.
	Address  string        `json:"address,omitempty"`
	Requests [][]byte      `json:"requests,omitempty"`
	For      time.Duration `json:"for"`
}

// Result is the outcome of a job.
type Result struct {
	Replies int           `json:"replies"`
	Took    time.Duration `json:"took"`
	P99     time.Duration `json:"p99"` // between a request and its reply
	CPU     time.Duration `json:"cpu"` // used by the driver
}

// Driver has the connections.
type Driver struct{ connections []*connection }

// Run does one job. It fails when a reply has another status than 200.
func (d *Driver) Run(job Job) (any, error) {
	if job.Address != "" {
		if err := d.connect(job); err != nil {
			return nil, err
		}
	}
	before, err := child.OwnUsage()
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	failures := make([]error, len(d.connections))
	var running sync.WaitGroup
	for i, c := range d.connections {
		running.Go(func() { failures[i] = c.run(begun.Add(job.For)) })
	}
	running.Wait()
	r := Result{Took: time.Since(begun)}
	after, err := child.OwnUsage()
	if err = errors.Join(append(failures, err)...); err != nil {
		return nil, err
	}
	r.CPU = after.CPU - before.CPU
	var all []time.Duration
	for _, c := range d.connections {
		all = append(all, c.latencies...)
	}
	slices.Sort(all)
	r.Replies = len(all)
	if r.Replies > 0 {
		r.P99 = all[r.Replies*99/100]
	}
	return r, nil
}

// connect replaces the connections.
func (d *Driver) connect(job Job) error {
	for _, c := range d.connections {
		_ = c.Close()
	}
	d.connections = nil
	for _, request := range job.Requests {
		conn, err := net.Dial("tcp", job.Address) //nolint:noctx // the address is on loopback
		if err != nil {
			return fmt.Errorf("connecting to the server: %w", err)
		}
		d.connections = append(d.connections, &connection{Conn: conn, request: request, buffer: make([]byte, 64<<10)})
	}
	return nil
}
