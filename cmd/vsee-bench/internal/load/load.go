// Package load sends requests to a server as fast as it answers: one request at a time over each connection. It costs
// less than net/http's client, so that the server and not the driver is the limit: each connection has one request,
// written once, and of a reply it reads only the status and the length.
package load

import (
	"fmt"
	"slices"
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

// connections are open connections, with a request for each.
type connections interface {
	// run sends each request again and again until a time, and returns the times between a request and its reply. It
	// fails when a reply has another status than 200.
	run(until time.Time) ([]time.Duration, error)
	close()
}

const (
	grace      = 10 * time.Second // the time of a server for its last reply
	bufferSize = 64 << 10
)

// Driver has the connections.
type Driver struct{ connections connections }

// Run does one job.
func (d *Driver) Run(job Job) (any, error) {
	if job.Address != "" {
		if d.connections != nil {
			d.connections.close()
		}
		var err error
		if d.connections, err = open(job.Address, job.Requests); err != nil {
			return nil, fmt.Errorf("connecting to the server: %w", err)
		}
	}
	before, err := child.OwnUsage()
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	latencies, err := d.connections.run(begun.Add(job.For))
	if err != nil {
		return nil, err
	}
	r := Result{Replies: len(latencies), Took: time.Since(begun)}
	after, err := child.OwnUsage()
	if err != nil {
		return nil, err
	}
	r.CPU = after.CPU - before.CPU
	slices.Sort(latencies)
	r.P99 = latencies[len(latencies)*99/100]
	return r, nil
}
