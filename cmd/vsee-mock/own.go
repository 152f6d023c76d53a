package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// own is the flag of commands that take scenarios of the user's.
type own struct {
	Scenarios   string `placeholder:"DIR" help:"Your scenarios, tried before the catalogue."`
	NoCatalogue bool   `help:"Only those, and not the catalogue."`
}

// flags returns the flags that say the same to another command, with a space in front.
func (o own) flags() string {
	text := ""
	if o.Scenarios != "" {
		text = " --scenarios " + o.Scenarios
	}
	if o.NoCatalogue {
		text += " --no-catalogue"
	}
	return text
}

// set returns the catalogue, behind the user's scenarios if there are any. It warns of what is left out of those.
func (o own) set(warnings io.Writer) (scenarios.Set, error) {
	set, skipped, err := o.load()
	for _, p := range skipped {
		_, _ = fmt.Fprintf(warnings, "vsee-mock: --scenarios: %s\n", p)
	}
	return set, err
}

// load returns the catalogue, behind the user's scenarios if there are any. skipped is what stands in the user's folder
// and is no file, such as a pipe: it says nothing about the others, which are loaded without it.
func (o own) load() (set scenarios.Set, skipped []*scenarios.Problem, err error) {
	catalogue, err := scenarios.Catalogue()
	if o.NoCatalogue {
		if o.Scenarios == "" {
			return nil, nil, usage{errors.New("--no-catalogue leaves no scenario at all: say which with --scenarios")}
		}
		catalogue = scenarios.Set{}
	}
	if err != nil || o.Scenarios == "" {
		return catalogue, nil, err
	}
	if about, err := os.Stat(o.Scenarios); err != nil || !about.IsDir() {
		return nil, nil, usage{errors.New("--scenarios must be a folder that exists")}
	}
	found, err := scenarios.FilesOf(bounded.Dir(o.Scenarios))
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
		return nil, skipped, usage{fmt.Errorf("loading --scenarios:\n%w", err)}
	}
	if len(set) == 0 {
		return nil, skipped, usage{errors.New("--scenarios holds no file that ends in .yaml")}
	}
	return set.Before(catalogue), skipped, nil
}
