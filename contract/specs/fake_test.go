package specs_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/specs"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

var (
	fakes  = flag.String("fake", "../testdata/fake", "the folder of the fake")
	sample = flag.Int("sample", 20, "one of how many changes of the fake: 1 tries all")
	logged = flag.Bool("log", false, "log the causes of each change of the fake, and the duration of each run")
)

// sideBySide is how many fakes are tried at a time. A run waits for checks most of its time.
const sideBySide = 6

// change is a row of the fake's changes.json: a deliberate change, and its sign in a reply.
type change struct {
	Name, Operation, Pointer, Kind, Case string
	Expected, Got                        any
	Cause                                string // the operation that goes wrong, when another one shows it
	Also                                 []string
}

// untested are the changes without a cause, with the reason.
var untested = map[string]string{
	"bad-dob-accepted":      ourRefusal,
	"bad-gender-accepted":   ourRefusal,
	"bad-email-accepted":    ourRefusal,
	"wrong-secret-accepted": "that a wrong secret is refused, although a key alone is accepted, is ours",
	"unknown-account-empty": "that an unknown account code is a 404 is ours",
}

const ourRefusal = "that a wrong value of a field is refused is ours"

// A run against the fake finds no difference above additive, and one cause for each change of the fake.
func TestEachChangeOfTheFakeIsOneCause(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("the fake is a Python program, and python3 is missing")
	}
	if _, err := os.Stat(filepath.Join(*fakes, "fake.py")); err != nil {
		t.Skip("there is no fake in the folder of -fake")
	}
	chosen := servedByFake(t)
	published, err := specs.Published()
	if err != nil {
		t.Fatal(err)
	}
	honest, requirements := tryFake(t, "", chosen, published)
	known := map[result.Key]bool{}
	for _, c := range honest {
		known[c.Key] = true
		if c.Class != result.Additive {
			t.Errorf("the honest fake has a cause: %s", describe(c))
		}
	}
	for _, r := range requirements {
		if r.State != result.Passed && r.State != result.NotTestable {
			t.Errorf("the honest fake: %s %s: %s", r.State, r.ID, r.Reason)
		}
	}
	if t.Failed() {
		return // all changes would have these causes, too
	}
	var working sync.WaitGroup
	turns := make(chan struct{}, sideBySide)
	for _, c := range readChanges(t) { //nolint:paralleltest // more of them are tried at a time than there are processors
		turns <- struct{}{}
		working.Go(func() {
			defer func() { <-turns }()
			t.Run(c.Name, func(t *testing.T) {
				causes, _ := tryFake(t, c.Name, chosen, published)
				c.compare(t, c.own(causes, known))
			})
		})
	}
	working.Wait()
}

// own returns the causes that count as those of the change: not those of the honest fake; not an additive one that
// comes with it, such as the new name of a missing field; and one of those that differ in the pointer alone, such as
// the loss of all fields of an address.
func (c change) own(causes []result.Cause, known map[result.Key]bool) []result.Cause {
	seen := map[result.Key]bool{}
	slices.SortStableFunc(causes, func(a, b result.Cause) int { // rather the place in the table
		return map[bool]int{true: -1}[c.is(a.Key)] - map[bool]int{true: -1}[c.is(b.Key)]
	})
	return slices.DeleteFunc(causes, func(cause result.Cause) bool {
		place := cause.Key
		place.Pointer = ""
		if known[cause.Key] || seen[place] || cause.Class == result.Additive && c.Kind != string(cause.Kind) {
			return true
		}
		seen[place] = true
		return false
	})
}

// compare reports an error unless the causes are the one that the change must give.
func (c change) compare(t *testing.T, causes []result.Cause) {
	t.Helper()
	var all strings.Builder
	for _, cause := range causes {
		all.WriteString("\n\t" + describe(cause))
	}
	reason, exempt := untested[c.Name]
	switch {
	case exempt && slices.ContainsFunc(causes, func(cause result.Cause) bool { return c.is(cause.Key) }):
		t.Errorf("it is said to be untested, because %s, and is found:%s", reason, &all)
	case exempt:
	case len(causes) != 1 || !c.is(causes[0].Key):
		t.Errorf("it must be one cause, %s %s %s %q, expected %v, got %v; it has %d:%s",
			c.Kind, c.Operation, c.Case, c.Pointer, c.Expected, c.Got, len(causes), &all)
	case *logged:
		t.Log(&all)
	}
}

// is reports whether a cause is that of the change. The two differ in words alone: the table has the sign in a reply,
// and the cause has the place of the fault.
func (c change) is(key result.Key) bool {
	operations := append([]string{c.Operation, c.Cause}, c.Also...)
	near := within(key.Pointer, c.Pointer) || within(c.Pointer, key.Pointer) ||
		c.Kind == string(result.Owner) // shown by the user's id, or by the code
	return slices.Contains(operations, key.Operation) && string(key.Case) == c.Case && c.isKind(key) && near &&
		c.isGot(key)
}

// within reports whether a pointer is another one or leads into its value.
func within(pointer, other string) bool {
	return pointer == other || other == "" || strings.HasPrefix(pointer, other+"/")
}

// isKind compares kinds. The table names the sign, and a cause the rule that is broken: a value that is not the right
// one has several names, an optional field that is missing is the loss of a value, and a missing media type is a
// missing header.
func (c change) isKind(key result.Key) bool {
	values := []string{"text", "format", "value", "lost-write"}
	return c.Kind == string(key.Kind) || slices.Contains(values, c.Kind) && slices.Contains(values, string(key.Kind)) ||
		c.Kind == "missing" && key.Kind == result.LostWrite && key.Got == result.Absent ||
		c.Kind == "header" && key.Kind == result.MediaType && key.Got == result.Absent
}

// isGot compares statuses, JSON types and the ways in which a text changed. Other texts are free in the table; a cause
// shows a new wording of a documented text as it is, and nothing of a text in another form than its pattern.
func (c change) isGot(key result.Key) bool {
	got, want := key.Got, fmt.Sprint(c.Got)
	switch {
	case key.Kind == result.Text, key.Kind == result.Format:
		return true
	case c.Kind == "status":
		return want == got
	case c.Kind == "type": // the result has no integers apart from numbers
		return strings.ReplaceAll(want, "integer", "number") == strings.ReplaceAll(got, "integer", "number")
	case c.Kind == string(result.Owner):
		return true
	case strings.HasPrefix(want, "changed: ") && want != result.ChangedOther:
		return want == got
	}
	return true
}

func describe(c result.Cause) string {
	return fmt.Sprintf("%s %s %s %s %q, expected %s, got %s: %s, in %v",
		c.Class, c.Kind, c.Operation, c.Case, c.Pointer, c.Expected, c.Got, c.Rule, c.Places)
}

// selected returns the requirements that -ids selects.
func selected(t *testing.T) []engine.Requirement {
	t.Helper()
	return slices.DeleteFunc(all(t), func(r engine.Requirement) bool {
		return *ids != "" && !slices.ContainsFunc(strings.Split(*ids, ","), func(pattern string) bool {
			is, _ := path.Match(pattern, r.ID)
			return is
		})
	})
}

// servedByFake returns the selected requirements without those on visits and rooms, which the fake does not have.
func servedByFake(t *testing.T) []engine.Requirement {
	t.Helper()
	return slices.DeleteFunc(selected(t), func(r engine.Requirement) bool {
		o, _ := embedded.Spec().Operation(r.Operation)
		return o.Declared != nil && (o.Declared.Tags[0] == "visit" || o.Declared.Tags[0] == "room")
	})
}

// readChanges returns the changes of the fake, one of -sample.
func readChanges(t *testing.T) []change {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(*fakes, "changes.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []change
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	var chosen []change
	for i := 0; i < len(all); i += max(*sample, 1) {
		chosen = append(chosen, all[i])
	}
	return chosen
}

// tryFake runs the requirements against the fake with a change, "" for none, as against VSee's preview environment.
func tryFake(
	t *testing.T, change string, chosen []engine.Requirement, published []string,
) ([]result.Cause, []result.Requirement) {
	t.Helper()
	receiver := freeAddress(t)
	target, stop := startFake(t, change, receiver)
	defer stop()
	run, err := engine.Run(t.Context(), engine.Options{
		Config: config.Config{
			Target: "preview", BaseURL: target + "/vc/next/api_v3", ReceiverListen: receiver,
			AccountCode: "vclinic", Key: "vclinic_api_key", Secret: "vclinic_api_secret", AdminToken: "vclinic_api_token",
			AllowMutating: true, Wait: 5 * time.Second, Budget: 1_000_000, Rate: 1_000_000,
		},
		Requirements: chosen, Published: published,
	})
	if errors.Is(err, syscall.EADDRINUSE) { // another program was faster
		return tryFake(t, change, chosen, published)
	}
	if err != nil || run.Broken != "" {
		t.Errorf("the run against the fake %s: %v %s", change, err, run.Broken)
	}
	if *logged {
		t.Logf("%.1f s", run.Duration)
	}
	return run.Causes, run.Requirements
}

// freeAddress returns an address that the run can listen on: the fake must know it before the run begins.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// startFake starts the fake, and returns its URL and a function that stops it.
func startFake(t *testing.T, change, receiver string) (target string, stop func()) {
	t.Helper()
	args := []string{
		"fake.py", "--port", "0", "--until-stdin-closes", "--delay", "0.5", "--webhook", "http://" + receiver + "/hook",
	}
	if change != "" {
		args = append(args, "--change", change)
	}
	fake := exec.CommandContext(t.Context(), "python3", args...)
	fake.Dir, fake.Stderr = *fakes, os.Stderr
	input, err := fake.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := fake.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := fake.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	target, found := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if !found {
		t.Errorf("the fake %s does not say where it listens: %v", change, err)
	}
	return target, func() {
		_ = input.Close()
		_, _ = io.Copy(io.Discard, output)
		_ = fake.Wait()
	}
}
