package contractcmd

import (
	"regexp"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// The synthetic patients that a run has left are listed, and their cards are deleted when the run may write.
func TestACleanupDeletesTheCardsOfARunAndListsItsPatients(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "preview"})
	environ := []string{
		"VSEE_BASE_URL=" + mock.URL + "/api_v3", "VSEE_ACCOUNT_CODE=" + c.AccountCode, "VSEE_API_KEY=" + c.Key,
		"VSEE_API_SECRET=" + c.Secret, "VSEE_API_TOKEN=" + c.AdminToken, "VSEE_RATE=1000",
	}
	if run := runContract(t, environ, "--id", "USER-006", "--allow-mutating"); run.code != result.ExitFine {
		t.Fatalf("exit %d\n%s", run.code, run.console)
	}
	for _, step := range []struct {
		args []string
		want string // a regular expression
	}{
		{nil,
			`(?s)^\d+  contract-\w+  primary.*patients: 1, cards deleted: 0, cards left: [1-9]\d*\n` +
				`to delete the cards, set VSEE_ALLOW_MUTATING=true\n`},
		{[]string{"--allow-mutating"},
			`patients: 1, cards deleted: [1-9]\d*, cards left: 0\nVSee's API cannot delete patients: they stay.\n$`},
		{nil, `(?s)^\d+  contract-\w+  no cards\n.*cards deleted: 0, cards left: 0\nVSee's API`},
	} {
		code, stdout, stderr := runCommand(t, environ, append([]string{"cleanup"}, step.args...)...)
		if code != result.ExitFine || !regexp.MustCompile(step.want).MatchString(stdout) {
			t.Errorf("exit %d, want %s\n%s%s", code, step.want, stdout, stderr)
		}
	}
	code, _, stderr := runCommand(t, mockEnviron(mock), "cleanup")
	if code != result.ExitConfig || !strings.Contains(stderr, "a mock needs no cleanup") {
		t.Errorf("a mock: exit %d, %s", code, stderr)
	}
}
