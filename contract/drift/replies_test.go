package drift_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/contract/drift"
)

// values are the enumerations of the tests.
var values = drift.Values{"state": {"open", "closed"}}

// replies returns n equal replies.
func replies(body string, n int) []drift.Reply {
	var all []drift.Reply
	for range n {
		all = append(all, drift.Reply{Operation: "getUser", Status: 200, Body: []byte(body)})
	}
	return all
}

// Each change of a reply is one line with its verdict. Other values, the order of things and another spelling of the
// same JSON are none.
func TestEachChangeOfAReplyIsOneLine(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ before, now, want string }{
		"the same": {`{"data": {"a": 1}}`, `{"data": {"a": 1}}`, ""},
		"a new field": {
			`{"data": {"a": 1}}`, `{"data": {"a": 1, "b": {"c": 2}}}`, "additive added: getUser 200 /data/b is new",
		},
		"a new field that is null": {
			`{"data": {"a": 1}}`, `{"data": {"a": 1, "b": null}}`, "additive added: getUser 200 /data/b is new",
		},
		"null instead of a text": {`{"a": "x"}`, `{"a": null}`, "breaking changed: getUser 200 /a: string -> null"},
		"a text instead of null": {
			`{"a": null}`, `{"a": "x"}`, "additive added: getUser 200 /a is no longer null alone",
		},
		"a number instead of a text": {
			`{"a": "12"}`, `{"a": 12}`, "breaking changed: getUser 200 /a: string -> integer",
		},
		"a fraction instead of an integer": {
			`{"a": 12}`, `{"a": 12.5}`, "breaking changed: getUser 200 /a: integer -> number",
		},
		"an integer among fractions":   {`{"a": 12.5}`, `{"a": 12}`, ""},
		"another spelling of a number": {`{"a": 1200}`, `{"a": 1.2e3}`, ""},
		"a zero behind the point":      {`{"a": 12}`, `{"a": 12.0}`, ""},
		"another spelling of a text":   {`{"a": "b/c"}`, `{"a": "\u0062\/c"}`, ""},
		"another id, token and time": {
			`{"id": "u1", "token": "abc", "at": 1767225600}`, `{"id": "u2", "token": "def", "at": 1767225601}`, "",
		},
		"fields in another order":     {`{"a": 1, "b": 2}`, `{"b": 2, "a": 1}`, ""},
		"items in another order":      {`[{"a": 1}, {"a": "x"}]`, `[{"a": "x"}, {"a": 1}]`, ""},
		"more items":                  {`[{"a": 1}]`, `[{"a": 1}, {"a": 2}]`, ""},
		"no items any more":           {`[{"a": 1}]`, `[]`, ""},
		"items for the first time":    {`{"a": []}`, `{"a": [{"b": 1}]}`, ""},
		"a map by ids":                {`{"a": {"2026-01-01": {"b": 1}}}`, `{"a": {"2026-01-02": {"b": 1}}}`, ""},
		"a list instead of an object": {`{"a": {}}`, `{"a": []}`, "breaking changed: getUser 200 /a: object -> array"},
		"a field is gone": {
			`{"data": {"a": 1, "b": {"c": 2}}}`, `{"data": {"a": 1}}`, "breaking removed: getUser 200 /data/b is gone",
		},
		"an object around is gone": {
			`{"data": {"a": 1, "b": 2}}`, `{"a": 1, "b": 2}`,
			"breaking removed: getUser 200 /data is gone, and its fields are beside it",
		},
		"an object and its fields": {`{"data": {"a": 1}, "c": 1}`, `{"a": "1", "c": 1}`,
			"breaking removed: getUser 200 /data is gone; additive added: getUser 200 /a is new"},
		"a field has moved and changed": {`{"a": {"b": 1}, "c": {"b": 1}}`, `{"a": {}, "c": {"b": "1"}}`,
			"breaking changed: getUser 200 /c/b: integer -> string; breaking removed: getUser 200 /a/b is gone"},
		"a known value": {`{"state": "open"}`, `{"state": "closed"}`, ""},
		"an unknown value": {
			`{"state": "open"}`, `{"state": "half open"}`,
			`unclear unknown value: getUser 200 /state has the unknown value "half open"`,
		},
		"the same unknown value": {`{"state": "half open"}`, `{"state": "half open"}`, ""},
		"a page instead of JSON": {`{"a": 1}`, `<p>`, "breaking changed: getUser 200: object -> no JSON"},
	} {
		for _, n := range []int{1, 40} { // one line, however many replies
			var got []string
			for _, l := range drift.Replies(replies(tc.before, n), replies(tc.now, n), values) {
				got = append(got, string(l.Class)+" "+string(l.Verdict)+": "+l.Text)
			}
			if diff := cmp.Diff(tc.want, strings.Join(got, "; ")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
}
