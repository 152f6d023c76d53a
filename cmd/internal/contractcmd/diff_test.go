package contractcmd

import (
	"net/http"
	"regexp"
	"sync/atomic"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// A lost field is one line of a diff: the requirements stopped behind it are counted, and the parts of their later
// replies are no lines. An optional field is a line, too, when the run before had it in each of the objects.
func TestALostFieldIsOneLineOfTheDiff(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short leaves repeated runs out")
	}
	const ids, timezone = "ELIG-*", `"timezone":"[^"]+",`
	honest, _ := changing(t, func(_ *http.Request, body []byte) []byte { return body })
	before := runContract(t, []string{"VSEE_BASE_URL=" + honest + "/api_v3", "VSEE_CONTROL_URL=" + honest + "/_mock"},
		"--id", ids)
	const note = `note: \d+ of the requirements completed before were stopped or not tested now; the parts of ` +
		"openapi.yaml that only they may show are not compared\n"
	for name, tc := range map[string]struct {
		request, field string // regular expressions of "METHOD path", and of the field
		every          int64  // one of how many replies loses it
		want           string // a regular expression of the diff
	}{
		"nothing": {"PUT /", timezone, 1, "nothing has changed\n"},
		"the id of a check": {
			"POST .*/eligibility", `"eligibility_id":"[0-9]+",?`, 1,
			`breaking  new            missing startEligibilityCheck \(ok\) /data/eligibility_id: present -> absent\n` +
				` {25}\d+ requirements stopped behind it\n` + note,
		},
		"the id of a user": {
			"POST .*/users/sso", `"id":"[0-9]+",`, 1,
			`breaking  new            missing signOn \(ok\) /data/id: present -> absent\n` +
				` {25}\d+ requirements stopped behind it\n` + note,
		},
		"an optional field": {
			"POST .*/users/sso", timezone, 1,
			"unclear   removed        field signOn 200 application/json /data/timezone is no longer seen\n",
		},
		"every second one": {
			"POST .*/users/sso", timezone, 2,
			"unclear   rarer          field signOn 200 application/json /data/timezone is missing from " +
				`\d+ of \d+ objects now, and was missing from none before` + "\n",
		},
		"every second reading": {
			"GET .*/users/[0-9]+", timezone, 2,
			"unclear   rarer          field getUser 200 application/json /data/timezone is missing from " +
				`\d+ of \d+ objects now, and was missing from none before` + "\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			request, field, replies := regexp.MustCompile(tc.request), regexp.MustCompile(tc.field), atomic.Int64{}
			base, _ := changing(t, func(r *http.Request, body []byte) []byte {
				if !request.MatchString(r.Method+" "+r.URL.Path) || replies.Add(1)%tc.every != 0 {
					return body
				}
				return field.ReplaceAll(body, nil)
			})
			now := runContract(t, []string{"VSEE_BASE_URL=" + base + "/api_v3", "VSEE_CONTROL_URL=" + base + "/_mock"},
				"--id", ids)
			code, text, _ := runCommand(t, nil, "diff", before.file, now.file)
			if !regexp.MustCompile("^"+tc.want+"$").MatchString(text) || (code == result.ExitFine) != (name == "nothing") {
				t.Errorf("exit %d\n%s\nwant\n%s", code, text, tc.want)
			}
		})
	}
}
