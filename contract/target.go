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

// target is the server that is faced.
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
	until    context.Context    //nolint:containedctx // it lives as long as the one run; nil for ever
	outputs  outputs            // none in a process that is not the first one

	// sample is the patient of specs that any patient would do for. On a target that is not a mock it is a published
	// sandbox patient: no spec has an insurer asked about anybody else there.
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

// runID returns the id of the run, which all of its processes have.
func runID() string {
	id := make([]byte, 4)
	_, _ = rand.Read(id) // never fails
	if suite, _ := GinkgoConfiguration(); suite.ParallelTotal > 1 {
		shared := sha256.Sum256(fmt.Append(nil, suite.RandomSeed, " ", suite.ParallelHost))
		copy(id, shared[:])
	}
	return hex.EncodeToString(id)
}

// newClient returns what the target is asked with. A mock may be asked as often as one likes.
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
		// A mock does some of its work once a reply is out. What is asked next, by its control API too, waits for that on the
		// same connection.
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

// stay has a redirect be the reply that it is: nobody but the target is asked.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// published returns what is published of the patients of VSee's sandbox and of its guide: it belongs to nobody.
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

// version returns that of the module, as a program was built with it.
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

// run returns the run that nothing has come of yet.
func (t *target) run() result.Run {
	return result.Run{
		Version: result.Version, ID: t.id, Suite: t.Version, Document: t.document,
		Target:       result.Target{Name: t.Name(), BaseURL: t.ShownURL(), Mock: t.isMock()},
		Requirements: []result.Requirement{},
	}
}

// alone reports whether one process alone may run the specs: others use the target too, or the one address that events
// come to is needed.
func (t *target) alone() bool { return !t.isMock() || t.ReceiverListen != "" }

// open listens for events and asks whether the target is there. A process that runs no specs needs neither.
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

// answers returns an error when the target is not there, or does not take the credentials.
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
	return nil // what else may be wrong is for the specs to say
}

// hears reports whether the clinic's events reach the suite.
func (t *target) hears() bool { return t.isMock() || t.ReceiverListen != "" }

// isMock reports whether the target can be told what to do.
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
