// Package bounded reads what somebody else has put at a path or sends over a connection: never more than a limit, and
// never without an end. A path may lead to a pipe that nobody writes to, to /dev/zero, or to a file of many gigabytes.
package bounded

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// ErrTooLarge is in the error of what is larger than its limit.
var ErrTooLarge = errors.New("it is too large")

// ErrNotRegular is in the error of a path that leads to something other than a regular file.
var ErrNotRegular = errors.New("it is not a regular file")

// named returns an error as one about a file, as those of package os are; nil for nil.
func named(name string, err error) error {
	if err == nil || errors.As(err, new(*fs.PathError)) {
		return err
	}
	return &fs.PathError{Op: "read", Path: name, Err: err}
}

// ReadAll reads to the end. The error wraps ErrTooLarge when there are more bytes than limit, and nothing is returned
// then; with any other, what had come before.
func ReadAll(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return data, err
	}
	if int64(len(data)) > limit {
		return nil, tooLarge(limit)
	}
	return data, nil
}

func tooLarge(limit int64) error {
	return fmt.Errorf("%w: at most %s can be read", ErrTooLarge, size(limit))
}

// size is a number of bytes for people.
func size(bytes int64) string {
	switch {
	case bytes >= 1<<20 && bytes%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", bytes>>20)
	case bytes >= 1<<10 && bytes%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", bytes>>10)
	}
	return fmt.Sprintf("%d bytes", bytes)
}

// ReadFile reads a regular file, or one that a link leads to. The error wraps ErrNotRegular for anything else, and
// ErrTooLarge for a file that has more bytes than limit, which is not read.
func ReadFile(name string, limit int64) ([]byte, error) {
	file, err := open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	data, err := readRegular(file, limit)
	return data, named(name, err)
}

// ReadFileFS reads a file as ReadFile does. Of a folder of the operating system, fsys should be a Dir.
func ReadFileFS(fsys fs.FS, name string, limit int64) ([]byte, error) {
	about, err := fs.Stat(fsys, name) // before it is opened, which does something to some devices
	if err != nil {
		return nil, err
	}
	if !about.Mode().IsRegular() {
		return nil, named(name, notRegular(about.Mode()))
	}
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	data, err := readRegular(file, limit)
	return data, named(name, err)
}

// readRegular reads an open file. That file is looked at, and not the path once more, because the path may lead
// elsewhere by now.
func readRegular(file fs.File, limit int64) ([]byte, error) {
	about, err := file.Stat()
	switch {
	case err != nil:
		return nil, err
	case !about.Mode().IsRegular():
		return nil, notRegular(about.Mode())
	case about.Size() > limit:
		return nil, tooLarge(limit)
	}
	return ReadAll(file, limit) // it may grow meanwhile
}

func notRegular(mode fs.FileMode) error { return fmt.Errorf("%w, but %s", ErrNotRegular, kind(mode)) }

// kind names the kind of a file that is not regular.
func kind(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "something else"
}

// open opens a file without waiting for anybody at its other end. A regular file is not affected.
func open(name string) (*os.File, error) {
	return os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) //nolint:gosec // the caller's user names it
}

// Dir returns the files of a folder. Unlike those of os.DirFS, they open at once, whatever they are.
func Dir(name string) fs.FS { return dir{os.DirFS(name), name} }

type dir struct {
	fs.FS
	name string
}

// Open implements fs.FS.
func (d dir) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	return open(d.name + string(os.PathSeparator) + name)
}
