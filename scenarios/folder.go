package scenarios

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/bounded"
)

// Folder is a folder of scenarios, to read again whenever it has changed. It is not for concurrent use.
type Folder struct {
	name string
	dir  fs.FS
	seen []entry         // at the last reading
	good map[string]File // by path: the last version of each file that could be used
	set  Set             // of the last reading
}

// NewFolder returns a folder of the operating system, unread.
func NewFolder(name string) *Folder { return &Folder{name: name, dir: bounded.Dir(name)} }

// Changed reports whether an entry of the folder is another one than at the last reading: by its name, size, time or
// mode, or because a link leads elsewhere.
func (f *Folder) Changed() bool {
	now, _ := f.list()
	return !slices.EqualFunc(f.seen, now, entry.equal)
}

// Read reads the folder. Faulty files and folders are among the problems, and the other files load. A file that could
// be used before keeps that version in force until it is mended or deleted, and so does a folder that cannot be read.
func (f *Folder) Read() Review {
	entries, err := f.list()
	f.seen = entries // before the contents, so that no change is missed
	if err != nil {
		return Review{Set: f.set, Problems: []*Problem{folderProblem(f.name, err)}}
	}
	used := map[string]File{}
	for _, file := range readEntries(f.dir, entries) {
		used[file.Name] = file
	}
	found := review(slices.Collect(maps.Values(used)))
	for _, p := range found.Problems {
		for name, last := range f.good {
			if name == p.File || strings.HasPrefix(name, p.File+"/") {
				used[name] = last
			}
		}
	}
	if len(found.Problems) > 0 {
		found.Set = review(slices.Collect(maps.Values(used))).Set
	}
	f.good, f.set = map[string]File{}, found.Set
	for _, s := range found.Set {
		f.good[s.File] = used[s.File]
	}
	return found
}

func folderProblem(name string, err error) *Problem {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = path.Err
	}
	return &Problem{File: name, Rule: "the folder cannot be read: " + err.Error(),
		Hint: "make it readable; until then, its scenarios stay as they are"}
}

func (f *Folder) list() ([]entry, error) {
	entries, err := entriesOf(f.dir)
	if err != nil {
		entries = []entry{{name: ".", err: err}}
	}
	return entries, err
}

// entry is a file meant as a scenario, or a folder.
type entry struct {
	name             string // below the folder, with slashes
	isFolder, isLink bool
	about            fs.FileInfo // behind links; nil when err is set
	err              error       // why it cannot be looked at
}

// equal reports whether nothing was changed. The size and the time of a folder change with files of no concern.
func (e entry) equal(other entry) bool {
	if e.name != other.name || fmt.Sprint(e.err) != fmt.Sprint(other.err) || (e.about == nil) != (other.about == nil) {
		return false
	}
	a, b := e.about, other.about
	return a == nil || a.Mode() == b.Mode() && os.SameFile(a, b) &&
		(e.isFolder || a.Size() == b.Size() && a.ModTime().Equal(b.ModTime()))
}

// entriesOf returns the entries of a folder and its subfolders, in no meaningful order.
func entriesOf(dir fs.FS) ([]entry, error) {
	w := walk{dir: dir}
	top := w.folder(".", 1)
	if w.files > maxFiles {
		top = tooManyFiles()
	}
	if top != nil {
		return nil, fmt.Errorf("listing the scenarios: %w", top)
	}
	return w.entries, nil
}

// walk lists a folder and its subfolders.
type walk struct {
	dir     fs.FS
	folders []fs.FileInfo // listed so far, to end at links in a circle
	entries []entry
	files   int // of the entries
}

// maxLevels is how deep subfolders are read, with the folder itself. maxFolders is how many.
const (
	maxLevels  = 8
	maxFolders = 1_000
)

// errFolder is wrapped by the reason for a folder that is not read.
var errFolder = errors.New("the folder is not read")

// folder lists a folder. It returns an error when it cannot, and adds those of subfolders to the entries.
func (w *walk) folder(name string, level int) error {
	about, err := fs.Stat(w.dir, name)
	switch {
	case err != nil:
		return err
	case slices.ContainsFunc(w.folders, func(before fs.FileInfo) bool { return os.SameFile(before, about) }):
		return fmt.Errorf("%w: it was already, by another name", errFolder)
	case level > maxLevels:
		return fmt.Errorf("%w: it is more than %d levels deep", errFolder, maxLevels)
	case len(w.folders) == maxFolders:
		return fmt.Errorf("%w: there are %d before it", errFolder, maxFolders)
	}
	w.folders = append(w.folders, about)
	entries, err := fs.ReadDir(w.dir, name)
	for _, found := range entries {
		if !strings.HasPrefix(found.Name(), ".") && w.files <= maxFiles {
			w.add(path.Join(name, found.Name()), found, level)
		}
	}
	return err
}

func (w *walk) add(name string, found fs.DirEntry, level int) {
	e := entry{name: name, isLink: found.Type()&fs.ModeSymlink != 0, isFolder: found.IsDir()}
	if e.about, e.err = fs.Stat(w.dir, name); e.err == nil {
		e.isFolder = e.about.IsDir()
	}
	ending := strings.ToLower(path.Ext(name))
	if e.isFolder && e.err == nil {
		e.err = w.folder(name, level+1)
	}
	if isFile := !e.isFolder && (ending == ".yaml" || ending == ".yml"); isFile || e.isFolder {
		w.entries = append(w.entries, e)
		if isFile {
			w.files++
		}
	}
}
