package mutant_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/mutant"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/strict"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

func TestNamesAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, m := range mutant.All() {
		if seen[m.Name] {
			t.Errorf("there are two %s", m.Name)
		}
		seen[m.Name] = true
	}
}

func TestTheSameRequestsMeetTheSameReplies(t *testing.T) {
	t.Parallel()
	mocks := start(t)
	for n, honest := range honestly(t, mocks) {
		if found := broken(t, honest); found != nil {
			t.Errorf("an honest server breaks %q", found)
		}
		if changed := changes(honest, visit(t, mocks, mutant.Mutant{}, n, honest)); changed != nil {
			t.Errorf("an honest server says something else: %q", changed)
		}
	}
}

// A mutant with Breaks is wrong in one place: package strict finds those rules broken there, and nothing else.
// Package strict has no findings about the other mutants; the contract run shows their change.
func TestAMutantChangesOneThing(t *testing.T) {
	t.Parallel()
	mocks := start(t)
	tours := honestly(t, mocks)
	for _, m := range mutant.All() {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			n := legOf(m.Operation)
			honest, lying := tours[n], visit(t, mocks, m, n, tours[n])
			breaks := slices.Sorted(slices.Values(m.Breaks))
			if found := broken(t, lying); !slices.Equal(slices.Compact(breaks), found) {
				t.Errorf("it breaks %q, not %q", found, m.Breaks)
			}
			changed := changes(honest, lying)
			if len(m.Breaks) > 0 {
				otherwhere(t, m, honest, changed)
			}
			if m.Pointer != "" {
				elsewhere(t, m, changed)
			}
		})
	}
}

// otherwhere fails the test if a mutant changes anything outside the replies of its operation.
func otherwhere(t *testing.T, m mutant.Mutant, honest *tour, changed []string) {
	t.Helper()
	for _, c := range changed {
		name, _, _ := strings.Cut(c, ": ")
		if !slices.ContainsFunc(honest.steps, func(s step) bool { return s.name == name && s.operation == m.Operation }) {
			t.Errorf("it changes %s", c)
		}
	}
}

// elsewhere fails the test if a mutant changes anything beside its place.
func elsewhere(t *testing.T, m mutant.Mutant, changed []string) {
	t.Helper()
	parent, name := m.Pointer[:strings.LastIndex(m.Pointer, "/")], m.Pointer[strings.LastIndex(m.Pointer, "/")+1:]
	for _, c := range changed {
		_, place, _ := strings.Cut(c, ": ")
		renamed := strings.HasPrefix(place, parent+"/x_"+name)
		if place != "status" && place != "Webhook-Signature" && !renamed && !strings.HasPrefix(place, m.Pointer) {
			t.Errorf("it changes %s", c)
		}
	}
}

// broken returns the rules broken on a tour, sorted, each once.
func broken(t *testing.T, v *tour) []string {
	t.Helper()
	checker := strict.New(embedded.Spec())
	rules := map[string]bool{}
	for _, s := range v.steps {
		var found []result.Finding
		switch {
		case s.operation == "":
		case mutant.IsEvent(s.operation):
			found = checker.Event([]byte(s.body), "")
		default:
			found = checker.Reply(s.operation, s.status, s.header, []byte(s.body))
		}
		for _, f := range found {
			rules[f.Rule] = true
		}
	}
	return slices.Sorted(maps.Keys(rules))
}

// changes returns the differences between two tours. Each names the step and the changed part: its status, a header, or
// the JSON pointer to a value. The part is body if the body is not JSON, or if its JSON has the same values.
func changes(one, other *tour) []string {
	var list []string
	if a, b := len(one.steps), len(other.steps); a != b {
		list = append(list, fmt.Sprintf("%d events more", b-a))
	}
	for n := range min(len(one.steps), len(other.steps)) {
		a, b := one.steps[n], other.steps[n]
		if a.status != b.status {
			list = append(list, a.name+": status")
		}
		names := maps.Clone(a.header)
		maps.Copy(names, b.header)
		for _, name := range slices.Sorted(maps.Keys(names)) {
			if !slices.Equal(a.header[name], b.header[name]) {
				list = append(list, a.name+": "+name)
			}
		}
		if a.body != b.body {
			list = append(list, inBody(a.name+": ", a.body, b.body)...)
		}
	}
	return list
}

func inBody(at, a, b string) []string {
	var one, other any
	if read(a, &one) != nil || read(b, &other) != nil || reflect.DeepEqual(one, other) {
		return []string{at + "body"}
	}
	return inValue(at, one, other)
}

// read decodes JSON and keeps the spelling of its numbers.
func read(text string, into *any) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return err
	}
	if rest, err := io.ReadAll(d.Buffered()); err != nil || strings.TrimSpace(string(rest)) != "" {
		return errors.New("something follows the JSON")
	}
	return nil
}

// members are the members of an object, or the elements of an array by their numbers.
func members(value any) (map[string]any, bool) {
	list, isList := value.([]any)
	object, isObject := value.(map[string]any)
	if isList {
		object = map[string]any{}
		for n, element := range list {
			object[strconv.Itoa(n)] = element
		}
	}
	return object, isObject || len(list) > 0
}

func inValue(at string, a, b any) []string {
	one, isOne := members(a)
	other, isOther := members(b)
	if !isOne || !isOther {
		if reflect.DeepEqual(a, b) {
			return nil
		}
		return []string{at}
	}
	names := maps.Clone(one)
	maps.Copy(names, other)
	var list []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		list = append(list, inValue(at+"/"+name, one[name], other[name])...)
	}
	return list
}
