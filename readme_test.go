package vseemock_test

import (
	"encoding/json"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// blocks returns the code of one language in the README.
func blocks(t *testing.T, language string) []string {
	t.Helper()
	var found []string
	for _, part := range strings.Split(readme(t), "```"+language+"\n")[1:] {
		code, _, _ := strings.Cut(part, "```")
		found = append(found, code)
	}
	if len(found) == 0 {
		t.Fatalf("the README has no %s", language)
	}
	return found
}

func TestTheReadmesGoIsTested(t *testing.T) {
	t.Parallel()
	tested, err := os.ReadFile("mockserver/mocktest/example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range blocks(t, "go") {
		if !strings.Contains(string(tested), code) {
			t.Errorf("this stands in the README, but not in the example that is tested:\n%s", code)
		}
	}
}

func TestTheReadmesScenariosLoad(t *testing.T) {
	t.Parallel()
	for _, code := range blocks(t, "yaml") {
		if _, err := scenarios.Load("README.md", []byte(code)); err != nil {
			t.Error(err)
		}
	}
}

// Each line of the table of misbehaviours is one that a scenario can have, and together they have all there are.
func TestTheReadmesMisbehavioursAreThoseOfScenarios(t *testing.T) {
	t.Parallel()
	var words []string
	for _, line := range regexp.MustCompile("(?m)^\\| `(webhook: \\{.*\\})` \\|").FindAllStringSubmatch(readme(t), -1) {
		text := "title: Line\nwhen: {subscriber_num: \"1\"}\nanswer: Success\n" + line[1] + "\n"
		if _, err := scenarios.Load("line.yaml", []byte(text)); err != nil {
			t.Errorf("%s: %s", line[1], err)
		}
		words = append(words, line[1])
	}
	fields := reflect.TypeFor[scenarios.Webhook]()
	for i := range fields.NumField() {
		key, _, _ := strings.Cut(fields.Field(i).Tag.Get("yaml"), ",")
		if !strings.Contains(strings.Join(words, "\n"), key+":") {
			t.Errorf("the README has no line for %s", key)
		}
	}
}

// Each setting of a webhook that the README lists is one that a clinic takes, and shows afterwards.
func TestTheReadmesWebhookSettingsAreTaken(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	rows := regexp.MustCompile("(?m)^\\| `(\"[^`]*)` \\|").FindAllStringSubmatch(readme(t), -1)
	if len(rows) < 14 {
		t.Fatalf("the README lists %d settings", len(rows))
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
			list, isList := value.([]any) // of time spans, which are shown as Go writes them
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
