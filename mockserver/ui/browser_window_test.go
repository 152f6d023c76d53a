package ui_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
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

// origin returns the address of the mock.
func (w window) origin() string { return strings.TrimSuffix(w.base, north) }
