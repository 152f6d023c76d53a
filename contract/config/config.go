// Package config holds the configuration of a contract run: the target and its credentials, the limits on an
// environment that others use, the selected requirements, and the files for results. Values come from defaults, a YAML
// file, the environment and flags; the later source wins.
package config

import (
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// Config is the configuration of a contract run. Its zero value has no target; see WithDefaults and Check. The tags of
// a field are its flag, its variable, its key in the file, its default and its help; see Options.
type Config struct {
	// Target is the name of the target in reports and known differences. If it is empty, Name picks one.
	Target string `env:"VSEE_TARGET" placeholder:"NAME" help:"Name of the target in reports."`

	// BaseURL is the base URL of the API, with its prefix: https://api.vseepreview.com/vc/dev/api_v3.
	BaseURL string `env:"VSEE_BASE_URL" placeholder:"URL" help:"Base URL of the API, with its prefix."`

	// ControlURL is the URL of a vsee-mock's control API: http://127.0.0.1:8080/_mock. Empty for any other target. With
	// it, each requirement gets a clinic of its own, with a clock that the run can move. The credentials below are then
	// not needed.
	ControlURL string `env:"VSEE_CONTROL_URL" placeholder:"URL" help:"Control API, if the target is a mock."`

	// ControlToken is the mock's control token; empty if the mock has none.
	ControlToken string `env:"VSEE_CONTROL_TOKEN" hidden:"" secret:""`

	// AccountCode, Key, Secret and AdminToken are the credentials of the clinic.
	AccountCode string `env:"VSEE_ACCOUNT_CODE" placeholder:"CODE" help:"The clinic's account code; not for a mock."`
	Key         string `name:"api-key" env:"VSEE_API_KEY" hidden:"" secret:""`
	Secret      string `name:"api-secret" env:"VSEE_API_SECRET" hidden:"" secret:""`
	AdminToken  string `name:"api-token" env:"VSEE_API_TOKEN" hidden:"" secret:""`

	// MemberToken is the token of an existing synthetic member. A run that only reads checks the replies to this member.
	MemberToken string `env:"VSEE_MEMBER_TOKEN" hidden:"" secret:""`

	// ReceiverListen is the host:port where the suite listens for the clinic's events. If it is empty, requirements
	// about webhooks are not testable. The suite sets the webhook URL of a mock by itself.
	ReceiverListen string `name:"webhook-listen" key:"webhook.listen" env:"VSEE_WEBHOOK_LISTEN" placeholder:"ADDR" help:"Listen here for the clinic's events."`

	// ReceiverURL is the URL of the clinic's webhook, if it is not that of ReceiverListen. A mock sends events there, for
	// example from another network. For any other target it is a note for the reader.
	ReceiverURL string `name:"webhook-url" key:"webhook.url" env:"VSEE_WEBHOOK_URL" placeholder:"URL" help:"URL of the clinic's webhook, if it differs."`

	// WebhookSecret is the key of the events' signatures. If it is empty, the suite does not check signatures. With a
	// mock it is not needed: the control API returns it.
	WebhookSecret string `key:"webhook.secret" env:"VSEE_WEBHOOK_SECRET" hidden:"" secret:""`

	// Wait is the longest duration of a check on a target whose clock cannot be moved; 0 means 2 minutes.
	Wait time.Duration `env:"VSEE_WAIT" default:"2m" placeholder:"SPAN" help:"Longest duration of a check (${default})."`

	// AllowMutating permits writes to a target other than a mock: sign-ons, updates and checks.
	AllowMutating bool `env:"VSEE_ALLOW_MUTATING" help:"Allow writes to a target other than a mock."`

	// AllowVisits permits visits on a target other than a mock, beside AllowMutating. Each visit is ended afterwards, and
	// stays in the clinic's lists.
	AllowVisits bool `env:"VSEE_ALLOW_VISITS" help:"Allow visits on a target other than a mock, too."`

	// Hosts are the hosts that the run may send requests to, besides this computer and a mock. Each is a name or a
	// pattern with a leading *. Empty means *.vseepreview.com.
	Hosts []string `name:"host" key:"hosts" env:"VSEE_HOSTS" default:"*.vseepreview.com" placeholder:"NAME" help:"Hosts to allow (${default})."`

	// Budget is the largest number of requests to a target other than a mock; 0 means 3000.
	Budget int `env:"VSEE_BUDGET" default:"3000" placeholder:"N" help:"Requests per run (${default}); not for a mock."`

	// Rate is the number of requests per second to a target other than a mock; 0 means 5.
	Rate float64 `env:"VSEE_RATE" default:"5" placeholder:"N" help:"Requests per second (${default}); not for a mock."`

	// Synthetic is a regular expression. The run only signs on members whose code matches it; empty means ^contract-.
	Synthetic string `env:"VSEE_SYNTHETIC" default:"^contract-" placeholder:"REGEXP" help:"Pattern of each member's code (${default})."`

	// KnownDifferences is the path of the file of known differences; empty for none.
	KnownDifferences string `env:"VSEE_KNOWN_DIFFERENCES" placeholder:"FILE" help:"File of known differences."`

	// FailOn are the classes of differences that make a run red: breaking, unclear and additive.
	FailOn []string `key:"fail_on" env:"VSEE_FAIL_ON" default:"breaking,unclear" placeholder:"CLASS" help:"Differences that fail the run (${default})."`

	// Additive is the treatment of additive differences, such as an undeclared field: note, warn or fail.
	Additive string `env:"VSEE_ADDITIVE" default:"note" placeholder:"WORD" help:"Additive differences: note, warn or fail (${default})."`

	// ShowMessages adds the target's own error messages to the results. They may have values of patients.
	ShowMessages bool `env:"VSEE_SHOW_MESSAGES" help:"Show the target's own error messages."`

	// Annotations prints the differences as annotations of GitHub Actions.
	Annotations bool `env:"VSEE_ANNOTATIONS" fallback:"GITHUB_ACTIONS" help:"Print annotations for GitHub Actions."`

	// JSON, JUnit, HTML and Summary are the paths of the files for results; empty for none.
	JSON    string `name:"json" key:"outputs.json" env:"VSEE_JSON" placeholder:"FILE" help:"Write the results here."`
	JUnit   string `name:"junit" key:"outputs.junit" env:"VSEE_JUNIT" placeholder:"FILE" help:"Write JUnit XML here, for CI."`
	HTML    string `name:"html" key:"outputs.html" env:"VSEE_HTML" placeholder:"FILE" help:"Write an HTML report here."`
	Summary string `key:"outputs.summary" env:"VSEE_SUMMARY" fallback:"GITHUB_STEP_SUMMARY" placeholder:"FILE" help:"Write Markdown here."`

	// IDs, Labels and Levels select requirements. A requirement must match one value of each list that is not empty. An
	// id may be a pattern such as AUTH-*.
	IDs    []string `name:"id" key:"select.ids" env:"VSEE_IDS" help:"Only these ids or patterns: AUTH-001, AUTH-*."`
	Labels []string `name:"label" key:"select.labels" env:"VSEE_LABELS" help:"Only those with one of these labels."`
	Levels []string `name:"level" key:"select.levels" env:"VSEE_LEVELS" help:"Only these levels: must, should or may."`

	// Needs and Without select requirements by their needs: clock, webhook, mutating, visits, member and mock. A
	// requirement must have one of Needs, if that is not empty, and none of Without.
	Needs   []string `name:"need" key:"select.needs" env:"VSEE_NEEDS" help:"Needs one of clock, webhook, mutating, visits, member, mock."`
	Without []string `key:"select.without" env:"VSEE_WITHOUT" placeholder:"NEED" help:"Needs none of these."`

	// Rerun is the path of a results file: only its red requirements run. Empty for none.
	Rerun string `env:"VSEE_RERUN" placeholder:"FILE" help:"Only the red requirements of these results."`

	// Version is the version of the running program. It is not read from any source.
	Version string `kong:"-"`
}

// Policy returns the classes of differences that make a run red, and those that are warnings. An unknown text in FailOn
// or Additive is left out; Check reports it.
func (c Config) Policy() (failOn, warnOn []result.Class) {
	c = c.WithDefaults()
	for _, class := range result.Classes() {
		fails := slices.Contains(c.FailOn, string(class)) || class == result.Additive && c.Additive == Fail
		switch {
		case fails:
			failOn = append(failOn, class)
		case class != result.Additive || c.Additive == Warn:
			warnOn = append(warnOn, class)
		}
	}
	return failOn, warnOn
}

// The treatments of additive differences.
const (
	Note = "note"
	Warn = "warn"
	Fail = "fail"
)

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
func (c Config) ShownURL() string { return withoutUser(c.BaseURL) }

// withoutUser returns a URL without user, password and query, and "" for a text that is no URL.
func withoutUser(text string) string {
	u, err := url.Parse(text)
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

// SplitPrefix splits a base URL before VSee's prefix, such as /api_v3 or /vc/dev/api_v3. ok is false if the URL does
// not end with /api_v3.
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
