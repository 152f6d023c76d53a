package engine

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/coverage"
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
	All          []Requirement // those to select from, for Seen.Partial; nil for the selected ones
	Published    []string      // values to send to a shared target, besides the suite's own
	Known        Known         // nil for none

	// Began and Ended are called when a requirement begins and ends, one call at a time; nil for nobody.
	Began func(id, title string)
	Ended func(result.Requirement)

	// is called with the address of the receiver of events, before any requirement; nil for nobody
	Listening func(url string)

	// sends the requests to a target other than a mock; nil for wire.NewHTTP, with a connection for each request
	Next     http.RoundTripper
	Clock    wire.Clock        // nil for the computer's
	Tracker  *coverage.Tracker // records the seen parts of openapi.yaml; nil for none
	Parallel int               // how many requirements are tried at a time on a mock; 0 for 32
}

// Known are the known differences of a run.
type Known interface {
	// Apply sets Known of each cause covered by an entry, and run.Known. Seen of the run is complete.
	Apply(run *result.Run, today time.Time)
}

// parallel is how many requirements are tried at a time on a mock.
const parallel = 32

// patience is the number of failed requests in a row to stop a run against a shared target, for the sake of
// its other users.
const patience = 5

// run is one run.
type run struct {
	Options
	id        string
	clock     wire.Clock
	wire      *wire.Transport // to a shared target; nil for a mock
	limits    wire.Config
	checker   *strict.Checker
	redactor  *redact.Redactor
	allow     redact.Allow
	receiver  *receiver // nil when there is none
	collector *collector

	sharing sync.Mutex
	shared  map[string]*shared
	checks  sync.Map // the account codes and ids of all checks

	mu      sync.Mutex
	ctx     context.Context //nolint:containedctx // it lives as long as the run
	stopped string          // why no more requests are sent, "" to go on
	broken  string          // why the run broke, although it went on
	left    []string        // the things left on the target
	awaited []func() bool   // for each missing event, reports whether it has come late
}

// Unended returns a broken run without any tried requirement, and the reasons for both.
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
	c := o.WithDefaults()
	failOn, warnOn := o.Policy()
	return result.Run{
		Version: result.Version, ID: hex.EncodeToString(id), Suite: c.Version,
		Document: embedded.Spec().Document.Info.Version,
		Target:   result.Target{Name: c.Name(), BaseURL: c.ShownURL(), Mock: c.IsMock()},
		FailOn:   failOn, WarnOn: warnOn, Causes: []result.Cause{}, Known: []result.KnownEntry{},
		Requirements: []result.Requirement{},
		Seen:         result.Seen{Operations: []string{}, Exercised: []string{}},
	}
}

// Run tries the requirements against the target. The error is for a wrong configuration, and wraps ErrTarget for an
// unreachable target; the run then names the reason, too.
func Run(ctx context.Context, o Options) (result.Run, error) {
	o.Config = o.WithDefaults()
	if err := o.Check(); err != nil {
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
		Options: o, id: id, ctx: ctx, clock: o.Clock, checker: strict.New(spec),
		allow: redact.FromDocument(spec.Document), collector: newCollector(), shared: map[string]*shared{},
	}
	if r.clock == nil {
		r.clock = wire.System{}
	}
	r.redactor = redact.New(seed, r.allow)
	r.redactor.Hide(o.AccountCode, o.Key, o.Secret, o.AdminToken, o.MemberToken, o.WebhookSecret, o.ControlToken)
	base, err := url.Parse(o.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", config.EnvBaseURL, err)
	}
	r.limits = wire.Config{
		Redactor: r.redactor, Hosts: []string{base.Host}, Budget: math.MaxInt, Clock: r.clock, Next: o.Next,
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

// stay returns a redirect as the reply instead of following it: the suite sends requests to the target alone.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// open listens for events, and sends the target a first request, within 30 seconds.
func (r *run) open() error {
	if r.IsMock() || r.ReceiverListen != "" {
		var err error
		if r.receiver, err = newReceiver(cmp.Or(r.ReceiverListen, "127.0.0.1:0")); err != nil {
			return fmt.Errorf("listening for events: %w", err)
		}
		if r.Listening != nil {
			r.Listening(r.receiver.url)
		}
	}
	ctx, cancel := context.WithTimeout(r.ctx, 30*time.Second)
	defer cancel()
	t, err := r.newTrial(ctx, Requirement{})
	if err != nil {
		return err
	}
	if r.IsMock() {
		defer t.http.CloseIdleConnections()
		_, err := t.control.ListClinics(ctx, controlapi.PageRequest{Limit: 1})
		if err != nil && !errors.As(err, new(config.SettingError)) {
			err = fmt.Errorf("%s (--control-url) leads to no control API of a mock: start the mock, or correct the address, "+
				"which ends in /_mock: %w", config.EnvControlURL, err)
		}
		return err
	}
	return t.greet()
}

// greet sends the first requests to a shared target, one for each kind of credentials. The error names those that the
// target refuses. The requirements report any other problem.
func (t *Trial) greet() (err error) {
	defer func() {
		if reason, is := recover().(stop); is {
			err = errors.New(reason.notTestable)
		}
	}()
	c := t.run.Config
	for _, first := range []struct {
		name    string // of the credentials
		use     bool
		request Request
	}{
		{config.EnvAdminToken, true, Get("/insurances").Token(c.AdminToken)},
		{config.EnvMemberToken, t.MemberToken() != "", Get("/me").Token(c.MemberToken)},
		{config.EnvKey + " and " + config.EnvSecret, c.AllowMutating, nameless(c)},
	} {
		if !first.use {
			continue
		}
		first.request.Root = t.BaseURL()
		r := t.send(t.ctx, first.request)
		if r.Status == http.StatusUnauthorized && first.request.Header[AccountHeader] == "" {
			r = t.send(t.ctx, first.request.Set(AccountHeader, c.AccountCode)) // AUTH-*-token requires it without
		}
		switch r.Status {
		case http.StatusUnauthorized, http.StatusForbidden:
			return fmt.Errorf("the target does not take %s: it answers %d", first.name, r.Status)
		case 0:
			return fmt.Errorf("%s leads nowhere: %w", config.EnvBaseURL, r.Err)
		}
	}
	return nil
}

// nameless returns a sign-on without a name, which makes no user.
func nameless(c config.Config) Request {
	return Post("/users/sso", URLEncoded(Form{{"type", "200"}, {"code", Unique()}})).
		Set(AccountHeader, c.AccountCode).Set(KeyHeader, c.Key).Set(SecretHeader, c.Secret)
}

func (r *run) close() {
	if r.wire != nil {
		r.wire.CloseIdleConnections()
	}
	if r.receiver != nil {
		r.receiver.close()
	}
}

// Interrupted is the reason of a run that ended early by a signal or a cancelled context.
const Interrupted = "it was interrupted"

// endedEarly begins the reason of a requirement without a result, because the run ended.
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
func (r *run) stop(reason string) { r.note(func() { r.stopped = cmp.Or(r.stopped, reason) }) }

// note changes the notes of a run, which all trials share.
func (r *run) note(change func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change()
}

// breaks notes why the run is not valid, although it goes on. The first reason counts.
func (r *run) breaks(reason string) { r.note(func() { r.broken = cmp.Or(r.broken, reason) }) }

// leave notes a thing left on the target.
func (r *run) leave(thing string) { r.note(func() { r.left = append(r.left, thing) }) }

// await notes a missing event, for awaitLate.
func (r *run) await(came func() bool) { r.note(func() { r.awaited = append(r.awaited, came) }) }

// awaitLate waits for one of the missing events once more, for as long as a check may take where no clock can be moved.
func (r *run) awaitLate() {
	const readings = 10
	for n := range readings {
		for _, came := range r.awaited {
			if came() {
				return
			}
		}
		if len(r.awaited) == 0 || r.IsMock() || n == readings-1 || r.clock.Wait(r.ctx, r.Wait/readings) != nil {
			return
		}
	}
}

// Reach sends the target a first request. The error wraps ErrTarget.
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
