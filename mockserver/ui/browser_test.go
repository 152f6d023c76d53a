package ui_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

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
		{"TheProgramsFollowTheLastAttempt", programsFollow},
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
	w.do(open(find[string](w, `document.querySelector('[role=alert] a').href`)), see(":target"))
	if got := find[string](w, `document.querySelector(':target code').textContent`); got != "billed_cents" {
		t.Errorf("the rule leads to %q", got)
	}
}

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

func formIsRefused(t *testing.T, w window, _ *mocktest.Mock) {
	w.do(open(w.base), see("#by"), chromedp.SendKeys(chromedp.CSS("#by"), "soon"), click("[data-default]"),
		see("[role=alert]"))
	if text := find[string](w, `document.querySelector('[role=alert]').textContent`); !strings.Contains(text, "1h30m") {
		t.Errorf("the refusal is %q", text)
	}
	if got := find[string](w, `document.getElementById('by').value`); got != "soon" {
		t.Errorf("the refusal replaces the field's text by %q", got)
	}
	w.do(see(".mark"))
	w.do(click("[data-key='.']"))
	w.await(`!document.querySelector('[role=alert]')`)
	w.do(open(w.base+"/faults"), click("form:has(#kind) button"))
	w.await(`document.getElementById('said').textContent === 'Added.' &&
		!!document.querySelector('button[value=clear]')`)
	w.do(click("button[value=clear]"))
	w.await(`!document.querySelector('button[value=clear]') && !location.search`)
	w.do(open(w.base+"/checks/2505465"), see("[data-copy]"),
		chromedp.Evaluate[chromedp.Void](`navigator.clipboard.writeText = async (text) => { window.copied = text }`),
		click("[data-copy]"))
	w.await(`(window.copied || '').includes('title:')`)
}

// The programs of an event are those of its last attempt, and stay unfolded, without a reload.
func programsFollow(_ *testing.T, w window, _ *mocktest.Mock) {
	misbehave := func(mode string) {
		w.do(open(w.base+"/webhooks"), chromedp.SetValue(chromedp.CSS("#misbehaviour"), mode),
			click("form:has(#misbehaviour) button"))
		w.await(`document.querySelector('#misbehaves').textContent.includes('` +
			map[bool]string{true: "none", false: "signature"}[mode == "{}"] + `')`)
	}
	misbehave(`{"signature": "bad"}`)
	w.fillIn()
	w.do(click("form:has(#member) .primary"), see("#verify"), click("#proof summary"))
	w.await(`document.getElementById('proof').textContent.includes('signed wrongly on purpose')`)
	w.do(chromedp.Evaluate[chromedp.Void](`fetch('` + w.base + `/webhooks',
		{ method: 'POST', body: new URLSearchParams({ misbehaviour: '{}' }) }).then(() => undefined)`))
	w.do(click("form[action$=resend] button"), see("#attempt-2"))
	w.await(`document.getElementById('proof').textContent.includes('must be in the header')`)
	w.await(`document.querySelector('#proof details').open`)
}
