// Package engine runs requirements against a target. Each is tried with a Trial, for its requests and assertions. A
// difference becomes a cause, once for the whole run:
//
//   - Observation: each reply and event is checked whole when it arrives. A difference is a cause of the shape
//     requirement of its operation or event, and the requirement behind the request goes on.
//   - Assertion: a requirement's own statement. If it does not hold, the requirement fails and goes on.
//   - Need: a value for the next request. Without it, the requirement ends and is blocked.
//
// Several runs may go on in one process. The engine knows of the mock no more than its control API.
package engine

import (
	"cmp"
	"context"
	"crypto/rand"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/wire"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Trial is one requirement being tried. On a mock it has a clinic of its own, with a clock to move; elsewhere the
// configured one. It is for one goroutine.
type Trial struct {
	Clinic controlapi.Clinic

	run         *run
	requirement Requirement
	ctx         context.Context //nolint:containedctx // it lives as long as the one trial
	http        *http.Client
	wire        *wire.Transport
	control     *controlapi.Client
	hookPath    string             // of the clinic's events at the run's receiver; "" for all events
	spoiled     bool               // events may have undeclared fields
	passed      time.Duration      // on the clinic's clock, by Pass
	checks      map[string]User    // by the ids of the checks started for them
	since       int                // the number of the last delivery before the trial
	events      map[int]*message   // the events so far, by the numbers of their deliveries
	shared      map[string]*shared // the patients, on a mock
	made        []string           // account codes of the clinics to delete
	undoings    []undoing          // for things made on a shared target

	written string                     // the operation of the last write
	shown   map[string]map[string]bool // the pointers of the fields in the last reply to each request since then

	stopped         bool                    // it ended early
	failed, blocked map[result.Key]struct{} // the causes of its state
	met             map[result.Key]struct{} // the causes observed on the way
}

// stop ends a trial. It is the value of a panic, recovered by Trial.try.
type stop struct{ notTestable string }

// try runs the body of the requirement, and returns why it could not be tested, "" if it could.
func (t *Trial) try() (notTestable string) {
	defer t.close()
	defer t.undo()
	defer func() {
		switch reason := recover().(type) {
		case nil:
		case stop:
			notTestable, t.stopped = reason.notTestable, true
		default:
			t.fail(t.message(t.requirement.operation()).record(result.Value, "", "the end of "+t.requirement.ID, "a panic",
				"the code of the requirement panicked"))
		}
	}()
	t.enter()
	t.requirement.Body(t)
	t.observeEvents()
	return ""
}

// message returns a message without content, for causes without a message.
func (t *Trial) message(operation string) *message {
	return &message{t: t, operation: operation, of: result.OK, exchange: t.wire.Latest(t.requirement.ID)}
}

// fail makes the requirement fail by a cause.
func (t *Trial) fail(key result.Key) { t.failed[key] = struct{}{} }

// block notes a cause in the way of an assertion or a need.
func (t *Trial) block(key result.Key) { t.blocked[key] = struct{}{} }

// NotTestable ends the trial: the requirement cannot be tested, for a reason.
func (t *Trial) NotTestable(reason string) { panic(stop{reason}) }

// enter makes the clinic of the trial.
func (t *Trial) enter() {
	if !t.IsMock() {
		c := t.run.Config
		t.Clinic = controlapi.Clinic{AccountCode: c.AccountCode, APIKey: c.Key, APISecret: c.Secret, AdminToken: c.AdminToken}
		t.Clinic.Webhook.Secret = c.WebhookSecret
		for _, d := range t.run.receiver.received("") {
			t.since = d.number
		}
		return
	}
	t.hookPath = "/" + Unique()
	t.Clinic = t.newClinic(t.requirement.SetUp...)
}

// newClinic makes a clinic of the mock. Its clock is frozen, and its events come to the trial.
func (t *Trial) newClinic(setUp ...func(*controlapi.ClinicSettings)) controlapi.Clinic {
	settings := controlapi.ClinicSettings{
		AccountCode: Unique(), UnknownFields: new("typos"), Clock: &controlapi.ClockSettings{Freeze: true},
		Webhook: &controlapi.WebhookSettings{
			URL: new(strings.TrimSuffix(cmp.Or(t.run.ReceiverURL, t.run.receiver.url), "/") + t.hookPath),
		},
	}
	for _, f := range setUp {
		f(&settings)
	}
	t.controlled(t.ctx.Err(), "making a clinic")
	// An interrupted run must learn of a clinic that the mock is making, to delete it.
	clinic, err := t.control.CreateClinic(context.WithoutCancel(t.ctx), settings)
	t.controlled(err, "making a clinic")
	t.made = append(t.made, clinic.AccountCode)
	t.Hide(clinic.AccountCode, clinic.APIKey, clinic.APISecret, clinic.AdminToken, clinic.Webhook.Secret)
	return clinic
}

// close deletes the clinics of the trial.
func (t *Trial) close() {
	ctx := context.WithoutCancel(t.ctx)
	for _, account := range t.made {
		_ = t.control.DeleteClinic(ctx, account) // the mock keeps it until it stops
	}
	if t.IsMock() {
		t.http.CloseIdleConnections()
	}
}

// Neighbour returns another clinic of the mock.
func (t *Trial) Neighbour(setUp ...func(*controlapi.ClinicSettings)) controlapi.Clinic {
	return t.newClinic(setUp...)
}

// controlled ends the trial when a request to the control API has failed: without its mock, the run is broken.
func (t *Trial) controlled(err error, doing string) {
	if err != nil {
		t.run.breaks(doing + ": " + err.Error())
		t.NotTestable("the mock's control API failed: " + doing)
	}
}

// IsMock reports whether the target is a mock, with a control API.
func (t *Trial) IsMock() bool { return t.run.IsMock() }

// BaseURL returns the base URL as it is configured, without a slash at the end.
func (t *Trial) BaseURL() string { return strings.TrimSuffix(t.run.BaseURL, "/") }

// Synthetic is the pattern for the codes of members.
func (t *Trial) Synthetic() string { return t.run.Synthetic }

// MemberToken returns the token of an existing member to read, "" when the run makes patients of its own.
func (t *Trial) MemberToken() string {
	if t.IsMock() || t.run.AllowMutating {
		return ""
	}
	return t.run.MemberToken
}

// Hide keeps values out of every report, also as names.
func (t *Trial) Hide(values ...string) { t.run.redactor.Hide(values...) }

// Control runs a request to the mock's control API, about the trial's clinic.
func (t *Trial) Control(doing string, f func(ctx context.Context, c *controlapi.Client, account string) error) {
	t.wrote(controlapi.Prefix)
	t.controlled(f(t.ctx, t.control, t.Clinic.AccountCode), doing)
}

// Faults sets the deliberate faults of requests to the clinic.
func (t *Trial) Faults(faults ...scenarios.Fault) {
	t.wrote(controlapi.Prefix)
	_, err := t.control.SetFaults(t.ctx, t.Clinic.AccountCode, faults)
	t.controlled(err, "setting the faults")
}

// Pass moves the clinic's clock on a mock. Elsewhere it does nothing: Poll waits in real time.
func (t *Trial) Pass(by time.Duration) {
	if t.IsMock() {
		t.wrote(controlapi.Prefix)
		t.controlled(advance(t.ctx, t.control, t.Clinic.AccountCode, by), "moving the clock")
		t.passed += by
	}
}

// Passed returns how long the clinic's clock was moved.
func (t *Trial) Passed() time.Duration { return t.passed }

// Now returns the time on the clinic's clock; the computer's time on a target without a control API.
func (t *Trial) Now() time.Time {
	if !t.IsMock() {
		return t.run.clock.Now()
	}
	clock, err := t.control.GetClock(t.ctx, t.Clinic.AccountCode)
	t.controlled(err, "reading the clock")
	return clock.Now
}

// Poll calls final until it returns true, and reports whether it has. On a mock it calls final once, because Pass has
// moved the clock already. Elsewhere it asks for as long as a check may take. final must accept every final
// value, and not only the right one: an assertion comes later.
func (t *Trial) Poll(final func() bool) bool {
	const readings = 60
	for range readings {
		if final() {
			return true
		}
		if t.IsMock() {
			return false
		}
		if t.run.clock.Wait(t.ctx, t.run.Wait/readings) != nil {
			t.NotTestable(t.run.over())
		}
	}
	return final()
}

// Unique returns a random text, different for each call, and no real patient's.
func Unique() string { return "contract-" + strings.ToLower(rand.Text()) }

// User is a user signed on.
type User struct{ ID, Code, Token string }

// shared is a user for several requirements to read.
type shared struct {
	user    User
	stopped *stop // why there is none
	blocked map[result.Key]struct{}
}

// Shared returns the user of a kind, made once: on a mock in the trial, elsewhere in the run. Requirements may only
// read such a user. If it cannot be made, each of them is blocked by the same causes.
func (t *Trial) Shared(kind string, sign func() User) User {
	from := t.shared
	if !t.IsMock() {
		t.run.sharing.Lock()
		defer t.run.sharing.Unlock()
		from = t.run.shared
	}
	if from[kind] == nil {
		from[kind] = t.share(sign)
	}
	s := from[kind]
	if s.stopped != nil {
		maps.Copy(t.blocked, s.blocked)
		panic(*s.stopped)
	}
	return s.user
}

// share makes a shared user. The causes on the way block each requirement with this user.
func (t *Trial) share(sign func() User) (s *shared) {
	s = &shared{blocked: map[result.Key]struct{}{}}
	defer func() {
		switch reason := recover().(type) {
		case nil:
		case stop:
			s.stopped = &reason
			maps.Copy(s.blocked, t.blocked)
			maps.Copy(s.blocked, t.failed)
		default:
			panic(reason)
		}
	}()
	s.user = sign()
	return s
}
