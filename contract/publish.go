package contract

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// publish writes the results into the files of a configuration.
func publish(c Config, run result.Run, seen *report.Coverage) error {
	var wrong []error
	for _, out := range []struct {
		file string
		put  func(io.Writer) error
	}{
		{c.JSON, func(w io.Writer) error { return report.JSON(w, run, seen) }},
		{c.JUnit, func(w io.Writer) error { return report.JUnit(w, run) }},
		{c.HTML, func(w io.Writer) error { return report.HTML(w, run, seen) }},
		{c.Summary, func(w io.Writer) error { return report.Summary(w, run) }},
	} {
		if out.file == "" {
			continue
		}
		var b bytes.Buffer
		if err := out.put(&b); err != nil {
			wrong = append(wrong, fmt.Errorf("%w: %w", errWriting, err))
			continue
		}
		if out.file == os.Getenv(config.EnvStepSummary) { // which the steps of a job on GitHub add to
			wrong = append(wrong, add(out.file, b.Bytes()))
		} else {
			wrong = append(wrong, write(out.file, b.Bytes()))
		}
	}
	return errors.Join(wrong...)
}

// add adds to a file.
func add(name string, data []byte) error {
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // GitHub names it
	if err != nil {
		return fmt.Errorf("%w: %w", errWriting, err)
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("%w: %w", errWriting, err)
	}
	return nil
}

// write puts a file in place as a whole, so that nobody reads half of it.
func write(name string, data []byte) error {
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return fmt.Errorf("%w: %w", errWriting, err)
	}
	_, err = file.Write(data)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		_ = os.Remove(file.Name()) // what matters is that it could not be written
		return fmt.Errorf("%w: %w", errWriting, err)
	}
	return nil
}

// tell writes what a run has found when it has ended, for people.
func tell(console report.Console, run result.Run) error {
	err := errors.Join(console.Details(run), console.Last(run))
	if err == nil {
		_, err = fmt.Fprintf(console.W, "run %s against %s\n", run.ID, run.Target.Name)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errWriting, err)
	}
	return nil
}
