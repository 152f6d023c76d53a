package contract

import "github.com/vsee-mock/vsee-mock/contract/config"

// Config says which target is faced and how.
type Config = config.Config

// The environment variables of FromEnv that an integrator sets first; package config has them all.
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
	EnvBudget           = config.EnvBudget
	EnvRate             = config.EnvRate
	EnvKnownDifferences = config.EnvKnownDifferences
)

// FromEnv returns the configuration that the environment holds, false when VSEE_BASE_URL is not set. The error joins
// all that is missing or wrong.
func FromEnv(getenv func(string) string) (Config, bool, error) { return config.FromEnv(getenv) }
