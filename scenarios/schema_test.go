package scenarios_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/vsee-mock/vsee-mock/internal/golden"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

func TestTheSchemaIsThatOfTheTypes(t *testing.T) {
	t.Parallel()
	made := makeSchema(t)
	golden.Is(t, "schema.json", string(made))
}

// An editor shows beside each key of claims a note: VSee has not defined claims.
func TestTheSchemaSaysWhoseClaimsAre(t *testing.T) {
	t.Parallel()
	var said struct {
		Properties map[string]struct{ Description string }
		Defs       map[string]struct {
			Description string
			Properties  map[string]struct{ Description string }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(scenarios.Schema(), &said); err != nil {
		t.Fatal(err)
	}
	for place, description := range map[string]string{
		"claim": said.Properties["claim"].Description, "claims": said.Properties["claims"].Description,
		"claim_webhook": said.Properties["claim_webhook"].Description,
		"a call":        said.Defs["CallFields"].Properties["claim"].Description,
		"Claim":         said.Defs["Claim"].Description, "Claims": said.Defs["Claims"].Description,
	} {
		if !strings.Contains(description, "VSee has not defined") {
			t.Errorf("%s: %q", place, description)
		}
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

// bySchema returns the schema's error for a file.
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

// beyond are the wrong files with a mistake that no schema sees: calendars, the order of spans, meaningless
// combinations, and YAML itself.
var beyond = []string{
	"anchor", "bad-span", "answer-webhook-before-the-reply", "before-reply-with-a-time", "claim-too-late",
	"visit-too-late",
	"card-that-is-not-answered", "claim-correction-of-a-rejected",
	"chance-expected", "chance-of-120", "chance-of-chance", "chance-preview",
	"reversed-after", "reversed-cron-delay", "age-reversed", "date-reversed", "bad-zone", "zone-of-this-computer",
	"not-of-nothing", "not-of-not", "not-of-every-card", "absent-and-wanted",
	"expect-beyond-the-last", "impossible-date",
	"no-token-life", "patient-with-another-card", "retry-after-days",
	"tag", "two-documents", "webhook-slow",
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

// Near the border of right and wrong, too, the schema and the loader agree, apart from mistakes beyond the schema.
func TestTheSchemaAndTheLoaderAgree(t *testing.T) {
	t.Parallel()
	const none, loader, schema = "", "loader", "schema" // the side that refuses it, where they differ
	for text, alone := range map[string]string{
		"when: {nth: 0}\nanswer: Success":                                                  none,
		"when: {nth: 1000}\nanswer: Success":                                               none,
		"when: {nth: 1001}\nanswer: Success":                                               none,
		"when: {nth: 02}\nanswer: Success":                                                 loader,
		"when: {weekday: [mon, fri]}\nanswer: Success":                                     none,
		"when: {weekday: Mon}\nanswer: Success":                                            none,
		"when: {card: both}\nanswer: Success":                                              none,
		"when: {}\nanswer: Success":                                                        none,
		"when: {dob: \"19??-*\"}\nanswer: Success":                                         none,
		"when: {dob: 1986-13-01}\nanswer: Success":                                         none,
		"when: {dob: 1986-02-30}\nanswer: Success":                                         loader,
		"when: {date: 2030-02-01..2030-01-01}\nanswer: Success":                            loader,
		"when: {time: 24:00..01:00}\nanswer: Success":                                      none,
		"when: {time: 01:00..01:00}\nanswer: Success":                                      loader,
		"when: {time: 1:00..02:00}\nanswer: Success":                                       none,
		"when: {code: []}\nanswer: Success":                                                none,
		"when: {code: \"\"}\nanswer: Success":                                              none,
		"when: {code: 1.50}\nanswer: Success":                                              none,
		"when: {nth: 1}\nanswer: no answer":                                                none,
		"when: {nth: 1}\nanswer: {text: silent}":                                           none,
		"when: {nth: 1}\nanswer: {text: 80, at: 17:30}":                                    none,
		"when: {nth: 1}\nanswer: {text: 80, at: 25:30}":                                    none,
		"when: {nth: 1}\nanswer: {primary: 80, text: 80}":                                  none,
		"when: {nth: 1}\nanswer: {}":                                                       none,
		"when: {nth: 1}\nanswers: []":                                                      none,
		"answers: []":                                                                      none,
		"when: {nth: 1}\nanswers: {primary: []}":                                           none,
		"when: {nth: 1}\nanswer: [80, 75]":                                                 none,
		"when: {nth: 1}\nhttp: []":                                                         loader,
		"when: {nth: 1}\nhttp: [{status: 500, times: 1000}]":                               none,
		"when: {nth: 1}\nhttp: [{status: 500, times: 1001}]":                               none,
		"when: {nth: 1}\nhttp: [{status: 500, from: 1000}]":                                none,
		"when: {nth: 1}\nhttp: [{status: 500, from: 1001}]":                                none,
		"when: {nth: 1}\nhttp: [{status: 500, from: 0}]":                                   none,
		"when: {nth: 1}\nhttp: [{status: 500, times: 0}]":                                  none,
		"when: {nth: 1}\nhttp: [{status: 500, probability: 0}]":                            none,
		"when: {nth: 1}\nhttp: [{status: 500, probability: 0.0}]":                          none,
		"when: {nth: 1}\nhttp: [{status: 500, probability: 1}]":                            none,
		"when: {nth: 1}\nhttp: [{status: 501}]":                                            none,
		"when: {nth: 1}\nhttp: [{status: 99999999999999999999999}]":                        none,
		"when: {nth: 1}\nhttp: [{status: 500, retry_after: 3s}]":                           none,
		"when: {nth: 1}\nhttp: [{status: 429, retry_after: 24h}]":                          none,
		"when: {nth: 1}\nhttp: [{status: 429, retry_after: 25h}]":                          loader,
		"when: {nth: 1}\nhttp: [" + strings.Repeat("{reset: true}, ", 100) + "]":           none,
		"when: {nth: 1}\nhttp: [" + strings.Repeat("{reset: true}, ", 101) + "]":           none,
		"when: {nth: 1}\nhttp: [{operation: getUsers, status: 500}]":                       none,
		"when: {nth: 1}\nhttp: [{latency: 2m}]":                                            loader,
		"when: {nth: 1}\nhttp: [{latency: 3s..1s}]":                                        loader,
		"expect: Success\nclinic: {cron_delay: 0s}":                                        loader,
		"when: {nth: 1}\nanswer: {text: T4, at: mon 08:00, time_zone: Asia/Tokyo}":         none,
		"when: {nth: 1}\nanswer: {text: T4, at: monday 08:00}":                             none,
		"when: {nth: 1}\nanswer: {text: T4, at: mon 8:00}":                                 none,
		"when: {nth: 1}\nanswer: {text: T4, after: 1h, time_zone: Asia/Tokyo}":             none,
		"when: {nth: 1}\nanswer: {text: T4, at: \"2026-01-31T08:30:00Z\", time_zone: UTC}": none,
		"when: {nth: 1}\nanswer: T4\ncount_by: patient":                                    none,
		"when: {nth: 1}\nanswer: T4\ncount_by: card":                                       none,
		"expect: Success\nclinic: {token_life: 720h}":                                      none,
		"expect: Success\nclinic: {token_life: 721h}":                                      loader,
		"expect: Success\nclinic: {rate_limit: {requests: 5, per: 1m}}":                    none,
		"expect: Success\nclinic: {rate_limit: {per: 1m}}":                                 none,
		"expect: Success\nclinic: {rate_limit: {requests: 5, per: 25h}}":                   loader,
		"expect: no answer":                                                                none,
		"expect: silent":                                                                   none, "expect: [80, T4]": none,
		"version: v2\nexpect: Success":                                            none,
		"when: {code: c}\nanswer: Success\nexpect: [Success, Out of Network]":     loader,
		"when: {card: primary}\nanswer: Success\nwebhook: {refused: 10}":          none,
		"when: {nth: 1}\nanswer: Success\ncalls: [check, {wait: 1h, read: true}]": none,
		"when: {nth: 1}\nanswer: Success\npatient: {gender: 3}":                   none,
	} {
		data := []byte("title: T\n" + text + "\n")
		_, byLoader := scenarios.Load("a.yaml", data)
		said := bySchema(t, data)
		got := none
		switch {
		case byLoader != nil && said == nil:
			got = loader
		case byLoader == nil && said != nil:
			got = schema
		}
		if got != alone {
			t.Errorf("%.90s: the loader says %v, the schema %v", text, byLoader, said)
		}
	}
}

// The short forms are in the schema, too.
func TestTheSchemaTakesTheShortForms(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"answer: 80", `answer: "04"`, "answer: 04", "answer: aa", "answer: silent", "answer: {text: T4, after: 1h30m}",
		"answer: {silent: true}",
		"answer: {primary: 75, secondary: {text: Success, at: 17:30}}", "answers: [Success, silent]",
		"answers: {secondary: [75, Success]}",
		"answers: Success", "answer: Success\ncalls: [check, {wait: 1.5s}, read, {check: secondary}]",
		"answer: Success\nwebhook: {hold: next, slow: 3s, attempts: 1}",
		"answer: Success\nwebhook: {hold: 5m, before_reply: false}",
		"http: [{latency: 2s}, {latency: 1s..3s, status: 503, retry_after: 30s}, {latency: 200ms~5s}]",
		"answer: Success\nclinic: {cron_delay: 1s, token_life: 1h, webhook: false}",
		"answer: Success\nexpect: [Success]\npatient: {gender: 2, subscriber_num: 0012}",
	} {
		data := []byte("title: T\nwhen: {nth: [1, \"2\"], date: [2030-01-01..2030-02-01, \"2030-*\"], subscriber_num: 12, " +
			"weekday: sat}\n" + text + "\n")
		if _, err := scenarios.Load("a.yaml", data); err != nil {
			t.Errorf("%s: %s", text, err)
		}
		if err := bySchema(t, data); err != nil {
			t.Errorf("%s: %s", text, err)
		}
	}
}
