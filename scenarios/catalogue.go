package scenarios

import (
	"embed"
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

var catalogue = sync.OnceValues(func() (Set, error) {
	set, err := LoadDir(files)
	if err != nil {
		return nil, fmt.Errorf("loading the catalogue: %w", err)
	}
	return set, nil
})
