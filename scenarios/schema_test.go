package scenarios_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

func TestTheSchemaIsThatOfTheTypes(t *testing.T) {
	t.Parallel()
	made := makeSchema(t)
	if *update {
		if err := os.WriteFile("schema.json", made, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(scenarios.Schema()), string(made)); diff != "" {
		t.Errorf("schema.json (-file +types); -update writes it:\n%s", diff)
	}
}

// compiled is the schema as it is held to.
var compiled = sync.OnceValues(func() (*jsonschema.Schema, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(scenarios.Schema()))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(scenarios.SchemaURL, document); err != nil {
		return nil, err
	}
	return compiler.Compile(scenarios.SchemaURL)
})

// bySchema returns what the schema says against a file.
func bySchema(t *testing.T, data []byte) error {
	t.Helper()
	schema, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	text, err := yaml.YAMLToJSON(data)
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

func TestTheSchemaTakesTheCatalogue(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("*.yaml")
	if err != nil || len(paths) < 10 {
		t.Fatalf("%d files, %v", len(paths), err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := bySchema(t, data); err != nil {
			t.Errorf("%s: %s", path, err)
		}
	}
}

// beyond are the wrong files whose mistake no schema sees: calendars, spans in order, what means nothing together, and
// YAML itself.
var beyond = []string{
	"anchor", "bad-span", "before-reply-with-a-time", "card-that-is-not-answered", "impossible-date", "patient-with-another-card",
	"tag", "two-documents", "webhook-attempts-of-nothing", "webhook-dropped-twice", "webhook-slow",
}

func TestTheSchemaRefusesWhatIsWrong(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/wrong/*.yaml")
	if err != nil || len(paths) < 20 {
		t.Fatalf("%d files, %v", len(paths), err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(path), ".yaml")
		if err := bySchema(t, data); (err == nil) != slices.Contains(beyond, name) {
			t.Errorf("%s: the schema says %v", name, err)
		}
	}
}

// What is short for something is in the schema, too.
func TestTheSchemaTakesTheShortForms(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"answer: 80", `answer: "04"`, "answer: 04", "answer: aa", "answer: silent", "answer: {text: T4, after: 1h30m}", "answer: {silent: true}",
		"answer: {primary: 75, secondary: {text: Success, at: 17:30}}", "answers: [Success, silent]", "answers: {secondary: [75, Success]}",
		"answers: Success", "answer: Success\ncalls: [check, {wait: 1.5s}, read, {check: secondary}]",
		"answer: Success\nwebhook: {hold: next, slow: 3s, attempts: 1}", "answer: Success\nwebhook: {hold: 5m, before_reply: false}",
		"http: [{latency: 2s}, {latency: 1s..3s, status: 503, retry_after: 30s}, {latency: 200ms~5s}]",
		"answer: Success\nclinic: {cron_delay: 0s, token_life: 1h, webhook: false}",
		"answer: Success\nexpect: [Success]\npatient: {gender: 2, subscriber_num: 0012}",
	} {
		data := []byte("title: T\nwhen: {nth: [1, \"2\"], date: [2030-01-01..2030-02-01, \"2030-*\"], subscriber_num: 12, weekday: sat}\n" + text + "\n")
		if _, err := scenarios.Load("a.yaml", data); err != nil {
			t.Errorf("%s: %s", text, err)
		}
		if err := bySchema(t, data); err != nil {
			t.Errorf("%s: %s", text, err)
		}
	}
}
