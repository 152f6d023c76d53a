package ui_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// The time limits of the whole test in the browser, and of one step in it.
const (
	maxBrowsing = 8 * time.Minute
	maxStep     = 20 * time.Second
)

// openBrowser starts Chromium. The test is skipped unless UI_BROWSER is set: starting a browser takes longer than all
// other tests of the package.
func openBrowser(t *testing.T) context.Context {
	t.Helper()
	if os.Getenv("UI_BROWSER") == "" {
		t.Skip("UI_BROWSER=1 runs the tests in Chromium; .ci/run does")
	}
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Fatal("there is no Chromium in PATH: on Debian, apt-get install chromium")
	}
	ctx, stop := context.WithTimeout(t.Context(), maxBrowsing)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()))...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	return ctx
}

// step is one step of a test in the browser.
type step = chromedp.Action[chromedp.Void]

func open(address string) step   { return chromedp.Navigate(address) }
func click(selector string) step { return chromedp.Click(chromedp.CSS(selector)) }
func see(selector string) step   { return chromedp.WaitVisible(chromedp.CSS(selector)) }

// view sets the width of the window, in pixels, and the theme of the system.
func view(ctx context.Context, t *testing.T, width int64, theme string) {
	t.Helper()
	_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride,
		emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 720, DeviceScaleFactor: 1})
	if err == nil {
		_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// window is a tab of the browser on a clinic of a mock.
type window struct {
	context.Context //nolint:containedctx // chromedp keeps a tab in a context
	t               *testing.T
	base            string // the address of the clinic's views
}

func (w window) do(steps ...step) {
	w.t.Helper()
	for i, one := range steps {
		limited, stop := context.WithTimeout(w, maxStep)
		err := chromedp.Do(limited, one)
		stop()
		if err != nil {
			w.t.Fatalf("step %d of %d: %s", i+1, len(steps), err)
		}
	}
}

// find returns the value of an expression in JavaScript.
func find[T any](w window, expression string) T {
	w.t.Helper()
	value, err := chromedp.Run(w, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Fatalf("%s: %s", expression, err)
	}
	return value
}

// await waits until an expression in JavaScript is true.
func (w window) await(expression string) {
	w.t.Helper()
	if _, err := chromedp.Run(w, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(maxStep))); err != nil {
		w.t.Fatalf("%s: %s", expression, err)
	}
}

// keep writes a picture of the window to the folder named by UI_SHOTS, if there is one.
func (w window) keep(name string) {
	w.t.Helper()
	if dir := os.Getenv("UI_SHOTS"); dir != "" {
		w.picture(filepath.Join(dir, name+".png"))
	}
}

func (w window) picture(path string) {
	w.t.Helper()
	w.do(chromedp.Sleep(100 * time.Millisecond))
	png, err := chromedp.Run(w, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(path, png, 0o644)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// pictures is the folder of the pictures in the documentation; hashFile has the hash of the page that they show.
const (
	pictures = "../../docs/images"
	hashFile = pictures + "/views.sha256"
)

var update = flag.Bool("update", false, "take the pictures of the documentation anew, with UI_BROWSER=1")

// viewHash returns the hash of all templates, the style and the script.
func viewHash(t *testing.T) string {
	t.Helper()
	sum := sha256.New()
	err := fs.WalkDir(os.DirFS("view"), ".", func(path string, _ fs.DirEntry, err error) error {
		if text, broken := os.ReadFile(filepath.Join("view", path)); broken == nil {
			_, _ = fmt.Fprintln(sum, path, len(text))
			sum.Write(text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(sum.Sum(nil)) + "\n"
}

func TestThePicturesShowThePageAsItIs(t *testing.T) {
	t.Parallel()
	recorded, err := os.ReadFile(hashFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(recorded) != viewHash(t) && !*update {
		t.Errorf("the templates or the style have changed since the pictures in docs/images were taken: " +
			"UI_BROWSER=1 go test ./mockserver/ui -run InTheBrowser -update takes them anew")
	}
}

func picturesAreTaken(t *testing.T, w window, _ *mocktest.Mock) {
	if !*update {
		return
	}
	view(w, t, 1200, "light")
	for name, path := range map[string]string{"timeline": "", "exchange": "/exchanges/3",
		"scenarios": "/scenarios?q=two+checks"} {
		w.do(open(w.base+path), see("h1"))
		w.picture(filepath.Join(pictures, name+".png"))
	}
	if err := os.WriteFile(hashFile, []byte(viewHash(t)), 0o644); err != nil {
		t.Fatal(err)
	}
	view(w, t, 1440, "light")
}

// The tests in the browser share one, and go through one story: each subtest goes on where the last one ended.
func TestInTheBrowser(t *testing.T) {
	t.Parallel()
	ctx := openBrowser(t)
	mock := mocktest.Start(t)
	receiver := mocktest.NewReceiver(t, func(n int) int { return []int{401, 200, 400, 200}[(n-1)%4] })
	mock.NewClinic(t, clinic.Settings{AccountCode: "north", Webhook: clinic.Webhook{URL: receiver.URL},
		Clock: clinic.ClockSettings{Start: time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC), Frozen: true}})
	w := window{ctx, t, mock.URL + north}
	if err := chromedp.Do(ctx); err != nil { // its context is that of the browser
		t.Fatal(err)
	}
	view(ctx, t, 1440, "light")
	for _, part := range []struct {
		name string
		test func(*testing.T, window, *mocktest.Mock)
	}{
		{"TheGuideIsPlayedAndItsAnswerArrives", guideArrives},
		{"ARefusedEventIsReadAndSentAgain", refusalIsRead},
		{"AnEventMisbehaves", eventMisbehaves},
		{"AnInvalidEventIsRefusedAtItsField", invalidEventIsRefused},
		{"PicturesAreTaken", picturesAreTaken},
		{"KeysMoveThroughTheTimeline", keysMove},
		{"ARequestFromElsewhereArrivesLive", requestArrives},
		{"TheReferenceIsSearchedByKeys", referenceIsSearched},
		{"AScenarioIsTried", scenarioIsTried},
		{"ResultsAreDropped", resultsAreDropped},
		{"AThemeIsChosenAndKept", themeIsChosen},
		{"AllOfItWorksOnATelephone", telephoneIsUsed},
		{"EachViewFitsAndReadsInBothThemes", viewsFit},
		{"ManyRequestsDoNotFreezeIt", manyArrive},
		{"ManyThousandsOfEntriesScrollInPages", manyAreScrolled},
		{"ASlowBrowserMissesEntriesAndIsTold", slowBrowserIsTold},
		{"AnotherClinicIsChosen", clinicIsChosen},
		{"PlantedScriptsDoNotRun", scriptsDoNotRun},
		{"AWishForLessMotionIsRespected", motionIsReduced},
		{"ANewUserLearnsWhyAWebhookWasRefused", reasonIsFound},
		{"ARefusedFormIsExplainedAndATextIsCopied", formIsRefused},
	} {
		if !t.Run(part.name, func(t *testing.T) {
			w.t = t
			part.test(t, w, mock)
		}) {
			break
		}
	}
}

func guideArrives(_ *testing.T, w window, _ *mocktest.Mock) {
	w.do(open(w.base), see(".welcome"))
	w.keep("empty")
	w.do(click(".primary"), see("[data-kind=due]"))
	w.await(`document.querySelector('[data-kind=due] time').textContent === 'in 10 s'`)
	w.keep("waiting")
	w.do(click("[data-key='.']"), see("[data-kind=attempt]"))
	w.await(`document.getElementById('receipt').textContent.includes('1 check')`)
	w.await(`(() => {
		const box = document.querySelector('[data-follow]')
		return box.scrollLeft + box.clientWidth >= box.scrollWidth - 24
	})()`) // the time axis follows
	w.keep("timeline")
	w.t.Logf("first paint in %.0f ms",
		find[float64](w, `performance.getEntriesByName('first-contentful-paint')[0].startTime`))
}

func refusalIsRead(_ *testing.T, w window, _ *mocktest.Mock) {
	w.do(click("[data-kind=attempt]"), see("#attempt-1"))
	w.await(`document.getElementById('attempt-1').textContent.includes('its secret differs')`)
	w.keep("event")
	w.do(click("form[action$=resend] button"), see("#attempt-2"))
	w.await(`document.querySelector('.badge').textContent.includes('delivered')`)
	w.do(click("nav a[href$='/webhooks']"), see(".list"))
	w.keep("webhooks")
}

// fillIn opens the form for an event.
func (w window) fillIn() {
	w.t.Helper()
	w.do(open(w.base+"/webhooks"), click("form[action$='/fire'] button"), see("#member"))
}

func eventMisbehaves(t *testing.T, w window, _ *mocktest.Mock) {
	w.do(open(w.base+"/webhooks"), chromedp.SetValue(chromedp.CSS("#misbehaviour"), `{"timestamp": "future"}`),
		click("form:has(#misbehaviour) button"))
	w.await(`document.getElementById('misbehaves')?.textContent.includes('timestamp: future')`)
	w.fillIn()
	w.do(click("form:has(#member) .primary"), see("#attempt-1"))
	if text := find[string](w, `document.getElementById('attempt-1').textContent`); !strings.Contains(text, "ahead") {
		t.Errorf("the attempt does not tell that its time is ahead: %s", text)
	}
}

func invalidEventIsRefused(t *testing.T, w window, _ *mocktest.Mock) {
	w.fillIn()
	w.keep("fire")
	w.do(chromedp.SetValue(chromedp.CSS("#kind"), "claim.updated"), see("[id='in-data.billed_cents']"),
		chromedp.SendKeys(chromedp.CSS("[id='in-data.billed_cents']"), "much"), click("form:has(#member) .primary"),
		see("[role=alert]"))
	w.keep("refusal")
	text := find[string](w, `document.querySelector('[role=alert]').textContent`)
	if !strings.Contains(text, "data.billed_cents must be an integer") || !strings.Contains(text, "openapi.yaml:") {
		t.Errorf("the refusal is %q", text)
	}
	if got := find[string](w, `document.querySelector('[aria-invalid]').value`); got != "much" {
		t.Errorf("the wrong field has %q", got)
	}
	w.do(click("[role=alert] a"), see(":target"))
	if got := find[string](w, `document.querySelector(':target code').textContent`); got != "billed_cents" {
		t.Errorf("the rule leads to %q", got)
	}
}

func themeIsChosen(t *testing.T, w window, _ *mocktest.Mock) {
	const back = `getComputedStyle(document.documentElement).backgroundColor`
	w.do(open(w.base), see("#theme"))
	light := find[string](w, back)
	for _, theme := range []string{"dark", "light"} {
		w.do(chromedp.SetValue(chromedp.CSS("#theme"), theme), see("[data-theme="+theme+"] main"))
		w.do(click("nav a[href$='/faults']"), see("[role=switch]"))
		if dark := find[string](w, back) != light; dark != (theme == "dark") {
			t.Errorf("with the theme %s the background is %s", theme, find[string](w, back))
		}
	}
	w.do(chromedp.SetValue(chromedp.CSS("#theme"), "auto"), see("[data-theme=auto] main"))
}

func telephoneIsUsed(t *testing.T, w window, _ *mocktest.Mock) {
	view(w, t, 390, "light")
	w.do(open(w.base), see(".mark"), click("nav a[href$='/webhooks']"), see("#events a"), click("#events a"), see("h1"))
	w.do(click("nav a[href='"+strings.TrimPrefix(w.base, w.origin())+"']"), see(".mark"), click("[data-key='.']"))
	w.await(`document.getElementById('receipt').textContent.includes('Moved by 10 s')`)
	view(w, t, 1440, "light")
}

// origin returns the address of the mock.
func (w window) origin() string { return strings.TrimSuffix(w.base, north) }

func keysMove(t *testing.T, w window, _ *mocktest.Mock) {
	w.do(open(w.base), see(".mark"))
	focused := func(keys string) string {
		w.do(chromedp.KeyEvent(keys))
		return find[string](w, `document.activeElement.textContent + document.activeElement.id`)
	}
	for _, press := range []struct{ key, want string }{{"j", "/users/sso"}, {"j", "/me.json"}, {"k", "/users/sso"}} {
		if got := focused(press.key); !strings.Contains(got, press.want) {
			t.Errorf("behind %s the focus is on %q", press.key, got)
		}
	}
	if got := focused("/"); got != "q" {
		t.Errorf("behind / the focus is on %q", got)
	}
	w.do(chromedp.Evaluate[chromedp.Void](`document.activeElement.blur()`), chromedp.KeyEvent("?"), see("#help"))
	w.do(click("#help button"))
}

func requestArrives(t *testing.T, w window, mock *mocktest.Mock) {
	w.do(open(w.base), see(".mark"))
	before := find[int](w, `document.querySelectorAll('.mark').length`)
	plant(t, mock, "north", "Ada")
	w.await(fmt.Sprintf(`document.querySelectorAll('.mark').length > %d`, before))
	w.await(`document.body.textContent.includes('Ada')`)
}

func viewsFit(t *testing.T, w window, _ *mocktest.Mock) {
	event := find[string](w, `fetch('`+w.base+`/webhooks').then(r => r.text())
		.then(t => t.match(/events\/[0-9a-f-]{36}/)[0])`)
	axe, _ := os.ReadFile(os.Getenv("UI_AXE")) // without it, that part is left out
	for name, path := range map[string]string{"timeline": "", "exchange": "/exchanges/3", "check": "/checks/2505465",
		"webhooks": "/webhooks", "fire": "/fire", "patients": "/patients", "patient": "/patients/132407", "faults": "/faults",
		"event": "/" + event, "problem": "/exchanges/none",
		"reference": "/reference", "operation": "/reference/addWalkIn", "eventType": "/reference/eligibility.checked",
		"evidence": "/evidence", "scenarios": "/scenarios", "scenario": "/scenarios/whole-integration",
		"results": "/results"} {
		w.do(open(w.base + path))
		for _, theme := range []string{"light", "dark"} {
			for _, width := range []int64{390, 1024, 1440} {
				view(w, t, width, theme)
				if wide := find[int](w, `document.documentElement.scrollWidth`); int64(wide) > width {
					t.Errorf("%s is %d px wide in a window of %d px", name, wide, width)
				}
				w.keep(fmt.Sprintf("%s-%d-%s", name, width, theme))
			}
			if len(axe) > 0 {
				w.do(chromedp.Evaluate[chromedp.Void](string(axe) + ";undefined"))
				for _, found := range find[[]string](w, `axe.run().then(r => r.violations.map(v => v.id + ': ' +
					v.nodes.map(n => n.html + ' ' + n.failureSummary).join('; ')))`) {
					t.Errorf("%s, %s: %s", name, theme, found)
				}
			}
		}
	}
	view(w, t, 1440, "light")
}

func clinicIsChosen(t *testing.T, w window, _ *mocktest.Mock) {
	w.do(open(w.base), chromedp.SetValue(chromedp.CSS("#account"), "vclinic"), see(".welcome"))
	if got := find[string](w, `location.pathname`); got != front {
		t.Errorf("the chosen clinic is at %s", got)
	}
}

func scriptsDoNotRun(t *testing.T, w window, mock *mocktest.Mock) {
	const markup = `<img src=x onerror="window.ran=1"><script>window.ran=1</script>`
	plant(t, mock, "vclinic", markup)
	w.await(`document.querySelectorAll('.mark').length > 0`)
	base := w.origin() + front
	for _, path := range []string{"", "/exchanges/1", "/exchanges/2", "/patients", "/patients/132407",
		"/fire?json=" + url.QueryEscape(markup), "/scenarios?q=" + url.QueryEscape(markup)} {
		w.do(open(base+path), see("h1"))
		if find[bool](w, `'ran' in window`) {
			t.Errorf("a script of a request has run on %s", path)
		}
	}
}

// The page leads from nothing to the reason, with a receiver that has another secret.
func reasonIsFound(t *testing.T, w window, mock *mocktest.Mock) {
	mock.NewClinic(t, clinic.Settings{AccountCode: "fresh"})
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, `{"error": "invalid signature"}`, http.StatusUnauthorized)
	}))
	t.Cleanup(receiver.Close)
	w.do(open(w.origin()+"/_mock/page?account=fresh"), see(".receiver"),
		chromedp.SendKeys(chromedp.CSS("#url"), receiver.URL))
	w.keep("new-1")
	w.do(click(".receiver button"))
	w.await(`!document.querySelector('.receiver')`)
	w.do(click(".welcome .primary"), see("[data-kind=due]"), click("[data-key='.']"), see("[data-kind=attempt]"))
	w.keep("new-2")
	w.do(click("[data-kind=attempt]"), see(".hint"))
	w.keep("new-3")
	const want = "The receiver says that the signature is wrong: most probably its secret differs"
	if text := find[string](w, `document.querySelector('.hint').textContent`); !strings.Contains(text, want) {
		t.Errorf("the reason is %q", text)
	}
}

// A reader who wants no motion gets none.
func motionIsReduced(t *testing.T, w window, _ *mocktest.Mock) {
	for wish, want := range map[string]string{"reduce": "none", "no-preference": "fresh"} {
		_, err := chromedp.Call(w, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: wish}}})
		if err != nil {
			t.Fatal(err)
		}
		if got := find[string](w, `(() => {
			const mark = document.querySelector('h1')
			mark.classList.add('fresh')
			return getComputedStyle(mark).animationName
		})()`); got != want {
			t.Errorf("with %s the animation is %s", wish, got)
		}
	}
	view(w, t, 1440, "light")
}

// freezes makes the page note the longest time between two frames, in ms, in window.longest.
const freezes = `{
	let last = performance.now()
	window.longest = 0
	const frame = (now) => { longest = Math.max(longest, now - last); last = now; requestAnimationFrame(frame) }
	requestAnimationFrame(frame)
}`

func manyArrive(t *testing.T, w window, mock *mocktest.Mock) {
	const many = 1000
	w.do(open(w.base), see(".mark"))
	w.do(chromedp.Evaluate[chromedp.Void](freezes))
	const pages = `performance.getEntriesByType('resource').filter((r) => r.initiatorType === 'fetch').length`
	before, began := find[int](w, pages), find[float64](w, `performance.now()`)
	one := mock.Clinic(t, "north")
	for range many {
		request(t, one, "/insurances/")
	}
	w.await(`document.querySelectorAll('.mark').length >= 400`)
	if ms := find[float64](w, `window.longest`); ms > 2000 {
		t.Errorf("while %d requests arrived the page stood still for %.0f ms", many, ms)
	}
	if rows := find[int](w, `document.querySelectorAll('.mark').length`); rows > 500 {
		t.Errorf("the timeline has %d marks: it has no bound", rows)
	}
	took := find[float64](w, `performance.now()`) - began
	if n := find[int](w, pages) - before; float64(n) > took/250+2 {
		t.Errorf("in %.0f ms the page was fetched %d times: its changes are not collected", took, n)
	}
}

func manyAreScrolled(t *testing.T, w window, mock *mocktest.Mock) {
	const many = 100_000
	w.do(open("about:blank"))
	flood(t, mock, "north", many)
	w.do(open(w.base), see(".mark"), chromedp.Evaluate[chromedp.Void](freezes))
	pages, seen := 0, 0
	for older := "yes"; older != "" && pages < 30; pages++ {
		seen += find[int](w, `document.querySelectorAll('.mark').length`)
		w.do(chromedp.Evaluate[chromedp.Void](`(async () => {
			const box = document.querySelector('.scroll')
			for (let y = 0; y < box.scrollHeight; y += 500) {
				box.scrollTop = y
				await new Promise(requestAnimationFrame)
			}
		})()`, chromedp.EvalAwaitPromise))
		if ms := find[float64](w, `window.longest || 0`); ms > 2000 {
			t.Errorf("page %d stood still for %.0f ms", pages+1, ms)
		}
		older = find[string](w, `[...document.querySelectorAll('#live a')]
			.find((a) => a.textContent === 'Older entries')?.href || ''`)
		if older != "" {
			w.do(open(older), see(".mark"), chromedp.Evaluate[chromedp.Void](freezes))
		}
	}
	if seen < 4_000 || pages < 10 {
		t.Errorf("of %d entries %d could be scrolled to, on %d pages: the last 4,096 changes are kept", many, seen, pages)
	}
}

// A browser that does not read its stream misses changes. It shows that, and the mock does not wait for it. The page is
// busy until something happens in another clinic.
func slowBrowserIsTold(t *testing.T, w window, mock *mocktest.Mock) {
	mock.NewClinic(t, clinic.Settings{AccountCode: "south"})
	w.do(open(w.base), see(".mark"))
	w.do(chromedp.Evaluate[chromedp.Void](`setTimeout(() => {
		const wait = new XMLHttpRequest()
		wait.open('POST', '/_mock/clinics/south/await', false)
		wait.send('{"kind": "exchange", "timeout": "1m"}')
	})`))
	flood(t, mock, "north", 40_000)
	flood(t, mock, "south", 1)
	w.await(`document.getElementById('said').textContent.includes('changes came faster')`)
}

func formIsRefused(t *testing.T, w window, _ *mocktest.Mock) {
	w.do(open(w.base), see("#by"), chromedp.SendKeys(chromedp.CSS("#by"), "soon"), click("[data-default]"),
		see("[role=alert]"))
	if text := find[string](w, `document.querySelector('[role=alert]').textContent`); !strings.Contains(text, "1h30m") {
		t.Errorf("the refusal is %q", text)
	}
	w.do(open(w.base+"/checks/2505465"), see("[data-copy]"),
		chromedp.Evaluate[chromedp.Void](`navigator.clipboard.writeText = async (text) => { window.copied = text }`),
		click("[data-copy]"))
	w.await(`(window.copied || '').includes('title:')`)
}
