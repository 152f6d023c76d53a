package listen

import (
	"net/http"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/cmdtest"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

func TestListenRegistersItselfAndPutsTheURLBack(t *testing.T) {
	t.Parallel()
	w := cmdtest.NewClinic(t, nil)
	before := w.WebhookURL(t)
	w.Control(t, http.MethodPatch, "", map[string]any{"webhook": map[string]any{
		"signature": "stripe", "secret": "first", "previous_secret": "zeroth",
		"headers": map[string]any{"signature": "X-Signature"},
	}}, nil)
	e := startListen(t, "--mock", w.Mock, "--clinic", "mine", "--json")
	if got := w.WebhookURL(t); got != e.base+"/hook" {
		t.Errorf("events go to %s", got)
	}
	w.Check(t)
	// The secret in force differs from the one at the start.
	w.Control(t, http.MethodPatch, "", map[string]any{"webhook": map[string]any{"secret": "second",
		"previous_secret": ""}}, nil)
	w.Check(t)
	if status, text := e.post(t, forged, oneEvent); status != 401 {
		t.Errorf("forged: %d %s", status, text)
	}
	records := e.records(t)
	if len(records) != 3 || !records[0].Verified || !records[1].Verified || records[2].Verified {
		t.Errorf("%+v", records)
	}
	if got := w.WebhookURL(t); got != before {
		t.Errorf("at the end, events go to %s and not %s", got, before)
	}
	if words := e.errs.String(); !strings.Contains(words,
		"the previous webhook URL of mine is restored\n"+
			"vsee-mock has stopped listening: 3 deliveries, 2 verified, 1 refused\n") {
		t.Error(words)
	}
}

func TestListenLeavesAURLThatOthersHaveSet(t *testing.T) {
	t.Parallel()
	w := cmdtest.NewClinic(t, nil)
	e := startListen(t, "--mock", w.Mock, "--clinic", "mine", "--public-url", "http://host.test:9000/x")
	if got := w.WebhookURL(t); got != "http://host.test:9000/x" {
		t.Errorf("events go to %s", got)
	}
	w.Control(t, http.MethodPatch, "", map[string]any{"webhook": map[string]any{"url": "http://127.0.0.1:1/other"}}, nil)
	if out := e.end(t); !strings.Contains(out, "was changed in the meantime and stays") {
		t.Error(out)
	}
	if got := w.WebhookURL(t); got != "http://127.0.0.1:1/other" {
		t.Errorf("events go to %s", got)
	}
}

func TestListenSaysWhyItCannotRegister(t *testing.T) {
	t.Parallel()
	open := mocktest.Start(t, func(o *mockserver.Options) { o.WebhookHosts = []string{"receiver.test"} })
	guarded := mocktest.Start(t, func(o *mockserver.Options) { o.ControlToken = "s3cret" })
	for want, args := range map[string][]string{
		"no mock answers on http://127.0.0.1:1: start it, or give its address with --mock": {"--mock", "http://127.0.0.1:1"},
		"there is no clinic with this account code: vsee-mock clinics lists them; " +
			"--clinic says which clinic to ask\n": {"--mock", open.URL, "--clinic", "nobody"},
		"the given --control-token is another one":                  {"--mock", guarded.URL, "--control-token", "wrong"},
		"webhook.url has a host outside the mock's --webhook-hosts": {"--mock", open.URL},
	} {
		code, stdout, stderr := play(t, append([]string{"listen", "--listen", "127.0.0.1:0"}, args...)...)
		if code != command.ExitError || stdout != "" || !strings.Contains(stderr, want) || strings.Contains(stderr, "wrong") {
			t.Errorf("%s: exit %d, %s%s", want, code, stdout, stderr)
		}
	}
	taken := mocktest.NewReceiver(t, nil)
	address := strings.TrimPrefix(taken.URL, "http://")
	code, _, stderr := play(t, "listen", "--listen", address)
	if code != command.ExitError || !strings.Contains(stderr, address+" is taken by another program") {
		t.Errorf("exit %d, %s", code, stderr)
	}
}

// The documented secret of the default clinic lets a receiver be set up before the mock starts.
func TestListenVerifiesTheDefaultClinicByItsDocumentedSecret(t *testing.T) {
	t.Parallel()
	e := startListen(t, "--secret", mockserver.DefaultWebhookSecret, "--json")
	mock := mocktest.Start(t)
	w := cmdtest.Clinic{Clinic: mock.Clinic(t, "vclinic"), Mock: mock.URL}
	w.Control(t, "PATCH", "", map[string]any{"webhook": map[string]string{"url": e.base + "/hook"}}, nil)
	w.Call(t, "/me", `{"insurance": {"primary": {"carrier_code": "car7556"}}}`)
	w.Check(t)
	if records := e.records(t); len(records) != 1 || !records[0].Verified {
		t.Errorf("%+v", records)
	}
}
