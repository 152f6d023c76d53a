package scenarios_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// said has the possible contents of a place in a file: each line has a key and its values. The values behind the bar
// break a rule beyond any schema, such as the limit on a span.
var said = []struct {
	file  string // with %s for the keys and values
	lines string
}{
	{"when: {nth: 1}\nanswer: Success\nwebhook: {%s}", `
drop: true, false, 1
refused: 1, 9, 10, -1
duplicate: 2, 1000, 1001, two
duplicate: {times: 2, at_once: true}, {times: 3}, {times: 1, at_once: true}, {at_once: true}, {times: 2, once: true}
burst: 3, x
hold: next, 5m, soon, -5m | 721h
before_reply: true
after_read: true
signature: bad, old, odd
timestamp: stale, future, late
altered: true
extra_field: true
numeric_member_id: true
slow: 3s, 1m, 3 | 2m
gzip: true
attempts: 1, 0.5`},
	{"when: {nth: 1}\nanswer: Success\nclaim: paid\nclaim_webhook: {%s}", `
drop: true
refused: 1
duplicate: 2
burst: 3
hold: next
before_reply: true
after_read: true
signature: bad, odd
altered: true
slow: 1s | 2m
attempts: 1`},
	{"when: {nth: 1}\nanswers: [{text: Success, webhook: {%s}}, silent]", `
refused: 1, 10
signature: bad, odd
numeric_member_id: true
slow: 3s | 2m`},
	{"when: {nth: 1}\nhttp: [{%s}]", `
operation: getUser, getUsers
from: 1, 1000, 1001, 0
times: 1, 0
probability: 0.5, 1, 1.5, -1
latency: 2s, 1s..3s, 200ms~5s, soon
status: 500, 429, 503, 501
retry_after: 30s | 25h, 1.5s
until_retry_after: true
reset: true
truncated: true
slow: 1s | 2m
malformed: true
html: true`},
	{"when: {nth: 1}\nanswer: Success\nclaim: {%s}", `
outcome: paid, partly_paid, denied, rejected, silent, lost
status: A3:21, A1:19, "21"
adjustments: [{code: CO-97}], [{code: CO-97, amount: 10}], [{code: PR-1, percent: 20}], [{code: X}], [{amount: 10}]
adjustments: [{code: PR-1, line: 2}]
after: submitted, accepted, paid
acknowledge_after: 1h, 1 | 8761h
accept_after: 0s
pay_after: 24h`},
	{"when: {nth: 1}\nanswer: Success\nclaim: {outcome: partly_paid, adjustments: [{%s}]}", `
code: CO-97, PR-1, AB-1, CO97
line: 1, 50, 51
amount: 10, "10.50", 10.505, -1
percent: 20, 100, 101
remarks: [N130], [M1, MA2], [X1]`},
	{"when: {nth: 1}\nvisit: {%s}", `
outcome: completed, unanswered, left, cancelled, missed, over
type: walk_in, appointment, econsult
pickup_after: 1m, 1 | 8761h
end_after: 0s, 5m
note_after: 1h
invoice_after: 1h
refund_after: 1h`},
	{"when: {nth: 1}\nanswer: {%s}", `
text: Success, 80, Nothing
silent: true
undocumented: true | false
after: 1h, 5s..20s, 1, 5s.. | 20s..5s
chance: [{percent: 80, answer: Success}, {percent: 20, answer: silent}], [{percent: 100}], [{percent: 0, answer: 80}]
chance: [{percent: 100, answer: {text: T4, after: 1s..2s}}], [{percent: 100, answer: {text: Success}, if: 1}]
chance: [{percent: 1, answer: {}}] | [{percent: 60, answer: Success}, {percent: 60, answer: 80}]
at: 17:30, 2026-01-31T17:30:00Z, 25:30, noon | 2026-02-30T17:30:00Z`},
	{"when: {nth: 1}\nanswer: Success\ncalls: [check, {%s}]", `
check: primary, secondary, both
claim: new, again, old
visit: true
read: true
wait: 10m, 10`},
	{"when: {%s}\nanswer: Success", `
subscriber_num: 12, [12, 0013]
card: primary, [primary, secondary], both
respparty: self, parent
dob: 1986-01-01, 1986-*, 1980-01-01.., x* | 1986-02-30
guarantor_dob: ..1960-12-31, ..
gender: female, [1, "3"], other
age: 40, "65..", ..17, [0, 18..64], old, 1.5 | 64..18
time_zone: America/New_York, 5 | Mars/Olympus
absent: group_number, [email, zip], code
not: {card: secondary}, [{weekday: sat}, {absent: [dob], age: 1}], {nth: 0}, secondary | {not: {nth: 1}}, {}
nth: 1, [1, "2"], 0, 1001
weekday: mon, [sat, sun], Mon
date: 2026-12-24..2026-12-26, 2026-12-24.., ..2026-12-26, soon | 2026-02-30, 2026-12-26..2026-12-24
time: 22:00..06:00, 22:00 | 22:00..22:00`},
	{"when: {nth: 1}\nanswer: Success\npatient: {%s}", `
card: primary, both
dob: 1986-01-01, 1986 | 1986-02-30
guarantor_dob: 1986-01-01, soon
respparty: self, parent
gender: 1, "2", male, 3, other
without: [dob], [gender, subscriber_num], [email]`},
	{"title: T\n%s", `
when: {nth: 1}, {nth: 2}
answer: Success, {primary: Success}
answers: [Success]
chance: [{percent: 100, answer: Success}], Success
claim: paid
claims: [paid, denied]
visit: completed, paid
webhook: {gzip: true}
claim_webhook: {gzip: true}
http: [{reset: true}]
expect: Success, Nothing | no answer
preview: {first_name: Pat}
labels: [mock-only], [eligibility]
version: v1, v2`},
}

// option is a key with a value.
type option struct {
	key, value string
	unseen     bool // no schema can see the error
}

func optionsOf(lines string) []option {
	var options []option
	for line := range strings.SplitSeq(strings.TrimSpace(lines), "\n") {
		key, values, _ := strings.Cut(line, ": ")
		seen, unseen, _ := strings.Cut(values, " | ")
		for _, list := range []string{seen, unseen} {
			depth, start := 0, 0
			for i, c := range list + "," {
				switch {
				case c == '[' || c == '{':
					depth++
				case c == ']' || c == '}':
					depth--
				case c == ',' && depth == 0:
					if value := strings.TrimSpace(list[start:i]); value != "" {
						options = append(options, option{key, value, list != seen})
					}
					start = i + 1
				}
			}
		}
	}
	return options
}

// Every one and two, and some three, of the keys get the same verdict from the loader and from the schema.
func TestTheLoaderAndTheSchemaSayTheSameOfEveryFewKeys(t *testing.T) {
	t.Parallel()
	right, wrong := 0, 0
	for _, place := range said {
		options := optionsOf(place.lines)
		for i := range options {
			for j := range i + 1 {
				for k := range j + 1 {
					if k != j && (i+j+k)%80 > 0 {
						continue // some of every three are enough
					}
					some := slices.CompactFunc([]option{options[k], options[j], options[i]}, func(a, b option) bool { return a == b })
					if sameVerdict(t, place.file, some) {
						right++
					} else {
						wrong++
					}
				}
			}
		}
	}
	t.Logf("%d right, %d wrong", right, wrong)
	if right < 100 || wrong < 1000 {
		t.Error("these are too few")
	}
}

// sameVerdict requires the same verdict on a file, and reports whether it is right.
func sameVerdict(t *testing.T, file string, some []option) bool {
	t.Helper()
	flow, unseen, keys := []string{}, false, map[string]bool{}
	for _, o := range some {
		if keys[o.key] {
			return true // YAML itself refuses it
		}
		keys[o.key] = true
		flow, unseen = append(flow, o.key+": "+o.value), unseen || o.unseen
	}
	between, title := ", ", "title: T\n"
	if strings.HasPrefix(file, title) {
		between, title = "\n", ""
	}
	text := title + fmt.Sprintf(file, strings.Join(flow, between)) + "\n"
	_, byLoader := scenarios.Load("a.yaml", []byte(text))
	byRules := bySchema(t, []byte(text))
	if (byLoader == nil) != (byRules == nil) && (!unseen || byRules != nil) {
		t.Errorf("%s\nthe loader says %v,\nthe schema %v", text, byLoader, byRules)
	}
	return byLoader == nil
}
