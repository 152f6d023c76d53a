package serve

import (
	"fmt"
	"io/fs"
	"os"
)

// resultsFolder is a flag with a folder of files, open until the process ends. No link in it leads out of it.
type resultsFolder struct{ fs.FS }

// UnmarshalText implements encoding.TextUnmarshaler.
func (f *resultsFolder) UnmarshalText(path []byte) error {
	root, err := os.OpenRoot(string(path))
	if err != nil {
		return fmt.Errorf("must be a folder that can be read: %w", err)
	}
	f.FS = root.FS()
	return nil
}
