// Package play plays a scenario: it makes the requests of the patient's client, lets the clinic's time pass up to each
// moment of interest, and reports everything to an Observer. It judges nothing and prints nothing.
//
// A scenario without calls is played step by step: the client starts a check, waits for its result and its event, reads
// the patient, and goes on. With calls, the client makes exactly the listed calls, at the listed times: a check does
// not wait for the one before. Only a claim does, because it needs a result. At the end Play lets time pass until
// nothing of the scenario is pending.
//
// # Writing a Client and an Observer
//
// Nothing of the scenario happens between two moments of Due: each Client.Advance ends at the next Due, or before it.
// An asserting client therefore advances to one nanosecond before the end, verifies an unchanged patient and receiver,
// and advances by the rest. Play then reports a Due for everything that must have happened by now. An asserting
// observer reads the patient and its receiver by requests of its own, and compares them with the Due. Request.Fault is
// the expected fault of a request. Faults come with the scenario, so Play sets none. Events go to a receiver of the
// observer, so Play receives none.
//
// A target without a control API has no clock to move. There Client.Now returns the real time, Client.Advance returns
// at once, and the observer polls at each Due. Only scenarios without faults and misbehaviour suit such a target.
//
// The first error of a Client.Now, a Client.Advance or an Observer ends the play, and Play returns it.
package play

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/chance"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Client acts for the patient's client, and moves time. Its methods are called one at a time.
type Client interface {
	// Clinic returns the settings of the clinic. It is called once, at the start.
	Clinic() Clinic
	// Send sends a request to VSee's API. With an error, no reply came, or only the part in Reply. Play sends some
	// requests again, as a sensible client does.
	Send(ctx context.Context, r Request) (Reply, error)
	// Now returns the time on the clinic's clock.
	Now(ctx context.Context) (time.Time, error)
	// Advance lets time pass on the clinic's clock, and returns when everything due by then is done. With 0 it waits
	// for the work that is due already.
	Advance(ctx context.Context, by time.Duration) error
}

// Observer gets each moment of a play as it happens: a Call, an Exchange, a Due or an End.
type Observer interface {
	Observe(ctx context.Context, m Moment) error
}

// Observers is an Observer that passes each moment to all of them, in order, up to the first error.
type Observers []Observer

// Observe implements Observer.
func (all Observers) Observe(ctx context.Context, m Moment) error {
	for _, o := range all {
		if err := o.Observe(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// Clinic has the settings of a clinic with an effect on a play. Those of the scenario win.
type Clinic struct {
	CronDelay scenarios.Range   // from the start of a check to its cron job, without a setting in the scenario
	Chance    chance.Source     // of the clinic, for answers and times that it draws
	Retries   []time.Duration   // how long after each failed attempt an event is sent again
	Webhook   bool              // it has a webhook
	Patient   scenarios.Patient // the patient's data where the scenario has none; the code must be new to the clinic
	// RefuseSpoiled is for a receiver that refuses each attempt with a misbehaviour, where later attempts have none.
	// Other receivers refuse only a wrong signature or timestamp.
	RefuseSpoiled bool
}

// Auth is the way in which a request is authenticated.
type Auth int

// The ways.
const (
	ByToken Auth = iota // by Request.Token
	ByKey               // by the clinic's account code, key and secret
	ByAdmin             // by the clinic's admin token
)

// Request is a request to VSee's API.
type Request struct {
	Operation string // the operationId of openapi.yaml
	Method    string
	Path      string // below the base path of the API, escaped
	Auth      Auth
	Token     string     // of the patient, for ByToken
	Form      url.Values // sent as multipart/form-data; nil for none
	JSON      any        // sent as JSON; nil for none
	// Fault is the fault of the scenario that this request must meet; nil for none. A fault by chance may be missing.
	// It is unset for requests before the patient's cards are stored, which the mock may count otherwise.
	Fault *scenarios.Fault

	patient *patient // whose token it has; nil for another Auth
}

// Reply is a reply of VSee's API.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
	Took   time.Duration // in real time
}

// ErrGaveUp is the error of a play with an early end: the patient could not be signed on, or the cards could not be
// stored. The client tried several times, and each reply was a failure worth another try.
var ErrGaveUp = errors.New("the patient is not ready for a check: each try of a request failed")

// Play plays a scenario. Without an Observer's error it returns nil when all calls are made and nothing is pending,
// ErrGaveUp, the error of the Client, or an error that names a request with a reply that no retry can mend.
//
// The patient is that of scenarios.Scenario.Person: to play with another one, set scenarios.Scenario.Patient.
func Play(ctx context.Context, s scenarios.Scenario, c Client, o Observer) error {
	p := newPlayer(s, c, o)
	if err := p.begin(ctx); err != nil {
		return err
	}
	for _, call := range s.Script() {
		if err := p.make(ctx, call); err != nil {
			return err
		}
	}
	if err := p.finish(ctx); err != nil {
		return err
	}
	if len(p.held) > 0 {
		if err := p.checkOther(ctx); err != nil {
			return err
		}
	}
	return o.Observe(ctx, End{At: p.now})
}
