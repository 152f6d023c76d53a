package contract

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
)

// Config says which target is faced and how.
type Config struct {
	// BaseURL is that of VSee's API, with its prefix: https://api.vseepreview.com/vc/dev/api_v3.
	BaseURL string

	// ControlURL is where a vsee-mock has its control API: http://127.0.0.1:8080/_mock. Empty for any other target.
	// With it, each spec makes a clinic of its own and moves its clock; the credentials below are not needed.
	ControlURL string

	// ControlToken is the mock's control token; empty for none.
	ControlToken string

	// AccountCode, Key, Secret and AdminToken are the credentials of the clinic.
	AccountCode, Key, Secret, AdminToken string

	// ReceiverListen is the address on which the suite listens for the clinic's events. The clinic's webhook must lead
	// there. Empty, specs about webhooks are skipped. A mock is told where to send.
	ReceiverListen string

	// WebhookSecret is what the target signs events with; empty, signatures are not checked. A mock tells it.
	WebhookSecret string

	// Wait is how long a check may take to end where the clock cannot be moved; 2 minutes when 0.
	Wait time.Duration
}

// The environment variables of FromEnv.
const (
	EnvBaseURL       = "VSEE_BASE_URL"
	EnvAccountCode   = "VSEE_ACCOUNT_CODE"
	EnvKey           = "VSEE_API_KEY"
	EnvSecret        = "VSEE_API_SECRET"
	EnvAdminToken    = "VSEE_API_TOKEN"
	EnvControlURL    = "VSEE_CONTROL_URL"
	EnvControlToken  = "VSEE_CONTROL_TOKEN"
	EnvReceiver      = "VSEE_WEBHOOK_LISTEN"
	EnvWebhookSecret = "VSEE_WEBHOOK_SECRET"
	EnvWait          = "VSEE_WAIT"
)

// FromEnv returns the configuration that the environment holds, false when VSEE_BASE_URL is not set. The error joins
// all that is missing or wrong.
func FromEnv(getenv func(string) string) (Config, bool, error) {
	c := Config{
		BaseURL:        getenv(EnvBaseURL),
		ControlURL:     getenv(EnvControlURL),
		ControlToken:   getenv(EnvControlToken),
		AccountCode:    getenv(EnvAccountCode),
		Key:            getenv(EnvKey),
		Secret:         getenv(EnvSecret),
		AdminToken:     getenv(EnvAdminToken),
		ReceiverListen: getenv(EnvReceiver),
		WebhookSecret:  getenv(EnvWebhookSecret),
	}
	if c.BaseURL == "" {
		if c.ControlURL != "" {
			return c, false, fmt.Errorf("%s is missing: %s alone names no target", EnvBaseURL, EnvControlURL)
		}
		return c, false, nil
	}
	var wrong []error
	if said := getenv(EnvWait); said != "" {
		wait, err := time.ParseDuration(said)
		if err != nil || wait <= 0 {
			wrong = append(wrong, fmt.Errorf("%s must be a time span such as 2m", EnvWait))
		}
		c.Wait = wait
	}
	return c, true, errors.Join(append(wrong, c.validate())...)
}

// validate returns all that is missing or wrong.
func (c Config) validate() error {
	var wrong []error
	for name, value := range map[string]string{EnvBaseURL: c.BaseURL, EnvControlURL: c.ControlURL} {
		if value == "" && name == EnvControlURL {
			continue
		}
		if u, err := url.Parse(value); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			wrong = append(wrong, fmt.Errorf("%s must be an http or https URL", name))
		}
	}
	if _, _, ok := splitPrefix(c.BaseURL); !ok {
		wrong = append(wrong, fmt.Errorf("%s must end with /api_v3", EnvBaseURL))
	}
	if c.ReceiverListen != "" {
		if _, _, err := net.SplitHostPort(c.ReceiverListen); err != nil {
			wrong = append(wrong, fmt.Errorf("%s must be an address to listen on, such as 127.0.0.1:9000", EnvReceiver))
		}
	}
	if c.ControlURL == "" {
		for _, v := range [][2]string{
			{EnvAccountCode, c.AccountCode}, {EnvKey, c.Key}, {EnvSecret, c.Secret}, {EnvAdminToken, c.AdminToken},
		} {
			if v[1] == "" {
				wrong = append(wrong, fmt.Errorf("%s is missing: a target that is not a mock needs the clinic's credentials", v[0]))
			}
		}
	}
	return errors.Join(wrong...)
}

// splitPrefix cuts a base URL into what comes before VSee's prefix and the prefix.
func splitPrefix(base string) (root, prefix string, ok bool) {
	base = strings.TrimSuffix(base, "/")
	root, ok = strings.CutSuffix(base, "/api_v3")
	for _, channel := range []string{"/vc/dev", "/vc/next", "/vc/stable"} {
		if shorter, cut := strings.CutSuffix(root, channel); cut {
			return shorter, channel + "/api_v3", ok
		}
	}
	return root, "/api_v3", ok
}
