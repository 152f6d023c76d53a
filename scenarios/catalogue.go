package scenarios

import (
	"embed"
	"fmt"
)

//go:embed *.yaml
var files embed.FS

// Catalogue returns the scenarios that come with the mock.
func Catalogue() (Set, error) {
	set, err := LoadDir(files)
	if err != nil {
		return nil, fmt.Errorf("loading the catalogue: %w", err)
	}
	return set, nil
}
