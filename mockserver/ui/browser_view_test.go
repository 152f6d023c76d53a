package ui_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

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

// playedViews plays a whole integration in a clinic of its own, and returns the addresses of its claim and its visit.
func playedViews(t *testing.T, w window, mock *mocktest.Mock) (claim, visit string) {
	t.Helper()
	whole := mock.NewClinic(t, clinic.Settings{AccountCode: "whole"})
	whole.Play(t, mock.Scenario(t, "whole-integration"))
	var claims controlapi.Page[controlapi.Claim]
	whole.Control(t, http.MethodGet, "/claims", nil, &claims)
	var visits controlapi.Page[controlapi.Visit]
	whole.Control(t, http.MethodGet, "/visits", nil, &visits)
	if len(claims.Data) == 0 || len(visits.Data) == 0 {
		t.Fatal("the scenario has left no claim or no visit")
	}
	base := w.origin() + "/_mock/page/clinics/whole"
	return base + "/claims/" + claims.Data[0].ID, base + "/visits/" + visits.Data[0].ID
}

func viewsFit(t *testing.T, w window, mock *mocktest.Mock) {
	claim, visit := playedViews(t, w, mock)
	event := find[string](w, `fetch('`+w.base+`/webhooks').then(r => r.text())
		.then(t => t.match(/events\/[0-9a-f-]{36}/)[0])`)
	axe, _ := os.ReadFile(os.Getenv("UI_AXE")) // without it, that part is left out
	for name, path := range map[string]string{"timeline": "", "exchange": "/exchanges/3", "check": "/checks/2505465",
		"webhooks": "/webhooks", "fire": "/fire", "patients": "/patients", "patient": "/patients/132407", "faults": "/faults",
		"event": "/" + event, "problem": "/exchanges/none",
		"reference": "/reference", "operation": "/reference/addWalkIn", "eventType": "/reference/eligibility.checked",
		"evidence": "/evidence", "scenarios": "/scenarios", "scenario": "/scenarios/whole-integration",
		"results": "/results", "claim": claim, "visit": visit, "login": w.origin() + "/_mock/page/login"} {
		if !strings.HasPrefix(path, w.origin()) {
			path = w.base + path
		}
		w.do(open(path), see("h1"))
		for _, theme := range []string{"light", "dark"} {
			for _, width := range []int64{390, 1024, 1440} {
				view(w, t, width, theme)
				if wide := find[int](w, `document.documentElement.scrollWidth`); int64(wide) > width {
					t.Errorf("%s is %d px wide in a window of %d px", name, wide, width)
				}
				const tall = `[...document.querySelectorAll('button')].filter(b => b.offsetHeight > 48).length`
				if n := find[int](w, tall); n > 0 {
					t.Errorf("%s has %d buttons of more than one line in a window of %d px", name, n, width)
				}
				const broken = `[...document.querySelectorAll('.badge')].filter(b => !/\s/.test(b.textContent.trim()) &&
					b.offsetHeight > 32).map(b => b.textContent)`
				if words := find[[]string](w, broken); len(words) > 0 {
					t.Errorf("%s breaks the badges %q in a window of %d px", name, words, width)
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
