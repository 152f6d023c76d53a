package scenarios

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"github.com/vsee-mock/vsee-mock/internal/bounded"
)

// File is a file of a scenario.
type File struct {
	Name string // for people
	// Path is the path below the folder of the scenarios, with slashes: without .yaml, it is the scenario's id. The last
	// part of Name when it is empty.
	Path string
	Data []byte
	// Refused is why the file was not read; nil when it was. bounded.ErrNotRegular is in it for a pipe, a device, a socket
	// or a folder.
	Refused error
}

func (f File) path() string { return cmp.Or(f.Path, path.Base(f.Name)) }

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
	case errors.Is(why, errFolder):
		return &Problem{File: f.Name, Rule: why.Error(), Hint: "keep scenarios in folders of their own, without links back"}
	case errors.Is(why, fs.ErrNotExist):
		return &Problem{File: f.Name, Rule: "the link leads nowhere", Hint: "mend it, or remove it"}
	}
	return &Problem{File: f.Name, Rule: "it cannot be read: " + why.Error(), Hint: "make it readable, or remove it"}
}

// ReadFile reads one file.
func ReadFile(name string) File {
	data, err := bounded.ReadFile(name, maxFile)
	return File{Name: name, Data: data, Refused: err}
}

// FilesOf reads all files of a folder meant as scenarios, including those with a wrong ending, and those of its
// subfolders. It leaves out files and folders with a dot in front: editors, Git and Kubernetes keep their own there. It
// refuses, without reading them, files other than regular ones and files over the size limit; a folder that it cannot
// read, or has read already by another name, is a refused file. See LoadDir for opening the folder.
func FilesOf(dir fs.FS) ([]File, error) {
	entries, err := entriesOf(dir)
	if err != nil {
		return nil, err
	}
	return readEntries(dir, entries), nil
}

func readEntries(dir fs.FS, entries []entry) []File {
	var files []File
	for _, e := range entries {
		file := File{Name: e.name, Path: e.name, Refused: e.err}
		if e.isFolder && e.err == nil {
			continue
		}
		if !e.isFolder {
			file.Data, file.Refused = bounded.ReadFileFS(dir, e.name, maxFile)
		}
		if e.isLink || !errors.Is(file.Refused, fs.ErrNotExist) { // otherwise it is renamed or deleted by now
			files = append(files, file)
		}
	}
	return files
}

func tooManyFiles() error {
	return fmt.Errorf("a set has at most %d scenarios; write some as one, with lists in when", maxFiles)
}
