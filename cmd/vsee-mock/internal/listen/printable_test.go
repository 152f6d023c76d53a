package listen

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/cmdtest"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

func TestListenPrintsNothingOnWhichATerminalActs(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{"for people": nil, "as JSON": {"--json"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := startListen(t, args...)
			for _, body := range []string{
				`{"type": "` + cmdtest.Hostile + `", "id": "` + cmdtest.Hostile + `", "data": {"` + cmdtest.Hostile + `": "` +
					cmdtest.Hostile + `"}}`, cmdtest.Hostile, "\xff\x9b" + cmdtest.Hostile,
			} {
				e.post(t, webhook.Signing{Scheme: webhook.Unsigned}, body, "X-Odd", "\xc2\x9b31m")
			}
			out := e.end(t)
			cmdtest.ShowsNothingHostile(t, "listen", out)
			for line := range strings.Lines(out) {
				if args != nil && !json.Valid([]byte(line)) {
					t.Errorf("%q is no JSON", line)
				}
			}
		})
	}
}
