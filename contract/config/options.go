package config

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

// The environment variables that messages, tests and other packages name. The tags of Config have all of them.
const (
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
	EnvAllowVisits      = "VSEE_ALLOW_VISITS"
	EnvHosts            = "VSEE_HOSTS"
	EnvBudget           = "VSEE_BUDGET"
	EnvRate             = "VSEE_RATE"
	EnvSynthetic        = "VSEE_SYNTHETIC"
	EnvKnownDifferences = "VSEE_KNOWN_DIFFERENCES"
	EnvMemberToken      = "VSEE_MEMBER_TOKEN"
	EnvFailOn           = "VSEE_FAIL_ON"
	EnvAdditive         = "VSEE_ADDITIVE"
	EnvIDs              = "VSEE_IDS"
	EnvLevels           = "VSEE_LEVELS"

	EnvStepSummary = "GITHUB_STEP_SUMMARY" // set by GitHub Actions; the default of VSEE_SUMMARY
)

// Options are the flags of a command that reads a Config: embed it in a command of kong. Besides kong's own tags, a
// field may have these:
//
//   - key: the key in the file, where it is not the name of the flag with _ for -. A dot means a nested map; a single -
//     means that the file cannot hold the field.
//   - secret: the field has no flag on the command line, and Print masks its value.
//   - fallback: a variable that is read if no other source has a value.
//   - now: the field is a former name of the flag in this tag, and is refused.
type Options struct {
	File string `name:"config" key:"-" env:"VSEE_CONFIG" placeholder:"FILE" help:"Configuration file."`
	Config
	Ledger string `hidden:"" env:"VSEE_LEDGER" now:"known-differences"`
}

// newParser returns a parser of Options without a command.
func newParser(o *Options, options ...kong.Option) *kong.Kong {
	return kong.Must(o, append(options, kong.NoDefaultHelp())...)
}

// flags returns all flags.
func flags() []*kong.Flag { return newParser(new(Options)).Model.Flags }

// WithDefaults returns a copy in which empty fields have their defaults.
func (c Config) WithDefaults() Config {
	o := Options{Config: c}
	for _, flag := range newParser(&o).Model.Flags {
		flag.Tag.Envs = nil     // kong reads the environment into empty fields otherwise
		_ = flag.ApplyDefault() // every default in a tag can be parsed
	}
	return o.Config
}

// keyOf returns the key of a flag in the file, "" for none.
func keyOf(flag *kong.Flag) string {
	if key := flag.Tag.Get("key"); key != "" {
		return strings.TrimPrefix(key, "-")
	}
	return strings.ReplaceAll(flag.Name, "-", "_")
}

// namesOf returns every name of a flag: --base-url (VSEE_BASE_URL, base_url).
func namesOf(flag *kong.Flag) string {
	if flag.Tag.Has("secret") {
		return fmt.Sprintf("%s (%s)", flag.Envs[0], keyOf(flag))
	}
	return fmt.Sprintf("--%s (%s, %s)", flag.Name, flag.Envs[0], keyOf(flag))
}

// shown returns the value of a flag for people. It masks a secret, and leaves out user, password and query of a URL.
func shown(flag *kong.Flag) string {
	value := flag.Target.Interface()
	if list, ok := value.([]string); ok {
		return strings.Join(list, ", ")
	}
	const mask = "********"
	text := fmt.Sprint(value)
	switch {
	case text == "":
		return ""
	case flag.Tag.Has("secret"):
		return mask
	case strings.HasSuffix(flag.Name, "-url"):
		return cmp.Or(withoutUser(text), mask) // a text that is no URL might hold a password
	}
	return text
}
