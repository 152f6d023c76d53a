package scenarios

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/bounded"
)

// File is a file of a scenario.
type File struct {
	Name string
	Data []byte
	// Refused is why the file was not read; nil when it was. bounded.ErrNotRegular is in it for a pipe, a device, a socket
	// or a folder.
	Refused error
}

// Problem returns the problem of an unreadable file; nil for a file with data.
func (f File) Problem() *Problem {
	why := f.Refused
	if path, ok := errors.AsType[*fs.PathError](why); ok {
		why = path.Err // the name is the problem's
	}
	switch {
	case why == nil:
		return nil
	case errors.Is(why, bounded.ErrTooLarge):
		return tooLargeProblem(f.Name)
	case errors.Is(why, bounded.ErrNotRegular):
		return &Problem{File: f.Name, Rule: why.Error(), Hint: "move it elsewhere, or put a file or a link to one in its " +
			"place"}
	}
	return &Problem{File: f.Name, Rule: "it cannot be read: " + why.Error(), Hint: "make it readable, or remove it"}
}

// ReadFile reads one file.
func ReadFile(name string) File {
	data, err := bounded.ReadFile(name, maxFile)
	return File{name, data, err}
}

// FilesOf reads all files of a folder meant as scenarios, including those with a wrong ending. It refuses, without
// reading them, files other than regular ones and files over the size limit. See LoadDir for opening the folder.
func FilesOf(dir fs.FS) ([]File, error) {
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return nil, fmt.Errorf("listing the scenarios: %w", err)
	}
	var files []File
	for _, entry := range entries {
		name := entry.Name()
		ending := strings.ToLower(path.Ext(name))
		if entry.IsDir() || strings.HasPrefix(name, ".") || ending != ".yaml" && ending != ".yml" {
			continue
		}
		if len(files) == maxFiles {
			return nil, tooManyFiles()
		}
		data, err := bounded.ReadFileFS(dir, name, maxFile)
		files = append(files, File{name, data, err})
	}
	return files, nil
}

func tooManyFiles() error {
	return fmt.Errorf("a set has at most %d scenarios; write some as one, with lists in when", maxFiles)
}
