package scenarios_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// clinic is the setting of these scenarios.
var clinic = scenarios.Setting{CronDelay: 10 * time.Second, Retries: []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute}}

func timelineOf(s scenarios.Scenario) string {
	var lines []string
	for _, m := range s.Timeline(clinic) {
		lines = append(lines, fmt.Sprintf("%s %s: %s", m.When(), m.Who, m.What))
	}
	return strings.Join(lines, "\n")
}

func TestATimelineSaysWhatHappens(t *testing.T) {
	t.Parallel()
	begins := `+0s client: starts check 1, of the primary card
+0s mock: replies with the id of check 1
`
	answered := begins + `+10s clearinghouse: answers check 1: Success
+10s mock: saves that on the patient's primary card
`
	for text, want := range map[string]string{
		"answer: Success": answered + "+10s mock: sends the event of check 1",
		"answer: silent":  begins + "+0s clearinghouse: never answers check 1",
		"answers: [silent, {text: T4, after: 2m}]": begins + `+0s clearinghouse: never answers check 1
giving up on check 1 client: starts check 2, of the primary card
giving up on check 1 mock: replies with the id of check 2
giving up on check 1 +2m clearinghouse: answers check 2: Payer name or identifier missing
giving up on check 1 +2m mock: saves that on the patient's primary card
giving up on check 1 +2m mock: sends the event of check 2`,
		"answer: {text: Success, at: 17:30}": begins + `17:30 UTC clearinghouse: answers check 1: Success
17:30 UTC mock: saves that on the patient's primary card
17:30 UTC mock: sends the event of check 1`,
		"answer: Success\nwebhook: {refused: 2}": answered + `+10s mock: counts attempt 1 of the event of check 1 as refused, and sends nothing
+15s mock: counts attempt 2 of the event of check 1 as refused, and sends nothing
+5m15s mock: sends the event of check 1`,
		"answer: Success\nwebhook: {drop: true}": answered + "+10s mock: drops the event of check 1: it is never sent",
		"answer: Success\nwebhook: {duplicate: 3, burst: 2, gzip: true, extra_field: true, slow: 3s}": answered +
			"+10s mock: sends the event of check 1, as one of 2 events at once, each with an id of its own, 3 times under one id, with a field unknown to VSee, slowly, over 3s of real time, compressed",
		"answer: Success\nwebhook: {signature: bad, attempts: 1}": answered + `+10s mock: sends the event of check 1, signed with an unknown secret
+15s mock: sends it again as it should be, if that was refused`,
		"answer: Success\nwebhook: {timestamp: stale, altered: true}": answered + `+10s mock: sends the event of check 1, signed with a time ten minutes ago, changed after signing
+15s mock: sends it again likewise, and at each further time of the schedule, if that was refused`,
		"answer: Success\nwebhook: {hold: 5m}": answered + `+10s mock: holds the event of check 1 for 5m
+5m10s mock: sends the event of check 1`,
		"answers: [Success, Success]\nwebhook: {hold: next}": answered + `+10s mock: holds the event of check 1 until the next event
+10s client: starts check 2, of the primary card
+10s mock: replies with the id of check 2
+20s clearinghouse: answers check 2: Success
+20s mock: saves that on the patient's primary card
+20s mock: sends the event of check 2
+20s mock: sends the event of check 1`,
		"answer: Success\nwebhook: {before_reply: true}": `+0s client: starts check 1, of the primary card
+0s clearinghouse: answers check 1: Success
+0s mock: saves that on the patient's primary card
+0s mock: sends the event of check 1
+0s mock: replies with the id of check 1`,
		"answer: Success\nwebhook: {before_reply: true, drop: true}\ncalls: [check, check]": `+0s client: starts check 1, of the primary card
+0s clearinghouse: answers check 1: Success
+0s mock: saves that on the patient's primary card
+0s mock: drops the event of check 1: it is never sent
+0s mock: replies with the id of check 1
+0s client: starts check 2, of the primary card
+0s clearinghouse: answers check 2: Success
+0s mock: saves that on the patient's primary card
+0s mock: drops the event of check 2: it is never sent
+0s mock: replies with the id of check 2`,
		"answer: Success\nwebhook: {after_read: true}": answered + `+10s mock: holds the event of check 1 until the result is read
the reading of the result mock: sends the event of check 1`,
		"answer: Success\nwebhook: {after_read: true}\ncalls: [check, read, {wait: 20s}, read]": begins + `+0s client: reads the patient
+10s clearinghouse: answers check 1: Success
+10s mock: saves that on the patient's primary card
+10s mock: holds the event of check 1 until the result is read
+20s client: reads the patient
+20s mock: sends the event of check 1`,
		"answers: [{text: Success, after: 1m}, silent, {text: Success, after: 0s}]\ncalls: [check, {wait: 1s}, check, check]\nclinic: {token_life: 30s}": begins + `+1s client: starts check 2, of the primary card
+1s mock: replies with the id of check 2
+1s clearinghouse: never answers check 2
+1s client: starts check 3, of the primary card
+1s mock: replies with the id of check 3
+1s clearinghouse: answers check 3: Success
+1s mock: saves that on the patient's primary card
+1s mock: sends the event of check 3
+30s mock: no longer takes the token that the patient has got at the start
+1m clearinghouse: answers check 1: Success
+1m mock: saves that on the patient's primary card
+1m mock: sends the event of check 1`,
		"answer: {primary: Success}\ncalls: [{check: secondary}]\nclinic: {webhook: false}": `+0s client: starts check 1, of the secondary card
+0s mock: replies with the id of check 1
+10s clearinghouse: answers check 1: what follows from the patient's data
+10s mock: saves that on the patient's secondary card
+10s mock: tells nobody: the clinic has no webhook`,
		"http: [{operation: getUser, from: 2, times: 3, probability: 0.5, latency: 2s, status: 503, retry_after: 30s}, {slow: 3s, html: true}, {times: 1, reset: true}, {from: 4, truncated: true}, {malformed: true}]\ncalls: [read]": `+0s mock: takes 2s to reply and replies 503 and asks to be tried again after 30s, at requests 2 to 4 of getUser, with probability 0.5
+0s mock: replies with an HTML page of an error, status 200 and takes 3s to send the reply, at every request
+0s mock: resets the connection, at request 1
+0s mock: ends the reply in the middle, at every request from number 4 on
+0s mock: replies with JSON that is not well-formed, at every request
+0s client: reads the patient`,
	} {
		if diff := cmp.Diff(want, timelineOf(load(t, "when: {subscriber_num: \"1\"}\n"+text)[0])); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
	nth := timelineOf(load(t, "when: {nth: 2}\nanswer: Success\nwebhook: {drop: true}")[0])
	wantNth := begins + `+10s clearinghouse: answers check 1: what follows from the patient's data
+10s mock: saves that on the patient's primary card
+10s mock: sends the event of check 1
+10s client: starts check 2, of the primary card
+10s mock: replies with the id of check 2
+20s clearinghouse: answers check 2: Success
+20s mock: saves that on the patient's primary card
+20s mock: drops the event of check 2: it is never sent`
	if diff := cmp.Diff(wantNth, nth); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	got := timelineOf(load(t, "patient: {without: [dob]}\nexpect: \"58\"")[0])
	want := begins + `+10s clearinghouse: answers check 1: Invalid/Missing date of birth, which follows from the patient's data
+10s mock: saves that on the patient's primary card
+10s mock: sends the event of check 1`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Attempts beyond the schedule are none.
func TestATimelineEndsWithTheSchedule(t *testing.T) {
	t.Parallel()
	got := timelineOf(load(t, "when: {nth: 1}\nanswer: Success\nwebhook: {refused: 9}")[0])
	if n := strings.Count(got, "refused"); n != 4 || strings.Contains(got, "sends the") {
		t.Errorf("%d attempts:\n%s", n, got)
	}
}
