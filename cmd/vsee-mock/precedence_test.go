package main

import (
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
)

// differentTexts returns two texts that give a flag of serve different values.
func differentTexts(t *testing.T, flag *kong.Flag) [2]string {
	t.Helper()
	if flag.Enum != "" {
		return [2]string(flag.EnumSlice()[:2])
	}
	switch flag.Name {
	case "cors-origin":
		return [2]string{"http://a.example", "http://b.example"}
	case "webhook-proxy":
		return [2]string{"http://127.0.0.1:1", "http://127.0.0.1:2"}
	}
	texts, ok := map[string][2]string{
		"string": {"one", "two"}, "Text": {"one", "two"}, "bool": {"true", "false"}, "": {"one", "two"},
		"int64": {"1", "2"}, "int": {"1", "2"}, "Duration": {"1s", "2s"}, "Range": {"1s", "1s..2s"},
		"Schedule": {"once", "5s"}, "moment": {"2026-01-31T09:00:00Z", "2027-01-31T09:00:00Z"},
	}[flag.Target.Type().Name()]
	if flag.Name == "seed" {
		texts = [2]string{"1", "2"}
	}
	if !ok {
		t.Fatalf("the test has no texts for --%s: add them", flag.Name)
	}
	return texts
}

func silentParser() *kong.Kong {
	return command.NewParser(&commands{}, command.App{Stdout: io.Discard, Stderr: io.Discard}, func() {})
}

// serveValue returns the value that a flag of serve has after these arguments.
func serveValue(t *testing.T, name string, args ...string) any {
	t.Helper()
	parser := silentParser()
	if name == "listen-tls" {
		args = append(args, "--tls-cert=cert.pem") // it is an error without
	}
	if _, err := parser.Parse(append([]string{"serve"}, args...)); err != nil {
		t.Fatal(err)
	}
	for _, flag := range serveFlags(t, parser) {
		if flag.Name == name {
			return flag.Target.Interface()
		}
	}
	t.Fatalf("serve has no flag %s", name)
	return nil
}

func serveFlags(t *testing.T, parser *kong.Kong) []*kong.Flag {
	t.Helper()
	for _, command := range parser.Model.Children {
		if command.Name == "serve" {
			return command.Flags
		}
	}
	t.Fatal("there is no command serve")
	return nil
}

// The flags come from kong's model, so a new flag is tested without an edit here, unless its type is new.
func TestOfEveryFieldOfServeTheFlagWinsOverTheEnvironment(t *testing.T) {
	for _, flag := range serveFlags(t, silentParser()) {
		t.Run(flag.Name, func(t *testing.T) {
			texts := differentTexts(t, flag)
			first := serveValue(t, flag.Name, "--"+flag.Name+"="+texts[0])
			second := serveValue(t, flag.Name, "--"+flag.Name+"="+texts[1])
			sameValue := cmp.Exporter(func(reflect.Type) bool { return true })
			if cmp.Equal(first, second, sameValue) {
				t.Fatalf("%s and %s are one value", texts[0], texts[1])
			}
			variable := "VSEE_MOCK_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
			t.Setenv(variable, texts[0])
			if diff := cmp.Diff(first, serveValue(t, flag.Name), sameValue); diff != "" {
				t.Errorf("with %s (-want +got):\n%s", variable, diff)
			}
			got := serveValue(t, flag.Name, "--"+flag.Name+"="+texts[1])
			if diff := cmp.Diff(second, got, sameValue); diff != "" {
				t.Errorf("with %s and the flag (-want +got):\n%s", variable, diff)
			}
		})
	}
}
