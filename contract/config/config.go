// Package config holds the configuration of a contract run: the target and its credentials, the limits on an environment
// that others use, the selected requirements, and the files for results. Values come from defaults, a YAML file, the
// environment and flags; the later source wins.
package config

import (
	"cmp"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Config is the configuration of a contract run. Its zero value has no target; see WithDefaults and Check.
type Config struct {
	// Target is the name of the target in reports and known differences. If it is empty, Name picks one.
	Target string

	// BaseURL is the base URL of the API, with its prefix: https://api.vseepreview.com/vc/dev/api_v3.
	BaseURL string

	// ControlURL is the URL of a vsee-mock's control API: http://127.0.0.1:8080/_mock. Empty for any other target.
	// With it, each requirement gets a clinic of its own, with a clock that the run can move. The credentials below are then
	// not needed.
	ControlURL string

	// ControlToken is the mock's control token; empty if the mock has none.
	ControlToken string

	// AccountCode, Key, Secret and AdminToken are the credentials of the clinic.
	AccountCode, Key, Secret, AdminToken string

	// ReceiverListen is the host:port where the suite listens for the clinic's events. If it is empty, requirements
	// about webhooks are not testable. The suite sets the webhook URL of a mock by itself.
	ReceiverListen string

	// ReceiverURL is the URL of the clinic's webhook, if it is not that of ReceiverListen. A mock sends events there, for
	// example from another network. For any other target it is a note for the reader.
	ReceiverURL string

	// WebhookSecret is the key of the events' signatures. If it is empty, the suite does not check signatures. With a
	// mock it is not needed: the control API returns it.
	WebhookSecret string

	// Wait is the longest duration of a check on a target whose clock cannot be moved; 0 means 2 minutes.
	Wait time.Duration

	// AllowMutating permits writes to a target other than a mock: sign-ons, updates and checks.
	AllowMutating bool

	// Hosts are the hosts that the run may send requests to, besides this computer and a mock. Each is a name or a
	// pattern with a leading *. Empty means *.vseepreview.com.
	Hosts []string

	// Budget is the largest number of requests to a target other than a mock; 0 means 1000.
	Budget int

	// Rate is the number of requests per second to a target other than a mock; 0 means 5.
	Rate float64

	// Synthetic is a regular expression. The run only signs on members whose code matches it; empty means ^contract-.
	Synthetic string

	// KnownDifferences is the path of the file of known differences; empty for none.
	KnownDifferences string

	// JSON, JUnit, HTML and Summary are the paths of the files for results; empty for none.
	JSON, JUnit, HTML, Summary string

	// IDs, Labels and Levels select requirements. A requirement must match one value of each list that is not empty. An
	// id may be a pattern such as AUTH-*.
	IDs, Labels, Levels []string

	// Needs and Without select requirements by their needs: clock, webhook, mutating and mock. A requirement must have
	// one of Needs, if that is not empty, and none of Without.
	Needs, Without []string

	// Rerun is the path of a results file: only its red requirements run. Empty for none.
	Rerun string

	// Version is the version of the running program. It is not read from any source.
	Version string
}

// WithDefaults returns a copy in which empty fields have their defaults.
func (c Config) WithDefaults() Config {
	c.Wait = cmp.Or(c.Wait, 2*time.Minute)
	c.Budget = cmp.Or(c.Budget, 1000)
	c.Rate = cmp.Or(c.Rate, 5)
	c.Synthetic = cmp.Or(c.Synthetic, "^contract-")
	if len(c.Hosts) == 0 {
		c.Hosts = []string{"*.vseepreview.com"}
	}
	return c
}

// IsMock reports whether the target is a mock, with a control API.
func (c Config) IsMock() bool { return c.ControlURL != "" }

// Name returns Target. If that is empty, it returns "mock" for a mock, and the host of the base URL otherwise.
func (c Config) Name() string {
	switch {
	case c.Target != "":
		return c.Target
	case c.IsMock():
		return "mock"
	}
	u, err := url.Parse(c.BaseURL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// ShownURL returns the base URL without user, password and query, for reports.
func (c Config) ShownURL() string {
	u, err := url.Parse(c.BaseURL)
	if err != nil {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// Allows reports whether the run may send requests to a host: this computer, one of Hosts, or the mock's own host.
func (c Config) Allows(host string) bool {
	if c.IsMock() {
		for _, own := range []string{c.BaseURL, c.ControlURL} {
			if u, err := url.Parse(own); err == nil && strings.EqualFold(u.Hostname(), host) {
				return true
			}
		}
	}
	return isLoopback(host) || slices.ContainsFunc(c.WithDefaults().Hosts, func(pattern string) bool {
		if suffix, ok := strings.CutPrefix(strings.ToLower(pattern), "*"); ok {
			return strings.HasSuffix(strings.ToLower(host), suffix)
		}
		return strings.EqualFold(pattern, host)
	})
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// SplitPrefix splits a base URL before VSee's prefix, such as /api_v3 or /vc/dev/api_v3. ok is false if the URL does not
// end with /api_v3.
func SplitPrefix(base string) (root, prefix string, ok bool) {
	base = strings.TrimSuffix(base, "/")
	root, ok = strings.CutSuffix(base, "/api_v3")
	for _, channel := range []string{"/vc/dev", "/vc/next", "/vc/stable"} {
		if shorter, cut := strings.CutSuffix(root, channel); cut {
			return shorter, channel + "/api_v3", ok
		}
	}
	return root, "/api_v3", ok
}
