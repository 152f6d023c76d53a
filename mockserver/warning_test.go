package mockserver_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

func TestAWarningOfAScenarioIsLoggedOnce(t *testing.T) {
	t.Parallel()
	s, err := scenarios.Load("s.yaml", []byte("title: T\nwhen: {carrier_code: AETNA}\nanswer: Success\n"))
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	server, err := mockserver.New(mockserver.Options{
		Scenarios: scenarios.Set{s}, Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	server.UseScenarios(scenarios.Set{s}, nil)
	if n := strings.Count(log.String(), "looks like the name of an insurer"); n != 1 {
		t.Errorf("%d times in %s", n, log.String())
	}
}
