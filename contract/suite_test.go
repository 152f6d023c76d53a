package contract_test

import (
	"os"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// The suite faces the target that the environment names, or else a mock of its own on a free port.
func TestContract(t *testing.T) {
	config, named, err := contract.FromEnv(os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	if !named {
		mock := mocktest.Start(t)
		config = contract.Config{BaseURL: mock.URL + "/api_v3", ControlURL: mock.URL + "/_mock"}
	}
	contract.Run(t, config)
}
