package config

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/internal/boundedyaml"
)

// Reader makes a kong parser read Options from a file and the environment, too. It serves one command line.
type Reader struct {
	ctx     context.Context //nolint:containedctx // a reader reads once
	getenv  func(string) string
	flags   []*kong.Flag // of the parsed command
	file    map[string]setting
	origins map[string]string // by variable: the name of the field in the source of its value; defaults have none
	wrong   []error
}

// NewReader returns a Reader. It waits for the writer of a pipe until ctx ends. An empty variable counts as not set.
func NewReader(ctx context.Context, getenv func(string) string) *Reader {
	return &Reader{ctx: ctx, getenv: getenv}
}

// Options returns the options for the parser. kong itself would take an empty variable for a value, repeat values in
// errors, and let a file win over the environment. So the reader reads the variables in kong's place.
func (r *Reader) Options() []kong.Option {
	options := []kong.Option{
		kong.WithBeforeReset(func(c *kong.Context) error {
			for _, flag := range c.Flags() {
				flag.Tag.Envs = nil // kong reads these; flag.Envs still has the names
			}
			return nil
		}),
		kong.WithBeforeResolve(r.begin),
		kong.Resolvers(kong.ResolverFunc(r.resolve)),
		kong.ValueFormatter(func(v *kong.Value) string { return v.Help }), // without the variable: lines stay short
	}
	defaults := kong.NewRegistry().RegisterDefaults()
	for shape, of := range map[string]reflect.Type{
		"one text, not a list": reflect.TypeFor[string](), "true or false": reflect.TypeFor[bool](),
		"a whole number such as 500": reflect.TypeFor[int](), "a number such as 2.5": reflect.TypeFor[float64](),
		"a time span such as 2m": reflect.TypeFor[time.Duration](),
	} {
		options = append(options, kong.TypeMapper(of, quiet{defaults.ForType(of), shape}))
	}
	return options
}

// quiet is a mapper whose errors do not repeat the value, because it may be a misplaced secret.
type quiet struct {
	kong.Mapper
	shape string
}

// Decode implements kong.Mapper.
func (q quiet) Decode(c *kong.DecodeContext, target reflect.Value) error {
	is := c.Scan.Peek().IsValue()
	if err := q.Mapper.Decode(c, target); err == nil || !is { // without a value, kong asks for one
		return err
	}
	return errors.New("must be " + q.shape)
}

// IsBool implements kong.BoolMapper.
func (q quiet) IsBool() bool {
	b, ok := q.Mapper.(kong.BoolMapper)
	return ok && b.IsBool()
}

// begin notes the flags of the command line and reads the file. kong calls it once for each part of the command line.
func (r *Reader) begin(c *kong.Context) error {
	if r.origins != nil {
		return nil
	}
	r.origins = map[string]string{}
	r.flags = slices.DeleteFunc(c.Flags(), func(flag *kong.Flag) bool { return len(flag.Envs) == 0 })
	path := r.getenv("VSEE_CONFIG")
	for _, part := range c.Path {
		if part.Flag == nil || len(part.Flag.Envs) == 0 {
			continue
		}
		name := "--" + part.Flag.Name
		switch {
		case part.Flag.Tag.Has("secret"):
			return fmt.Errorf("%s is no flag, because other users can see a command line: set %s instead", name,
				namesOf(part.Flag))
		case part.Flag.Tag.Has("now"):
			return fmt.Errorf("%s %w", name, renamed(part.Flag))
		case part.Flag.Hidden:
			return fmt.Errorf("unknown flag %s", name)
		case part.Flag.Name == "config":
			path = c.Value(part).String()
		}
		r.origins[part.Flag.Envs[0]] = name
	}
	if path == "" || len(r.flags) == 0 {
		return nil
	}
	data, err := bounded.ReadStream(r.ctx, path, boundedyaml.MaxSize)
	if err != nil {
		return fmt.Errorf("reading the configuration: %w", err)
	}
	r.file = map[string]setting{}
	r.wrong = append(r.wrong, fileReader{path, flags(), r.file}.read(data))
	return nil
}

// renamed returns the error for a former name of a flag. A setting under such a name would otherwise have no effect.
func renamed(flag *kong.Flag) error {
	all := flags()
	i := slices.IndexFunc(all, func(other *kong.Flag) bool { return other.Name == flag.Tag.Get("now") })
	return fmt.Errorf("is now %s: rename it", namesOf(all[i]))
}

// resolve returns the value of a flag that is not on the command line, nil for none. It keeps the error of a value that
// cannot be read, so that one run reports all of them.
func (r *Reader) resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if len(flag.Envs) == 0 {
		return nil, nil
	}
	found := r.find(flag)
	if found.value == nil {
		return nil, nil
	}
	r.origins[flag.Envs[0]] = found.origin
	into, scan := reflect.New(flag.Target.Type()).Elem(), kong.Scan().PushTyped(found.value, kong.FlagValueToken)
	err := flag.Mapper.Decode(&kong.DecodeContext{Value: flag.Value, Scan: scan}, into)
	if flag.Tag.Has("now") {
		err = renamed(flag)
	}
	if err != nil {
		r.wrong = append(r.wrong, fmt.Errorf("%s %w", found.origin, err))
		return nil, nil
	}
	return found.value, nil
}

// setting is a value in the environment or the file: a string, or a list of strings as []any, which kong expects.
type setting struct {
	value  any    // nil for none
	origin string // the variable, or the position and the key
}

// find returns the value of a flag in the environment or else in the file.
func (r *Reader) find(flag *kong.Flag) setting {
	for _, name := range flag.Envs {
		if found := r.variable(flag, name); found.value != nil {
			return found
		}
	}
	if found, ok := r.file[keyOf(flag)]; ok {
		return found
	}
	return r.variable(flag, flag.Tag.Get("fallback"))
}

// variable returns the value of a variable. It splits the text of a list at its commas.
func (r *Reader) variable(flag *kong.Flag, name string) setting {
	text := r.getenv(name)
	switch {
	case text == "":
		return setting{}
	case !flag.IsSlice():
		return setting{text, name}
	}
	list := []any{}
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return setting{list, name}
}

// Loaded returns the configuration that the parser has read into c. The error joins every value that cannot be read;
// Check finds missing and contradictory values.
func (r *Reader) Loaded(c Config) (*Loaded, error) {
	return &Loaded{c, r.flags, r.origins}, errors.Join(r.wrong...)
}
