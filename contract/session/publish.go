package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/coverage"
	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/known"
	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/internal/boundedyaml"
	"github.com/vsee-mock/vsee-mock/internal/outfile"
)

// outputs are the result files of a configuration.
type outputs []output

type output struct {
	flag string // the flag with the file's name
	file *outfile.File
	err  error // the reason for a missing file; nil when it is open
	add  bool  // whether to append, like the steps of a job on GitHub
	put  func(w io.Writer, run result.Run, seen *result.Coverage) error
}

// openOutputs opens the files early, so that a pipe's reader waits for the results. A file that cannot be opened
// is reported at the first write.
func openOutputs(c config.Config) outputs {
	var all outputs
	for _, out := range []struct {
		flag, name string
		put        func(w io.Writer, run result.Run, seen *result.Coverage) error
	}{
		{"--json", c.JSON, report.JSON},
		{"--junit", c.JUnit, func(w io.Writer, run result.Run, _ *result.Coverage) error { return report.JUnit(w, run) }},
		{"--html", c.HTML, report.HTML},
		{"--summary", c.Summary,
			func(w io.Writer, run result.Run, _ *result.Coverage) error { return report.Summary(w, run) }},
	} {
		if out.name != "" {
			file, err := outfile.Open(out.name, 0o600)
			if err != nil {
				err = config.SettingError{Err: err}
			}
			all = append(all, output{out.flag, file, err, out.flag == "--summary" &&
				out.name == os.Getenv(config.EnvStepSummary), out.put})
		}
	}
	return all
}

// write writes the results of a run.
func (all outputs) write(ctx context.Context, run result.Run, seen *coverage.Tracker) error {
	var wrong []error
	for _, out := range all {
		wrong = append(wrong, out.write(ctx, run, seen))
	}
	return errors.Join(wrong...)
}

// draft writes provisional results, to be replaced later. It skips files where they would stay, such as a pipe.
func (all outputs) draft(ctx context.Context, run result.Run, seen *coverage.Tracker) error {
	var wrong []error
	for _, out := range all {
		if out.err != nil || !out.add && !out.file.IsStream() && out.flag != "--summary" {
			wrong = append(wrong, out.write(ctx, run, seen))
		}
	}
	return errors.Join(wrong...)
}

func (o output) write(ctx context.Context, run result.Run, seen *coverage.Tracker) error {
	err := o.err
	var b bytes.Buffer
	if err == nil {
		err = o.put(&b, run, coverageOf(seen))
	}
	switch {
	case err != nil:
	case o.add:
		err = o.file.Append(ctx, b.Bytes())
	default:
		err = o.file.Write(ctx, b.Bytes())
	}
	if err != nil {
		return fmt.Errorf("%w: %s: %w", errWriting, o.flag, err)
	}
	return nil
}

func (all outputs) close() error {
	var wrong []error
	for _, out := range all {
		if out.err != nil {
			continue
		}
		if err := out.file.Close(); err != nil {
			wrong = append(wrong, fmt.Errorf("%w: %s: %w", errWriting, out.flag, err))
		}
	}
	return errors.Join(wrong...)
}

// errWriting wraps the errors of writing results.
var errWriting = errors.New("writing the results")

// stillborn writes the reason for the missing run into the results for CI. The results for programs stay as they
// are: they may be the input of a rerun.
func stillborn(ctx context.Context, c config.Config, why error) error {
	all := openOutputs(config.Config{JUnit: c.JUnit})
	run := engine.Unended(engine.Options{Config: c}, why.Error(), "")
	return errors.Join(all.write(ctx, run, nil), all.close())
}

// coverageOf returns the coverage so far; nil stays nil.
func coverageOf(t *coverage.Tracker) *result.Coverage {
	if t == nil {
		return nil
	}
	c := t.Report()
	return &c
}

// tell prints a run after its end, for people, and as annotations if the configuration says so.
func tell(console report.Console, c config.Config, run result.Run) error {
	err := console.Run(run)
	if err == nil && c.Annotations {
		err = report.Annotations(console.W, run)
	}
	if err == nil {
		_, err = fmt.Fprintf(console.W, "run %s against %s\n", run.ID, run.Target.Name)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errWriting, err)
	}
	return nil
}

// knownDifferences reads the known differences from a file; nil without a file.
func knownDifferences(ctx context.Context, file string) (engine.Known, error) {
	if file == "" {
		return nil, nil //nolint:nilnil // nil is valid and has no entries
	}
	data, err := bounded.ReadStream(ctx, file, boundedyaml.MaxSize)
	if err != nil {
		return nil, fmt.Errorf("reading the known differences: %w", err)
	}
	return known.Load(file, data)
}
