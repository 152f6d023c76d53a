package ui_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

func TestTheScenariosAreDrawnAndFiltered(t *testing.T) {
	t.Parallel()
	r := newReader(t, mocktest.Start(t))
	all, err := scenarios.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	r.see(front+"/scenarios", "A whole integration", "17 min 10 s", "no answer", "claim submitted", "duplicate: 2",
		"status 503")
	page := r.see(front+"/scenarios?label=visit&q=whole", "whole-integration", `<option selected>visit`)
	if strings.Contains(page, "http-500") {
		t.Error("the label visit shows a scenario of faults")
	}
	r.see(front+"/scenarios?q="+url.QueryEscape(planted), "No scenario has these words")
	for _, s := range all {
		r.see(front+"/scenarios/"+s.ID, "Try it", "title: ")
	}
	if reply, _ := r.send(http.MethodGet, front+"/scenarios/nothing", nil); reply.StatusCode != http.StatusNotFound {
		t.Errorf("an unknown scenario: %d", reply.StatusCode)
	}
}

func TestEachKindOfScenarioIsTried(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	mock.NewClinic(t, clinic.Settings{AccountCode: "north",
		Webhook: clinic.Webhook{URL: mocktest.NewReceiver(t, nil).URL}})
	r := newReader(t, mock)
	for id, want := range map[string][]string{
		"subscriber-not-found":     {"POST /users/sso", "Subscriber/Insured not found", "eligibility.checked", "attempt 1"},
		"whole-integration":        {"Success", "visit.ended", "claim.updated", "nothing due"},
		"http-503":                 {"fault: "},
		"http-reset":               {"connection reset", "Success"},
		"clinic-without-a-webhook": {"not sent: the clinic has no webhook for it"},
	} {
		page := r.post(north+"/scenarios/"+id, nil)
		for _, text := range want {
			if !strings.Contains(page, text) {
				t.Errorf("%s: the timeline has no %q:\n%s", id, text, page)
			}
		}
	}
	page := r.post(north+"/scenarios/http-503", nil)
	failed := regexp.MustCompile(north + `/exchanges/\d+"[^>]*>.{0,300}fault: `).FindString(page)
	failed, _, _ = strings.Cut(failed, `"`)
	r.see(failed, "The fault comes from", north+"/scenarios/http-503", "http-503.yaml:")
	r.see(north+"/webhooks", "http://127.0.0.1") // a scenario without a webhook has left the clinic its own
	if reply, _ := r.send(http.MethodPost, north+"/scenarios/nothing", nil); reply.StatusCode != http.StatusNotFound {
		t.Errorf("an unknown scenario: %d", reply.StatusCode)
	}
}

func TestTheErrorsOfBrokenFilesAreShownWithTheirLines(t *testing.T) {
	t.Parallel()
	r := newReader(t, mocktest.Start(t, func(o *mockserver.Options) {
		review := scenarios.ReviewFiles([]scenarios.File{{Name: "bad.yaml", Data: []byte("title: Bad\nanwser: " + planted)}})
		o.ScenarioProblems = review.Problems
	}))
	page := r.see(front+"/scenarios", "bad.yaml:", "anwser", "^", "<pre")
	if strings.Contains(page, "<img") {
		t.Error("the error shows markup of the file")
	}
}

func TestAScenarioOfTheClinicAloneIsShownAsAFile(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "north"})
	c.UseScenario(t, "title: \"<b>Mine</b>\"\nwhen: {subscriber_num: \"1\"}\nanswer: \"75\"\n"+
		"patient: {first_name: Nora}\n")
	r := newReader(t, mock)
	page := r.see(north+"/scenarios?q=Mine", "&lt;b&gt;Mine", "Subscriber/Insured not found")
	_, id, _ := strings.Cut(page, north+"/scenarios/")
	id, _, _ = strings.Cut(id, `"`)
	r.see(north+"/scenarios/"+id, "answer: Subscriber/Insured not found", "patient: {first_name: Nora}")
	if page := r.post(north+"/scenarios/"+id, nil); !strings.Contains(page, "Nora") {
		t.Errorf("another patient has played it:\n%s", page)
	}
}

func scenarioIsTried(_ *testing.T, w window, _ *mocktest.Mock) {
	w.do(open(w.base+"/scenarios?q=out-of-network-by"), see(".track"))
	w.keep("scenarios")
	w.do(click(".scenario h2 a"), see("main pre"), click("main .primary"), see("[data-kind=answer]"))
	w.await(`document.querySelector('[data-kind=answer]').textContent.includes('Out of Network')`)
}
