package contract

import "github.com/vsee-mock/vsee-mock/contract/config"

// Config is the configuration of a contract run.
type Config = config.Config

// The environment variables of FromEnv that an integrator needs first. Package config has all of them.
const (
	EnvBaseURL          = config.EnvBaseURL
	EnvAccountCode      = config.EnvAccountCode
	EnvKey              = config.EnvKey
	EnvSecret           = config.EnvSecret
	EnvAdminToken       = config.EnvAdminToken
	EnvControlURL       = config.EnvControlURL
	EnvControlToken     = config.EnvControlToken
	EnvReceiver         = config.EnvReceiver
	EnvWebhookSecret    = config.EnvWebhookSecret
	EnvWait             = config.EnvWait
	EnvAllowMutating    = config.EnvAllowMutating
	EnvAllowVisits      = config.EnvAllowVisits
	EnvBudget           = config.EnvBudget
	EnvRate             = config.EnvRate
	EnvKnownDifferences = config.EnvKnownDifferences
)

// FromEnv reads a configuration from the environment, and from the file in VSEE_CONFIG if that is set. It returns false
// if neither has a base URL. The error joins every mistake.
func FromEnv(getenv func(string) string) (Config, bool, error) { return config.FromEnv(getenv) }
