package scenarios

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"
)

//go:embed *.yaml
var files embed.FS

// CatalogueFiles returns the files of the mock's own scenarios.
func CatalogueFiles() fs.FS { return files }

// Catalogue returns the mock's own scenarios. They are read once, so a caller must not change them.
func Catalogue() (Set, error) {
	set, err := catalogue()
	return slices.Clone(set), err
}

// The catalogue is read without the checks: a test does them, and they took a third of a mock's start.
var catalogue = sync.OnceValues(func() (Set, error) {
	found, err := FilesOf(files)
	set := make(Set, 0, len(found))
	for _, file := range found {
		one, wrong := load(file, true)
		set, err = append(set, one), errors.Join(err, wrong)
	}
	if err != nil {
		return nil, fmt.Errorf("loading the catalogue: %w", err)
	}
	return set, nil
})
