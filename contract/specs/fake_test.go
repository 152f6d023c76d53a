package specs_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
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
	fakes         = flag.String("fake", "../testdata/fake", "the folder of the fake")
	sample        = flag.Int("sample", 100, "one of how many changes of the fake: 1 tries all")
	first         = flag.Int("first", 0, "the place of the first tried change")
	chosenChanges = flag.String("change", "", "the changes of the fake to try, comma separated, rather than -sample")
	logged        = flag.Bool("log", false, "log the causes of each change of the fake, and the duration of each run")
)

// sideBySide is how many fakes are tried at a time. A run waits for checks most of its time.
const sideBySide = 12

// change is a row of the fake's changes.json: a deliberate change, and its sign in a reply.
type change struct {
	Name, Operation, Pointer, Kind, Case string
	Expected, Got                        any
	Cause                                string   // the operation that goes wrong, when another one shows it
	Others                               []string // the other operations or pointers that go wrong in the same way
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
	if testing.Short() {
		t.Skip("-short leaves whole runs out")
	}
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
	known := differences{}
	for _, c := range honest {
		known[known.of(c.Key)] = true
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
				c.compare(t, slices.DeleteFunc(causes, func(cause result.Cause) bool {
					return known[known.of(cause.Key)] || c.beside(cause)
				}))
			})
		})
	}
	working.Wait()
}

// differences are the causes of the honest fake, all of them additive.
type differences map[result.Key]bool

// of returns the key of a difference. All replies have the new header, and one operation stands for the others: for
// another one when the run does not reach the first.
func (differences) of(key result.Key) result.Key {
	if key.Kind == result.Header {
		key.Operation, key.Case = "", ""
	}
	return key
}

// compare reports an error unless the causes are those that the change must give: one, and those at its others. A row
// for an object stands for the values below it.
func (c change) compare(t *testing.T, causes []result.Cause) {
	t.Helper()
	var all strings.Builder
	for _, cause := range causes {
		all.WriteString("\n\t" + describe(cause))
	}
	reason, exempt := untested[c.Name]
	wanted := append([]string{""}, c.Others...)
	missing := slices.DeleteFunc(slices.Clone(wanted), func(other string) bool {
		return slices.ContainsFunc(causes, func(cause result.Cause) bool { return c.is(cause.Key, other) })
	})
	switch {
	case exempt && len(causes) > 0:
		t.Errorf("it is said to be untested, because %s, and has a cause:%s", reason, &all)
	case exempt:
	case len(missing) > 0 || slices.ContainsFunc(causes, func(cause result.Cause) bool {
		return !slices.ContainsFunc(wanted, func(other string) bool { return c.is(cause.Key, other) })
	}):
		t.Errorf("it must be %s %s %s %q, expected %v, got %v, and others %v; it has %d causes, without %q:%s",
			c.Kind, c.Operation, c.Case, c.Pointer, c.Expected, c.Got, c.Others, len(causes), missing, &all)
	case *logged:
		t.Log(&all)
	}
}

// beside reports whether an additive cause comes with the change: the new name of a missing field, in the same object.
func (c change) beside(cause result.Cause) bool {
	return strings.HasSuffix(c.Name, "-renamed") && cause.Kind == result.Undeclared && cause.Operation == c.Operation &&
		path.Dir(cause.Pointer) == path.Dir(c.Pointer)
}

// is reports whether a cause is that of the change, or the one at another of its operations or places, "" for none. The
// sides of those others differ with the former values there.
func (c change) is(key result.Key, other string) bool {
	operation, pointer := c.Operation, c.Pointer
	for text := range strings.FieldsSeq(other) {
		if strings.HasPrefix(text, "/") {
			pointer = text
		} else {
			operation = text
		}
	}
	kind := c.Kind
	switch { // the table names the header; the suite has it in the kind
	case kind == "event-request" && pointer == "":
		pointer = "method"
	case kind == "header" && pointer == "Content-Type", kind == "media-type":
		kind, pointer = "media-type", ""
	}
	// A pointer to an object or a list in the table stands for the values below it.
	place := key.Pointer == pointer || pointer != "" && strings.HasPrefix(key.Pointer, pointer+"/")
	return (key.Operation == operation || other == "" && key.Operation == c.Cause) && string(key.Case) == c.Case &&
		string(key.Kind) == kind && place && (other != "" || c.says(key))
}

// says compares both sides of a cause with those in the table, in the words of the suite. The table has what a reader
// of the replies sees, and a cause shows no free value. So these stay loose:
//   - a text in another form than its pattern: the cause has the pattern and the JSON type alone;
//   - a member of an enumeration: the cause has all members, and the table one of them;
//   - the time by which something is late, and the number of events.
func (c change) says(key result.Key) bool {
	expected, got := word(c.Expected), word(c.Got)
	switch key.Kind { //nolint:exhaustive // the others are below
	case result.Owner:
		owner := map[bool]string{true: "clinic", false: "user"}[strings.HasSuffix(key.Pointer, "/account_code")]
		return key.Expected == "the "+owner+" of the request" && key.Got == "another "+owner
	case result.Missing, result.Late, result.EventMissing:
		return key.Expected == result.Present && key.Got == result.Absent
	case result.Undeclared, result.EventExtra:
		return key.Expected == result.Absent && key.Got == result.Present
	case result.Format:
		return key.Expected != "" && (key.Got == "string" || key.Got == "number")
	case result.Enum:
		members := strings.Split(key.Expected, " | ")
		return slices.Contains(members, expected) && !slices.Contains(members, key.Got) ||
			key.Expected == "a type of openapi.yaml" && key.Got == "another type" // of an event
	case result.Text:
		changed := map[bool]string{true: result.ChangedCase, false: result.ChangedOther}
		return key.Expected == "a documented text" && key.Got != expected &&
			changed[strings.EqualFold(key.Got, expected)] == got
	case result.Type:
		got = strings.Replace(got, "integer", "number", 1) // a reply's numbers are not told apart
	case result.Value:
		expected = strings.Replace(expected, result.AsSent, result.AsDerived, 1)
		if expected == result.Absent {
			got = result.Present
		}
	case result.LostWrite:
		got = strings.Replace(got, "null", result.Absent, 1) // a write that leaves null is lost
	}
	return key.Expected == expected && key.Got == got
}

// word returns a side of a row in the words of the suite.
func word(side any) string {
	if side == "missing" {
		return result.Absent
	}
	return fmt.Sprint(side)
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

// readChanges returns the changes of the fake, one of -sample from -first on.
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
	if *chosenChanges != "" {
		return slices.DeleteFunc(all, func(c change) bool {
			return !slices.Contains(strings.Split(*chosenChanges, ","), c.Name)
		})
	}
	for i := *first; i < len(all); i += max(*sample, 1) {
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
		Next: &http.Transport{}, // it keeps connections: most of the fake's time would go into new ones
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
		"-S", "fake.py", "--port", "0", "--until-stdin-closes", "--delay", "0.5", "--webhook", "http://" + receiver + "/hook",
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
