package mockserver_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// Two patients with one number each get the first answer first, if the scenario counts by patient. A corrected number
// goes on with the second.
func TestAnswersInTurnCanBeCountedByPatient(t *testing.T) {
	t.Parallel()
	c := clinicWithScenarios(t, map[string]string{
		"turn": "when: {subscriber_num: 7*}\ncount_by: patient\nanswers: [\"42\", Success]\n",
		"nth":  "when: {subscriber_num: 8*, nth: 2}\ncount_by: patient\nanswer: Out of Network\n",
	}, clinic.Settings{})
	check := func(id, token string) string {
		start(t, c, id, token)
		c.Advance(t, 10*time.Second)
		return response(t, c, id, "primary")
	}
	father, his := patient(t, c, "father", "7")
	daughter, hers := patient(t, c, "daughter", "7")
	other, theirs := patient(t, c, "other", "8")
	got := []string{check(father, his), check(daughter, hers), check(father, his), check(other, theirs)}
	for token, number := range map[string]string{hers: "78", theirs: "88"} {
		post(t, c.BaseURL+"/me", formBody(fields{{"insurance.primary_subscriber_num", number}}), byToken(token))
	}
	got = append(got, check(daughter, hers), check(other, theirs))
	want := []string{
		"Unable to respond at current time.", "Unable to respond at current time.", "Success", "Success", "Success",
		"Out of Network",
	}
	if diff := cmp.Diff(fmt.Sprint(want), fmt.Sprint(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
