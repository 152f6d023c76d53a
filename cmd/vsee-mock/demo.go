package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// demo is `vsee-mock demo`.
type demo struct {
	Scenario string `default:"eligible" placeholder:"ID" help:"The story to play: an id of scenarios list."`
	own
}

// The demo's clinic is the documentation's own, at the moment of the guide's examples.
const demoSecret = "whsec_dnNlZS1tb2NrLWRlbW8tc2VjcmV0LTEyMw=="

var demoSigning = webhook.Signing{Scheme: webhook.Standard, Secrets: []string{demoSecret}}

// demoStart is when the guide's patient was created.
const demoStart = 1649934637

// Run plays the guide's steps 1 to 5.
func (d *demo) Run(a *app) error {
	set, err := d.set()
	if err != nil {
		return err
	}
	scenario, ok := set.ByID(d.Scenario)
	if !ok {
		return usage{errors.New("--scenario is not the id of a scenario: vsee-mock scenarios list shows them")}
	}
	started := clock.Wall()
	events := make(chan hooked, 100)
	receiver, err := receive(a.ctx, "127.0.0.1:0", func(_ context.Context, h hooked) answer {
		events <- h
		return answer{status: http.StatusOK}
	})
	if err != nil {
		return err
	}
	defer receiver.close()
	base, stop, err := demoMock(a.ctx, set, receiver.base+"/vsee-webhook")
	if err != nil {
		return err
	}
	defer stop()
	t := &teller{ctx: a.ctx, w: a.stdout, base: base}
	t.say("VSee's integration guide, steps 1 to 5, against a mock of its own on %s", base)
	t.say("The story: %s (%s)", scenario.Title, scenario.ID)
	if err := tell(t, scenario, events); err != nil {
		return err
	}
	t.say("\nPlayed in %s of real time.", clock.Since(started).Round(time.Millisecond))
	return nil
}

// demoMock serves a mock whose default clinic has a frozen clock and tells the receiver.
func demoMock(ctx context.Context, set scenarios.Set, receiver string) (base string, stop func(), err error) {
	vclinic := mockserver.DefaultClinic()
	vclinic.Webhook = clinic.Webhook{URL: receiver, Secret: demoSecret}
	vclinic.Clock = clinic.ClockSettings{Start: time.Unix(demoStart, 0), Frozen: true}
	server, err := mockserver.New(mockserver.Options{Version: version, Scenarios: set, Clinics: []clinic.Settings{vclinic}})
	if err != nil {
		return "", nil, err
	}
	listener, err := listen(ctx, "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	serving, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(serving, listener) // what fails is seen by the requests of the story
	}()
	return "http://" + listener.Addr().String(), func() { cancel(); <-ended }, nil
}

// tell plays the steps.
func tell(t *teller, s scenarios.Scenario, events <-chan hooked) error {
	c := mockserver.DefaultClinic()
	t.say("\nStep 1. Which insurers does the clinic support?")
	t.do("GET", "/vc/dev/api_v3/insurances/", headers{"X-ApiToken": c.AdminToken}, nil, nil)

	t.say("\nStep 2. Create the patient, or fetch the one with this code.")
	p := s.Person()
	var signedOn struct {
		Data struct {
			ID    string `json:"id"`
			Token struct {
				Token string `json:"token"`
			} `json:"token"`
		} `json:"data"`
	}
	t.do("POST", "/vc/dev/api_v3/users/sso",
		headers{"X-AccountCode": c.AccountCode, "X-ApiKey": c.Key, "X-ApiSecret": c.Secret}, demoPatient(p), &signedOn)
	token := headers{"X-ApiToken": signedOn.Data.Token.Token}

	t.say("\nStep 3. Store the patient's insurance.")
	carrier := cmp.Or(string(p.CarrierCode), "car7556")
	t.do("POST", "/vc/dev/api_v3/me.json", token, demoCard(p, carrier), nil)

	for i, step := range s.Steps() {
		if err := tellCheck(t, events, "/vc/dev/api_v3/users/"+signedOn.Data.ID, carrier, token, i, step); err != nil {
			return err
		}
	}
	return t.err
}

func demoPatient(p scenarios.Patient) url.Values {
	form := url.Values{
		"first_name":  {cmp.Or(string(p.FirstName), "Edward")},
		"last_name":   {cmp.Or(string(p.LastName), "VSee")},
		"type":        {"200"},
		"code":        {"edward+001.vclinic@vseelab.com"},
		"email":       {"edward+001.vclinic@vseelab.com"},
		"dob":         {cmp.Or(string(p.DOB), "1986-01-01")},
		"gender":      {cmp.Or(string(p.Gender), "1")},
		"street_addr": {"2868 Tully Street"},
		"state":       {"Detroit"},
		"city":        {"MI"},
		"zip":         {"48226"},
	}
	for _, name := range p.Without {
		form.Del(name)
	}
	return form
}

func demoCard(p scenarios.Patient, carrier string) url.Values {
	card := cmp.Or(string(p.Card), "primary")
	form := url.Values{
		"insurance." + card + "_carrier_code":   {carrier},
		"insurance." + card + "_subscriber_num": {cmp.Or(string(p.SubscriberNum), "234234")},
		"insurance.respparty":                   {"self"},
	}
	if slices.Contains(p.Without, "subscriber_num") {
		form.Del("insurance." + card + "_subscriber_num")
	}
	return form
}

// tellCheck plays steps 4 and 5 once.
func tellCheck(t *teller, events <-chan hooked, user, carrier string, token headers, i int, step scenarios.Step) error {
	again := ""
	if i > 0 {
		again = ", once more"
	}
	t.say("\nStep 4. Start an eligibility check%s.", again)
	t.do("POST", user+"/"+url.PathEscape(carrier)+"/eligibility", token, nil, nil)
	wait := clinic.DefaultCronDelay
	if step.After != nil {
		wait = *step.After
	}
	if step.Response == "" {
		wait = time.Hour // long enough to see that nothing comes
	}
	for _, again := range clinic.StandardSchedule()[:step.Webhook.Refused] {
		wait += again
	}
	t.say("\nNobody waits %s: the clinic's clock is moved, and what falls due on the way runs now.", wait)
	t.advance("/_mock/clinics/vclinic/clock", wait)

	t.say("\nStep 5. The webhook.")
	select {
	case event := <-events:
		if err := demoSigning.Verify(event.header, event.body); err != nil {
			return fmt.Errorf("the webhook's signature: %w", err)
		}
		t.event(event)
	default:
		t.say("  none came")
	}
	if step.Response == "" {
		t.say("\nNothing is saved on the patient, either.")
	} else {
		t.say("\nThe result is on the patient, too.")
	}
	t.do("GET", user, token, nil, nil)
	return t.err
}
