package scenarios

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed *.yaml
var files embed.FS

// CatalogueFiles returns the files of the mock's own scenarios.
func CatalogueFiles() fs.FS { return files }

// Catalogue returns the mock's own scenarios.
func Catalogue() (Set, error) {
	set, err := LoadDir(files)
	if err != nil {
		return nil, fmt.Errorf("loading the catalogue: %w", err)
	}
	return set, nil
}
