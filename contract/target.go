package contract

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"

	"github.com/vsee-mock/vsee-mock/contract/coverage"
	"github.com/vsee-mock/vsee-mock/contract/known"
	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/strict"
	"github.com/vsee-mock/vsee-mock/contract/wire"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/internal/redact"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// target is the server under test.
type target struct {
	Config
	catalogue
	client   *client
	redactor *redact.Redactor
	control  *controlapi.Client // of a mock; its errors are redacted
	receiver *receiver          // nil when there is none
	live     *report.Live       // is told of each requirement as it ends; nil for nobody
	id       string             // of the run
	known    *known.Differences // nil for none
	document string             // the version of openapi.yaml
	until    context.Context    //nolint:containedctx // ends with the one run; nil never ends
	outputs  outputs            // empty in a process other than the first one

	// sample is the patient for specs without special needs. On a target other than a mock it is a published sandbox
	// patient: there, no spec asks an insurer about any other person.
	sample scenarios.Patient
}

func newTarget(c Config, stories scenarios.Set) (*target, error) {
	c = c.WithDefaults()
	if err := c.Check(); err != nil {
		return nil, err
	}
	t := &target{Config: c, id: runID(), document: embedded.Spec().Document.Info.Version}
	t.control = &controlapi.Client{URL: t.ControlURL, Token: t.ControlToken, Timeout: 30 * time.Second, Failure: redacted}
	if t.Version == "" {
		t.Version = version()
	}
	var err error
	if t.client, err = t.newClient(stories); err != nil {
		return nil, err
	}
	t.sample, err = sample(t.isMock(), stories)
	return t, err
}

// runID returns the id of the run, shared by all its processes.
func runID() string {
	id := make([]byte, 4)
	_, _ = rand.Read(id) // never fails
	if suite, _ := GinkgoConfiguration(); suite.ParallelTotal > 1 {
		shared := sha256.Sum256(fmt.Append(nil, suite.RandomSeed, " ", suite.ParallelHost))
		copy(id, shared[:])
	}
	return hex.EncodeToString(id)
}

// newClient returns the client for requests to the target. Requests to a mock have no rate limit.
func (t *target) newClient(stories scenarios.Set) (*client, error) {
	base, err := url.Parse(t.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", EnvBaseURL, err)
	}
	spec, seed := embedded.Spec(), make([]byte, 32)
	_, _ = rand.Read(seed) // never fails
	t.redactor = redact.New(seed, redact.FromDocument(spec.Document))
	t.redactor.Hide(t.AccountCode, t.Key, t.Secret, t.AdminToken, t.WebhookSecret, t.ControlToken)
	c := wire.Config{
		Redactor: t.redactor, Hosts: []string{base.Host}, Budget: math.MaxInt, Synthetic: wire.DefaultSynthetic(published(stories)...),
		Version: t.Version, Run: t.id,
	}
	if t.isMock() {
		// A mock does some of its work after it has sent a reply. The next request, to its control API too, waits for
		// this work on the same connection.
		one, _ := http.DefaultTransport.(*http.Transport)
		c.Next = one.Clone()
		t.control.Transport = c.Next
	} else {
		c.Shared, c.Budget, c.PerSecond, c.GiveUpAfter = true, t.Budget, t.Rate, patience
	}
	transport, err := wire.New(c)
	if err != nil {
		return nil, err
	}
	return &client{
		checker: strict.New(spec), redactor: t.redactor, wire: transport, tracker: coverage.New(spec), replies: map[string]int{},
		http: &http.Client{Transport: transport, Timeout: 30 * time.Second, CheckRedirect: stay},
	}, nil
}

// stay returns a redirect as the reply instead of following it: the suite sends requests to the target alone.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// published returns the published values of VSee's sandbox patients and of its guide: they are nobody's private
// data.
func published(stories scenarios.Set) []string {
	values := []string{"234234"} // the guide's own subscriber
	for _, s := range stories {
		if p := s.Preview; p != nil {
			for _, text := range []scenarios.Text{p.Code, p.FirstName, p.LastName, p.Email, p.SubscriberNum, p.GroupNumber, p.GuarantorName} {
				values = append(values, string(text))
			}
		}
	}
	return values
}

// version returns the module's version, as recorded in the binary at build time.
func version() string {
	const module = "github.com/vsee-mock/vsee-mock"
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "dev"
	}
	for _, m := range append(info.Deps, &info.Main) {
		if m.Path == module && m.Version != "" && m.Version != "(devel)" {
			return m.Version
		}
	}
	return "dev"
}

// run returns the run before any result is in it.
func (t *target) run() result.Run {
	return result.Run{
		Version: result.Version, ID: t.id, Suite: t.Version, Document: t.document,
		Target:       result.Target{Name: t.Name(), BaseURL: t.ShownURL(), Mock: t.isMock()},
		Requirements: []result.Requirement{},
	}
}

// alone reports whether a single process must run the specs: the target is shared, or the receiver needs its one
// fixed address.
func (t *target) alone() bool { return !t.isMock() || t.ReceiverListen != "" }

// open listens for events and checks that the target is up. A process without specs needs neither.
func (t *target) open() error {
	if t.alone() && GinkgoParallelProcess() != 1 {
		return nil
	}
	if t.hears() {
		var err error
		if t.receiver, err = newReceiver(cmp.Or(t.ReceiverListen, "127.0.0.1:0")); err != nil {
			return fmt.Errorf("listening for events: %w", err)
		}
	}
	return t.answers()
}

func (t *target) close() {
	t.client.http.CloseIdleConnections()
	t.control.CloseIdleConnections()
	if t.receiver != nil {
		t.receiver.close()
	}
}

// answers returns an error when the target is unreachable, or refuses the credentials. It gives up after 30 seconds.
func (t *target) answers() error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if t.isMock() {
		if _, err := t.control.ListClinics(ctx, controlapi.PageRequest{Limit: 1}); err != nil {
			return fmt.Errorf("%s leads to no control API of a mock, such as http://127.0.0.1:8080/_mock: %w", EnvControlURL, err)
		}
		return nil
	}
	r, err := t.client.do(ctx, request{method: http.MethodGet, root: strings.TrimSuffix(t.BaseURL, "/"), path: "/insurances", header: byToken(t.AdminToken)})
	switch r.Status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return fmt.Errorf("the target does not take %s: it answers %d", EnvAdminToken, r.Status)
	case 0:
		return fmt.Errorf("%s leads nowhere: %w", EnvBaseURL, err)
	}
	return nil // the specs report any other problem
}

// hears reports whether the clinic's events reach the suite.
func (t *target) hears() bool { return t.isMock() || t.ReceiverListen != "" }

// isMock reports whether the target has a control API.
func (t *target) isMock() bool { return t.IsMock() }

func sample(mock bool, stories scenarios.Set) (scenarios.Patient, error) {
	if mock {
		return scenarios.Patient{CarrierCode: "car7556", SubscriberNum: "234234"}, nil
	}
	for _, s := range stories {
		if s.Preview != nil {
			return *s.Preview, nil
		}
	}
	return scenarios.Patient{}, errors.New("no scenario names a preview patient")
}
