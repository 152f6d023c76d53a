package mockserver_test

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// After a reset a clinic is as new, and work under way before does not come back.
func TestAResetClinicIsAsItWasMade(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "reset",
		Clock: clinic.ClockSettings{Start: time.Unix(1649934637, 0), Frozen: true}})
	first := signOn(t, c, edward)
	id, token := patient(t, c, "pat", "123")
	start(t, c, id, token)
	c.Advance(t, 5*time.Second)
	c.Control(t, http.MethodPost, "/reset", nil, nil)
	if got := get(t, c.BaseURL+"/me", byToken(token)).message(t, 401); got != "X-ApiToken is not known" {
		t.Errorf("message = %q", got)
	}
	if receipt := c.Advance(t, 0); !receipt.From.Equal(time.Unix(1649934637, 0)) {
		t.Errorf("the clock shows %s", receipt.From)
	}
	again := signOn(t, c, edward)
	if diff := cmp.Diff(string(first.body), string(again.body)); diff != "" {
		t.Errorf("the first sign-on (-before +after):\n%s", diff)
	}
	if receipt := c.Advance(t, time.Hour); len(receipt.Checks) != 0 {
		t.Errorf("%d checks of before ended after the reset", len(receipt.Checks))
	}
}

// New refuses options a mock cannot work with, before it answers anything.
func TestAMockThatCannotWorkIsNotMade(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		options mockserver.Options
		want    string
	}{
		"a negative time-out": {mockserver.Options{ReadTimeout: -1}, "the read time-out must not be negative"},
		"a negative limit":    {mockserver.Options{BodyLimit: -1}, "the body limit must not be negative"},
		"two equal clinics": {mockserver.Options{Clinics: []clinic.Settings{{AccountCode: "a"}, {AccountCode: "a"}}},
			`making the clinic "a": account_code belongs to another clinic: choose another one`},
		"a clinic without a code": {mockserver.Options{Clinics: []clinic.Settings{{}}},
			`making the clinic "": account_code must be 1 to 63 lower-case letters, digits, hyphens and underscores, as in a ` +
				`host name`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := mockserver.New(tc.options)
			if err == nil || err.Error() != tc.want {
				t.Errorf("error = %v, want %s", err, tc.want)
			}
			if refused := new(clinic.Error); tc.options.Clinics != nil && !errors.As(err, &refused) {
				t.Error("the error is no refusal of the domain")
			}
		})
	}
}

// A reset is atomic: a concurrent caller sees the clinic before it or after it, never half of it.
func TestNobodySeesHalfAReset(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "resets"})
	done := make(chan struct{})
	var work sync.WaitGroup
	for range 4 {
		work.Go(func() {
			t := aside{t}
			for {
				select {
				case <-done:
					return
				default:
				}
				if got := get(t, c.BaseURL+"/me", byToken(c.AdminToken)); got.status != http.StatusOK {
					t.Errorf("%d %s", got.status, got.body)
				}
			}
		})
	}
	for range 50 {
		signOn(t, c, edward)
		c.Control(t, http.MethodPost, "/reset", nil, nil)
	}
	close(done)
	work.Wait()
}

// A clinic may be deleted while it is used: every caller gets an error, and nothing breaks.
func TestAClinicMayBeDeletedWhileItIsUsed(t *testing.T) {
	t.Parallel()
	begun, goOn := make(chan struct{}), make(chan struct{})
	receiver := mocktest.NewReceiver(t, func(int) int { close(begun); <-goOn; return 200 })
	mock := mocktest.Start(t)
	now := time.Duration(0)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "deleted", CronDelay: &now,
		Webhook: clinic.Webhook{URL: receiver.URL}})
	id, token := patient(t, c, "pat", "123")
	start(t, c, id, token)
	<-begun
	c.Control(t, http.MethodDelete, "", nil, nil)
	close(goOn)
	if got := get(t, c.BaseURL+"/me", byToken(token)).message(t, 401); got != "X-ApiToken is not known" {
		t.Errorf("message = %q", got)
	}
	again := mock.NewClinic(t, clinic.Settings{AccountCode: "deleted", AdminToken: c.AdminToken})
	if rows := listOf(t, again, "/deliveries"); len(rows) != 0 {
		t.Errorf("a clinic of the same account code has the deliveries of the deleted one: %v", rows)
	}
}

// A new clinic with the account code of a deleted one has nothing of it, and work under way in the deleted one does
// not touch it.
func TestANewClinicIsNotTheDeletedOneOfItsName(t *testing.T) {
	t.Parallel()
	begun, goOn := make(chan struct{}), make(chan struct{})
	hanging := mocktest.NewReceiver(t, func(int) int { close(begun); <-goOn; return 200 })
	mock := mocktest.Start(t)
	settings := clinic.Settings{AccountCode: "name", Webhook: clinic.Webhook{URL: hanging.URL}}
	old := mock.NewClinic(t, settings)
	id, token := patient(t, old, "pat", "123")
	start(t, old, id, token)
	advanced := make(chan reply)
	go func() {
		advanced <- post(aside{t}, mock.URL+"/_mock/clinics/name/clock", jsonBody(`{"advance": "1h"}`))
	}()
	<-begun
	old.Control(t, http.MethodDelete, "", nil, nil)
	fresh := mock.NewClinic(t, clinic.Settings{AccountCode: "name"})
	freshID, freshToken := patient(t, fresh, "pat", "123")
	for range 2 {
		start(t, fresh, freshID, freshToken)
	}
	close(goOn)
	if got := <-advanced; got.status != http.StatusNotFound || !strings.Contains(string(got.body), "the clinic was "+
		"deleted meanwhile") {
		t.Errorf("the advance of the deleted clinic: %d %s", got.status, got.body)
	}
	if events := listOf(t, fresh, "/events"); len(events) != 0 {
		t.Errorf("the new clinic has events: %v", events)
	}
	if receipt := fresh.Advance(t, 10*time.Second); len(receipt.Checks) != 2 {
		t.Errorf("%d of 2 checks of the new clinic end", len(receipt.Checks))
	}
}
