package engine

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/wire"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// outcome is the outcome of a requirement before the known differences apply.
type outcome struct {
	requirement          Requirement
	notTestable          string
	stopped              bool
	took                 result.Seconds
	failed, blocked, met map[result.Key]struct{}
}

// try tries all requirements with a body, side by side on a mock, and returns the outcomes of all.
func (r *run) try() []outcome {
	ordered := byID(r.Requirements)
	outcomes := make([]outcome, len(ordered))
	workers := 1
	if r.IsMock() {
		workers = cmp.Or(r.Parallel, parallel)
	}
	next := make(chan int)
	var working sync.WaitGroup
	var telling sync.Mutex
	tell := func(f func()) {
		telling.Lock()
		defer telling.Unlock()
		f()
	}
	for range workers {
		working.Go(func() {
			for i := range next {
				q := ordered[i]
				if r.Began != nil {
					tell(func() { r.Began(q.ID, q.Title) })
				}
				outcomes[i] = r.tryOne(q)
				if r.Ended != nil && !strings.HasPrefix(outcomes[i].notTestable, endedEarly) {
					tell(func() { r.Ended(r.provisional(outcomes[i])) })
				}
			}
		})
	}
	for i, q := range ordered {
		if q.Body != nil {
			next <- i
		}
	}
	close(next)
	working.Wait()
	r.awaitLate()
	for i, q := range ordered {
		if q.Body == nil {
			outcomes[i] = r.shape(q)
			if r.Ended != nil {
				r.Ended(r.provisional(outcomes[i]))
			}
		}
	}
	return outcomes
}

func (r *run) tryOne(q Requirement) outcome {
	o := outcome{requirement: q}
	if o.notTestable = Lacks(r.Config, q); o.notTestable != "" {
		return o
	}
	if reason := r.over(); reason != "" {
		o.notTestable = endedEarly + reason
		return o
	}
	t, err := r.newTrial(r.ctx, q)
	if err != nil {
		o.notTestable = err.Error()
		return o
	}
	began := r.clock.Now()
	o.notTestable = t.try()
	if over := r.over(); over != "" && o.notTestable != "" {
		o.notTestable = endedEarly + over
	}
	o.took = result.Seconds(r.clock.Now().Sub(began).Seconds())
	o.stopped, o.failed, o.blocked, o.met = t.stopped, t.failed, t.blocked, t.met
	return o
}

// shape returns the outcome of a shape requirement: it has all causes observed at its operation.
func (r *run) shape(q Requirement) outcome {
	o := outcome{requirement: q, notTestable: Lacks(r.Config, q), failed: map[result.Key]struct{}{}}
	for key := range r.collector.observed {
		if r.collector.observed[key] && key.Operation == q.Operation {
			o.failed[key] = struct{}{}
		}
	}
	if o.notTestable == "" && len(o.failed) == 0 && !r.collector.reached(q.Operation) {
		o.notTestable = "no message of it has come in this run: vsee-contract explain has the selection with one"
	}
	return o
}

// byID returns requirements in the order of their ids.
func byID(list []Requirement) []Requirement {
	return slices.SortedFunc(slices.Values(list), func(a, b Requirement) int { return strings.Compare(a.ID, b.ID) })
}

// newTrial returns the trial of a requirement. On a mock it has a connection of its own: a mock does some of its work
// after it has sent a reply, and the next request on the same connection, to the control API too, waits for this work.
func (r *run) newTrial(ctx context.Context, q Requirement) (*Trial, error) {
	t := &Trial{
		run: r, requirement: q, ctx: wire.WithRequirement(ctx, q.ID), wire: r.wire,
		checks: map[string]User{}, events: map[int]*message{}, shared: map[string]*shared{},
		shown:  map[string]map[string]bool{},
		failed: map[result.Key]struct{}{}, blocked: map[result.Key]struct{}{}, met: map[result.Key]struct{}{},
	}
	if r.IsMock() {
		limits := r.limits
		standard, _ := http.DefaultTransport.(*http.Transport)
		limits.Next = standard.Clone()
		var err error
		if t.wire, err = wire.New(limits); err != nil {
			return nil, err
		}
		t.control = &controlapi.Client{
			URL: r.ControlURL, Token: r.ControlToken, Timeout: 2 * time.Minute, Failure: ControlFailure, Transport: limits.Next,
		}
	}
	t.http = &http.Client{Transport: t.wire, Timeout: 2 * time.Minute, CheckRedirect: stay}
	return t, nil
}
