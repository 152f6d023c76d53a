// Package flags has flags that several commands share.
package flags

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// ScenarioFiles has the flags of commands with user scenarios.
type ScenarioFiles struct {
	Scenarios   string `placeholder:"DIR" help:"Folder of your scenarios; they come first."`
	NoCatalogue bool   `help:"Leave the catalogue out."`
}

// CommandLine returns the same flags for the command line of another command, with a space in front.
func (f ScenarioFiles) CommandLine() string {
	text := ""
	if f.Scenarios != "" {
		text = " --scenarios " + f.Scenarios
	}
	if f.NoCatalogue {
		text += " --no-catalogue"
	}
	return text
}

// Set returns the user's scenarios, if any, followed by the catalogue. It prints a warning for each skipped entry of
// the user's folder.
func (f ScenarioFiles) Set(warnings io.Writer) (scenarios.Set, error) {
	set, skipped, err := f.Load()
	for _, p := range skipped {
		_, _ = fmt.Fprintf(warnings, "vsee-mock: --scenarios: %s\n", p)
	}
	return set, err
}

// Load returns the user's scenarios, if any, followed by the catalogue. skipped lists the entries of the user's folder
// other than regular files, such as pipes: they do not stop the other entries from loading.
func (f ScenarioFiles) Load() (set scenarios.Set, skipped []*scenarios.Problem, err error) {
	catalogue, err := scenarios.Catalogue()
	if f.NoCatalogue {
		if f.Scenarios == "" {
			return nil, nil, command.Usage(errors.New("--no-catalogue leaves no scenario: give your own with --scenarios"))
		}
		catalogue = scenarios.Set{}
	}
	if err != nil || f.Scenarios == "" {
		return catalogue, nil, err
	}
	if about, err := os.Stat(f.Scenarios); err != nil || !about.IsDir() {
		return nil, nil, command.Usage(errors.New("--scenarios must be an existing folder"))
	}
	found, err := scenarios.FilesOf(bounded.Dir(f.Scenarios))
	var wrong []error
	texts := map[string][]byte{}
	for _, file := range found {
		switch p := file.Problem(); {
		case p == nil:
			texts[file.Name] = file.Data
		case errors.Is(file.Refused, bounded.ErrNotRegular):
			skipped = append(skipped, p)
		default:
			wrong = append(wrong, p)
		}
	}
	if err == nil {
		set, err = scenarios.LoadFiles(texts)
	}
	if err := errors.Join(append(wrong, err)...); err != nil {
		return nil, skipped, command.Usage(fmt.Errorf("loading --scenarios:\n%w", err))
	}
	if len(set) == 0 {
		return nil, skipped, command.Usage(errors.New("--scenarios has no file that ends in .yaml"))
	}
	return set.Before(catalogue), skipped, nil
}
