package ui_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/vsee-mock/vsee-mock/mockserver"
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

func TestAnAddressNamesResultsOfTheMocksFolder(t *testing.T) {
	t.Parallel()
	text := sampleResults(t)
	var before map[string]any
	if err := json.Unmarshal([]byte(text), &before); err != nil {
		t.Fatal(err)
	}
	before["causes"] = []any{}
	for _, one := range before["requirements"].([]any) {
		delete(one.(map[string]any), "causes")
	}
	earlier, err := json.Marshal(before)
	if err != nil {
		t.Fatal(err)
	}
	folder := fstest.MapFS{
		"second/results.json": {Data: []byte(text), ModTime: time.Unix(2, 0)},
		"first/results.json":  {Data: earlier, ModTime: time.Unix(1, 0)},
		"broken.json":         {Data: []byte("{")},
		"secret.txt":          {Data: []byte("secret")},
	}
	r := newReader(t, mocktest.Start(t, func(o *mockserver.Options) { o.Results = folder }))
	page := r.see(front+"/results", "<option>second/results.json</option><option>first/results.json</option>")
	if strings.Contains(page, "secret") {
		t.Error("a file that is no JSON is listed")
	}
	r.see(front+"/results?results=second/results.json", "Red: the target differs by", "selected>second/results.json")
	r.see(front+"/results?results=second/results.json&earlier=first/results.json", "4 new causes, 0 gone, 0 as before")
	for _, wrong := range []string{"broken.json", "none.json", "../results.json", "/etc/passwd",
		"http://127.0.0.1:1/results.json"} {
		reply, _ := r.send(http.MethodGet, front+"/results?results="+url.QueryEscape(wrong), nil)
		if reply.StatusCode != http.StatusBadRequest {
			t.Errorf("?results=%s: %d", wrong, reply.StatusCode)
		}
	}
	r = newReader(t, mocktest.Start(t))
	if reply, page := r.send(http.MethodGet, front+"/results?results=x.json", nil); reply.StatusCode != 400 ||
		!strings.Contains(page, "start it with --results DIR") {
		t.Errorf("without a folder: %d", reply.StatusCode)
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
	w.do(open(w.base+"/results"), see("#results"), chromedp.Evaluate[chromedp.Void](`(() => {
		const text = `+strconv.Quote(sampleResults(t))+`
		const dropped = new DataTransfer()
		dropped.items.add(new File([text.replace('AUTH-001', 'AUTH-002')], 'old.json', { lastModified: 1 }))
		dropped.items.add(new File([text], 'new.json', { lastModified: 2 }))
		document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, bubbles: true, cancelable: true }))
	})()`), see("#changes"))
}
