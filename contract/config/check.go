package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// SettingError is a mistake in a setting found by its use: a token refused by the mock, or a file that cannot be
// opened. The run has broken, and its exit code is result.ExitConfig.
type SettingError struct{ Err error }

// Error returns the text of Err.
func (e SettingError) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e SettingError) Unwrap() error { return e.Err }

// Check returns every mistake in the configuration, as one joined error. It names a field by its environment variable.
func (c Config) Check() error { return c.WithDefaults().check(func(env string) string { return env }) }

// CheckPolicy returns every mistake in the classes of differences, as Check does. A command without a target needs no
// more.
func (l *Loaded) CheckPolicy() error {
	checked := &checker{Config: l.Config, nameOf: l.namer(namesOf)}
	checked.classes()
	return errors.Join(checked.wrong...)
}

// checker collects the mistakes in a configuration.
type checker struct {
	Config
	nameOf func(env string) string
	wrong  []error
}

// complain adds a mistake of the field with a variable.
func (c *checker) complain(env, format string, args ...any) {
	c.wrong = append(c.wrong, fmt.Errorf("%s "+format, append([]any{c.nameOf(env)}, args...)...))
}

// check returns every mistake in the configuration. nameOf returns the name of the field with that environment
// variable: the key, variable or flag that the user wrote.
func (c Config) check(nameOf func(env string) string) error {
	checked := &checker{Config: c, nameOf: nameOf}
	checked.target()
	checked.limits()
	checked.classes()
	return errors.Join(checked.wrong...)
}

func (c *checker) target() {
	if c.BaseURL == "" {
		c.complain(EnvBaseURL, "is missing: set it to the base URL of the target, such as http://127.0.0.1:8080/api_v3; "+
			"for a mock also set %s, such as http://127.0.0.1:8080/_mock", c.nameOf(EnvControlURL))
		return
	}
	for _, u := range [][2]string{{EnvBaseURL, c.BaseURL}, {EnvControlURL, c.ControlURL},
		{EnvReceiverURL, c.ReceiverURL}} {
		if rule := urlRule(u[1]); rule != "" && u[1] != "" {
			c.complain(u[0], "%s", rule)
		}
	}
	if _, _, ok := SplitPrefix(c.BaseURL); !ok {
		c.complain(EnvBaseURL, "must end with /api_v3")
	}
	if c.IsMock() && !strings.HasSuffix(strings.TrimSuffix(c.ControlURL, "/"), "/_mock") {
		c.complain(EnvControlURL, "must end with /_mock, where the mock's control API is")
	}
	if _, _, err := net.SplitHostPort(c.ReceiverListen); c.ReceiverListen != "" && err != nil {
		c.complain(EnvReceiver, "must be an address to listen on, such as 127.0.0.1:9000")
	}
	if c.ReceiverURL != "" && c.ReceiverListen == "" {
		c.complain(EnvReceiverURL, "needs %s, the address to listen on", c.nameOf(EnvReceiver))
	}
	if !c.IsMock() {
		c.shared()
	}
}

// urlRule returns the rule that a URL breaks, "" for none.
func urlRule(text string) string {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https"):
		return "must be an http or https URL"
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "must be a URL without user, password, query and fragment"
	}
	return ""
}

func (c *checker) limits() {
	if c.Wait <= 0 {
		c.complain(EnvWait, "must be a time span such as 2m")
	}
	if c.Budget <= 0 {
		c.complain(EnvBudget, "must be more than 0")
	}
	if c.Rate <= 0 {
		c.complain(EnvRate, "must be more than 0")
	}
	if _, err := regexp.Compile(c.Synthetic); err != nil {
		c.complain(EnvSynthetic, "must be a regular expression such as ^contract-")
	}
	for _, level := range c.Levels {
		if !slices.Contains([]string{"must", "should", "may"}, level) {
			c.complain(EnvLevels, "must be must, should or may")
		}
	}
}

func (c *checker) classes() {
	for _, class := range c.FailOn {
		if !slices.Contains(result.Classes(), result.Class(class)) {
			c.complain(EnvFailOn, "must be breaking, unclear or additive, or several of them")
		}
	}
	if !slices.Contains([]string{Note, Warn, Fail}, c.Additive) {
		c.complain(EnvAdditive, "must be note, warn or fail")
	}
}

// shared checks the fields that a target needs if it is not a mock. Other people may use such a target too.
func (c *checker) shared() {
	for _, v := range [][2]string{
		{EnvAccountCode, c.AccountCode}, {EnvKey, c.Key}, {EnvSecret, c.Secret}, {EnvAdminToken, c.AdminToken},
	} {
		if v[1] == "" {
			c.complain(v[0], "is missing: set the clinic's credentials, or %s if the target is a mock", c.nameOf(EnvControlURL))
		}
	}
	if c.AllowVisits && !c.AllowMutating {
		c.complain(EnvAllowVisits, "needs %s, because each visit has a new patient", c.nameOf(EnvAllowMutating))
	}
	u, err := url.Parse(c.BaseURL)
	if err != nil || u.Host == "" {
		return
	}
	if !c.Allows(u.Hostname()) {
		c.complain(EnvBaseURL, "has a host that is not allowed: add it to %s if you may test it", c.nameOf(EnvHosts))
	}
	if u.Scheme == "http" && !isLoopback(u.Hostname()) {
		c.complain(EnvBaseURL, "must be https, because requests carry the clinic's credentials")
	}
}
