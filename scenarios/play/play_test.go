package play_test

import (
	"context"
	"fmt"
	"net/http"
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
	replies []play.Reply // to the next requests that start a check, in turn
	notes   []string
}

func (*script) Clinic() play.Clinic {
	return play.Clinic{CronDelay: 10 * time.Second, Retries: []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute}, Webhook: true}
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
		if m.Check != nil {
			note("%s, %d", m.Act, m.Check.N)
		} else if m.Act != play.ListInsurers && m.Act != play.SignOn && m.Act != play.StoreCards {
			note("%s", m.Act)
		}
	case play.Exchange:
		if m.Failure != "" {
			note("%s, %v", m.Failure, m.Then)
		}
	case play.Due:
		switch m.Kind {
		case play.Result:
			note("result of %d, cards %v", m.Check.N, m.Saved)
		case play.Attempt:
			note("attempt %d, check %d, %q", m.Attempt, m.Check.N, m.Webhook.Words())
		case play.Status:
			note("claim %d is %s", m.Claim.N, m.Status)
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
0s start a check, 1
10s result of 1, cards map[primary:Success]
10s attempt 1, check 1, []
10s read the patient, 1
10s end`,
		"answers: [silent, {text: T4, after: 2m}]": `
0s start a check, 1
12h0m0s silence
12h0m0s read the patient, 1
12h0m0s start a check, 2
12h2m0s result of 2, cards map[primary:Payer name or identifier missing]
12h2m0s attempt 1, check 2, []
12h2m0s read the patient, 2
12h2m0s end`,
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
