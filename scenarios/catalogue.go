package scenarios

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed *.yaml
var files embed.FS

// CatalogueFiles returns the files of the scenarios that come with the mock.
func CatalogueFiles() fs.FS { return files }

// Catalogue returns the scenarios that come with the mock.
func Catalogue() (Set, error) {
	set, err := LoadDir(files)
	if err != nil {
		return nil, fmt.Errorf("loading the catalogue: %w", err)
	}
	return set, nil
}
