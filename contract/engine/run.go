package engine

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/coverage"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/strict"
	"github.com/vsee-mock/vsee-mock/contract/wire"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/internal/redact"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// ErrTarget wraps every failure to reach the target or to authenticate with it.
var ErrTarget = errors.New("the target cannot be faced")

// Options are the options of a run.
type Options struct {
	config.Config
	Requirements []Requirement // the selected ones
	Published    []string      // values that may be sent to a shared target, besides the suite's own
	Known        Known         // nil for none
	FailOn       []result.Class
	ShowMessages bool // whether causes have the server's own messages

	// Began and Ended are called when a requirement begins and ends, one call at a time; nil for nobody.
	Began func(id, title string)
	Ended func(result.Requirement)

	Clock    wire.Clock        // nil for the computer's
	Tracker  *coverage.Tracker // records which parts of openapi.yaml were seen; nil for nobody
	Parallel int               // how many requirements are tried at a time on a mock; 0 for 32
}

// Known are the known differences of a run.
type Known interface {
	// Apply sets Known of each cause that an entry covers, and run.Known. Seen of the run is complete.
	Apply(run *result.Run, today time.Time)
}

// parallel is how many requirements are tried at a time on a mock.
const parallel = 32

// patience is the number of failed requests in a row after which a run against a shared target stops, for the sake
// of its other users.
const patience = 5

// run is one run.
type run struct {
	Options
	id        string
	clock     wire.Clock
	wire      *wire.Transport // to a shared target; nil for a mock
	limits    wire.Config
	checker   *strict.Checker
	tracker   *coverage.Tracker
	redactor  *redact.Redactor
	allow     redact.Allow
	receiver  *receiver // nil when there is none
	collector *collector

	sharing sync.Mutex
	shared  map[string]*shared

	mu      sync.Mutex
	ctx     context.Context     //nolint:containedctx // it lives as long as the run
	checks  map[string]struct{} // the ids of all checks started
	stopped string              // why no more requests are sent, "" to go on
	broken  string              // why the run broke, although it went on
}

// Unended returns a run in which no requirement was tried, for the reason that it broke.
func Unended(o Options, broken, reason string) result.Run {
	r := frame(o)
	r.Started, r.Broken = now(o), broken
	for _, q := range byID(o.Requirements) {
		one := q.result()
		one.State, one.Reason = result.NotTestable, reason
		r.Requirements = append(r.Requirements, one)
	}
	return r
}

func now(o Options) time.Time {
	if o.Clock != nil {
		return o.Clock.Now()
	}
	return wire.System{}.Now()
}

// frame returns a run before anything is in it.
func frame(o Options) result.Run {
	id := make([]byte, 4)
	_, _ = rand.Read(id) // never fails
	c := o.Config.WithDefaults()
	return result.Run{
		Version: result.Version, ID: hex.EncodeToString(id), Suite: c.Version, Document: embedded.Spec().Document.Info.Version,
		Target: result.Target{Name: c.Name(), BaseURL: c.ShownURL(), Mock: c.IsMock()},
		FailOn: failOn(o), Causes: []result.Cause{}, Known: []result.KnownEntry{}, Requirements: []result.Requirement{},
		Seen: result.Seen{Operations: []string{}, Exercised: []string{}},
	}
}

func failOn(o Options) []result.Class {
	if o.FailOn == nil {
		return []result.Class{result.Breaking, result.Unclear}
	}
	return o.FailOn
}

// Run tries the requirements against the target. The error is for a wrong configuration, and wraps ErrTarget for a target
// that cannot be faced; the run then says so, too.
func Run(ctx context.Context, o Options) (result.Run, error) {
	o.Config = o.Config.WithDefaults()
	if err := o.Config.Check(); err != nil {
		return result.Run{}, err
	}
	out := frame(o)
	r, err := newRun(ctx, o, out.ID)
	if err != nil {
		return result.Run{}, err
	}
	out.Started = r.clock.Now()
	defer r.close()
	if err := r.open(); err != nil {
		err = fmt.Errorf("%w: %w", ErrTarget, err)
		return Unended(o, cmp.Or(r.over(), err.Error()), "the run did not begin"), err
	}
	r.finish(&out, r.try())
	out.Duration = result.Seconds(r.clock.Now().Sub(out.Started).Seconds())
	return out, nil
}

func newRun(ctx context.Context, o Options, id string) (*run, error) {
	spec, seed := embedded.Spec(), make([]byte, 32)
	_, _ = rand.Read(seed) // never fails
	r := &run{
		Options: o, id: id, ctx: ctx, clock: o.Clock, checker: strict.New(spec), tracker: o.Tracker,
		allow: redact.FromDocument(spec.Document), collector: newCollector(), shared: map[string]*shared{},
		checks: map[string]struct{}{},
	}
	if r.clock == nil {
		r.clock = wire.System{}
	}
	if r.tracker == nil {
		r.tracker = coverage.New(spec)
	}
	r.redactor = redact.New(seed, r.allow)
	r.redactor.Hide(o.AccountCode, o.Key, o.Secret, o.AdminToken, o.WebhookSecret, o.ControlToken)
	base, err := url.Parse(o.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", config.EnvBaseURL, err)
	}
	r.limits = wire.Config{
		Redactor: r.redactor, Hosts: []string{base.Host}, Budget: math.MaxInt, Clock: r.clock,
		Synthetic: wire.DefaultSynthetic(o.Published...), Version: o.Version, Run: id,
	}
	if !o.IsMock() {
		r.limits.Shared, r.limits.Budget, r.limits.PerSecond, r.limits.GiveUpAfter = true, o.Budget, o.Rate, patience
		if r.wire, err = wire.New(r.limits); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// newTrial returns the trial of a requirement. On a mock it has a connection of its own: a mock does some of its work
// after it has sent a reply, and the next request on the same connection, to the control API too, waits for this work.
func (r *run) newTrial(ctx context.Context, q Requirement) (*Trial, error) {
	t := &Trial{
		run: r, requirement: q, ctx: wire.WithRequirement(ctx, q.ID), wire: r.wire,
		checks: map[string]User{}, events: map[int]*message{}, shared: map[string]*shared{},
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
			URL: r.ControlURL, Token: r.ControlToken, Timeout: 30 * time.Second, Failure: redacted, Transport: limits.Next,
		}
	}
	t.http = &http.Client{Transport: t.wire, Timeout: 30 * time.Second, CheckRedirect: stay}
	return t, nil
}

// stay returns a redirect as the reply instead of following it: the suite sends requests to the target alone.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// open listens for events and checks that the target is up, within 30 seconds.
func (r *run) open() error {
	if r.IsMock() || r.ReceiverListen != "" {
		var err error
		if r.receiver, err = newReceiver(cmp.Or(r.ReceiverListen, "127.0.0.1:0")); err != nil {
			return fmt.Errorf("listening for events: %w", err)
		}
	}
	ctx, cancel := context.WithTimeout(r.ctx, 30*time.Second)
	defer cancel()
	t, err := r.newTrial(ctx, Requirement{})
	if err != nil {
		return err
	}
	defer t.http.CloseIdleConnections()
	if r.IsMock() {
		if _, err := t.control.ListClinics(ctx, controlapi.PageRequest{Limit: 1}); err != nil {
			return fmt.Errorf("%s leads to no control API of a mock, such as http://127.0.0.1:8080/_mock: %w", config.EnvControlURL, err)
		}
		return nil
	}
	reply, err := t.first()
	switch {
	case err != nil:
		return err
	case reply.Status == http.StatusUnauthorized, reply.Status == http.StatusForbidden:
		return fmt.Errorf("the target does not take %s: it answers %d", config.EnvAdminToken, reply.Status)
	case reply.Status == 0:
		return fmt.Errorf("%s leads nowhere: %w", config.EnvBaseURL, reply.Err)
	}
	return nil // the requirements report any other problem
}

// first sends the first request to a shared target.
func (t *Trial) first() (reply Reply, err error) {
	defer func() {
		if reason, is := recover().(stop); is {
			err = errors.New(reason.notTestable)
		}
	}()
	return t.send(t.ctx, Get("/insurances").Token(t.run.AdminToken).root(t.BaseURL())), nil
}

// root returns the request with scheme, host and prefix.
func (q Request) root(root string) Request {
	q.Root = root
	return q
}

func (r *run) close() {
	if r.receiver != nil {
		r.receiver.close()
	}
}

// Interrupted is the reason of a run that ended early by a signal or a cancelled context.
const Interrupted = "it was interrupted"

// endedEarly begins the reason of a requirement that was not tried, or not to its end, because the run ended.
const endedEarly = "the run has ended early: "

// over returns why no more requests are sent, "" to go on.
func (r *run) over() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped == "" && r.ctx.Err() != nil {
		return Interrupted
	}
	return r.stopped
}

// stop ends the run early. The first reason counts.
func (r *run) stop(reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopped = cmp.Or(r.stopped, reason)
}

// breaks notes why the run is not valid, although it goes on. The first reason counts.
func (r *run) breaks(reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.broken = cmp.Or(r.broken, reason)
}

// outcome is the outcome of a requirement before the known differences apply.
type outcome struct {
	requirement          Requirement
	notTestable          string
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
	o.failed, o.blocked, o.met = t.failed, t.blocked, t.met
	return o
}

// shape returns the outcome of a shape requirement: it has all causes that were observed at its operation.
func (r *run) shape(q Requirement) outcome {
	o := outcome{requirement: q, notTestable: Lacks(r.Config, q), failed: map[result.Key]struct{}{}}
	for key := range r.collector.observed {
		if r.collector.observed[key] && key.Operation == q.Operation {
			o.failed[key] = struct{}{}
		}
	}
	if o.notTestable == "" && len(o.failed) == 0 && !r.collector.reached(q.Operation) {
		o.notTestable = "no message of it has come in this run"
	}
	return o
}

// byID returns requirements in the order of their ids.
func byID(list []Requirement) []Requirement {
	return slices.SortedFunc(slices.Values(list), func(a, b Requirement) int { return strings.Compare(a.ID, b.ID) })
}

// provisional returns the result of one requirement while the run goes on.
func (r *run) provisional(o outcome) result.Requirement {
	r.collector.mu.Lock()
	part := result.Run{Target: result.Target{Name: r.Name(), Mock: r.IsMock()}}
	for _, set := range []map[result.Key]struct{}{o.failed, o.blocked} {
		for key := range set {
			part.Causes = append(part.Causes, *r.collector.causes[key])
		}
	}
	r.collector.mu.Unlock()
	if r.Known != nil {
		r.Known.Apply(&part, r.clock.Now())
	}
	return o.result(part.Causes, map[result.Key]result.Key{})
}

// finish fills the run with the outcomes.
func (r *run) finish(out *result.Run, outcomes []outcome) {
	out.Broken = cmp.Or(r.over(), r.broken)
	into := r.collector.folded()
	r.charge(outcomes)
	for _, o := range outcomes {
		for _, set := range []map[result.Key]struct{}{o.failed, o.blocked} {
			for key := range set {
				cause := r.collector.causes[cmp.Or(into[key], key)]
				if cause.Class != result.Additive || o.requirement.Body == nil {
					cause.Places = append(cause.Places, o.requirement.ID)
				}
			}
		}
	}
	out.Causes, out.Seen = r.collector.sorted(into), r.collector.seen(r.operations())
	if r.Known != nil {
		r.Known.Apply(out, r.clock.Now())
	}
	for _, o := range outcomes {
		out.Requirements = append(out.Requirements, o.result(out.Causes, into))
	}
}

// charge charges each observed cause to the requirements that met it, when the shape requirement of its operation was not
// selected.
func (r *run) charge(outcomes []outcome) {
	shapes := map[string]bool{}
	for _, o := range outcomes {
		if o.requirement.Body == nil {
			shapes[o.requirement.Operation] = true
		}
	}
	for _, o := range outcomes {
		for key := range o.met {
			if !shapes[key.Operation] {
				o.failed[key] = struct{}{}
			}
		}
	}
}

// operations returns the number of operations that the target must have.
func (r *run) operations() int {
	n := 0
	for _, o := range embedded.Spec().Operations {
		if r.IsMock() || requirement.Evidence(o.Grade) != requirement.Ours {
			n++
		}
	}
	return n
}

// result returns the result of the requirement, with the causes of the run.
func (o outcome) result(causes []result.Cause, into map[result.Key]result.Key) result.Requirement {
	q := o.requirement.result()
	q.Duration = o.took
	of := map[result.Key]result.Cause{}
	for _, c := range causes {
		of[c.Key] = c
	}
	failed, failedKnown := o.count(o.failed, of, into, &q)
	blocked, blockedKnown := o.count(o.blocked, of, into, &q)
	slices.Sort(q.Causes)
	q.Causes = slices.Compact(q.Causes)
	switch {
	case o.notTestable != "":
		q.State, q.Reason = result.NotTestable, o.notTestable
	case failed > 0:
		q.State = result.Failed
	case blocked > 0:
		q.State, q.Reason = result.Blocked, "a reply that it needs is not as it must be"
	case failedKnown+blockedKnown > 0:
		q.State = result.Known
	default:
		q.State = result.Passed
	}
	return q
}

// count adds the causes of a set to the requirement, and returns how many of them make it red and how many are known.
// Additive causes are neither.
func (o outcome) count(
	set map[result.Key]struct{}, of map[result.Key]result.Cause, into map[result.Key]result.Key, q *result.Requirement,
) (red, known int) {
	for key := range maps.Keys(set) {
		cause := of[cmp.Or(into[key], key)]
		q.Causes = append(q.Causes, cause.ID)
		switch {
		case cause.Class == result.Additive:
		case cause.Known != "":
			known++
		default:
			red++
		}
	}
	return red, known
}

// Reach returns an error that wraps ErrTarget if the target cannot be faced.
func Reach(ctx context.Context, o Options) error {
	r, err := newRun(ctx, o, frame(o).ID)
	if err != nil {
		return err
	}
	defer r.close()
	if err := r.open(); err != nil {
		return fmt.Errorf("%w: %w", ErrTarget, err)
	}
	return nil
}
