package play_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/scenarios"
	"github.com/vsee-mock/vsee-mock/scenarios/play"
)

// script is a clinic with fixed replies. It notes each moment.
type script struct {
	now     time.Time
	ids     int
	slots   string       // the reply to a search for slots
	replies []play.Reply // to the next requests that start a check, in turn
	notes   []string
}

func (*script) Clinic() play.Clinic {
	return play.Clinic{
		CronDelay: scenarios.Range{From: 10 * time.Second, To: 10 * time.Second},
		Retries:   []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute},
		Webhook:   true,
	}
}

func (s *script) Now(context.Context) (time.Time, error) { return s.now, nil }

func (s *script) Advance(_ context.Context, by time.Duration) error {
	s.now = s.now.Add(by)
	return nil
}

func (s *script) Send(_ context.Context, r play.Request) (play.Reply, error) {
	reply := play.Reply{Status: http.StatusOK, Body: []byte(`{"data": {"id": "7", "token": {"token": "t"}}}`)}
	switch r.Operation {
	case "startEligibilityCheck", "submitClaim":
		if len(s.replies) > 0 {
			reply, s.replies = s.replies[0], s.replies[1:]
			return reply, nil
		}
		s.ids++
		reply.Body = fmt.Appendf(nil, `{"data": {"eligibility_id": "%d", "claim_id": "%d"}}`, s.ids, s.ids)
	case "listRooms":
		reply.Body = []byte(`{"data": [{"code": "front"}]}`)
	case "getAvailability":
		reply.Body = []byte(s.slots)
	case "addVisit", "addWalkIn":
		s.ids++
		reply.Body = fmt.Appendf(nil, `{"data": {"id": "visit %d"}}`, s.ids)
	}
	return reply, nil
}

// begin is the time of the start.
func begin() time.Time { return time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC) }

func (s *script) Observe(_ context.Context, m play.Moment) error {
	note := func(format string, args ...any) {
		s.notes = append(s.notes, strings.TrimSpace(s.now.Sub(begin()).String()+" "+fmt.Sprintf(format, args...)))
	}
	switch m := m.(type) {
	case play.Call:
		switch {
		case m.Other && m.Check == nil, m.Act == play.ListInsurers, m.Act == play.SignOn, m.Act == play.StoreCards:
		case m.Check != nil:
			note("%s check %d", m.Act, m.Check.N)
		case m.Visit != nil:
			note("%s visit %d", m.Act, m.Visit.N)
		case m.Claim != nil:
			note("%s claim %d", m.Act, m.Claim.N)
		default:
			note("%s", m.Act)
		}
	case play.Exchange:
		if m.Failure != "" {
			note("%s, again %t after %s", m.Failure, m.Again, m.After)
		}
	case play.Due:
		switch m.Kind {
		case play.Result:
			note("result of %d, cards %v", m.Check.N, m.Saved)
		case play.Attempt:
			note("attempt %d, check %d, %q", m.Attempt, m.Check.N, m.Webhook.Words())
		case play.Status:
			note("claim %d is %s", m.Claim.N, m.Status)
		case play.Step:
			note("%s: %s is %s", m.Event, m.VisitID, m.Status)
		case play.Silence:
			note("silence")
		}
	case play.End:
		note("end")
	}
	return nil
}

func load(t *testing.T, text string) scenarios.Scenario {
	t.Helper()
	s, err := scenarios.Load("s.yaml", []byte("title: A scenario\nwhen: {subscriber_num: \"1\"}\n"+text+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEachMomentIsReportedAtItsTime(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"answer: Success": `
0s starts check 1
10s result of 1, cards map[primary:Success]
10s attempt 1, check 1, []
10s reads the patient
10s end`,
		"answers: [silent, {text: T4, after: 2m}]": `
0s starts check 1
12h0m0s silence
12h0m0s reads the patient
12h0m0s starts check 2
12h2m0s result of 2, cards map[primary:Payer name or identifier missing]
12h2m0s attempt 1, check 2, []
12h2m0s reads the patient
12h2m0s end`,
		"answer: {text: Success, after: 0s}": `
0s starts check 1
0s result of 1, cards map[primary:Success]
0s attempt 1, check 1, []
0s reads the patient
0s end`,
		"answer: Success\nwebhook: {refused: 2, duplicate: 2}": `
0s starts check 1
10s result of 1, cards map[primary:Success]
10s attempt 1, check 1, ["refused: 2" "duplicate: 2"]
15s attempt 2, check 1, ["refused: 2" "duplicate: 2"]
5m15s attempt 3, check 1, ["duplicate: 2"]
5m15s reads the patient
5m15s end`,
		"answer: Success\nwebhook: {refused: 9}": `
0s starts check 1
10s result of 1, cards map[primary:Success]
10s attempt 1, check 1, ["refused: 9"]
15s attempt 2, check 1, ["refused: 9"]
5m15s attempt 3, check 1, ["refused: 9"]
35m15s attempt 4, check 1, ["refused: 9"]
35m15s reads the patient
35m15s end`,
		"answer: Success\nwebhook: {signature: bad, attempts: 1}": `
0s starts check 1
10s result of 1, cards map[primary:Success]
10s attempt 1, check 1, ["signature: bad"]
15s attempt 2, check 1, []
15s reads the patient
15s end`,
		"answer: Success\nwebhook: {timestamp: stale}": `
0s starts check 1
10s result of 1, cards map[primary:Success]
10s attempt 1, check 1, ["timestamp: stale"]
10s reads the patient
10s end`,
		"answer: Success\nwebhook: {gzip: true, attempts: 1}": `
0s starts check 1
10s result of 1, cards map[primary:Success]
10s attempt 1, check 1, ["gzip: true"]
10s reads the patient
10s end`,
		"answer: Success\nwebhook: {hold: 5m}": `
0s starts check 1
10s result of 1, cards map[primary:Success]
5m10s attempt 1, check 1, ["hold: 5m0s"]
5m10s reads the patient
5m10s end`,
		"answers: [Success, Success]\nwebhook: {hold: next}": `
0s starts check 1
10s result of 1, cards map[primary:Success]
10s reads the patient
10s starts check 2
20s result of 2, cards map[primary:Success]
20s attempt 1, check 2, ["hold: next"]
20s attempt 1, check 1, ["hold: next"]
20s reads the patient
20s end`,
		"answer: Success\nwebhook: {hold: next}": `
0s starts check 1
10s result of 1, cards map[primary:Success]
10s reads the patient
10s starts check 0
20s result of 0, cards map[primary:Success]
20s attempt 1, check 0, []
20s attempt 1, check 1, ["hold: next"]
20s end`,
		"answer: Success\nwebhook: {before_reply: true}": `
0s starts check 1
0s result of 1, cards map[primary:Success]
0s attempt 1, check 1, ["before_reply: true"]
0s reads the patient
0s end`,
		"answer: Success\nwebhook: {after_read: true}": `
0s starts check 1
10s result of 1, cards map[primary:Success]
10s reads the patient
10s attempt 1, check 1, ["after_read: true"]
10s end`,
		"answer: Success\nwebhook: {after_read: true}\ncalls: [check, read, {wait: 20s}, read]": `
0s starts check 1
0s reads the patient
0s waits
10s result of 1, cards map[primary:Success]
20s reads the patient
20s attempt 1, check 1, ["after_read: true"]
20s end`,
		"answer: Success\nwebhook: {drop: true}": `
0s starts check 1
10s result of 1, cards map[primary:Success]
10s reads the patient
10s end`,
		"answer: Success\nclinic: {webhook: false, cron_delay: 1m}": `
0s starts check 1
1m0s result of 1, cards map[primary:Success]
1m0s reads the patient
1m0s end`,
		"answers: [{text: Success, after: 1m}, silent, {text: T4, after: 0s}]\ncalls: [check, {wait: 1s}, check, check]": `
0s starts check 1
0s waits
1s starts check 2
1s starts check 3
1s result of 3, cards map[primary:Payer name or identifier missing]
1s attempt 1, check 3, []
1m0s result of 1, cards map[primary:Success]
1m0s attempt 1, check 1, []
12h0m1s silence
12h0m1s end`,
		"answer: {text: Success, after: 1m}\nclaim: {outcome: silent, after: acknowledged}\ncalls: [check, claim]": `
0s starts check 1
1m0s result of 1, cards map[primary:Success]
1m0s attempt 1, check 1, []
1m0s submits claim 1
1m10s claim 1 is acknowledged
720h1m10s silence
720h1m10s reads claim 1
720h1m10s end`,
	} {
		s := &script{now: begin()}
		if err := play.Play(t.Context(), load(t, text), s, s); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if diff := cmp.Diff(strings.TrimSpace(want), strings.Join(s.notes, "\n")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

// refused returns a reply with a status and the time to wait.
func refused(status int, retryAfter string) play.Reply {
	return play.Reply{Status: status, Header: http.Header{"Retry-After": {retryAfter}}, Body: []byte("{}")}
}

func TestTheClientTriesAgainAsASensibleOneDoes(t *testing.T) {
	t.Parallel()
	page := play.Reply{Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/html"}}}
	for name, tc := range map[string]struct {
		text    string
		replies []play.Reply
		want    []string // the first notes
	}{
		"after the time in the reply": {"answer: Success", []play.Reply{refused(429, "30")}, []string{
			"0s starts check 1", "0s the request failed with 429, again true after 30s",
			"40s result of 1, cards map[primary:Success]",
		}},
		"with a new token": {"answer: Success", []play.Reply{refused(401, "")}, []string{
			"0s starts check 1", "0s the token was refused, again true after 0s", "10s result of 1, cards map[primary:Success]",
		}},
		"in place of a page": {"answer: Success", []play.Reply{page}, []string{
			"0s starts check 1", "0s the reply is a page, again true after 0s", "10s result of 1, cards map[primary:Success]",
		}},
		"for an expected refusal": {
			"answer: Success\nhttp: [{operation: startEligibilityCheck, times: 1, status: 404}]",
			[]play.Reply{refused(404, "")},
			[]string{
				"0s starts check 1", "0s the request failed with 404, again true after 0s",
				"10s result of 1, cards map[primary:Success]",
			},
		},
		"and gives up": {"answer: Success",
			slices.Repeat([]play.Reply{{Status: http.StatusOK, Body: []byte("{")}}, 6),
			slices.Concat([]string{"0s starts check 1"},
				slices.Repeat([]string{"0s the reply is not JSON, again true after 0s"}, 5),
				[]string{"0s the reply is not JSON, again false after 0s", "10s silence"})},
	} {
		s := &script{now: begin(), replies: tc.replies}
		if err := play.Play(t.Context(), load(t, tc.text), s, s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(tc.want, s.notes[:min(len(tc.want), len(s.notes))]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAnUnexpectedRefusalEndsThePlay(t *testing.T) {
	t.Parallel()
	s := &script{now: begin(), replies: []play.Reply{refused(404, "")}}
	err := play.Play(t.Context(), load(t, "answer: Success"), s, s)
	if err == nil || !strings.Contains(err.Error(), "POST /users/7/car7556/eligibility was answered with 404") {
		t.Error(err)
	}
}

// stopping is an observer with an error.
type stopping struct{ err error }

func (s stopping) Observe(context.Context, play.Moment) error { return s.err }

func TestAnErrorOfAnObserverEndsThePlay(t *testing.T) {
	t.Parallel()
	s, broken := &script{now: begin()}, errors.New("broken")
	err := play.Play(t.Context(), load(t, "answer: Success"), s, play.Observers{s, stopping{broken}})
	if !errors.Is(err, broken) {
		t.Error(err)
	}
}
