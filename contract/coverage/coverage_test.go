package coverage_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/contract/coverage"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

const small = `openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /x:
    get:
      operationId: x
      responses:
        '204': {description: nothing}
        '200':
          description: d
          content:
            application/json:
              schema:
                type: object
                properties:
                  state: {type: integer, enum: [1, 2]}
                  extra: {type: object, additionalProperties: true}
                  list:
                    type: array
                    items:
                      allOf:
                        - {type: object, properties: {a: {type: string, enum: [p, q]}}}
                        - {type: object, properties: {b: {type: boolean}}}
`

const asJSON = "application/json; charset=utf-8"

func tracker(t testing.TB, text string) *coverage.Tracker {
	t.Helper()
	doc, err := apispec.Load([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return coverage.New(doc)
}

// lines returns parts as text.
func lines(parts []result.Part) []string {
	var all []string
	for _, part := range parts {
		all = append(all, part.String())
	}
	return all
}

func of(c result.Coverage, state string) []result.Part {
	return map[string][]result.Part{"seen": c.Seen, "never seen": c.Never, "undeclared": c.Undeclared}[state]
}

func TestTheReportListsThePartsOfReplies(t *testing.T) {
	t.Parallel()
	tracked := tracker(t, small)
	tracked.Saw(
		"x", 200, asJSON, []byte(`{"state": 2, "list": [{"a": "q", "c": 1}], "extra": {"mine": 1}, "Lovelace": 1}`),
	)
	tracked.Saw("x", 200, asJSON, []byte(`{"state": 3, "list": [{"a": "Lovelace"}]}`))
	tracked.Saw("x", 500, "text/html", []byte("<p>Lovelace"))
	tracked.Saw("x", 500, "x-lovelace/y", []byte("Lovelace"))
	tracked.Saw("y", 200, asJSON, []byte(`{}`))
	got := tracked.Report()
	for state, want := range map[string][]string{
		"seen": {
			"x 200", "x 200 application/json", "x 200 application/json /extra", "x 200 application/json /list",
			"x 200 application/json /list/*/a",
			`x 200 application/json /list/*/a="q"`, "x 200 application/json /state", "x 200 application/json /state=2",
		},
		"never seen": {
			"x 200 application/json /list/*/a=\"p\"", "x 200 application/json /list/*/b", "x 200 application/json /state=1",
			"x 204",
		},
		"undeclared": {
			"x 200 application/json /*", "x 200 application/json /list/*/a=\"Lovelace\"", "x 200 application/json /list/*/c",
			"x 200 application/json /state=3",
			"x 500", "x 500 other", "x 500 text/html",
		},
	} {
		if diff := cmp.Diff(want, lines(of(got, state))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", state, diff)
		}
	}
}

// A field that some of the objects around it lack has their numbers. Fields in each and in none have none.
func TestTheReportCountsTheObjectsWithoutAField(t *testing.T) {
	t.Parallel()
	tracked := tracker(t, small)
	for _, body := range []string{
		`{"state": 2, "list": [{"a": "q", "c": 1}, {"a": "p", "b": true}, {"a": "p"}], "extra": {}}`, `{"state": 2}`, `[]`,
	} {
		tracked.Saw("x", 200, asJSON, []byte(body))
	}
	in := result.Part{Operation: "x", Status: 200, MediaType: "application/json"}
	at := func(pointer string) result.Part {
		in.Pointer = pointer
		return in
	}
	want := map[result.Part]result.Gap{
		at("/extra"): {Without: 1, Of: 2}, at("/list"): {Without: 1, Of: 2}, at("/list/*/b"): {Without: 2, Of: 3},
	}
	if diff := cmp.Diff(want, tracked.Report().Gaps); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The parts of an event have its type and envelope. They include each reject reason.
func TestTheReportListsThePartsOfEvents(t *testing.T) {
	t.Parallel()
	tracked := tracker(t, string(vseemock.OpenAPI()))
	const payload = `{"id": "x", "type": "eligibility.checked", "clinic": 1, "Lovelace": 1, ` +
		`"data": {"eligibility_response": "Success", "plan": "Lovelace"}}`
	tracked.SawEvent("eligibility.checked", "unversioned", []byte(payload))
	tracked.SawEvent("eligibility.checked", "2.0", []byte(`{"data": {"eligibility_response": "Coverage terminated"}}`))
	tracked.SawEvent("eligibility.checked", "3.0", []byte(payload))
	tracked.SawEvent("Lovelace", "unversioned", []byte(payload))
	got := tracked.Report()
	for state, want := range map[string][]string{
		"seen": {
			"eligibility.checked 2.0", "eligibility.checked 2.0 /data", "eligibility.checked 2.0 /data/eligibility_response",
			"eligibility.checked unversioned", "eligibility.checked unversioned /data",
			"eligibility.checked unversioned /data/eligibility_response",
			`eligibility.checked unversioned /data/eligibility_response="Success"`, "eligibility.checked unversioned /id",
			"eligibility.checked unversioned /type", `eligibility.checked unversioned /type="eligibility.checked"`,
		},
		"undeclared": {
			`eligibility.checked 2.0 /data/eligibility_response="Coverage terminated"`,
			"eligibility.checked unversioned /*", "eligibility.checked unversioned /clinic",
			"eligibility.checked unversioned /data/plan",
		},
	} {
		if diff := cmp.Diff(want, lines(of(got, state))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", state, diff)
		}
	}
	never := strings.Join(lines(got.Never), "\n")
	for _, want := range []string{
		"eligibility.checked 1.0\n", "eligibility.checked 1.0 /data/member_id\n", `eligibility.checked 1.0 /version="1.0"`,
		"eligibility.checked 2.0 /clinic_code\n",
		"eligibility.checked unversioned /account_code\n",
		`eligibility.checked unversioned /data/eligibility_response="Out of Network"`,
	} {
		if !strings.Contains(never, want) {
			t.Errorf("%q is not among the parts never seen", want)
		}
	}
}

func TestTheReportIsTheSameAfterJSON(t *testing.T) {
	t.Parallel()
	tracked := tracker(t, small)
	tracked.Saw("x", 204, "", nil)
	want := tracked.Report()
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got result.Coverage
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if strings.Contains(string(text), "null") {
		t.Errorf("the JSON has a null: %s", text)
	}
}

func TestATrackerIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	one, many := tracker(t, small), tracker(t, small)
	var all sync.WaitGroup
	for i := range 32 {
		body := []byte(`{"state": ` + string("12"[i%2]) + `}`)
		one.Saw("x", 200, asJSON, body)
		all.Go(func() {
			many.Saw("x", 200, asJSON, body)
			many.Report()
		})
	}
	all.Wait()
	if diff := cmp.Diff(one.Report(), many.Report()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOpenAPIDeclaresNestedFieldsAndValues(t *testing.T) {
	t.Parallel()
	tracked := tracker(t, string(vseemock.OpenAPI()))
	tracked.Saw("signOn", 200, asJSON, []byte(`{"data": {"token": {"refresh_token": {"expiry": 1}}, "gender": 1}}`))
	c := tracked.Report()
	seen := strings.Join(lines(c.Seen), "\n")
	for _, want := range []string{
		"signOn 200 application/json /data/token/refresh_token/expiry", "signOn 200 application/json /data/gender=1",
	} {
		if !strings.Contains(seen, want) {
			t.Errorf("%s is not among the parts seen:\n%s", want, seen)
		}
	}
	if never := strings.Join(lines(c.Never), "\n"); !strings.Contains(
		never, `getUser 200 application/json /data/user_data/primary/eligibility_response="Out of Network"`,
	) {
		t.Error("a reject reason of a card is not among the parts never seen")
	}
	if u := lines(c.Undeclared); u != nil {
		t.Errorf("undeclared: %s", u)
	}
}

func FuzzSaw(f *testing.F) {
	for _, body := range []string{
		`{"data": {"id": "1", "clinics": [1]}}`, "[[[[[[[[[[[[[[[[[[[[[[[[", `{"": {"~/": 1}}`, "x",
	} {
		f.Add("application/json", body)
	}
	tracked := tracker(f, string(vseemock.OpenAPI()))
	f.Fuzz(func(_ *testing.T, contentType, body string) {
		tracked.Saw("getUser", 200, contentType, []byte(body))
	})
}

// Messages are counted. A value of an enumerated field is shown, unless it is no short text.
func TestMessagesAreCountedAndLongTextsAreNotShown(t *testing.T) {
	t.Parallel()
	tracked := tracker(t, small)
	tracked.Saw("x", 200, asJSON, []byte(`{"list": [{"a": "`+strings.Repeat("Lovelace ", 50)+`"}, {"a": "r"}]}`))
	tracked.Saw("x", 204, "", nil)
	tracked.Saw("y", 204, "", nil)
	c := tracked.Report()
	if diff := cmp.Diff(map[string]int{"x": 2}, c.Messages); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want := []string{`x 200 application/json /list/*/a="r"`, `x 200 application/json /list/*/a="string"`}
	if diff := cmp.Diff(want, lines(c.Undeclared)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
