package mocktest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
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
