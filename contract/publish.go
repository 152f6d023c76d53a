package contract

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// publish writes the results into the files of a configuration.
func publish(c Config, run result.Run) error {
	if c.JSON == "" {
		return nil
	}
	data, err := json.MarshalIndent(run, "", "  ")
	if err != nil {
		return fmt.Errorf("%w: %w", errWriting, err)
	}
	return write(c.JSON, append(data, '\n'))
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

// tell writes what a run has found, for people.
func tell(out io.Writer, run result.Run) error {
	text := ""
	for _, r := range run.Requirements {
		if !r.State.Red() {
			continue
		}
		text += fmt.Sprintf("%s  %s  %s\n", r.State, r.ID, r.Title)
		for _, f := range r.Findings {
			text += fmt.Sprintf("        %s (%s, %d)\n", f.Rule, f.Operation, f.Status)
		}
	}
	reasons := map[string]int{}
	var order []string
	for _, r := range run.Requirements {
		if r.State == result.NotTestable {
			if reasons[r.Reason]++; reasons[r.Reason] == 1 {
				order = append(order, r.Reason)
			}
		}
	}
	for _, reason := range order {
		text += fmt.Sprintf("not testable  %d: %s\n", reasons[reason], reason)
	}
	if run.Broken != "" {
		text += "broken  " + run.Broken + "\n"
	}
	tally := run.Tally()
	text += fmt.Sprintf("run %s against %s: %d passed, %d failed, %d not testable\n",
		run.ID, run.Target.Name, tally[result.Passed], tally[result.Failed], tally[result.NotTestable])
	if _, err := io.WriteString(out, text); err != nil {
		return fmt.Errorf("%w: %w", errWriting, err)
	}
	return nil
}
