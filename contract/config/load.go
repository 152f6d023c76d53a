package config

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/internal/boundedyaml"
	"github.com/vsee-mock/vsee-mock/internal/printable"
	"github.com/vsee-mock/vsee-mock/internal/suggest"
)

// Sources are the sources of a configuration. A later field wins over an earlier one.
type Sources struct {
	File  string                   // path of the file; empty for none
	Env   func(name string) string // nil for none; an empty variable counts as not set
	Flags map[string][]string      // values by name, without dashes
}

// Loaded is a configuration with the source of each value.
type Loaded struct {
	Config
	origins map[string]origin // by key; defaults have none
}

// origin is the source of a value.
type origin struct {
	name  string // the field's name in that source, for errors
	where string // the source's name or position, for Print
}

// Load reads a configuration and fills in the defaults. The error joins every value that cannot be read; Check finds
// missing and contradictory values. Load waits for the writer of a pipe until ctx ends. It returns nil if it cannot
// read the file.
func Load(ctx context.Context, from Sources) (*Loaded, error) {
	l := &Loaded{origins: map[string]origin{}}
	l.Config = l.WithDefaults()
	var wrong []error
	if from.File != "" {
		data, err := bounded.ReadStream(ctx, from.File, boundedyaml.MaxSize)
		if err != nil {
			return nil, fmt.Errorf("reading the configuration: %w", err)
		}
		wrong = append(wrong, l.read(from.File, data))
	}
	wrong = append(wrong, from.formerNames()...)
	for _, f := range fields() {
		if from.Env != nil {
			if value := from.Env(EnvStepSummary); value != "" && f.env == EnvSummary && l.Summary == "" {
				wrong = append(wrong, l.set(f, []string{value}, origin{EnvStepSummary, EnvStepSummary}))
			}
			if value := from.Env(f.env); value != "" {
				wrong = append(wrong, l.set(f, f.split(value), origin{f.env, f.env}))
			}
		}
		if values, ok := from.Flags[f.flag]; ok && f.flag != "" {
			wrong = append(wrong, l.set(f, values, origin{"--" + f.flag, "--" + f.flag}))
		}
	}
	return l, errors.Join(wrong...)
}

// formerNames returns an error for each former name in use. A setting under such a name would otherwise have no effect.
func (s Sources) formerNames() []error {
	var wrong []error
	if s.Env != nil && s.Env(formerEnv) != "" {
		wrong = append(wrong, fmt.Errorf("%s is now %s: rename the variable", formerEnv, EnvKnownDifferences))
	}
	if _, ok := s.Flags[formerFlag]; ok {
		wrong = append(wrong, fmt.Errorf("--%s is now --%s: rename the flag", formerFlag, flagOf(EnvKnownDifferences)))
	}
	return wrong
}

// split splits the text of a list at its commas. A field without a list has one value.
func (f field) split(value string) []string {
	if !f.list {
		return []string{value}
	}
	values := strings.Split(value, ",")
	for i := range values {
		values[i] = strings.TrimSpace(values[i])
	}
	return slices.DeleteFunc(values, func(v string) bool { return v == "" })
}

func (l *Loaded) set(f field, values []string, from origin) error {
	l.origins[f.key] = from
	if err := f.set(&l.Config, values); err != nil {
		return fmt.Errorf("%s %w", from.name, err)
	}
	return nil
}

// Check returns every mistake, as Config.Check does. It names a field as its source does: by key, variable or flag.
func (l *Loaded) Check() error {
	return l.check(func(env string) string {
		for _, f := range fields() {
			if from, ok := l.origins[f.key]; ok && f.env == env {
				return from.name
			}
		}
		return env
	})
}

// Print writes a table of all fields with their values and sources. Secrets are masked.
func (l *Loaded) Print(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range fields() {
		from, ok := l.origins[f.key]
		value := f.get(&l.Config)
		switch {
		case !ok && value == "":
			value, from.where = "-", "set it with "+f.env
		case !ok:
			from.where = "the default"
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", f.key, printable.Line(value), printable.Line(from.where)) // Flush returns the error
	}
	return table.Flush()
}

// FromEnv reads a configuration from the environment alone. It returns false if VSEE_BASE_URL is not set. The error joins
// every mistake.
func FromEnv(getenv func(string) string) (Config, bool, error) {
	l, err := Load(context.Background(), Sources{Env: getenv})
	if l.BaseURL == "" {
		if l.ControlURL != "" {
			return l.Config, false, fmt.Errorf("%s is missing: %s needs it, too", EnvBaseURL, EnvControlURL)
		}
		return l.Config, false, nil
	}
	return l.Config, true, errors.Join(err, l.Check())
}

// MisspeltVariables returns a warning for each unknown variable in environ whose name resembles a known one. It expects
// entries in the form of os.Environ, and ignores the variables of vsee-mock itself, VSEE_MOCK_….
func MisspeltVariables(environ []string) []string {
	known := []string{EnvConfig}
	for _, f := range fields() {
		known = append(known, f.env)
	}
	var warnings []string
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, "VSEE_") || strings.HasPrefix(name, "VSEE_MOCK_") || slices.Contains(known, name) || name == formerEnv {
			continue
		}
		if near := suggest.Name(name, known); near != "" {
			warnings = append(warnings, fmt.Sprintf("the environment variable %s is unknown; did you mean %s?", name, near))
		}
	}
	return warnings
}
