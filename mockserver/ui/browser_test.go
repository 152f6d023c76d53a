package ui_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// maxBrowsing is the time limit of one test in the browser.
const maxBrowsing = 3 * time.Minute

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

func do(ctx context.Context, t *testing.T, steps ...step) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func open(address string) step   { return chromedp.Navigate(address) }
func click(selector string) step { return chromedp.Click(chromedp.CSS(selector)) }
func see(selector string) step   { return chromedp.WaitVisible(chromedp.CSS(selector)) }

// view sets the width of the window, in pixels, and the theme of the system.
func view(ctx context.Context, t *testing.T, width int64, theme string) {
	t.Helper()
	_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride,
		emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 860, DeviceScaleFactor: 1})
	if err == nil {
		_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}})
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestShots(t *testing.T) {
	ctx := openBrowser(t)
	mock := mocktest.Start(t)
	receiver := mocktest.NewReceiver(t, func(n int) int { return 200 + 200*(n%2) })
	mock.NewClinic(t, clinic.Settings{AccountCode: "north", Webhook: clinic.Webhook{URL: receiver.URL}})
	base := mock.URL + "/_mock/page/clinics/north"
	shot := func(name string) {
		for _, width := range []int64{390, 1024, 1440} {
			for _, theme := range []string{"light", "dark"} {
				view(ctx, t, width, theme)
				do(ctx, t, chromedp.Sleep(150*time.Millisecond))
				png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(fmt.Sprintf("%s/%s-%d-%s.png", os.Getenv("UI_SHOTS"), name, width, theme), png, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	do(ctx, t, open(base))
	shot("empty")
	do(ctx, t, click(".primary"), see(".mark"))
	shot("waiting")
	do(ctx, t, click("[data-key='.']"), see("[data-kind=attempt]"))
	shot("answered")
	do(ctx, t, open(base+"/exchanges/3"))
	shot("exchange")
	do(ctx, t, open(base+"/checks/2505465"))
	shot("check")
}
