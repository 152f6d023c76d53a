package mockserver_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

const (
	newSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	oldSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
)

// misbehavingMock is a mock with a clinic, its misbehaving webhook, and a patient of the clinic.
type misbehavingMock struct {
	*mocktest.Clinic
	mock      *mocktest.Mock
	receiver  *mocktest.Receiver
	id, token string
}

// newMisbehavingMock makes one with the words of a scenario's webhook in force: for one scenario, or for the clinic.
func newMisbehavingMock(t *testing.T, words string, byScenario bool, answer func(int) int) misbehavingMock {
	t.Helper()
	s := misbehavingMock{receiver: mocktest.NewReceiver(t, answer)}
	set := scenarios.Set{}
	if byScenario {
		scenario, err := scenarios.Load("story.yaml",
			[]byte("title: Story\nwhen: {subscriber_num: \"123\"}\nanswer: Success\nwebhook: {"+words+"}\n"))
		if err != nil {
			t.Fatal(err)
		}
		set = append(set, scenario)
	}
	s.mock = startRetrying(t, func(o *mockserver.Options) { o.Scenarios = set })
	s.Clinic = s.mock.NewClinic(t, clinic.Settings{AccountCode: "spoilt", Webhook: clinic.Webhook{
		URL: s.receiver.URL, Secret: newSecret, PreviousSecret: oldSecret, Timestamp: outbox.TimestampClinic,
	}})
	if !byScenario {
		var misbehaviour map[string]any
		if err := yaml.Unmarshal([]byte("{"+words+"}"), &misbehaviour); err != nil {
			t.Fatal(err)
		}
		s.Control(t, http.MethodPatch, "", map[string]any{"webhook": map[string]any{"misbehaviour": misbehaviour}}, nil)
	}
	s.id, s.token = patient(t, s.Clinic, "pat", "123")
	return s
}

// seen describes in words how a receiver with both secrets judges each request.
func (s misbehavingMock) seen(t *testing.T) []string {
	t.Helper()
	seen := []string{}
	for _, r := range s.receiver.Received() {
		var words []string
		body := r.Body
		if r.Header.Get("Content-Encoding") == "gzip" {
			words = append(words, "gzip")
		}
		words = append(words, signedBy(r.Header, body))
		var payload struct {
			Created int64  `json:"created"`
			Unknown string `json:"unknown_field"`
			Altered string `json:"altered"`
			Data    struct {
				ExternalID any `json:"external_member_id"`
			}
		}
		if err := json.Unmarshal(body, &payload); err != nil {
			t.Fatal(err)
		}
		signing := webhook.Signing{Scheme: webhook.Standard}
		if signed, ok := signing.SignedAt(r.Header); ok && signed.Unix() != payload.Created {
			words = append(words, (time.Duration(signed.Unix()-payload.Created) * time.Second).String())
		}
		if payload.Unknown != "" {
			words = append(words, "unknown field")
		}
		if _, number := payload.Data.ExternalID.(float64); number {
			words = append(words, "numeric id")
		}
		seen = append(seen, strings.Join(words, " "))
	}
	return seen
}

// signedBy names the secret a request is signed by.
func signedBy(h http.Header, body []byte) string {
	by := ""
	for name, secret := range map[string]string{"n": newSecret, "o": oldSecret} {
		if (webhook.Signing{Scheme: webhook.Standard, Secrets: []string{secret}}).Verify(h, body) == nil {
			by += name
		}
	}
	switch by {
	case "n":
		return "new"
	case "o":
		return "old"
	case "":
		return "forged"
	}
	return "both"
}

// log returns the misbehaviours recorded in the deliveries, and how each delivery ended, oldest first.
func (s misbehavingMock) log(t *testing.T) []string {
	t.Helper()
	var page struct {
		Data []struct {
			Attempt      int
			Status       int
			Reason       string
			Misbehaviour []string
		}
	}
	s.Control(t, http.MethodGet, "/deliveries", nil, &page)
	var log []string
	for _, d := range page.Data {
		outcome := d.Reason
		if outcome == "" {
			outcome = "delivered"
		}
		log = append(log, outcome+" ["+strings.Join(d.Misbehaviour, ", ")+"]")
	}
	slices.Reverse(log)
	return log
}

// Each misbehaviour is one line, for a scenario or for a clinic; a receiver sees it, and the log names it.
func TestAMisbehaviourIsSeenByTheReceiverAndInTheLog(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		words string
		seen  []string
		log   []string
	}{
		{"drop: true", []string{}, []string{"dropped [drop: true]"}},
		{"duplicate: 3", []string{"both", "both", "both"}, []string{
			"delivered [duplicate: 3, copy 1 of 3]", "delivered [duplicate: 3, copy 2 of 3]",
			"delivered [duplicate: 3, copy 3 of 3]"}},
		{"burst: 3", []string{"both", "both", "both"},
			[]string{"delivered [burst: 3]", "delivered [burst: 3]", "delivered [burst: 3]"}},
		{"hold: 5m", []string{"both 5m0s"}, []string{"delivered [hold: 5m0s]"}},
		{"signature: bad", []string{"forged"}, []string{"delivered [signature: bad]"}},
		{"signature: old", []string{"old"}, []string{"delivered [signature: old]"}},
		{"timestamp: stale", []string{"both -10m0s"}, []string{"delivered [timestamp: stale]"}},
		{"timestamp: future", []string{"both 10m0s"}, []string{"delivered [timestamp: future]"}},
		{"altered: true", []string{"forged"}, []string{"delivered [altered: true]"}},
		{"extra_field: true", []string{"both unknown field"}, []string{"delivered [extra_field: true]"}},
		{"numeric_member_id: true", []string{"both numeric id"}, []string{"delivered [numeric_member_id: true]"}},
		{"slow: 20ms", []string{"both"}, []string{"delivered [slow: 20ms]"}},
		{"gzip: true", []string{"gzip both"}, []string{"delivered [gzip: true]"}},
		{"gzip: true, signature: bad, duplicate: 2", []string{"gzip forged", "gzip forged"}, []string{
			"delivered [duplicate: 2, signature: bad, gzip: true, copy 1 of 2]",
			"delivered [duplicate: 2, signature: bad, gzip: true, copy 2 of 2]"}},
		{"refused: 2", []string{"both 5m5s"}, []string{"scenario [refused: 2]", "scenario [refused: 2]", "delivered []"}},
	} {
		for mode, byScenario := range map[string]bool{"scenario": true, "clinic": false} {
			t.Run(tc.words+" by the "+mode, func(t *testing.T) {
				t.Parallel()
				s := newMisbehavingMock(t, tc.words, byScenario, nil)
				start(t, s.Clinic, s.id, s.token)
				s.Advance(t, time.Hour)
				if diff := cmp.Diff(tc.seen, s.seen(t)); diff != "" {
					t.Errorf("the receiver (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(tc.log, s.log(t)); diff != "" {
					t.Errorf("the log (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// An answer can have a misbehaviour of its own, in place of the scenario's.
func TestAnAnswerHasItsOwnMisbehaviour(t *testing.T) {
	t.Parallel()
	s := newMisbehavingMock(t, "gzip: true", false, nil)
	s.Control(t, http.MethodPut, "/scenarios", map[string]any{"files": map[string]any{"f.yaml": `
title: Each answer misbehaves in its own way
when: {subscriber_num: "123"}
answers:
  - {text: "42", webhook: {duplicate: 2, numeric_member_id: true}}
  - Success
  - {text: Success, webhook: {drop: true}}
webhook: {extra_field: true}
`}}, nil)
	for range 3 {
		start(t, s.Clinic, s.id, s.token)
		s.Advance(t, time.Minute)
	}
	if diff := cmp.Diff([]string{"gzip both numeric id", "gzip both numeric id", "gzip both unknown field"},
		s.seen(t)); diff != "" {
		t.Errorf("the receiver (-want +got):\n%s", diff)
	}
}

// With attempts, an early misbehaviour ends later: a receiver that refuses the forgery gets the event in the end.
func TestAMisbehaviourCanEndAfterSomeAttempts(t *testing.T) {
	t.Parallel()
	s := newMisbehavingMock(t, "signature: bad, attempts: 2", true,
		func(n int) int { return map[bool]int{true: 401, false: 200}[n <= 2] })
	start(t, s.Clinic, s.id, s.token)
	s.Advance(t, time.Hour)
	if diff := cmp.Diff([]string{"forged", "forged 5s", "both 5m5s"}, s.seen(t)); diff != "" {
		t.Errorf("the receiver (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"status [signature: bad]", "status [signature: bad]", "delivered []"},
		s.log(t)); diff != "" {
		t.Errorf("the log (-want +got):\n%s", diff)
	}
}

// A scenario's misbehaviour for its events overrides the clinic's for all events.
func TestAScenariosMisbehaviourGoesOverTheClinics(t *testing.T) {
	t.Parallel()
	s := newMisbehavingMock(t, "signature: old, hold: 1m", true, nil)
	s.Control(t, http.MethodPatch, "", map[string]any{"webhook": map[string]any{
		"misbehaviour": map[string]any{"signature": "bad", "after_read": true, "extra_field": true},
	}}, nil)
	start(t, s.Clinic, s.id, s.token)
	s.Advance(t, time.Hour)
	if diff := cmp.Diff([]string{"delivered [hold: 1m0s, signature: old, extra_field: true]"}, s.log(t)); diff != "" {
		t.Errorf("the log (-want +got):\n%s", diff)
	}
	s.Control(t, http.MethodPatch, "", map[string]any{"webhook": map[string]any{"misbehaviour": map[string]any{}}}, nil)
	other, otherToken := patient(t, s.Clinic, "other", "456")
	start(t, s.Clinic, other, otherToken)
	s.Advance(t, time.Minute)
	if log := s.log(t); log[1] != "delivered []" {
		t.Errorf("after the clinic's misbehaviour was taken back: %s", log[1])
	}
}

// Attempts are counted from the first one sent.
func TestAttemptsThatAreNotSentDoNotCount(t *testing.T) {
	t.Parallel()
	s := newMisbehavingMock(t, "refused: 2, signature: bad, attempts: 1", true,
		func(n int) int { return map[bool]int{true: 401, false: 200}[n == 1] })
	start(t, s.Clinic, s.id, s.token)
	s.Advance(t, time.Hour)
	want := []string{"scenario [refused: 2, signature: bad]", "scenario [refused: 2, signature: bad]",
		"status [signature: bad]", "delivered []"}
	if diff := cmp.Diff(want, s.log(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The log omits a misbehaviour that the signature scheme makes impossible.
func TestAMisbehaviourWithoutEffectIsNotInTheLog(t *testing.T) {
	t.Parallel()
	for scheme, want := range map[string]string{"none": "delivered []", "github": "delivered [signature: old]"} {
		s := newMisbehavingMock(t, "signature: old, timestamp: stale", true, nil)
		s.Control(t, http.MethodPatch, "", map[string]any{"webhook": map[string]string{"signature": scheme}}, nil)
		start(t, s.Clinic, s.id, s.token)
		s.Advance(t, time.Minute)
		if diff := cmp.Diff([]string{want}, s.log(t)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", scheme, diff)
		}
	}
}
