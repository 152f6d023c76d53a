package contract

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// target is the server that is faced.
type target struct {
	Config
	client   *client
	receiver *receiver // nil when there is none

	// sample is the patient of specs that any patient would do for. On a target that is not a mock it is a published
	// sandbox patient: no spec has an insurer asked about anybody else there.
	sample scenarios.Patient
}

func newTarget(c Config, stories scenarios.Set) (*target, error) {
	if err := c.validate(); err != nil {
		return nil, err
	}
	c.Wait = cmp.Or(c.Wait, 2*time.Minute)
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

// isMock reports whether the target can be told what to do.
func (t *target) isMock() bool { return t.ControlURL != "" }

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
