package vseemock_test

import (
	"os"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// blocks returns the code of one language in the README.
func blocks(t *testing.T, language string) []string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, part := range strings.Split(string(text), "```"+language+"\n")[1:] {
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
