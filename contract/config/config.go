// Package config is what a contract run is told: which target is faced, how, what of it may be touched, what is
// selected, and where the results go. It comes from defaults, then a YAML file, then the environment, then flags.
package config

import (
	"cmp"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Config says which target is faced and how.
type Config struct {
	// Target is the name of the target in reports and known differences. If it is empty, Name picks one.
	Target string

	// BaseURL is that of VSee's API, with its prefix: https://api.vseepreview.com/vc/dev/api_v3.
	BaseURL string

	// ControlURL is where a vsee-mock has its control API: http://127.0.0.1:8080/_mock. Empty for any other target.
	// With it, each requirement has a clinic of its own and its clock is moved; the credentials below are not needed.
	ControlURL string

	// ControlToken is the mock's control token; empty for none.
	ControlToken string

	// AccountCode, Key, Secret and AdminToken are the credentials of the clinic.
	AccountCode, Key, Secret, AdminToken string

	// ReceiverListen is the address on which the suite listens for the clinic's events. Empty, requirements about
	// webhooks are not testable. A mock is told where to send.
	ReceiverListen string

	// ReceiverURL is where the clinic's webhook leads, when that is not ReceiverListen itself. It is for people to read,
	// and for a mock that cannot reach the suite under the address that it listens on.
	ReceiverURL string

	// WebhookSecret is what the target signs events with; empty, signatures are not checked. A mock tells it.
	WebhookSecret string

	// Wait is how long a check may take to end where the clock cannot be moved; 2 minutes when 0.
	Wait time.Duration

	// AllowMutating lets a target that is not a mock be written to: sign-ons, updates, checks.
	AllowMutating bool

	// Hosts are those that may be faced beside this computer and a mock: names, or patterns such as *.vseepreview.com,
	// which is what it is when it is empty.
	Hosts []string

	// Budget is how many requests a run may send to a target that is not a mock; 1000 when 0.
	Budget int

	// Rate is how many requests a second are sent to a target that is not a mock; 5 when 0.
	Rate float64

	// Synthetic is the pattern that the code of each member matches who is signed on; ^contract- when empty.
	Synthetic string

	// KnownDifferences is the path of the file of known differences; empty for none.
	KnownDifferences string

	// JSON, JUnit, HTML and Summary are the files that results are written to; empty for none.
	JSON, JUnit, HTML, Summary string

	// IDs, Labels and Levels select what is run: what has one of each that is not empty. A pattern such as AUTH-* stands
	// for many ids.
	IDs, Labels, Levels []string

	// Needs and Without select by what is needed of the target: one of Needs, when that is not empty, and none of Without.
	// There are clock, webhook, mutating and mock.
	Needs, Without []string

	// Rerun is a file of results of which what was red is run again; empty for none.
	Rerun string

	// Version is that of the program that runs; it cannot be configured.
	Version string
}

// WithDefaults returns the configuration with all that is empty and has a default filled in.
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

// IsMock reports whether the target can be told what to do.
func (c Config) IsMock() bool { return c.ControlURL != "" }

// Name is what the target is called: mock for one, or the host of its base URL, when nothing else is said.
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

// ShownURL is the base URL without user, password and query.
func (c Config) ShownURL() string {
	u, err := url.Parse(c.BaseURL)
	if err != nil {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// Allows reports whether a host may be faced: this computer, one of Hosts, or a mock's own.
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

// SplitPrefix cuts a base URL into what comes before VSee's prefix and the prefix.
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
