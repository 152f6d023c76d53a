package mocktest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

func TestAScenarioIsPlayedToItsEnd(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	for id, want := range map[string]string{
		"webhook-twice":  "Success; eligibility.checked Success, eligibility.checked Success copy 2",
		"webhook-forged": "Success; ",
		"no-response-then-eligible": "Success; eligibility.checked No response received by clearinghouse, " +
			"eligibility.checked Success",
		"claim-denied": "Success; eligibility.checked Success, claim acknowledged, claim accepted, claim denied",
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			c := mock.NewClinic(t, clinic.Settings{AccountCode: id})
			receiver := c.NewReceiver(t, nil)
			played := c.Play(t, mock.Scenario(t, id))
			var events []string
			for _, e := range receiver.Events(t) {
				text := e.Type + " " + e.Response
				if e.ClaimID != "" {
					text = "claim " + e.Status
				}
				if e.Copy > 1 {
					text += fmt.Sprint(" copy ", e.Copy)
				}
				began := played.Checks[0].Started.Truncate(time.Second)
				if e.MemberID != played.MemberID || e.Account != id || e.Created.Before(began) {
					t.Errorf("the event is %+v", e)
				}
				events = append(events, text)
			}
			if got := played.Responses["primary"] + "; " + strings.Join(events, ", "); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// A scenario is added to the earlier ones, and replaces the one with the same condition.
func TestScenariosOfATestAddUp(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{})
	if c.AccountCode == "" {
		t.Error("the clinic has no account code")
	}
	denied := c.UseScenario(t, "title: Denied\nwhen: {subscriber_num: 1}\nanswer: Out of Network\n")
	c.UseScenario(t, "title: Found\nwhen: {subscriber_num: 2}\nanswer: Success\n")
	played := c.Play(t, denied)
	if got := played.Responses["primary"]; got != "Out of Network" || played.Checks[0].Response != got {
		t.Errorf("the card has %q, the check %q", got, played.Checks[0].Response)
	}
	c.UseScenario(t, "title: Unknown\nwhen: {subscriber_num: 1}\nanswer: Subscriber/Insured not found\n")
	if got := c.Play(t, denied).Responses["primary"]; got != "Subscriber/Insured not found" {
		t.Errorf("the mock answers %q, not the scenario in force", got)
	}
}

// The errors name the function to call.
func TestAMistakeWithAScenarioFailsTheTest(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{})
	refuses(t, func(t testing.TB) { c.UseScenario(t, "webhook-twice") },
		"UseScenario takes the text of a scenario's file, such as title: …; for the id of a scenario use Mock.Scenario")
	s, err := scenarios.Load("elsewhere.yaml", []byte("title: E\nwhen: {subscriber_num: 3}\nanswer: Out of Network\n"))
	if err != nil {
		t.Fatal(err)
	}
	refuses(t, func(t testing.TB) { c.Play(t, s) }, "the scenario elsewhere answered no check, no scenario did")
}

// refuses fails the test unless f ends by a Fatalf with the text.
func refuses(t *testing.T, f func(testing.TB), text string) {
	t.Helper()
	defer func() {
		if got, _ := recover().(string); !strings.Contains(got, text) {
			t.Errorf("the test fails with %q, not with %q", got, text)
		}
	}()
	f(newT())
}
