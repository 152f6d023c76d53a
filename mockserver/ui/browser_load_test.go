package ui_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

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
