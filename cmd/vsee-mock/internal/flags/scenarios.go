// Package flags has flags that several commands share.
package flags

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
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

// Set returns the user's scenarios, if any, followed by the catalogue. It prints a warning for each problem in the
// user's folder; the files without one load.
func (f ScenarioFiles) Set(warnings io.Writer) (scenarios.Set, error) {
	source, err := f.Open()
	if err != nil {
		return nil, err
	}
	set, wrong := source.Load()
	for _, p := range wrong {
		_, _ = fmt.Fprintf(warnings, "vsee-mock: --scenarios: %s\n", p)
	}
	return set, nil
}

// Unknown returns the error for a text, in the words of subject, that is not the id of a scenario.
func (f ScenarioFiles) Unknown(subject, id string, set scenarios.Set) error {
	text := subject + " is not the id of a scenario: vsee-mock scenarios list" + f.CommandLine() + " shows them" +
		set.DidYouMean(id)
	switch {
	case strings.HasSuffix(id, ".yaml"):
		text += "; an id has no .yaml, and vsee-mock scenarios explain takes the path of a file as well"
	case f.Scenarios == "":
		text += "; --scenarios DIR adds those in a folder of yours"
	}
	return command.Usage(errors.New(text))
}

// Source is the user's folder, if any, and the catalogue.
type Source struct {
	folder    *scenarios.Folder // nil for none
	catalogue scenarios.Set
}

// Open returns the source of the scenarios. The error is one of the command line.
func (f ScenarioFiles) Open() (*Source, error) {
	catalogue, err := scenarios.Catalogue()
	if f.NoCatalogue {
		if f.Scenarios == "" {
			return nil, command.Usage(errors.New("--no-catalogue leaves no scenario: give your own with --scenarios"))
		}
		catalogue = scenarios.Set{}
	}
	if err != nil || f.Scenarios == "" {
		return &Source{catalogue: catalogue}, err
	}
	if about, err := os.Stat(f.Scenarios); err != nil || !about.IsDir() {
		return nil, command.Usage(errors.New("--scenarios must be an existing folder"))
	}
	return &Source{folder: scenarios.NewFolder(f.Scenarios), catalogue: catalogue}, nil
}

// Load returns the user's scenarios, followed by the catalogue, and the problems in the user's folder.
func (s *Source) Load() (scenarios.Set, []*scenarios.Problem) {
	if s.folder == nil {
		return s.catalogue, nil
	}
	found := s.folder.Read()
	return found.Set.Before(s.catalogue), found.Problems
}

// Changed reports whether the user's folder has changed since it was loaded.
func (s *Source) Changed() bool { return s.folder != nil && s.folder.Changed() }
