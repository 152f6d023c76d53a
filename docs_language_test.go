package vseemock_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

func TestTheReadmesGoIsTested(t *testing.T) {
	t.Parallel()
	tested, err := os.ReadFile("mockserver/mocktest/example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range blocks(t, "README.md", "go") {
		if !strings.Contains(string(tested), code) {
			t.Errorf("the README has this, and the tested example does not:\n%s", code)
		}
	}
}

func TestThePagesScenariosLoad(t *testing.T) {
	t.Parallel()
	for _, code := range blocks(t, "docs/scenarios.md", "yaml") {
		if _, err := scenarios.Load("docs/scenarios.md", []byte(code)); err != nil {
			t.Error(err)
		}
	}
}

// Each line of the table of misbehaviours is valid in a scenario, and the table has every misbehaviour.
func TestThePageOfWebhooksHasEachMisbehaviour(t *testing.T) {
	t.Parallel()
	var words []string
	for _, line := range regexp.MustCompile("(?m)^\\| `(webhook: \\{.*\\})` \\|").FindAllStringSubmatch(page(t,
		"docs/webhooks.md"), -1) {
		text := "title: Line\nwhen: {subscriber_num: \"1\"}\nanswer: Success\n" + line[1] + "\n"
		if _, err := scenarios.Load("line.yaml", []byte(text)); err != nil {
			t.Errorf("%s: %s", line[1], err)
		}
		words = append(words, line[1])
	}
	fields := reflect.TypeFor[scenarios.Webhook]()
	for _, key := range keysOf(fields) {
		if !strings.Contains(strings.Join(words, "\n"), key+":") {
			t.Errorf("the page has no line for %s", key)
		}
	}
}

// A clinic accepts each webhook setting listed on the page, and shows it afterwards.
func TestThePagesWebhookSettingsAreTaken(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	rows := regexp.MustCompile("(?m)^\\| `(\"[^`]*)` \\|").FindAllStringSubmatch(page(t, "docs/webhooks.md"), -1)
	if len(rows) < 14 {
		t.Fatalf("the page lists %d settings", len(rows))
	}
	for _, row := range rows {
		var setting map[string]any
		if err := json.Unmarshal([]byte("{"+row[1]+"}"), &setting); err != nil {
			t.Fatalf("%s: %s", row[1], err)
		}
		c := mock.NewClinic(t, clinic.Settings{AccountCode: "readme"})
		var shown struct{ Webhook map[string]any }
		c.Control(t, http.MethodPatch, "", map[string]any{"webhook": setting}, &shown)
		for name, value := range setting {
			list, isList := value.([]any) // of time spans, shown in the format of Go
			if got, _ := shown.Webhook[name].([]any); isList && len(got) == len(list) {
				continue
			}
			if diff := cmp.Diff(value, shown.Webhook[name]); diff != "" {
				t.Errorf("%s (-sent +shown):\n%s", row[1], diff)
			}
		}
		c.Control(t, http.MethodDelete, "", nil, nil)
	}
}

// Each key of the language has a line in the page, with an example that loads; and each field of when is named.
func TestThePageOfScenariosHasTheWholeLanguage(t *testing.T) {
	t.Parallel()
	text := page(t, "docs/scenarios.md")
	rest := map[string]string{
		"title": "when: {nth: \"1\"}\nanswer: Success", "answer": "title: T\nwhen: {nth: \"1\"}", "expect": "title: T",
		"http": "title: T\nwhen: {nth: \"1\"}", "chance": "title: T\nwhen: {nth: \"1\"}",
		"when": "title: T\nanswer: Success", "claim_webhook": "title: T\nwhen: {nth: \"1\"}\nanswer: Success\nclaim: paid",
	}
	keys := keysOf(reflect.TypeFor[scenarios.Scenario]())
	rows := regexp.MustCompile("(?m)^\\| `(\\w+)`(?:, `\\w+`)? \\| .* \\| `(.*)` \\|$")
	for _, row := range rows.FindAllStringSubmatch(text, -1) {
		key, example := row[1], strings.ReplaceAll(row[2], `\|`, "|")
		if !slices.Contains(keys, key) {
			continue // of another table
		}
		keys = slices.DeleteFunc(keys, func(k string) bool { return k == key || k == key+"s" })
		file := rest[key]
		if file == "" {
			file = "title: T\nwhen: {nth: \"1\"}\nanswer: Success"
			if key == "expect" || key == "preview" || key == "patient" {
				file = "title: T\nexpect: Success"
			}
		}
		if _, err := scenarios.Load("row.yaml", []byte(file+"\n"+example+"\n")); err != nil {
			t.Errorf("%s: %s", key, err)
		}
	}
	if len(keys) > 0 {
		t.Errorf("the page has no line for %v", keys)
	}
	for _, field := range keysOf(reflect.TypeFor[scenarios.When]()) {
		if !strings.Contains(text, "`"+field+"`") {
			t.Errorf("the page does not name %s of when", field)
		}
	}
	for _, field := range keysOf(reflect.TypeFor[scenarios.Fault]()) {
		if !strings.Contains(text, "`"+field+"`") {
			t.Errorf("the page does not name %s of http", field)
		}
	}
}

// keysOf returns the keys of a part of the language.
func keysOf(part reflect.Type) []string {
	var keys []string
	for i := range part.NumField() {
		if key, _, _ := strings.Cut(part.Field(i).Tag.Get("yaml"), ","); key != "-" {
			keys = append(keys, key)
		}
	}
	return keys
}

// The pages state the right number of scenarios.
func TestThePagesCountTheScenarios(t *testing.T) {
	t.Parallel()
	set, err := scenarios.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"README.md": "comes with %d [scenarios]",
		"docs/scenarios.md": "%d scenarios come with the mock"} {
		if want = fmt.Sprintf(want, len(set)); !strings.Contains(page(t, name), want) {
			t.Errorf("%s does not say: %s", name, want)
		}
	}
}
