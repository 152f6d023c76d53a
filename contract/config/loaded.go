package config

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/alecthomas/kong"

	"github.com/vsee-mock/vsee-mock/internal/printable"
	"github.com/vsee-mock/vsee-mock/internal/suggest"
)

// Loaded is a configuration with the source of each value.
type Loaded struct {
	Config
	flags   []*kong.Flag
	origins map[string]string // as in Reader
}

// Load reads a configuration from a file, the environment and flags, such as --budget=500. The later source wins, and
// defaults fill the rest. It returns nil if a flag is wrong or the file cannot be read. Otherwise the error joins every
// value that cannot be read; Check finds missing and contradictory values.
func Load(ctx context.Context, flags []string, getenv func(string) string) (*Loaded, error) {
	r, o := NewReader(ctx, getenv), new(Options)
	if _, err := newParser(o, r.Options()...).Parse(flags); err != nil {
		return nil, err
	}
	return r.Loaded(o.Config)
}

// Check returns every mistake, as Config.Check does. It names a field as its source does: by key, variable or flag. It
// names a missing field in all of these ways.
func (l *Loaded) Check() error { return l.check(l.namer(namesOf)) }

// namer returns a function that returns the name of the field with a variable. missing names a field without a source.
func (l *Loaded) namer(missing func(*kong.Flag) string) func(env string) string {
	return func(env string) string {
		if from, ok := l.origins[env]; ok {
			return from
		}
		i := slices.IndexFunc(l.flags, func(flag *kong.Flag) bool { return flag.Envs[0] == env })
		return missing(l.flags[i])
	}
}

// Print writes a table of all fields with their values and sources. Secrets are masked.
func (l *Loaded) Print(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, flag := range l.flags {
		if keyOf(flag) == "" || flag.Tag.Has("now") {
			continue
		}
		from, ok := l.origins[flag.Envs[0]]
		value := shown(flag)
		switch {
		case !ok && value == "":
			value, from = "-", "set it with "+flag.Envs[0]
		case !ok:
			from = "the default"
		}
		from = strings.TrimSuffix(from, ": "+keyOf(flag))
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", // Flush returns the error
			keyOf(flag), printable.Line(value), printable.Line(from))
	}
	return table.Flush()
}

// FromEnv reads a configuration from the environment, and from the file in VSEE_CONFIG if that is set. It returns false
// if neither has a base URL. The error joins every mistake.
func FromEnv(getenv func(string) string) (Config, bool, error) {
	l, err := Load(context.Background(), nil, getenv)
	switch {
	case l == nil:
		return Config{}, false, err
	case l.BaseURL == "" && l.ControlURL != "":
		return l.Config, false, fmt.Errorf("%s is missing: %s needs it, too", EnvBaseURL, EnvControlURL)
	case l.BaseURL == "":
		return l.Config, false, err
	}
	variable := func(flag *kong.Flag) string { return flag.Envs[0] } // a caller of FromEnv has no flags
	return l.Config, true, errors.Join(err, l.check(l.namer(variable)))
}

// MisspeltVariables returns a warning for each unknown variable in environ whose name resembles a known one. It expects
// entries in the form of os.Environ, and ignores the variables of vsee-mock itself, VSEE_MOCK_….
func MisspeltVariables(environ []string) []string {
	var known []string
	for _, flag := range flags() {
		known = append(known, flag.Envs...)
	}
	var warnings []string
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, "VSEE_") || strings.HasPrefix(name, "VSEE_MOCK_") || slices.Contains(known, name) {
			continue
		}
		if near := suggest.Name(name, known); near != "" {
			warnings = append(warnings, fmt.Sprintf("the environment variable %s is unknown; did you mean %s?", name, near))
		}
	}
	return warnings
}
