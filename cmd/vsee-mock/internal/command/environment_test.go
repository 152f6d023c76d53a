package command

import (
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUnknownVariablesAreWarnedOf(t *testing.T) {
	t.Parallel()
	parser := NewParser(&struct {
		Out          string
		ControlToken string
		Clinic       string
		Listen       string
		CronDelay    string
	}{}, App{Stdout: io.Discard, Stderr: io.Discard}, func() {})
	got := unknownVariables([]string{
		"VSEE_MOCK_LISTN=1", "VSEE_MOCK_SOMETHING=red", "VSEE_MOCK_CRON_DELAY=1s",
		"VSEE_MOCK_SERVICE_HOST=1", "VSEE_MOCK_PORT_8080_TCP=1", "VSEE_MOCK_PORT=tcp://10.0.0.1:8080", "VSEE_MOCK_PORT=8081",
		"VSEE_MOCK_TOKEN=x", "VSEE_MOCK_ACCOUNT_CODE=x", "PATH=/bin", "VSEE_BASE_URL=x",
	}, parser.Model)
	want := []string{
		"the environment variable VSEE_MOCK_LISTN is unknown; did you mean VSEE_MOCK_LISTEN?",
		"the environment variable VSEE_MOCK_SOMETHING is no flag of vsee-mock and is ignored",
		"the environment variable VSEE_MOCK_PORT is unknown; did you mean VSEE_MOCK_LISTEN?",
		"the environment variable VSEE_MOCK_TOKEN is unknown; did you mean VSEE_MOCK_CONTROL_TOKEN?",
		"the environment variable VSEE_MOCK_ACCOUNT_CODE is unknown; did you mean VSEE_MOCK_CLINIC?",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
