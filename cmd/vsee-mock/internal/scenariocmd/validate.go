package scenariocmd

import (
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/flags"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/internal/scalar"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// validateCmd is `vsee-mock scenarios validate`.
type validateCmd struct {
	Paths []string `arg:"" optional:"" name:"dir|file" help:"Files and folders (--scenarios, or else the catalogue)."`
	JSON  bool     `name:"json" help:"Print JSON, for editors and CI."`
	flags.ScenarioFiles
}

// validated is the result for programs.
type validated struct {
	Files    int                  `json:"files"`
	Fine     int                  `json:"fine"`
	Problems []*scenarios.Problem `json:"problems"`
	Notes    []*scenarios.Problem `json:"notes"`
	Warnings []*scenarios.Problem `json:"warnings"`
}

// Run prints all problems.
func (v *validateCmd) Run(a *command.App) error {
	files, err := v.files()
	if err != nil {
		return err
	}
	found := scenarios.ReviewFiles(files)
	wrong := found.FaultyFiles()
	if len(v.Paths) == 0 && v.Scenarios == "" {
		found.Warnings = nil // the catalogue means what it says
	} else {
		found.Warnings = append(found.Warnings, found.Set.Past(clock.Wall())...)
	}
	if v.JSON {
		err = output.JSON(a.Stdout, validated{
			len(files), len(files) - wrong,
			append([]*scenarios.Problem{}, found.Problems...), append([]*scenarios.Problem{}, found.Notes...),
			append([]*scenarios.Problem{}, found.Warnings...),
		})
	} else {
		tellFound(a.Stdout, found, len(files))
	}
	if err == nil && wrong > 0 {
		return fmt.Errorf("%d of %s cannot be used", wrong, output.Count(len(files), "file"))
	}
	return err
}

func tellFound(w io.Writer, found scenarios.Review, files int) {
	for _, p := range found.Problems {
		_, _ = fmt.Fprintln(w, p)
	}
	var warnings []*scenarios.Problem
	others := map[string][]string{} // further places of a warning, by its words
	for _, p := range found.Warnings {
		words := p.Rule + p.Hint
		if others[words] == nil {
			warnings, others[words] = append(warnings, p), []string{}
		} else {
			others[words] = append(others[words], fmt.Sprintf("%s:%d", p.File, p.Line))
		}
	}
	for _, p := range warnings {
		_, _ = fmt.Fprintln(w, "warning:", p)
		if more := others[p.Rule+p.Hint]; len(more) > 0 {
			_, _ = fmt.Fprintln(w, "   likewise", scalar.Few(more))
		}
	}
	for _, p := range found.Notes {
		_, _ = fmt.Fprintln(w, "note:", p)
	}
	_, _ = fmt.Fprintf(w, "%d of %s fine\n", files-found.FaultyFiles(), are(files, "file"))
}

// are returns a number of things, followed by the verb.
func are(n int, what string) string {
	if n == 1 {
		return output.Count(n, what) + " is"
	}
	return output.Count(n, what) + " are"
}

// files reads the files to validate.
func (v *validateCmd) files() ([]scenarios.File, error) {
	paths := v.Paths
	if len(paths) == 0 && v.Scenarios == "" {
		return filesOf(scenarios.CatalogueFiles(), "")
	}
	if len(paths) == 0 {
		paths = []string{v.Scenarios}
	}
	var files []scenarios.File
	for _, path := range paths {
		more, err := filesAt(path)
		if err != nil {
			return nil, command.Usage(err)
		}
		files = append(files, more...)
	}
	return distinct(files), nil
}

// distinct leaves out repeated files: a path may be given twice, or lie in a given folder.
func distinct(files []scenarios.File) []scenarios.File {
	seen := map[string]bool{}
	return slices.DeleteFunc(files, func(f scenarios.File) bool {
		path := filepath.Clean(f.Name)
		if absolute, err := filepath.Abs(path); err == nil {
			path = absolute
		}
		again := seen[path]
		seen[path] = true
		return again
	})
}

// filesAt reads a file, or all scenario files of a folder.
func filesAt(path string) ([]scenarios.File, error) {
	about, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%s is not an existing file or folder", path)
	}
	if !about.IsDir() {
		return []scenarios.File{scenarios.ReadFile(path)}, nil
	}
	files, err := filesOf(bounded.Dir(path), path)
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s has no file that ends in .yaml", cmp.Or(path, "."))
	}
	return files, err
}

func filesOf(dir fs.FS, prefix string) ([]scenarios.File, error) {
	files, err := scenarios.FilesOf(dir)
	for i := range files {
		files[i].Name = filepath.Join(prefix, files[i].Name)
	}
	return files, err
}
