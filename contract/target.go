package contract

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// target is the server that is faced.
type target struct {
	Config
	catalogue
	client   *client
	receiver *receiver // nil when there is none

	// sample is the patient of specs that any patient would do for. On a target that is not a mock it is a published
	// sandbox patient: no spec has an insurer asked about anybody else there.
	sample scenarios.Patient
}

func newTarget(c Config, stories scenarios.Set) (*target, error) {
	c = c.WithDefaults()
	if err := c.Check(); err != nil {
		return nil, err
	}
	checker, err := newChecker()
	if err != nil {
		return nil, err
	}
	t := &target{Config: c, client: &client{http: &http.Client{
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, checker: checker}}
	if t.sample, err = sample(t.isMock(), stories); err != nil {
		return nil, err
	}
	if t.isMock() {
		t.ReceiverListen = cmp.Or(t.ReceiverListen, "127.0.0.1:0")
	}
	if t.ReceiverListen == "" {
		return t, nil
	}
	if t.receiver, err = newReceiver(t.ReceiverListen); err != nil {
		return nil, fmt.Errorf("listening for events: %w", err)
	}
	return t, nil
}

func (t *target) close() {
	t.client.http.CloseIdleConnections()
	if t.receiver != nil {
		t.receiver.close()
	}
}

// answers returns an error when the target is not there, or does not take the credentials.
func (t *target) answers() error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if t.isMock() {
		if err := t.control().call(ctx, http.MethodGet, "/clinics", nil, nil); err != nil {
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
