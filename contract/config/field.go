package config

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// The environment variables, one for each field.
const (
	EnvConfig           = "VSEE_CONFIG" // the path of the configuration file
	EnvTarget           = "VSEE_TARGET"
	EnvBaseURL          = "VSEE_BASE_URL"
	EnvControlURL       = "VSEE_CONTROL_URL"
	EnvControlToken     = "VSEE_CONTROL_TOKEN"
	EnvAccountCode      = "VSEE_ACCOUNT_CODE"
	EnvKey              = "VSEE_API_KEY"
	EnvSecret           = "VSEE_API_SECRET"
	EnvAdminToken       = "VSEE_API_TOKEN"
	EnvReceiver         = "VSEE_WEBHOOK_LISTEN"
	EnvReceiverURL      = "VSEE_WEBHOOK_URL"
	EnvWebhookSecret    = "VSEE_WEBHOOK_SECRET"
	EnvWait             = "VSEE_WAIT"
	EnvAllowMutating    = "VSEE_ALLOW_MUTATING"
	EnvHosts            = "VSEE_HOSTS"
	EnvBudget           = "VSEE_BUDGET"
	EnvRate             = "VSEE_RATE"
	EnvSynthetic        = "VSEE_SYNTHETIC"
	EnvKnownDifferences = "VSEE_KNOWN_DIFFERENCES"
	EnvJSON             = "VSEE_JSON"
	EnvJUnit            = "VSEE_JUNIT"
	EnvHTML             = "VSEE_HTML"
	EnvSummary          = "VSEE_SUMMARY"
	EnvIDs              = "VSEE_IDS"
	EnvLabels           = "VSEE_LABELS"
	EnvLevels           = "VSEE_LEVELS"
	EnvNeeds            = "VSEE_NEEDS"
	EnvWithout          = "VSEE_WITHOUT"
	EnvRerun            = "VSEE_RERUN"

	EnvStepSummary = "GITHUB_STEP_SUMMARY" // set by GitHub Actions; the default of EnvSummary
)

// The former names of known_differences.
const (
	formerKey  = "ledger"
	formerEnv  = "VSEE_LEDGER"
	formerFlag = "ledger"
)

// field is one setting, with its name in each source.
type field struct {
	key    string // in the file; a dot means a nested map
	env    string
	flag   string // "" for secrets, because other users can see a command line
	secret bool
	set    func(c *Config, values []string) error
	get    func(c *Config) string
	list   bool
}

// fields returns all fields, in the order of `vsee-contract config`.
func fields() []field {
	return []field{
		text("target", EnvTarget, func(c *Config) *string { return &c.Target }),
		shownAs(text("base_url", EnvBaseURL, func(c *Config) *string { return &c.BaseURL }), withoutUser),
		shownAs(text("control_url", EnvControlURL, func(c *Config) *string { return &c.ControlURL }), withoutUser),
		secret("control_token", EnvControlToken, func(c *Config) *string { return &c.ControlToken }),
		text("account_code", EnvAccountCode, func(c *Config) *string { return &c.AccountCode }),
		secret("api_key", EnvKey, func(c *Config) *string { return &c.Key }),
		secret("api_secret", EnvSecret, func(c *Config) *string { return &c.Secret }),
		secret("api_token", EnvAdminToken, func(c *Config) *string { return &c.AdminToken }),
		text("webhook.listen", EnvReceiver, func(c *Config) *string { return &c.ReceiverListen }),
		shownAs(text("webhook.url", EnvReceiverURL, func(c *Config) *string { return &c.ReceiverURL }), withoutUser),
		secret("webhook.secret", EnvWebhookSecret, func(c *Config) *string { return &c.WebhookSecret }),
		parsed("wait", EnvWait, "a time span such as 2m", time.ParseDuration, time.Duration.String, func(c *Config) *time.Duration { return &c.Wait }),
		parsed("allow_mutating", EnvAllowMutating, "true or false", strconv.ParseBool, strconv.FormatBool, func(c *Config) *bool { return &c.AllowMutating }),
		list("hosts", EnvHosts, func(c *Config) *[]string { return &c.Hosts }),
		parsed("budget", EnvBudget, "a whole number such as 500", strconv.Atoi, strconv.Itoa, func(c *Config) *int { return &c.Budget }),
		parsed("rate", EnvRate, "a number of requests a second such as 2.5", parseFloat, formatFloat, func(c *Config) *float64 { return &c.Rate }),
		text("synthetic", EnvSynthetic, func(c *Config) *string { return &c.Synthetic }),
		text("known_differences", EnvKnownDifferences, func(c *Config) *string { return &c.KnownDifferences }),
		text("outputs.json", EnvJSON, func(c *Config) *string { return &c.JSON }),
		text("outputs.junit", EnvJUnit, func(c *Config) *string { return &c.JUnit }),
		text("outputs.html", EnvHTML, func(c *Config) *string { return &c.HTML }),
		text("outputs.summary", EnvSummary, func(c *Config) *string { return &c.Summary }),
		list("select.ids", EnvIDs, func(c *Config) *[]string { return &c.IDs }),
		list("select.labels", EnvLabels, func(c *Config) *[]string { return &c.Labels }),
		list("select.levels", EnvLevels, func(c *Config) *[]string { return &c.Levels }),
		list("select.needs", EnvNeeds, func(c *Config) *[]string { return &c.Needs }),
		list("select.without", EnvWithout, func(c *Config) *[]string { return &c.Without }),
		text("rerun", EnvRerun, func(c *Config) *string { return &c.Rerun }),
	}
}

// flagOf derives a flag's name from the environment variable: base-url from VSEE_BASE_URL.
func flagOf(env string) string {
	return strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(env, "VSEE_"), "_", "-"))
}

func text(key, env string, of func(*Config) *string) field {
	return field{
		key: key, env: env, flag: flagOf(env),
		set: func(c *Config, values []string) error {
			if len(values) != 1 {
				return errors.New("must be one text, not a list")
			}
			*of(c) = values[0]
			return nil
		},
		get: func(c *Config) string { return *of(c) },
	}
}

func secret(key, env string, of func(*Config) *string) field {
	f := shownAs(text(key, env, of), func(string) string { return "********" })
	f.flag, f.secret = "", true
	return f
}

// shownAs returns a field that prints show(value) in place of the value, unless the value is empty.
func shownAs(f field, show func(string) string) field {
	get := f.get
	f.get = func(c *Config) string {
		if value := get(c); value != "" {
			return show(value)
		}
		return ""
	}
	return f
}

// withoutUser removes user, password and query from a URL.
func withoutUser(value string) string {
	u, err := url.Parse(value)
	if err != nil {
		return "********" // the text might hold a password
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

func list(key, env string, of func(*Config) *[]string) field {
	return field{
		key: key, env: env, flag: strings.TrimSuffix(flagOf(env), "s"), list: true, // --id, for one of select.ids
		set: func(c *Config, values []string) error {
			*of(c) = values
			return nil
		},
		get: func(c *Config) string { return strings.Join(*of(c), ", ") },
	}
}

func parsed[T comparable](key, env, shape string, parse func(string) (T, error), format func(T) string, of func(*Config) *T) field {
	return field{
		key: key, env: env, flag: flagOf(env),
		set: func(c *Config, values []string) error {
			if len(values) != 1 {
				return errors.New("must be " + shape)
			}
			value, err := parse(values[0])
			if err != nil {
				return errors.New("must be " + shape) // without the value, because it may be a misplaced secret
			}
			*of(c) = value
			return nil
		},
		get: func(c *Config) string { return format(*of(c)) },
	}
}

func parseFloat(s string) (float64, error) { return strconv.ParseFloat(s, 64) }

func formatFloat(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
