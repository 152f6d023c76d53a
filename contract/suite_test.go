package contract_test

import (
	"net/http/httptest"
	"os"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract"
	"github.com/vsee-mock/vsee-mock/internal/golden"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// The suite tests the target named in the environment, or else a mock of its own on a free port. On the mock, the
// requests, replies and state of each requirement match a hash in testdata/transcript.golden. So a refactoring of
// the suite's code provably changes nothing. The message of a refusal may be reworded.
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
