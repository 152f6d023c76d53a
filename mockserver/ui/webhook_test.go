package ui_test

import (
	"html"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

const north = "/_mock/page/clinics/north"

// started returns a reader of a clinic after the guide was played. The receiver of the clinic gives the answers.
func started(t *testing.T, answer func(n int) int) (*reader, *mocktest.Receiver) {
	t.Helper()
	mock := mocktest.Start(t)
	mock.NewClinic(t, clinic.Settings{AccountCode: "north"})
	receiver, r := mocktest.NewReceiver(t, answer), newReader(t, mock)
	r.post(north+"/webhooks", url.Values{"url": {receiver.URL}})
	r.post(north, nil)
	return r, receiver
}

var eventAddress = regexp.MustCompile(north + `/events/[0-9a-f-]{36}`)

// firstEvent returns the address of the newest event.
func (r *reader) firstEvent() string {
	r.t.Helper()
	found := eventAddress.FindString(r.see(north + "/webhooks"))
	if found == "" {
		r.t.Fatal("the webhooks list no event")
	}
	return found
}

func TestARefusedEventIsExplainedAndSentAgain(t *testing.T) {
	t.Parallel()
	r, receiver := started(t, func(n int) int { return map[bool]int{true: 401, false: 200}[n == 1] })
	r.post(north+"/clock", url.Values{"move": {"10s"}})
	event := r.firstEvent()
	r.see(event, "Attempt 1", "401", "most probably its secret differs", "Copy the clinic’s secret",
		"eligibility.checked", "Webhook-Signature", receiver.URL,
		"Subscriber/Insured not found", "How to verify")
	r.post(event+"/resend", nil)
	r.see(event, "delivered")
	if n := len(receiver.Received()); n != 2 {
		t.Errorf("the receiver got %d requests", n)
	}
}

func TestTheNewestAttemptComesFirstAndAloneHasAdvice(t *testing.T) {
	t.Parallel()
	r, receiver := started(t, func(int) int { return 401 })
	r.post(north+"/clock", url.Values{"move": {"10s"}})
	event := r.firstEvent()
	r.post(event+"/resend", nil)
	page := r.see(event, "Attempt 1", "Attempt 2")
	if strings.Index(page, ">Attempt 2<") > strings.Index(page, ">Attempt 1<") {
		t.Error("the older attempt comes first")
	}
	for _, text := range []string{"Most probable reason", "To check: "} {
		if n := strings.Count(page, text); n != 1 {
			t.Errorf("%q stands %d times", text, n)
		}
	}
	all := receiver.Received()
	_, proof, _ := strings.Cut(page, `<div id="proof" data-live>`)
	if sent := all[len(all)-1].Header.Get("Webhook-Signature"); !strings.Contains(html.UnescapeString(proof), sent) {
		t.Errorf("the part that follows the clinic has no program for the last signature, %s:\n%s", sent, proof)
	}
}

func TestTheListSaysHowTheLastAttemptFailed(t *testing.T) {
	t.Parallel()
	r, _ := started(t, func(n int) int { return []int{401, 503, 200}[(n-1)%3] })
	r.post(north+"/clock", url.Values{"move": {"10s"}})
	for _, want := range []string{"failed, 401, next attempt", "failed, 503, next attempt", "delivered"} {
		_, row, _ := strings.Cut(r.see(north+"/webhooks"), "data-row>")
		row, _, _ = strings.Cut(row, "</tr>")
		if !strings.Contains(row, want) {
			t.Errorf("the event's row has no %q:\n%s", want, row)
		}
		r.post(r.firstEvent()+"/resend", nil)
	}
}

// On a telephone, only the first two columns are seen.
func TestTheStatusIsTheSecondColumn(t *testing.T) {
	t.Parallel()
	r, _ := started(t, nil)
	r.post(north+"/clock", url.Values{"move": {"10s"}})
	r.see(north+"/webhooks", `<th scope="col">Event</th><th scope="col">Status</th>`)
	r.see(north+"/patients/132407", `<th scope="col">Check</th><th scope="col">Result</th>`,
		`<th scope="col">Token</th><th scope="col">Status</th>`)
}

func TestAFormIsConfirmedOrLeadsBackToItself(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	mock.NewClinic(t, clinic.Settings{AccountCode: "north"})
	r := newReader(t, mock)
	const receiver = "http://127.0.0.1:9/hook"
	for _, form := range []url.Values{{"url": {receiver}}, {"url": {receiver}, "next": {north}}} {
		if page := r.post(north+"/webhooks", form); !strings.Contains(page, "Saved: events go to "+receiver) {
			t.Errorf("%v is not confirmed", form)
		}
	}
	r.see(north+"/webhooks", "<code>whsec_</code> and the base64 of 24 to 64 bytes")
	if page := r.see(north + "/webhooks?done=saved"); strings.Contains(page, `name="next" value="`+north+"/webhooks?") {
		t.Error("a move of the clock confirms the form once more")
	}
	for path, from := range map[string]string{"/webhooks": "/webhooks?after=x", "/faults": "/faults",
		"/clock": "/patients"} {
		reply, page := r.send(http.MethodPost, north+path, url.Values{"secret": {"short"}, "move": {"by"}},
			"Referer", r.base+north+from)
		if reply.StatusCode != http.StatusBadRequest || !strings.Contains(page, `href="`+north+from+`">Back to the form`) {
			t.Errorf("POST %s: %d, and no way back:\n%s", path, reply.StatusCode, page)
		}
	}
	_, page := r.send(http.MethodPost, north+"/faults", nil, "Referer", "http://elsewhere.example/page")
	if strings.Contains(page, "Back to the form") {
		t.Error("a refused form leads to another host's path")
	}
}

func TestAMisbehaviourIsNamedOnceAndItsSignatureIsNotProvable(t *testing.T) {
	t.Parallel()
	r, _ := started(t, func(int) int { return 401 })
	fire := url.Values{"type": {"eligibility.checked"}, "member": {"132407"}}
	for _, c := range []struct {
		misbehaviour string
		provable     bool
	}{
		{`{"signature": "bad"}`, false}, {`{"signature": "old"}`, false}, {`{"altered": true}`, false},
		{`{"extra_field": true}`, true}, {`{"timestamp": "stale"}`, true},
	} {
		r.post(north+"/webhooks", url.Values{"misbehaviour": {c.misbehaviour}})
		page := r.post(north+"/events", fire)
		if got := strings.Contains(page, "Its output must be in the header"); got != c.provable {
			t.Errorf("%s: the page demands the output in the header: %t", c.misbehaviour, got)
		}
		if n := strings.Count(page, "isbehaved on purpose"); n != 1 {
			t.Errorf("%s: the page says %d times that the mock misbehaved", c.misbehaviour, n)
		}
		if !strings.Contains(page, `/webhooks#wrong">Switch it off`) {
			t.Errorf("%s: no link switches it off", c.misbehaviour)
		}
	}
}

func TestAnEventFromBeforeTheURLIsSentLater(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	mock.NewClinic(t, clinic.Settings{AccountCode: "north"})
	receiver, r := mocktest.NewReceiver(t, nil), newReader(t, mock)
	r.post(north, nil)
	r.post(north+"/clock", url.Values{"move": {"10s"}})
	event := r.firstEvent()
	r.see(event, "had no webhook for it", north+"/webhooks")
	r.post(north+"/webhooks", url.Values{"url": {receiver.URL}})
	r.post(event+"/resend", nil)
	r.see(event, "delivered", "Attempt 1")
}

func TestAnAnswerIsCopiedAsAScenario(t *testing.T) {
	t.Parallel()
	r, _ := started(t, nil)
	r.post(north+"/clock", url.Values{"move": {"10s"}})
	text := r.post(north+"/reveal", url.Values{"what": {"scenario"}, "id": {"2505465"}})
	if !strings.HasPrefix(text, "title:") && !strings.Contains(text, "\ntitle:") {
		t.Errorf("the copy is no scenario:\n%s", text)
	}
}

func TestAnEventIsSentByHandAndMisbehaves(t *testing.T) {
	t.Parallel()
	r, receiver := started(t, func(int) int { return http.StatusBadRequest })
	r.see(north+"/webhooks", "Now: none", receiver.URL)
	r.post(north+"/webhooks", url.Values{"misbehaviour": {`{"timestamp": "future"}`}})
	r.see(north+"/webhooks", "timestamp: future", `selected>Signed ten minutes ahead`)
	page := r.post(north+"/events", url.Values{"type": {"eligibility.checked"}, "member": {"132407"},
		"menu.data.eligibility_response": {"Success"}})
	for _, text := range []string{"timestamp: future", "400", "Success", "ahead"} {
		if !strings.Contains(page, text) {
			t.Errorf("the event has no %q", text)
		}
	}
	for _, wrong := range []url.Values{
		{"type": {"eligibility.checked"}, "member": {"132407"}, "json": {"{"}},
		{"type": {"nothing"}, "member": {"132407"}}, {"type": {"eligibility.checked"}},
	} {
		if reply, _ := r.send(http.MethodPost, north+"/events", wrong); reply.StatusCode != http.StatusBadRequest {
			t.Errorf("%v: %d", wrong, reply.StatusCode)
		}
	}
	if reply, _ := r.send(http.MethodPost, north+"/webhooks", url.Values{"misbehaviour": {"["}}); reply.StatusCode != 400 {
		t.Errorf("a misbehaviour that is no JSON: %d", reply.StatusCode)
	}
}

// Each program prints the signature that was sent, for each scheme, with a body that needs quotes.
func TestEachProgramProvesTheSignature(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	commands := map[string][]string{"Shell": {"sh", "proof"}, "Node": {"node", "proof.mjs"},
		"Python": {"python3", "proof"}, "Go": {"go", "run", "proof.go"}}
	for _, scheme := range []string{"standard", "stripe", "github"} {
		receiver, r := mocktest.NewReceiver(t, nil), newReader(t, mock)
		mock.NewClinic(t, clinic.Settings{AccountCode: scheme,
			Webhook: clinic.Webhook{URL: receiver.URL, Signature: scheme}})
		base := strings.Replace(north, "north", scheme, 1)
		r.post(base, nil)
		page := r.post(base+"/events", url.Values{"type": {"eligibility.checked"}, "member": {"132407"},
			"json": {`{"eligibility_response": "it's \\ \"so\" ünd 🩺 \u2028"}`}})
		id := regexp.MustCompile(`events/([0-9a-f-]{36})`).FindStringSubmatch(page)[1]
		for language, command := range commands {
			if _, err := exec.LookPath(command[0]); err != nil || language == "Go" && os.Getenv("UI_BROWSER") == "" {
				continue // .ci/run runs them all
			}
			text := r.post(base+"/reveal", url.Values{"what": {"proof"}, "id": {id}, "language": {language}})
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, command[len(command)-1]), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			run := exec.CommandContext(t.Context(), command[0], command[1:]...)
			run.Dir = dir
			out, err := run.CombinedOutput()
			got := strings.Fields(string(out))
			if err != nil || len(got) == 0 || !strings.Contains(text, got[len(got)-1]) {
				t.Errorf("%s, %s: %v\n%s\n%s", scheme, language, err, out, text)
			}
		}
	}
}
