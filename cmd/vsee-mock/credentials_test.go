package main

import (
	"encoding/json"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/cmdtest"
	"github.com/vsee-mock/vsee-mock/mockserver"
)

// shownClinic is the default clinic in the form of the control API.
type shownClinic struct {
	Account string `json:"account_code"`
	Key     string `json:"api_key"`
	Secret  string `json:"api_secret"`
	Token   string `json:"admin_token"`
	Webhook struct{ Secret string }
}

// The flags, or their variables, set the clinic and its credentials; missing ones are derived from the account code.
func TestServeTakesTheCredentialsOfItsFlags(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		env, args []string
		want      shownClinic
	}{
		"none": {nil, nil, shownClinic{Account: "vclinic", Key: "vclinic_api_key", Secret: "vclinic_api_secret",
			Token: "vclinic_api_token"}},
		"an account code": {
			nil, []string{"--account-code", "north"},
			shownClinic{Account: "north", Key: "north_api_key", Secret: "north_api_secret", Token: "north_api_token"},
		},
		"all, by flags and variables": {
			[]string{"VSEE_MOCK_API_SECRET=s", "VSEE_MOCK_API_TOKEN=t"}, []string{"--account-code", "north", "--api-key", "k"},
			shownClinic{Account: "north", Key: "k", Secret: "s", Token: "t"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.want.Webhook.Secret = mockserver.DefaultWebhookSecret
			p := begin(t, tc.env, append([]string{"--listen", "127.0.0.1:0", "--log-level", "off"}, tc.args...)...)
			for _, shown := range []string{
				"X-AccountCode: " + tc.want.Account + "\n", "X-ApiKey: " + tc.want.Key + "\n",
				"X-ApiSecret: " + tc.want.Secret + "\n",
				"X-ApiToken: " + tc.want.Token + "\n", "signed with   " + mockserver.DefaultWebhookSecret + "\n",
			} {
				if !strings.Contains(p.banner, shown) {
					t.Errorf("the banner lacks %q:\n%s", shown, p.banner)
				}
			}
			_, text := cmdtest.Request(t, "GET", p.base+"/_mock/clinics/"+tc.want.Account, "")
			var got shownClinic
			if err := json.Unmarshal([]byte(text), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if status, _ := cmdtest.Request(t, "GET", p.base+"/api_v3/me", "", "X-AccountCode", tc.want.Account, "X-ApiToken",
				tc.want.Token); status != 200 {
				t.Errorf("the token is answered %d", status)
			}
			p.end(t, syscall.SIGTERM)
		})
	}
}

// The documented secret lets a receiver be set up before the mock starts; a flag can choose another secret.
func TestTheWebhookSecretOfTheDefaultClinicIsFixed(t *testing.T) {
	t.Parallel()
	const documented = "whsec_dnNlZS1tb2NrIHdlYmhvb2sgc2VjcmV0"
	if mockserver.DefaultWebhookSecret != documented || mockserver.DefaultClinic().Webhook.Secret != documented {
		t.Errorf("the secret is %s", mockserver.DefaultWebhookSecret)
	}
	for args, want := range map[string]string{
		"":                                   documented,
		"--webhook-secret " + cmdtest.Secret: cmdtest.Secret,
		"--signature github":                 documented,
		"--signature none":                   "nothing",
	} {
		_, stdout, stderr := play(t, append([]string{"--listen", "127.0.0.1:0", "--log-level", "off"},
			strings.Fields(args)...)...)
		if !strings.Contains(stdout, "\n  signed with   "+want+"\n") {
			t.Errorf("%s: %s%s", args, stdout, stderr)
		}
	}
}
