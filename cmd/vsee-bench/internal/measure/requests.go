package measure

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/child"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/load"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/report"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/server"
)

// warmUp is the part of the duration for load before the measured one.
const warmUp = 5

// requests measures each operation on each server.
func requests(ctx context.Context, s Suite, r *report.Report) error {
	replies, err := s.fixedReplies(ctx)
	if err != nil {
		return err
	}
	_, core := cores()
	driver, err := child.Start(ctx, s.Programs.Bench, roleDriver, core)
	if err != nil {
		return err
	}
	defer driver.Stop()
	operations := s.operations()
	samples := map[string][]report.Sample{}
	for round := range s.Rounds {
		for _, o := range operations {
			s.progress("requests, round %d of %d: %s", round+1, s.Rounds, o.Name)
			for _, role := range server.Roles() {
				sample, err := s.sample(ctx, driver, role, o, replies)
				if err != nil {
					return err
				}
				samples[role+o.Name] = append(samples[role+o.Name], sample)
			}
		}
	}
	for _, role := range server.Roles() {
		for _, o := range operations {
			r.Requests = append(r.Requests, report.NewRequest(role, o.Name, samples[role+o.Name]))
		}
	}
	report.Compare(r.Requests, server.Bare)
	return s.loadOneProcess(ctx, driver, r)
}

// loadOneProcess measures the memory of one mock after the load of all operations, one after the other. Their tokens,
// checks and recorded exchanges add up.
func (s Suite) loadOneProcess(ctx context.Context, driver *child.Process, r *report.Report) error {
	s.progress("requests, all on one mock")
	process, address, err := s.serve(ctx, server.Mock, nil)
	if err != nil {
		return err
	}
	defer process.Stop()
	replies := 0
	for _, o := range s.operations() {
		job, err := s.job(ctx, o, address, s.Duration)
		if err != nil {
			return err
		}
		var done load.Result
		if err := driver.Call(job, &done); err != nil {
			return err
		}
		replies += done.Replies
	}
	var usage child.Usage
	if err := process.Call(server.Request{}, &usage); err != nil {
		return err
	}
	t := report.Table{Section: "requests", Title: "Memory after the load of all operations on one process",
		Columns: []string{"replies", "resident MB"}}
	t.Add(server.Mock, float64(replies), report.MB(usage.RSS))
	r.Tables = append(r.Tables, t)
	return nil
}

// operations returns the columns of the run.
func (s Suite) operations() []operation {
	var selected []operation
	for _, o := range operations {
		if len(s.Operations) == 0 || slices.Contains(s.Operations, o.Name) {
			selected = append(selected, o)
		}
	}
	return selected
}

// serve starts a server. Each sample has a process of its own, so that no work of the one before is counted.
func (s Suite) serve(ctx context.Context, role string, replies []server.Reply) (*child.Process, string, error) {
	core, _ := cores()
	program := s.Programs.Plain
	if role == server.Mock {
		program = s.Programs.Bench
	}
	process, err := child.Start(ctx, program, role, core)
	if err != nil {
		return nil, "", err
	}
	var address string
	if err := process.Call(server.Request{Serve: true, Replies: replies}, &address); err != nil {
		process.Stop()
		return nil, "", err
	}
	return process, address, nil
}

// fixedReplies asks the mock once for each reply, so that all servers send the same bytes.
func (s Suite) fixedReplies(ctx context.Context) ([]server.Reply, error) {
	process, address, err := s.serve(ctx, server.Mock, nil)
	if err != nil {
		return nil, err
	}
	defer process.Stop()
	token, err := signOn(ctx, address, 0)
	if err != nil {
		return nil, err
	}
	replies := map[string]server.Reply{}
	for _, o := range operations {
		b, err := o.send(ctx, address, 0, token)
		if err != nil {
			return nil, err
		}
		replies[o.pattern()] = server.Reply{Pattern: o.pattern(), Type: b.Type, Body: b.Data}
	}
	var all []server.Reply
	for _, reply := range replies {
		all = append(all, reply)
	}
	return all, nil
}

// sample measures one operation on a new server.
func (s Suite) sample(ctx context.Context, driver *child.Process, role string, o operation,
	replies []server.Reply) (report.Sample, error) {
	process, address, err := s.serve(ctx, role, replies)
	if err != nil {
		return report.Sample{}, err
	}
	defer process.Stop()
	job, err := s.job(ctx, o, address, s.Duration/warmUp)
	if err != nil {
		return report.Sample{}, err
	}
	var start, before, after child.Usage
	var warm, done load.Result
	for _, step := range []func() error{
		func() error { return process.Call(server.Request{}, &start) },
		func() error { return driver.Call(job, &warm) },
		func() error { return process.Call(server.Request{}, &before) },
		func() error { return driver.Call(load.Job{For: s.Duration}, &done) },
		func() error { return process.Call(server.Request{}, &after) },
	} {
		if err := step(); err != nil {
			return report.Sample{}, err
		}
	}
	return report.Sample{
		Replies: done.Replies, Took: done.Took, P99: done.P99, ServerCPU: after.CPU - before.CPU, DriverCPU: done.CPU,
		RSSBefore: start.RSS, RSSAfter: after.RSS,
	}, nil
}

// job returns the load of an operation, with new connections and users.
func (s Suite) job(ctx context.Context, o operation, address string, period time.Duration) (load.Job, error) {
	job := load.Job{Address: address, For: period}
	for user := range s.Connections {
		request, err := s.encode(ctx, o, address, user)
		if err != nil {
			return job, err
		}
		job.Requests = append(job.Requests, request)
	}
	return job, nil
}

// encode returns the bytes of an operation's request, for a user made for it.
func (s Suite) encode(ctx context.Context, o operation, address string, user int) ([]byte, error) {
	token, err := signOn(ctx, address, user)
	if err != nil {
		return nil, err
	}
	request, err := o.request(ctx, address, user, token)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = request.Write(&b)
	return b.Bytes(), err
}
