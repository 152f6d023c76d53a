package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// webhookURL returns the target of a clinic's events.
func (w world) webhookURL(t *testing.T) string {
	t.Helper()
	var now controlapi.Clinic
	w.Control(t, http.MethodGet, "", nil, &now)
	return now.Webhook.URL
}

func TestListenRegistersItselfAndPutsTheURLBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	before := w.webhookURL(t)
	w.Control(t, http.MethodPatch, "", map[string]any{"webhook": map[string]any{
		"signature": "stripe", "secret": "first", "previous_secret": "zeroth", "headers": map[string]any{"signature": "X-Signature"},
	}}, nil)
	e := hear(t, "--mock", w.mock, "--clinic", "mine", "--json")
	if got := w.webhookURL(t); got != e.base+"/hook" {
		t.Errorf("events go to %s", got)
	}
	w.check(t)
	// The secret in force differs from the one at the start.
	w.Control(t, http.MethodPatch, "", map[string]any{"webhook": map[string]any{"secret": "second", "previous_secret": ""}}, nil)
	w.check(t)
	if status, text := e.post(t, forged, oneEvent); status != 401 {
		t.Errorf("forged: %d %s", status, text)
	}
	told := e.told(t)
	if len(told) != 3 || !told[0].Verified || !told[1].Verified || told[2].Verified {
		t.Errorf("%+v", told)
	}
	if got := w.webhookURL(t); got != before {
		t.Errorf("at the end, events go to %s and not %s", got, before)
	}
	if words := e.errs.String(); !strings.Contains(words, "mine's events go where they went before\nvsee-mock has stopped listening: 3 events, 2 verified, 1 refused\n") {
		t.Error(words)
	}
}

func TestListenLeavesAURLThatOthersHaveSet(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	e := hear(t, "--mock", w.mock, "--clinic", "mine", "--public-url", "http://host.test:9000/x")
	if got := w.webhookURL(t); got != "http://host.test:9000/x" {
		t.Errorf("events go to %s", got)
	}
	w.Control(t, http.MethodPatch, "", map[string]any{"webhook": map[string]any{"url": "http://127.0.0.1:1/other"}}, nil)
	if out := e.end(t); !strings.Contains(out, "has changed meanwhile, and stays") {
		t.Error(out)
	}
	if got := w.webhookURL(t); got != "http://127.0.0.1:1/other" {
		t.Errorf("events go to %s", got)
	}
}

func TestListenSaysWhyItCannotRegister(t *testing.T) {
	t.Parallel()
	open := mocktest.Start(t, func(o *mockserver.Options) { o.WebhookHosts = []string{"receiver.test"} })
	guarded := mocktest.Start(t, func(o *mockserver.Options) { o.ControlToken = "s3cret" })
	for want, args := range map[string][]string{
		"no mock answers on http://127.0.0.1:1: is it running there? --mock says where to ask": {"--mock", "http://127.0.0.1:1"},
		"there is no clinic with this account code":                                            {"--mock", open.URL, "--clinic", "nobody"},
		"--control-token is what to send":                                                      {"--mock", guarded.URL, "--control-token", "wrong"},
		"webhook.url has a host outside the mock's --webhook-hosts":                            {"--mock", open.URL},
	} {
		code, stdout, stderr := playLive(t, append([]string{"listen", "--listen", "127.0.0.1:0"}, args...)...)
		if code != exitError || stdout != "" || !strings.Contains(stderr, want) || strings.Contains(stderr, "wrong") {
			t.Errorf("%s: exit %d, %s%s", want, code, stdout, stderr)
		}
	}
	taken := mocktest.NewReceiver(t, nil)
	address := strings.TrimPrefix(taken.URL, "http://")
	code, _, stderr := playLive(t, "listen", "--listen", address)
	if code != exitError || !strings.Contains(stderr, address+" is taken by another program") {
		t.Errorf("exit %d, %s", code, stderr)
	}
}
