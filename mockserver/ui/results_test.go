package ui_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// sample is the path of the results of a run.
const sample = "../../contract/report/testdata/results.json"

func sampleResults(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(sample)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestResultsArePastedAndCompared(t *testing.T) {
	t.Parallel()
	r, text := newReader(t, mocktest.Start(t)), sampleResults(t)
	r.see(front+"/results", "Read the results of a run", `enctype="multipart/form-data"`)
	page := r.post(front+"/results", url.Values{"results_text": {text}})
	for _, want := range []string{"Red: the target differs by", "https://preview.example.com/api_v3", "AUTH-001",
		"<code>401</code>", "<code>403</code>", "the sandbox forgets", "failed", "passed", "/reference/getMe",
		"GET /users/me"} {
		if !strings.Contains(page, want) {
			t.Errorf("the results have no %q:\n%s", want, page)
		}
	}
	if strings.Contains(page, "Since the run") {
		t.Error("one run is compared")
	}
	page = r.post(front+"/results", url.Values{"results_text": {text}, "earlier_text": {text}})
	if !strings.Contains(page, "0 new causes, 0 gone, 4 as before") {
		t.Errorf("a run differs from itself:\n%s", page)
	}
}

func TestWrongResultsAreRefusedAndMarkupInThemIsShownAsText(t *testing.T) {
	t.Parallel()
	r, text := newReader(t, mocktest.Start(t)), sampleResults(t)
	for _, wrong := range []url.Values{nil, {"results_text": {"{"}}, {"results_text": {`{"version": 1}`}},
		{"results_text": {text}, "earlier_text": {"[]"}}} {
		reply, page := r.send(http.MethodPost, front+"/results", wrong)
		if reply.StatusCode != http.StatusBadRequest || !strings.Contains(page, `role="alert"`) {
			t.Errorf("%.40v: %d", wrong, reply.StatusCode)
		}
	}
	for _, plain := range []string{"You shall not pass", "the sandbox forgets", "the status must be right"} {
		text = strings.ReplaceAll(text, plain, `<img src=x><script>alert(1)</script>`)
	}
	if page := r.post(front+"/results", url.Values{"results_text": {text}}); strings.Contains(page, "<img") ||
		strings.Contains(page, "<script>") {
		t.Error("the results have become markup")
	}
}

func resultsAreDropped(t *testing.T, w window, _ *mocktest.Mock) {
	path, err := filepath.Abs(sample)
	if err != nil {
		t.Fatal(err)
	}
	w.do(open(w.base+"/results"), chromedp.SetUploadFiles(chromedp.CSS("#results"), []string{path}),
		click("main .primary"), see("#verdict"))
	w.keep("results")
}
