package report_test

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// schemaURL is the $id of the schema.
const schemaURL = "https://raw.githubusercontent.com/vsee-mock/vsee-mock/main/contract/report/schema.json"

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(schemaURL, document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(schemaURL)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func TestResultsFollowTheSchemaAndCanBeRead(t *testing.T) {
	t.Parallel()
	schema := compiled(t)
	for name, run := range map[string]result.Run{"mixed": mixed(), "broken": broken(), "empty": with()} {
		for _, c := range []*result.Coverage{nil, {}, coverage()} {
			text := written(t, func(w io.Writer, run result.Run) error { return report.JSON(w, run, c) }, run)
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(value); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			again, err := report.Read(strings.NewReader(text))
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if diff := cmp.Diff(c, again.Coverage, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s (-written +read):\n%s", name, diff)
			}
			if diff := cmp.Diff(run, again.Run); diff != "" {
				t.Errorf("%s (-written +read):\n%s", name, diff)
			}
		}
	}
}

func TestTheSchemaRefusesInvalidResults(t *testing.T) {
	t.Parallel()
	text := written(t, formats()["results.json"], mixed())
	for _, change := range [][2]string{
		{`"version": 2`, `"version": 1`}, {`"state": "blocked"`, `"state": "fine"`}, {`"id": "ELIG-003"`, `"id": "elig-3"`},
		{`"run_id"`, `"run"`}, {
			`"rule": "the status must be right"`, `"rule": ""`,
		}, {`"2026-03-01T12:00:00Z"`, `"yesterday"`},
		{`"never_seen": [`, `"neverseen": [`}, {`"kind": "status"`, `"kind": "state"`}, {
			`"class": "unclear"`, `"class": "odd"`,
		},
		{`"getUser 200"`, `"getUser"`}, {`"state": "stale"`, `"state": "old"`},
	} {
		changed := strings.Replace(text, change[0], change[1], 1)
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(changed))
		if err != nil || changed == text {
			t.Fatalf("%s: %v", change[0], err)
		}
		if err := compiled(t).Validate(value); err == nil {
			t.Errorf("the schema accepts %s", change[1])
		}
	}
}

func TestInvalidResultsAreNotRead(t *testing.T) {
	t.Parallel()
	text := written(t, formats()["results.json"], mixed())
	for name, tc := range map[string]struct{ text, want string }{
		"empty": {"", "this is not a results.json of vsee-contract: unexpected end of JSON input"},
		"no JSON": {
			"<html>", "this is not a results.json of vsee-contract: invalid character '<' looking for beginning of value",
		},
		"cut off": {text[:len(text)/2], "this is not a results.json of vsee-contract: unexpected end of JSON input"},
		"two of them": {
			text + text, "this is not a results.json of vsee-contract: invalid character '{' after top-level value",
		},
		"other JSON": {`{"tests": 3}`, "this is not a results.json of vsee-contract: version is missing"},
		"another program's": {
			`{"version": 1, "url": "http://127.0.0.1:9001", "passed": 3, "cases": []}`, "this is not a results.json of " +
				"vsee-contract: it has no requirements, so it is the file of another program, such as a report of vsee-mock " +
				"gauntlet",
		},
		"older": {
			`{"version": 1, "requirements": []}`, "the results have version 1, but this vsee-contract reads only version 2: " +
				"run the tests again with this vsee-contract, or read them with the one that wrote them",
		},
		"newer": {
			`{"version": 3, "requirements": [], "news": []}`,
			"the results have version 3, but this vsee-contract reads only version 2: " +
				"run the tests again with this vsee-contract, or read them with the one that wrote them",
		},
		"unknown field": {
			`{"version": 2, "news": []}`, `this is not a results.json of vsee-contract: json: unknown field "news"`,
		},
		"nothing": {`{"version": 2}`, "the results have no causes or no requirements"},
		"no id": {
			`{"version": 2, "causes": [], "requirements": [{"state": "passed"}]}`,
			"requirement 1 of the results must have an id such as ELIG-003",
		},
		"no state": {
			`{"version": 2, "causes": [], "requirements": [{"id": "ELIG-003"}]}`,
			"requirement ELIG-003 of the results has an unknown state",
		},
		"one twice": {
			`{"version": 2, "causes": [], ` +
				`"requirements": [{"id": "ELIG-003", "state": "passed"}, {"id": "ELIG-003", "state": "failed"}]}`,
			"requirement ELIG-003 is in the results twice",
		},
		"no such cause": {
			`{"version": 2, "causes": [], "requirements": [{"id": "ELIG-003", "state": "failed", "causes": ["c-1"]}]}`,
			"requirement ELIG-003 of the results names a cause that is not there",
		},
		"another cause": {
			strings.Replace(text, `"got": "403"`, `"got": "200"`, 1),
			"cause 1 of the results has an id that does not fit its key",
		},
		"no class": {
			strings.Replace(text, `"class": "breaking"`, `"class": "odd"`, 1),
			"cause " + mixed().Causes[0].ID + " of the results has an unknown class",
		},
	} {
		_, err := report.Read(strings.NewReader(tc.text))
		if err == nil || err.Error() != tc.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A reader of the file sees the version first, and then the causes.
func TestTheResultsBeginWithTheCauses(t *testing.T) {
	t.Parallel()
	if got := written(t, formats()["results.json"], mixed()); !strings.HasPrefix(
		got, "{\n  \"version\": 2,\n  \"causes\": [\n",
	) {
		t.Errorf("they begin with %.100s", got)
	}
}
