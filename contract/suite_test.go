package contract_test

import (
	"net/http/httptest"
	"os"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract"
	"github.com/vsee-mock/vsee-mock/internal/golden"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// The suite faces the target that the environment names, or else a mock of its own on a free port. There each
// requirement sends, gets and comes to what testdata/transcript.golden has a hash of, so that a change of the suite's
// code that should change nothing is seen to change nothing. A refusal's message may be worded anew.
func TestContract(t *testing.T) {
	config, named, err := contract.FromEnv(os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	if named {
		contract.Run(t, config)
		return
	}
	mock, transcript := mocktest.Start(t), newTranscript()
	server := httptest.NewServer(transcript.record(mock.Server))
	defer server.Close()
	run := contract.Run(t, contract.Config{BaseURL: server.URL + "/api_v3", ControlURL: server.URL + "/_mock"})
	golden.Is(t, "testdata/transcript.golden", transcript.table(run))
}
