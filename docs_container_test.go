package vseemock_test

import (
	"bytes"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/vsee-mock/vsee-mock/mockserver"
)

// The code for Testcontainers needs Docker to run. Each language's own parser reads it, where it is installed.
func TestThePageOfContainersHasCodeThatParses(t *testing.T) {
	t.Parallel()
	const name = "docs/docker.md"
	for _, code := range blocks(t, name, "go") {
		if _, err := parser.ParseFile(token.NewFileSet(), name, "package p\n"+code, 0); err != nil {
			t.Error(err)
		}
	}
	for language, command := range map[string][]string{
		"js":     {"node", "--input-type=module", "--check", "-"},
		"python": {"python3", "-c", "import ast, sys; ast.parse(sys.stdin.read())"},
	} {
		for _, code := range blocks(t, name, language) {
			if _, err := exec.LookPath(command[0]); err != nil {
				continue // not installed here
			}
			check := exec.CommandContext(t.Context(), command[0], command[1:]...)
			check.Stdin = strings.NewReader(code)
			if text, err := check.CombinedOutput(); err != nil {
				t.Errorf("%s: %v, %s", language, err, text)
			}
		}
	}
	if len(blocks(t, name, "java")) != 1 {
		t.Error("Java has no example")
	}
}

// The receiver of compose.yaml knows the mock's secret, each port is published on loopback alone, and the contract test
// asks the mock.
func TestComposesServicesFitTogether(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var compose struct {
		Services map[string]struct {
			Image       string
			ReadOnly    bool `yaml:"read_only"`
			Ports       []string
			Entrypoint  []string
			Environment map[string]string
		}
	}
	if err := yaml.NewDecoder(bytes.NewReader(text)).Decode(&compose); err != nil {
		t.Fatal(err)
	}
	mock, receiver, contract := compose.Services["mock"], compose.Services["receiver"], compose.Services["contract"]
	if receiver.Environment["WEBHOOK_SECRET"] != mockserver.DefaultWebhookSecret ||
		mock.Environment["VSEE_MOCK_WEBHOOK_URL"] != "http://receiver:9000/hook" {
		t.Error("the receiver cannot verify the mock's events")
	}
	if contract.Image != mock.Image || !slices.Equal(contract.Entrypoint, []string{"/vsee-contract"}) ||
		contract.Environment["VSEE_BASE_URL"] != "http://mock:8080/api_v3" ||
		contract.Environment["VSEE_CONTROL_URL"] != "http://mock:8080/_mock" {
		t.Errorf("the contract test is %+v", contract)
	}
	for name, service := range compose.Services {
		for _, port := range service.Ports {
			if !strings.HasPrefix(port, "127.0.0.1:") {
				t.Errorf("%s publishes %s", name, port)
			}
		}
		if !service.ReadOnly {
			t.Errorf("%s can write its root", name)
		}
	}
}
