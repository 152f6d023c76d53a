package contract_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/contract"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// someIDs selects some requirements of each kind: package specs tries all against the mock.
const someIDs = "*-??[05],AUTH-*-token,SCEN-e*,SHAPE-*"

// The suite tests the target named in the environment, or else a mock of its own on a free port.
func TestContract(t *testing.T) {
	t.Parallel()
	config, named, err := contract.FromEnv(os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	if named {
		contract.Run(t, config)
		return
	}
	mock := mocktest.Start(t)
	run := contract.Run(t, contract.Config{BaseURL: mock.URL + "/api_v3", ControlURL: mock.URL + "/_mock",
		IDs: strings.Split(someIDs, ",")})
	if tally := run.Tally(); tally[result.Passed] < 150 || tally[result.Failed]+tally[result.Blocked] > 0 ||
		len(run.Causes) > 0 {
		t.Errorf("%v", tally)
	}
}

// A missing variable of the environment is reported before the first request.
func TestConfigurationSaysAllThatIsWrong(t *testing.T) {
	t.Parallel()
	env := func(m map[string]string) func(string) string { return func(name string) string { return m[name] } }
	if _, named, err := contract.FromEnv(env(nil)); named || err != nil {
		t.Errorf("an empty environment: %t, %v", named, err)
	}
	_, named, err := contract.FromEnv(env(map[string]string{contract.EnvBaseURL: "vseepreview.com",
		contract.EnvWait: "soon", contract.EnvKey: "k"}))
	if !named || err == nil {
		t.Fatalf("%t, %v", named, err)
	}
	for _, want := range []string{
		"VSEE_WAIT must be a time span such as 2m",
		"VSEE_BASE_URL must be an http or https URL",
		"VSEE_BASE_URL must end with /api_v3",
		"VSEE_ACCOUNT_CODE is missing: set the clinic's credentials, or VSEE_CONTROL_URL if the target is a mock",
		"VSEE_API_SECRET is missing",
		"VSEE_API_TOKEN is missing",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in\n%s", want, err)
		}
	}
	if strings.Contains(err.Error(), "VSEE_API_KEY") {
		t.Errorf("what is there is missed:\n%s", err)
	}
	c, _, err := contract.FromEnv(env(map[string]string{contract.EnvBaseURL: "http://127.0.0.1:1/vc/dev/api_v3/",
		contract.EnvControlURL: "http://127.0.0.1:1/_mock", contract.EnvWait: "1m"}))
	if err != nil || c.Wait != time.Minute {
		t.Errorf("a mock: %+v, %v", c, err)
	}
	alone := env(map[string]string{contract.EnvControlURL: "http://127.0.0.1:1/_mock"})
	if _, _, err := contract.FromEnv(alone); err == nil {
		t.Error("a control API alone is taken for a target")
	}
	_, _, err = contract.FromEnv(env(map[string]string{
		contract.EnvBaseURL: "http://127.0.0.1:1/api_v3", contract.EnvControlURL: "http://127.0.0.1:1/_mock",
		contract.EnvReceiver: "http://127.0.0.1:9000",
	}))
	if err == nil || err.Error() != "VSEE_WEBHOOK_LISTEN must be an address to listen on, such as 127.0.0.1:9000" {
		t.Errorf("a URL to listen on: %v", err)
	}
}

// An unreachable target, or one that refuses the credentials, is reported once, not for each spec.
func TestATargetThatDoesNotAnswerIsSaidOnce(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "preflight"})
	good := contract.Config{BaseURL: c.BaseURL, AccountCode: c.AccountCode, Key: c.Key, Secret: c.Secret,
		AdminToken: c.AdminToken}
	for name, tc := range map[string]struct {
		change func(*contract.Config)
		want   string
	}{
		"nothing": {func(c *contract.Config) { *c = contract.Config{} },
			"VSEE_BASE_URL is missing: set it to the base URL of the target, such as http://127.0.0.1:8080/api_v3"},
		"nobody there": {func(c *contract.Config) { c.BaseURL = "http://127.0.0.1:1/api_v3" },
			"VSEE_BASE_URL leads nowhere"},
		"a wrong token": {func(c *contract.Config) { c.AdminToken = "wrong" },
			"the target does not take VSEE_API_TOKEN: it answers 401"},
		"a wrong control": {func(c *contract.Config) { c.ControlURL = mock.URL + "/none/_mock" },
			"VSEE_CONTROL_URL (--control-url) leads to no control API of a mock"},
		"a control URL without its path": {func(c *contract.Config) { c.ControlURL = mock.URL },
			"VSEE_CONTROL_URL must end with /_mock"},
		"a taken receiver": {func(c *contract.Config) { c.ReceiverListen = strings.TrimPrefix(mock.URL, "http://") },
			"listening for events"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := good
			tc.change(&config)
			if err := contract.Register(config); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error = %v, want %s", err, tc.want)
			}
		})
	}
}
