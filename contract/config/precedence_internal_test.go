package config

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"
)

// samples returns three different values of a type, as texts and as their parsed values. Those of bool alternate.
func samples(t *testing.T, of reflect.Type) (texts [3]string, values [3]any) {
	t.Helper()
	for i := range texts {
		switch of {
		case reflect.TypeFor[string]():
			texts[i], values[i] = fmt.Sprint("text", i), fmt.Sprint("text", i)
		case reflect.TypeFor[bool]():
			texts[i], values[i] = fmt.Sprint(i%2 == 0), i%2 == 0
		case reflect.TypeFor[int]():
			texts[i], values[i] = fmt.Sprint(i+1), i+1
		case reflect.TypeFor[float64]():
			texts[i], values[i] = fmt.Sprint(float64(i)+0.5), float64(i)+0.5
		case reflect.TypeFor[time.Duration]():
			texts[i], values[i] = fmt.Sprint(i+1, "s"), time.Duration(i+1)*time.Second
		case reflect.TypeFor[[]string]():
			texts[i], values[i] = fmt.Sprint("text", i), []string{fmt.Sprint("text", i)}
		default:
			t.Fatalf("the test has no samples of %s: add them", of)
		}
		texts[i] = strings.ReplaceAll(texts[i], " ", "")
	}
	return texts, values
}

// layer is one more source of a value, and the value that a field then has.
type layer struct {
	name  string
	add   func()
	value any
}

// read returns the value of a field that a command with these flags and variables reads.
func read(t *testing.T, name string, args []string, variables map[string]string) (any, error) {
	t.Helper()
	o := new(Options)
	r := NewReader(t.Context(), func(name string) string { return variables[name] })
	parser := newParser(o, r.Options()...)
	if _, err := parser.Parse(args); err != nil {
		return nil, err
	}
	for _, flag := range parser.Model.Flags {
		if flag.Name == name {
			_, err := r.Loaded(o.Config)
			return flag.Target.Interface(), err
		}
	}
	return nil, fmt.Errorf("there is no flag %s", name)
}

// The fields come from kong's model, so a new flag is tested without an edit here.
func TestOfEveryFieldTheFlagWinsOverTheEnvironmentAndThatOverTheFile(t *testing.T) {
	t.Parallel()
	for _, flag := range flags() {
		if flag.Tag.Has("now") { // a former name, which is refused
			continue
		}
		t.Run(flag.Name, func(t *testing.T) {
			t.Parallel()
			texts, values := samples(t, flag.Target.Type())
			file := filepath.Join(t.TempDir(), "contract.yaml")
			if keyOf(flag) == "" { // the file itself
				for i := range texts {
					texts[i] = file + texts[i]
					values[i] = texts[i]
				}
			}
			testPrecedence(t, flag, file, texts, values)
		})
	}
}

func testPrecedence(t *testing.T, flag *kong.Flag, file string, texts [3]string, values [3]any) {
	t.Helper()
	variables, args := map[string]string{}, []string(nil)
	layers := []layer{{"the environment", func() { variables[flag.Envs[0]] = texts[1] }, values[1]}}
	if key := keyOf(flag); key != "" {
		variables["VSEE_CONFIG"] = file
		text := strings.ReplaceAll(key, ".", ": {") + ": " + texts[0] + strings.Repeat("}", strings.Count(key, "."))
		writeFile(t, file, text)
		layers = append([]layer{{"the file", func() {}, values[0]}}, layers...)
	} else {
		for _, name := range texts {
			writeFile(t, name, "")
		}
	}
	if !flag.Tag.Has("secret") {
		layers = append(layers, layer{"the flag", func() { args = []string{"--" + flag.Name + "=" + texts[2]} }, values[2]})
	}
	if len(flag.Envs) != 1 || !strings.HasPrefix(flag.Envs[0], "VSEE_") {
		t.Errorf("its variables are %q", flag.Envs)
	}
	for _, l := range layers {
		l.add()
		got, err := read(t, flag.Name, args, variables)
		if diff := cmp.Diff(l.value, got); diff != "" || err != nil {
			t.Errorf("with %s: %v (-want +got):\n%s", l.name, err, diff)
		}
	}
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
