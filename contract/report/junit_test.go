package report_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// element is the rule of the strict schemas of JUnit's XML for one element: those of Ant and Jenkins at once.
type element struct {
	required, optional map[string]string // patterns of the attributes
	sequence           []string          // the children, in this order
	required1          []string          // children that must be there
	choice             []string          // at most one of these children
}

const (
	some     = `(?s)^.+$`
	anything = `(?s)^.*$`
	integer  = `^[0-9]+$`
	decimal  = `^[0-9]+\.[0-9]{3}$`
)

var schema = map[string]element{
	"testsuite": {
		required: map[string]string{
			"name": some, "hostname": some, "tests": integer, "failures": integer, "errors": integer, "time": decimal,
			"timestamp": `^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$`,
		},
		optional:  map[string]string{"skipped": integer},
		sequence:  []string{"properties", "testcase", "system-out", "system-err"},
		required1: []string{"properties", "system-out", "system-err"},
	},
	"properties": {sequence: []string{"property"}},
	"property":   {required: map[string]string{"name": some, "value": anything}},
	"testcase": {
		required: map[string]string{
			"name": some, "classname": some, "time": decimal,
		}, choice: []string{"skipped", "error", "failure"},
	},
	"skipped":    {optional: map[string]string{"message": anything}},
	"error":      {required: map[string]string{"type": some}, optional: map[string]string{"message": anything}},
	"failure":    {required: map[string]string{"type": some}, optional: map[string]string{"message": anything}},
	"system-out": {}, "system-err": {},
}

// node is an element of a document.
type node struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []node     `xml:",any"`
}

// breaches returns the rules that a node and those below it break.
func (n node) breaches() []string {
	rule, known := schema[n.XMLName.Local]
	var found []string
	breach := func(format string, args ...any) {
		found = append(found, n.XMLName.Local+": "+fmt.Sprintf(format, args...))
	}
	if !known {
		breach("is unknown")
	}
	names := map[string]bool{}
	for _, a := range n.Attrs {
		names[a.Name.Local] = true
		pattern := rule.required[a.Name.Local] + rule.optional[a.Name.Local]
		if pattern == "" || !regexp.MustCompile(pattern).MatchString(a.Value) {
			breach("%s is %.50q", a.Name.Local, a.Value)
		}
	}
	for name := range rule.required {
		if !names[name] {
			breach("has no %s", name)
		}
	}
	place := 0
	var children []string
	for _, child := range n.Children {
		children = append(children, child.XMLName.Local)
		at := slices.Index(rule.sequence, child.XMLName.Local)
		if !slices.Contains(rule.choice, child.XMLName.Local) && at < place {
			breach("has a %s where it must not", child.XMLName.Local)
		}
		place = max(place, at)
		found = append(found, child.breaches()...)
	}
	if len(rule.choice) > 0 && len(children) > 1 {
		breach("has %q", children)
	}
	for _, name := range rule.required1 {
		if !slices.Contains(children, name) {
			breach("has no %s", name)
		}
	}
	return found
}

// isXML requires that a report follows the strict schema, with a case for each requirement and more.
func isXML(t *testing.T, text string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(text))
	var suite node
	if err := decoder.Decode(&suite); err != nil {
		t.Fatal(err)
	}
	if _, err := decoder.Token(); err != nil && !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	for _, breach := range suite.breaches() {
		t.Error(breach)
	}
	cases := 0
	for _, child := range suite.Children {
		if child.XMLName.Local == "testcase" {
			cases++
		}
	}
	if want := len(mixed().Requirements); cases < want {
		t.Errorf("%d cases, want at least %d", cases, want)
	}
}

func TestJUnitFollowsTheStrictSchema(t *testing.T) {
	t.Parallel()
	isXML(t, written(t, report.JUnit, mixed()))
	wrong := node{XMLName: xml.Name{Local: "testcase"}, Attrs: []xml.Attr{{Name: xml.Name{Local: "time"}, Value: "1"}},
		Children: []node{
			{XMLName: xml.Name{Local: "skipped"}}, {XMLName: xml.Name{Local: "error"}}, {XMLName: xml.Name{Local: "property"}},
		}}
	if got := len(wrong.breaches()); got != 8 {
		t.Errorf("a wrong case breaks %d rules: %q", got, wrong.breaches())
	}
}

// The report has a failure exactly if the run is red. Other requirements are skipped with a reason.
func TestJUnitIsRedIfTheRunIs(t *testing.T) {
	t.Parallel()
	additive := cause(
		result.Additive, result.Key{Kind: result.Undeclared, Operation: "getMe", Case: result.OK, Pointer: "/data/plan"},
	)
	of := func(state result.State, failOn result.Class, c result.Cause) result.Run {
		run := having(c)
		run.Requirements[0].State, run.FailOn = state, []result.Class{failOn}
		return run
	}
	apart := of(result.Passed, result.Breaking, forbidden())
	apart.Requirements[0].Causes = nil
	stale := with(result.Passed)
	stale.Known = mixed().Known[2:]
	known := forbidden()
	known.Known = "the gateway refuses"
	for name, tc := range map[string]struct {
		run      result.Run
		failures int
		want     string
	}{
		"failed": {of(result.Failed, result.Breaking, forbidden()), 1,
			`<failure type="breaking" message="status getMe (no-token): 401 -&gt; 403">`},
		"failed, out of --fail-on": {
			of(result.Failed, result.Unclear, forbidden()), 0,
			`<skipped message="failed, by differences left out of --fail-on: status getMe`,
		},
		"passed": {of(result.Passed, result.Breaking, additive), 0, `time="0.250"></testcase>`},
		"passed with additive fail": {
			of(result.Passed, result.Additive, additive), 1,
			`<failure type="additive" message="undeclared getMe (ok) /data/plan">`,
		},
		"blocked, and nothing failed": {
			of(result.Blocked, result.Breaking, forbidden()), 1, `<skipped message="blocked by status getMe`,
		},
		"a cause of no requirement": {apart, 1, `<testcase name="the differences"`},
		"known": {
			of(result.Known, result.Breaking, known), 0, `<skipped message="known: the gateway refuses">`,
		},
		"not testable": {
			with(result.NotTestable, result.Passed), 0, `<skipped message="not testable: no reason given">`,
		},
		"an entry is stale": {
			stale, 1, `<failure type="stale" message="it is stale (owner platform): late getUser (ok)">`,
		},
		"failed without a cause": {with(result.Failed), 1, `<failure type="failed" message="no reason given">`},
	} {
		got := written(t, report.JUnit, tc.run)
		if !strings.Contains(got, fmt.Sprintf(` failures="%d" `, tc.failures)) || !strings.Contains(got, tc.want) {
			t.Errorf("%s: not %d failures, or not %s:\n%s", name, tc.failures, tc.want, got)
		}
	}
}

// The exchange of a cause is in the first case that it fails, and not in the hundred others.
func TestAnExchangeIsInOneCase(t *testing.T) {
	t.Parallel()
	run := with(result.Failed, result.Failed, result.Failed)
	run.Causes = mixed().Causes[:1]
	for i := range run.Requirements {
		run.Requirements[i].Causes = []string{run.Causes[0].ID}
	}
	got := written(t, report.JUnit, run)
	if strings.Count(got, "GET /users/me") != 1 || strings.Count(got, "its exchange is in the case of AUTH-001") != 2 {
		t.Errorf("got\n%s", got)
	}
}
