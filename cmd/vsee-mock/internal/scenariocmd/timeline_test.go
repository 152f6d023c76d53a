package scenariocmd

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/ownmock"
	"github.com/vsee-mock/vsee-mock/scenarios"
	"github.com/vsee-mock/vsee-mock/scenarios/play"
)

// calls has the checks, visits and claims of a play.
type calls struct {
	checks []*play.Check
	visits []*play.Visit
	claims []*play.Claim
}

func (c *calls) Observe(_ context.Context, m play.Moment) error {
	call, _ := m.(play.Call)
	if call.Act == play.StartCheck {
		c.checks = append(c.checks, call.Check)
	}
	if call.Act == play.ListRooms {
		c.visits = append(c.visits, call.Visit)
	}
	if call.Act == play.SubmitClaim {
		c.claims = append(c.claims, call.Claim)
	}
	return nil
}

// ownStories are scenarios beside those of the catalogue, by id.
var ownStories = map[string]string{
	"by-chance": "when: {subscriber_num: own1}\nchance: [{percent: 50, answer: Success}, " +
		"{percent: 50, answer: silent}]\ncalls: [check, read, check, read, check, read, check, {wait: 1m}]\n",
	"in-a-range": "when: {subscriber_num: own2}\nanswers: [{text: Success, after: 5s..20s}, Out of Network]\n" +
		"claim: paid\nclinic: {cron_delay: 8s..15s}\n",
	"undocumented": "when: {subscriber_num: own3}\nanswer: {text: Eligible for telehealth only, undocumented: true}\n",
	"two-cards": "when: {subscriber_num: own4}\nanswers:\n  primary: {chance: [{percent: 50, answer: Success}, " +
		"{percent: 50, answer: {text: \"42\", after: 1m..2m}}]}\n  secondary: Success\n",
	"old-enough": "when: {subscriber_num: own6, age: 65.., gender: female, zip: 9*}\nanswer: T4\n",
	"minor":      "when: {subscriber_num: own7, age: ..17, guarantor_name: Sam*, respparty: child}\nanswer: T4\n",
	"open":       "when: {subscriber_num: own8, dob: 2000-01-01.., date: 2027-05-01..}\nanswer: T4\n",
	"closed":     "when: {subscriber_num: own9, time_zone: Asia/Tokyo, not: {time: 08:00..18:00}}\nanswer: T4\n",
	"absent":     "when: {code: own10, absent: [subscriber_num, group_number, zip, dob, email]}\nanswer: T4\n",
	"not-a-card": "when: {subscriber_num: own11, not: {card: primary}}\nanswer: T4\n",
	"not-a-man":  "when: {subscriber_num: own12, not: {gender: male}}\nanswer: T4\n",
	"not-this":   "when: {subscriber_num: own13*, not: [{subscriber_num: own131}, {carrier_code: car7556}]}\nanswer: T4\n",
	"present":    "when: {subscriber_num: own14, not: {absent: group_number}}\nanswer: T4\n",
	"not-young":  "when: {subscriber_num: own15, not: [{age: ..64}, {last_name: VSee}, {zip: 4*}]}\nanswer: T4\n",
	"gender-3":   "when: {subscriber_num: own17, gender: 3}\nanswer: T4\n",
	"not-first":  "when: {subscriber_num: own16, not: {nth: 1}}\nanswer: T4\ncalls: [check, {wait: 1m}, check]\n",
	"limited": "when: {subscriber_num: own18}\nanswer: Success\nclinic: {rate_limit: {requests: 2, per: 30s}}\n" +
		"calls: [check, read, {wait: 1s}, read, {wait: 1s}, read, {wait: 1m}, read]\n",
	"on-monday": "when: {subscriber_num: own19}\n" +
		"answers: [{text: T4, at: mon 08:00, time_zone: America/New_York}, {text: Success, at: fri 17:30}]\n",
	"corrected": "when: {subscriber_num: [own20, own21]}\ncount_by: patient\nanswers: [\"75\", Success]\n" +
		"calls: [check, {wait: 1m}, {card: {subscriber_num: own21}}, check, {wait: 1m}, read]\n",
	"two-insurers": "when: {subscriber_num: own22}\ncount_by: patient\nanswer: Success\nclaims: [denied, paid]\n" +
		"calls: [check, {wait: 1m}, claim, {check: secondary}, {wait: 1m}, claim]\n",
	"each-insurer": "when: {subscriber_num: own23}\ncount_by: patient\nanswer: Success\nclaims: [paid, denied, CO-11]\n" +
		"calls: [check, {check: secondary}, {claim: primary}, {claim: secondary}, claim]\n",
	"no-number": "when: {code: own5}\npatient: {without: [subscriber_num]}\n" +
		"chance: [{percent: 30, answer: Success}, {percent: 70, answer: T4}]\ncalls: [check, {wait: 1m}, check]\n",
}

var alike = regexp.MustCompile(`and ([0-9]+) more like it`)

// The demo plays over the network, explain in memory. Both see the same, and the result of each check is that of the
// file.
func TestTheDemoPlaysWhatExplainForetellsForEveryScenario(t *testing.T) {
	t.Parallel()
	set, err := scenarios.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for id, text := range ownStories {
		s, err := scenarios.Load(id+".yaml", []byte("title: T\n"+text))
		if err != nil {
			t.Fatal(err)
		}
		set = append(scenarios.Set{s}, set...)
	}
	for _, s := range set {
		t.Run(s.ID, func(t *testing.T) {
			t.Parallel()
			explained, err := observe(t.Context(), ownmock.Options{Scenario: s, Scenarios: set})
			if err != nil {
				t.Fatal(err)
			}
			mock, err := ownmock.Start(t.Context(), ownmock.Options{Scenario: s, Scenarios: set, Loopback: true})
			if err != nil {
				t.Fatal(err)
			}
			defer mock.Close()
			var out bytes.Buffer
			var made calls
			demonstrated, err := observeOn(t.Context(), mock, s, newTranscript(&out, mock, s), &made)
			if diff := cmp.Diff(explained, demonstrated, cmp.AllowUnexported(line{})); err != nil || diff != "" {
				t.Errorf("%v (-explain +demo):\n%s", err, diff)
			}
			printed := out.String()
			events := 0
			for _, l := range explained {
				if l.to == receiver {
					events++
				}
			}
			n := strings.Count(printed, "< POST "+ownmock.ReceiverPath)
			for _, more := range alike.FindAllStringSubmatch(printed, -1) {
				count, _ := strconv.Atoi(more[1]) // digits
				n += count
			}
			if n != events {
				t.Errorf("the demo prints %d events, explain %d:\n%s", n, events, printed)
			}
			for i, check := range made.checks {
				want := "mock answers " + ownmock.Name(check, nil, nil) + ": " + check.Step.Response
				if check.Step.Webhook.BeforeReply {
					want = "event of " + ownmock.Name(check, nil, nil) + ", " + check.Step.Response
				}
				if has := hasLine(explained, want); check.ID == "" || has != check.Ends() {
					t.Errorf("check %d, %q: %v", i+1, want, explained)
				}
			}
			for _, visit := range made.visits {
				for _, stage := range visit.Course.Stages() {
					want := fmt.Sprintf(", %s %d", stage.Event, stage.Status)
					if !hasLine(explained, want) || visit.ID+visit.AppointmentID == "" {
						t.Errorf("no event says %q: %v", want, explained)
					}
				}
			}
			for _, claim := range made.claims {
				for _, stage := range claim.Step.Claim.Stages() {
					if want := ": " + stage.Status; claim.Step.Refused == "" && !hasLine(explained, want) {
						t.Errorf("no claim is %s: %v", stage.Status, explained)
					}
				}
			}
		})
	}
}

// One of VSee's texts ends with a full stop.
func TestATextInALineHasNoFullStopOfItsOwn(t *testing.T) {
	t.Parallel()
	var a ownmock.Arrival
	a.Data.Response = "Authorization number not found."
	if got := said(&a); got != "Authorization number not found" {
		t.Errorf("%q", got)
	}
}

// hasLine reports whether a text is in a line.
func hasLine(lines []line, text string) bool {
	for _, l := range lines {
		if strings.Contains(string(l.to)+" "+l.text, text) {
			return true
		}
	}
	return false
}

func TestEachReplyComesAfterItsRequest(t *testing.T) {
	t.Parallel()
	set, err := scenarios.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	outage, err := scenarios.Load("outage.yaml",
		[]byte("title: An outage\nwhen: {account_code: vclinic, time: 10:00..11:00}\nhttp: [{status: 503}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range append(set, outage) {
		if len(s.HTTP) == 0 {
			continue
		}
		t.Run(s.ID, func(t *testing.T) {
			t.Parallel()
			lines, err := observe(t.Context(), ownmock.Options{Scenario: s, Scenarios: scenarios.Set{s}})
			if err != nil {
				t.Fatal(err)
			}
			asked := 0
			for i, l := range lines {
				switch {
				case l.from == client && l.to == mock:
					asked++
				case l.from == mock && l.to == client:
					asked--
				}
				if asked < 0 || asked > 1 {
					t.Fatalf("%d requests without a reply at line %d: %+v", asked, i, lines)
				}
			}
			if last := lines[len(lines)-1].text; s.ID == "outage" && last != "ends the scenario here: "+nothingChecked {
				t.Errorf("the last line is %q", last)
			}
		})
	}
}
