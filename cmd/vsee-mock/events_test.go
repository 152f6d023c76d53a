package main

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/golden"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

// world is a clinic with the same ids and times in each run, and a receiver.
type world struct {
	*mocktest.Clinic
	mock     string
	receiver *mocktest.Receiver
}

func newWorld(t *testing.T, receives func(n int) int) world {
	t.Helper()
	mock := mocktest.Start(t)
	receiver := mocktest.NewReceiver(t, receives)
	c := mock.NewClinic(t, clinic.Settings{
		AccountCode: "mine", Seed: 7, AdminToken: "mine-admin",
		Clock: clinic.ClockSettings{Start: time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC), Frozen: true},
		Webhook: clinic.Webhook{
			URL: receiver.URL + "/hook", Secret: demoSecret, Timestamp: outbox.TimestampClinic, Schedule: []time.Duration{time.Minute},
		},
	})
	w := world{c, mock.URL, receiver}
	w.call(t, "/me", `{"insurance": {"primary": {"carrier_code": "car7556", "subscriber_num": "11000075"}}}`)
	return w
}

func (w world) call(t *testing.T, path, body string) {
	t.Helper()
	status, text := request(t, http.MethodPost, w.BaseURL+path, body,
		"X-AccountCode", w.AccountCode, "X-ApiToken", w.AdminToken, "Content-Type", "application/json")
	if status != 200 {
		t.Fatalf("%s: %d %s", path, status, text)
	}
}

// check runs one eligibility check and returns the id of its event.
func (w world) check(t *testing.T) controlapi.Check {
	t.Helper()
	w.call(t, "/users/-/car7556/eligibility", "")
	return w.Advance(t, 10*time.Second).Checks[0]
}

// events runs `vsee-mock events` for the world's clinic.
func (w world) events(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return playLive(t, append(append([]string{"events"}, args...), "--mock", w.mock, "--clinic", w.AccountCode)...)
}

// stable replaces the parts of the output with differences between runs.
func stable(text string) string {
	for pattern, with := range map[string]string{
		`127\.0\.0\.1:[0-9]+`:               "127.0.0.1:PORT",
		`[^ ]+ in real time`:                "REAL-TIME in real time",
		`(< [0-9]+ [A-Za-z ]+), in [^ \n]+`: "$1, in DURATION",
		`< Date: .*`:                        "< Date: DATE",
	} {
		text = regexp.MustCompile(pattern).ReplaceAllString(text, with)
	}
	return text
}

func TestEventsAreListedNewestFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(n int) int { return map[bool]int{true: 200, false: 500}[n == 1] })
	if code, stdout, stderr := w.events(t, "list"); code != exitOK || stdout != "mine has no events\n" {
		t.Errorf("before: exit %d, %s%s", code, stdout, stderr)
	}
	first := w.check(t)
	second := w.check(t)
	code, stdout, stderr := w.events(t, "list")
	if code != exitOK || stderr != "" {
		t.Errorf("exit %d, %s", code, stderr)
	}
	golden.Is(t, "testdata/events-list.golden", stdout)
	for status, want := range map[string]string{"delivered": first.EventID, "pending": second.EventID} {
		_, stdout, stderr := w.events(t, "list", "--status", status)
		if !strings.Contains(stdout, want) || strings.Count(stdout, "\n") != 2 {
			t.Errorf("%s: %s%s", status, stdout, stderr)
		}
		_, stdout, stderr = w.events(t, "list", "--status", status, "--json")
		var page controlapi.Page[controlapi.Event]
		if err := json.Unmarshal([]byte(stdout), &page); err != nil || len(page.Data) != 1 || page.Data[0].ID != want {
			t.Errorf("%s: %s%s", status, stdout, stderr)
		}
	}
	if _, stdout, stderr := w.events(t, "list", "--limit", "1"); !strings.Contains(stdout, second.EventID) || strings.Contains(stdout, first.EventID) {
		t.Errorf("one: %s%s", stdout, stderr)
	}
	if _, stdout, stderr := w.events(t, "list", "--status", "dropped"); stdout != "mine has no dropped events\n" {
		t.Errorf("none of a status: %s%s", stdout, stderr)
	}
	_, stdout, _ = w.events(t, "list", "--json", "--limit", "1")
	if _, text := request(t, "GET", w.mock+"/_mock/clinics/mine/events?limit=1", ""); stdout != text {
		t.Errorf("--json is not the reply: %s", cmp.Diff(text, stdout))
	}
}

func TestTheHintOfAFailedAttemptIsShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(int) int { return 401 }) // the receiver answers 401; the signature uses the clinic's clock
	id := w.check(t).EventID
	const hint = "\n  failed: status: the receiver answered 401\n  hint: the signed time is "
	if code, stdout, _ := w.events(t, "show", id); code != exitOK || !strings.Contains(stdout, hint) {
		t.Errorf("exit %d, %s", code, stdout)
	}
}

func TestAnEventIsShownWithItsAttempts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(n int) int { return map[bool]int{true: 503, false: 200}[n == 1] })
	w.Control(t, http.MethodPatch, "", map[string]any{"webhook": map[string]any{
		"misbehaviour": map[string]any{"signature": "bad", "attempts": 1},
	}}, nil)
	id := w.check(t).EventID
	w.Advance(t, time.Minute)
	code, stdout, stderr := w.events(t, "show", id[:13])
	if code != exitOK || stderr != "" {
		t.Errorf("exit %d, %s", code, stderr)
	}
	golden.Is(t, "testdata/events-show.golden", stable(stdout))
	if _, whole, _ := w.events(t, "show", id); whole != stdout {
		t.Errorf("by the whole id it is another: %s", cmp.Diff(stdout, whole))
	}
	if _, upper, _ := w.events(t, "show", strings.ToUpper(id[:13])); upper != stdout {
		t.Errorf("in upper case it is another: %s", cmp.Diff(stdout, upper))
	}
	_, stdout, _ = w.events(t, "show", id, "--json")
	if _, text := request(t, "GET", w.mock+"/_mock/clinics/mine/events/"+id, ""); stdout != text {
		t.Errorf("--json is not the reply: %s", cmp.Diff(text, stdout))
	}
}

func TestAnEventIsFoundByHowItsIDBegins(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	first := w.check(t).EventID
	second := w.check(t).EventID
	for id, want := range map[string]string{
		first[:4]:               "the ids of 2 events begin so, " + second + " and " + first + " among them: give more of it",
		"ffff":                  "the clinic has no event whose id begins so",
		first[:35] + "-":        "the clinic has no event with this id",
		strings.Repeat("/", 36): "the clinic has no event with this id",
	} {
		for _, command := range []string{"show", "resend"} {
			if code, stdout, stderr := w.events(t, command, id); code != exitError || stdout != "" || !strings.Contains(stderr, want) {
				t.Errorf("%s %s: exit %d, %s%s", command, id, code, stdout, stderr)
			}
		}
	}
	if _, stdout, stderr := w.events(t, "show", second[:8]); !strings.HasPrefix(stdout, "eligibility.checked "+second) {
		t.Errorf("%s%s", stdout, stderr)
	}
}

func TestAnEventIsSentAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(n int) int { return map[bool]int{true: 500, false: 200}[n == 2] })
	id := w.check(t).EventID
	code, stdout, stderr := w.events(t, "resend", id)
	if code != exitError || !strings.Contains(stdout, "Attempt 2 at 2026-01-31T09:00:10Z") || stderr != "vsee-mock: the attempt has failed: the receiver answered 500\n" {
		t.Errorf("refused: exit %d, %s%s", code, stdout, stderr)
	}
	code, stdout, stderr = w.events(t, "resend", id[:8])
	if code != exitOK || !strings.Contains(stdout, "delivered, after 3 attempts") || strings.Contains(stdout, "Attempt 2") || stderr != "" {
		t.Errorf("taken: exit %d, %s%s", code, stdout, stderr)
	}
	if got := len(w.receiver.Received()); got != 3 {
		t.Errorf("the receiver got %d", got)
	}
}

func TestAnEventIsSentByHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	member := w.check(t).MemberID
	code, stdout, stderr := w.events(t, "send", "eligibility.checked", "--member", member, "--set",
		"data.eligibility_response=No, it = not valid", "--set", "data.external_member_id:=null")
	if code != exitError || stdout != "" || !strings.Contains(stderr, "the event breaks openapi.yaml") {
		t.Errorf("a text that VSee does not send: exit %d, %s%s", code, stdout, stderr)
	}
	code, stdout, stderr = w.events(t, "send", "eligibility.checked", "--member", member,
		"--set", "data.eligibility_response=Authorization number not found.", "--set", `data.external_member_id:="5991794"`)
	if code != exitOK || stderr != "" {
		t.Errorf("exit %d, %s", code, stderr)
	}
	golden.Is(t, "testdata/events-send.golden", stable(stdout))
	got := w.receiver.Received()
	if len(got) != 2 || !strings.Contains(string(got[1].Body), `"external_member_id":"5991794"`) {
		t.Errorf("the receiver got %d", len(got))
	}
	for want, args := range map[string][]string{
		"the clinic has no user with this id":       {"eligibility.checked", "--member", "1"},
		"type must be an event that the mock knows": {"claim.paid", "--member", member},
	} {
		if code, stdout, stderr := w.events(t, append([]string{"send"}, args...)...); code != exitError || stdout != "" || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d, %s%s", want, code, stdout, stderr)
		}
	}
	w.Control(t, http.MethodPatch, "", map[string]any{"webhook": map[string]any{"misbehaviour": map[string]any{"hold": "next"}}}, nil)
	code, stdout, stderr = w.events(t, "send", "eligibility.checked", "--member", member)
	if code != exitOK || !strings.Contains(stdout, "waits for the next event") || strings.Contains(stdout, "Attempt") {
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
		"nobody":     {[]string{"--mock", "http://127.0.0.1:1"}, "no mock answers on http://127.0.0.1:1: is it running there? --mock says where to ask\n"},
		"no token":   {[]string{"--mock", guarded.URL}, "the control API needs Authorization: Bearer with the server's control token: --control-token is what to send\n"},
		"wrong one":  {[]string{"--mock", guarded.URL, "--control-token", "wrong"}, "--control-token is what to send\n"},
		"no clinic":  {[]string{"--mock", guarded.URL, "--control-token", "s3cret", "--clinic", "nobody's"}, "there is no clinic with this account code"},
		"a stranger": {[]string{"--mock", other.URL}, "is no vsee-mock with a control API: it answered 200; --mock says where to ask\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := playLive(t, append([]string{"events", "list"}, test.args...)...)
			if code != exitError || stdout != "" || !strings.Contains(stderr, test.want) || strings.Contains(stderr, "wrong") {
				t.Errorf("exit %d, %s%s", code, stdout, stderr)
			}
		})
	}
	if code, stdout, stderr := playLive(t, "events", "list", "--mock", guarded.URL+"/", "--control-token", "s3cret"); code != exitOK || stdout != "vclinic has no events\n" {
		t.Errorf("with the token: exit %d, %s%s", code, stdout, stderr)
	}
}

func TestWhatOthersSayMovesNoCursor(t *testing.T) {
	t.Parallel()
	if got := plain("a\x1b[2Jb\tü"); got != `a\u001b[2Jb\tü` {
		t.Errorf("%q", got)
	}
}
