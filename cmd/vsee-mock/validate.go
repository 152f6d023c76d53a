package main

import (
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// validateCmd is `vsee-mock scenarios validate`.
type validateCmd struct {
	Paths []string `arg:"" optional:"" name:"dir|file" help:"Folders and files; --scenarios or else the catalogue without any."`
	JSON  bool     `name:"json" help:"As JSON, for editors and CI."`
	own
}

// validated is the result for programs.
type validated struct {
	Files    int                  `json:"files"`
	Fine     int                  `json:"fine"`
	Problems []*scenarios.Problem `json:"problems"`
	Notes    []*scenarios.Problem `json:"notes"`
}

// Run prints all problems.
func (v *validateCmd) Run(a *app) error {
	files, err := v.files()
	if err != nil {
		return err
	}
	found := scenarios.ReviewFiles(files)
	wrong := found.FaultyFiles()
	if v.JSON {
		err = printJSON(a.stdout, validated{
			len(files), len(files) - wrong,
			append([]*scenarios.Problem{}, found.Problems...), append([]*scenarios.Problem{}, found.Notes...),
		})
	} else {
		tellFound(a.stdout, found, len(files))
	}
	if err == nil && wrong > 0 {
		return fmt.Errorf("%d of %s cannot be used", wrong, count(len(files), "file"))
	}
	return err
}

func tellFound(w io.Writer, found scenarios.Review, files int) {
	for _, p := range found.Problems {
		_, _ = fmt.Fprintln(w, p)
	}
	for _, p := range found.Notes {
		_, _ = fmt.Fprintln(w, "note:", p)
	}
	_, _ = fmt.Fprintf(w, "%d of %s fine\n", files-found.FaultyFiles(), are(files, "file"))
}

// are returns a number of things, followed by the verb.
func are(n int, what string) string {
	if n == 1 {
		return count(n, what) + " is"
	}
	return count(n, what) + " are"
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
			return nil, usage{err}
		}
		files = append(files, more...)
	}
	return files, nil
}

// filesAt reads a file, or all scenario files of a folder.
func filesAt(path string) ([]scenarios.File, error) {
	about, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%s is no folder or file that exists", path)
	}
	if !about.IsDir() {
		return []scenarios.File{scenarios.ReadFile(path)}, nil
	}
	files, err := filesOf(bounded.Dir(path), path)
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s holds no file that ends in .yaml", cmp.Or(path, "."))
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
