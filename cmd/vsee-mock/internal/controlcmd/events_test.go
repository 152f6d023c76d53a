package controlcmd

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/cmdtest"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/internal/golden"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// runEventsAt runs a command line that begins with events.
func runEventsAt(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return cmdtest.Run(t, &struct {
		Events Events `cmd:""`
	}{}, args...)
}

// runEvents runs `vsee-mock events` for a clinic.
func runEvents(t *testing.T, w cmdtest.Clinic, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return runEventsAt(t, append(append([]string{"events"}, args...), "--mock", w.Mock, "--clinic", w.AccountCode)...)
}

func TestEventsAreListedNewestFirst(t *testing.T) {
	t.Parallel()
	w := cmdtest.NewClinic(t, func(n int) int { return map[bool]int{true: 200, false: 500}[n == 1] })
	if code, stdout, stderr := runEvents(t, w, "list"); code != command.ExitOK || stdout != "mine has no events\n" {
		t.Errorf("before: exit %d, %s%s", code, stdout, stderr)
	}
	first := w.Check(t)
	second := w.Check(t)
	code, stdout, stderr := runEvents(t, w, "list")
	if code != command.ExitOK || stderr != "" {
		t.Errorf("exit %d, %s", code, stderr)
	}
	golden.Is(t, "testdata/events-list.golden", stdout)
	for status, want := range map[string]string{"delivered": first.EventID, "pending": second.EventID} {
		_, stdout, stderr := runEvents(t, w, "list", "--status", status)
		if !strings.Contains(stdout, want) || strings.Count(stdout, "\n") != 2 {
			t.Errorf("%s: %s%s", status, stdout, stderr)
		}
		_, stdout, stderr = runEvents(t, w, "list", "--status", status, "--json")
		var page controlapi.Page[controlapi.Event]
		if err := json.Unmarshal([]byte(stdout), &page); err != nil || len(page.Data) != 1 || page.Data[0].ID != want {
			t.Errorf("%s: %s%s", status, stdout, stderr)
		}
	}
	if _, stdout, stderr := runEvents(t, w, "list", "--limit", "1"); !strings.Contains(stdout, second.EventID) ||
		strings.Contains(stdout, first.EventID) {
		t.Errorf("one: %s%s", stdout, stderr)
	}
	if _, stdout, stderr := runEvents(t, w, "list", "--status", "dropped"); stdout != "mine has no dropped events\n" {
		t.Errorf("none of a status: %s%s", stdout, stderr)
	}
	_, stdout, _ = runEvents(t, w, "list", "--json", "--limit", "1")
	if _, text := cmdtest.Request(t, "GET", w.Mock+"/_mock/clinics/mine/events?limit=1", ""); stdout != text {
		t.Errorf("--json is not the reply: %s", cmp.Diff(text, stdout))
	}
}

func TestTheHintOfAFailedAttemptIsShown(t *testing.T) {
	t.Parallel()
	// The receiver answers 401; the signature uses the clinic's clock.
	w := cmdtest.NewClinic(t, func(int) int { return 401 })
	id := w.Check(t).EventID
	const hint = "\n  failed, 401: the receiver answered 401\n  hint: the signed time is "
	if code, stdout, _ := runEvents(t, w, "show", id); code != command.ExitOK || !strings.Contains(stdout, hint) {
		t.Errorf("exit %d, %s", code, stdout)
	}
}

func TestAnEventIsShownWithItsAttempts(t *testing.T) {
	t.Parallel()
	w := cmdtest.NewClinic(t, func(n int) int { return map[bool]int{true: 503, false: 200}[n == 1] })
	w.Control(t, http.MethodPatch, "", map[string]any{"webhook": map[string]any{
		"misbehaviour": map[string]any{"signature": "bad", "attempts": 1},
	}}, nil)
	id := w.Check(t).EventID
	w.Advance(t, time.Minute)
	code, stdout, stderr := runEvents(t, w, "show", id[:13])
	if code != command.ExitOK || stderr != "" {
		t.Errorf("exit %d, %s", code, stderr)
	}
	golden.Is(t, "testdata/events-show.golden", cmdtest.Stable(stdout))
	if _, whole, _ := runEvents(t, w, "show", id); whole != stdout {
		t.Errorf("by the whole id it is another: %s", cmp.Diff(stdout, whole))
	}
	if _, upper, _ := runEvents(t, w, "show", strings.ToUpper(id[:13])); upper != stdout {
		t.Errorf("in upper case it is another: %s", cmp.Diff(stdout, upper))
	}
	_, stdout, _ = runEvents(t, w, "show", id, "--json")
	if _, text := cmdtest.Request(t, "GET", w.Mock+"/_mock/clinics/mine/events/"+id, ""); stdout != text {
		t.Errorf("--json is not the reply: %s", cmp.Diff(text, stdout))
	}
}

func TestAnEventIsFoundByHowItsIDBegins(t *testing.T) {
	t.Parallel()
	w := cmdtest.NewClinic(t, nil)
	first := w.Check(t).EventID
	second := w.Check(t).EventID
	for id, want := range map[string]string{
		first[:4]: "2 events have ids that begin like this, such as " + second + " and " + first +
			": give more characters",
		"ffff":                  "the clinic has no event with an id that begins like this",
		first[:35] + "-":        "this id: vsee-mock events list shows the ids; --clinic says which clinic to ask\n",
		strings.Repeat("/", 36): "the clinic has no event with this id",
	} {
		for _, verb := range []string{"show", "resend"} {
			if code, stdout, stderr := runEvents(t, w, verb, id); code != command.ExitError || stdout != "" ||
				!strings.Contains(stderr, want) {
				t.Errorf("%s %s: exit %d, %s%s", verb, id, code, stdout, stderr)
			}
		}
	}
	if _, stdout, stderr := runEvents(t, w, "show", second[:8]); !strings.HasPrefix(stdout,
		"eligibility.checked "+second) {
		t.Errorf("%s%s", stdout, stderr)
	}
}

func TestAnEventIsSentAgain(t *testing.T) {
	t.Parallel()
	w := cmdtest.NewClinic(t, func(n int) int { return map[bool]int{true: 500, false: 200}[n == 2] })
	id := w.Check(t).EventID
	code, stdout, stderr := runEvents(t, w, "resend", id)
	if code != command.ExitError || !strings.Contains(stdout, "Attempt 2 at 2026-01-31T09:00:10Z") ||
		stderr != "vsee-mock: the attempt has failed: the receiver answered 500\n" {
		t.Errorf("refused: exit %d, %s%s", code, stdout, stderr)
	}
	code, stdout, stderr = runEvents(t, w, "resend", id[:8])
	if code != command.ExitOK || !strings.Contains(stdout, "delivered, after 3 attempts") ||
		strings.Contains(stdout, "Attempt 2") || stderr != "" {
		t.Errorf("taken: exit %d, %s%s", code, stdout, stderr)
	}
	if got := len(w.Receiver.Received()); got != 3 {
		t.Errorf("the receiver got %d", got)
	}
}

func TestAnEventIsSentByHand(t *testing.T) {
	t.Parallel()
	w := cmdtest.NewClinic(t, nil)
	member := w.Check(t).MemberID
	code, stdout, stderr := runEvents(t, w, "send", "eligibility.checked", "--member", member, "--set",
		"data.eligibility_response=", "--set", "data.external_member_id:=null")
	if code != command.ExitError || stdout != "" || !strings.Contains(stderr,
		"the event breaks openapi.yaml") {
		t.Errorf("no text: exit %d, %s%s", code, stdout, stderr)
	}
	code, stdout, stderr = runEvents(t, w, "send", "eligibility.checked", "--member", member,
		"--set", "data.eligibility_response=Authorization number not found.", "--set", `data.external_member_id:="5991794"`)
	if code != command.ExitOK || stderr != "" {
		t.Errorf("exit %d, %s", code, stderr)
	}
	golden.Is(t, "testdata/events-send.golden", cmdtest.Stable(stdout))
	got := w.Receiver.Received()
	if len(got) != 2 || !strings.Contains(string(got[1].Body), `"external_member_id":"5991794"`) {
		t.Errorf("the receiver got %d", len(got))
	}
	code, stdout, stderr = runEvents(t, w, "send", "eligibility.checked", "--member", member, "--set",
		"data.eligibility_response=No, it = not valid")
	if code != command.ExitOK || !strings.Contains(stdout, "No, it = not valid") ||
		!strings.HasPrefix(stderr, "vsee-mock: warning: data.eligibility_response is none of the 54 texts of VSee: ") {
		t.Errorf("a text that VSee does not list: exit %d, %s%s", code, stdout, stderr)
	}
	for want, args := range map[string][]string{
		"the clinic has no user with this id":       {"eligibility.checked", "--member", "1"},
		"type must be an event that the mock knows": {"claim.paid", "--member", member},
	} {
		if code, stdout, stderr := runEvents(t, w, append([]string{"send"}, args...)...); code != command.ExitError ||
			stdout != "" || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d, %s%s", want, code, stdout, stderr)
		}
	}
	w.Control(t, http.MethodPatch, "",
		map[string]any{"webhook": map[string]any{"misbehaviour": map[string]any{"hold": "next"}}}, nil)
	code, stdout, stderr = runEvents(t, w, "send", "eligibility.checked", "--member", member)
	if code != command.ExitOK || !strings.Contains(stdout, "waits for the next event") ||
		strings.Contains(stdout, "Attempt") {
		t.Errorf("held: exit %d, %s%s", code, stdout, stderr)
	}
}

func TestWhatIsSetIsTextOrJSON(t *testing.T) {
	t.Parallel()
	got, err := assign([]string{"data.a=x=y", "data.b:=5991794", "data.c:=null", "data.d=", `data.e:=[1,"a,b"]`})
	want := map[string]any{
		"a": "x=y", "b": json.RawMessage("5991794"), "c": json.RawMessage("null"), "d": "", "e": json.RawMessage(`[1,"a,b"]`),
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestAskingAMockThatDoesNotAnswerSaysWhy(t *testing.T) {
	t.Parallel()
	guarded := mocktest.Start(t, func(o *mockserver.Options) { o.ControlToken = "s3cret" })
	other := mocktest.NewReceiver(t, nil)
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"no mock": {[]string{"--mock", "http://127.0.0.1:1"},
			"no mock answers on http://127.0.0.1:1: start it, or give its address with --mock\n"},
		"no token": {[]string{"--mock", guarded.URL},
			"the control API needs Authorization: Bearer with the server's control token: " +
				"give the token with --control-token\n"},
		"another one": {[]string{"--mock", guarded.URL, "--control-token", "wrong"},
			"the given --control-token is another one\n"},
		"no clinic": {[]string{"--mock", guarded.URL, "--control-token", "s3cret", "--clinic", "unknown"},
			"there is no clinic with this account code: vsee-mock clinics lists them; --clinic says which clinic to ask\n"},
		"another server": {[]string{"--mock", other.URL},
			"is no vsee-mock with a control API: it answered 200; correct --mock\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := runEventsAt(t, append([]string{"events", "list"}, test.args...)...)
			if code != command.ExitError || stdout != "" || !strings.Contains(stderr, test.want) ||
				strings.Contains(stderr, "wrong") {
				t.Errorf("exit %d, %s%s", code, stdout, stderr)
			}
		})
	}
	if code, stdout, stderr := runEventsAt(t, "events", "list", "--mock", guarded.URL+"/", "--control-token",
		"s3cret"); code != command.ExitOK || stdout != "vclinic has no events\n" {
		t.Errorf("with the token: exit %d, %s%s", code, stdout, stderr)
	}
}
