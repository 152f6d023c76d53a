// Package bounded reads files and streams written by others: never more than a limit, and never without an end. A path
// may lead to a pipe without a writer, to /dev/zero, or to a file of many gigabytes.
package bounded

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// ErrTooLarge is wrapped by the error for input larger than its limit.
var ErrTooLarge = errors.New("it is too large")

// ErrNotRegular is wrapped by the error for a path leading to something other than a regular file.
var ErrNotRegular = errors.New("it is not a regular file")

// withName adds a file name to an error, as package os does; nil stays nil.
func withName(name string, err error) error {
	if err == nil || errors.As(err, new(*fs.PathError)) {
		return err
	}
	return &fs.PathError{Op: "read", Path: name, Err: err}
}

// ReadAll reads to the end. When there are more bytes than limit, the error wraps ErrTooLarge and no bytes are
// returned; with any other error, ReadAll returns the bytes read before it.
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

// size formats a number of bytes for people.
func size(bytes int64) string {
	switch {
	case bytes >= 1<<20 && bytes%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", bytes>>20)
	case bytes >= 1<<10 && bytes%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", bytes>>10)
	}
	return fmt.Sprintf("%d bytes", bytes)
}

// ReadFile reads a regular file, also through a link. The error wraps ErrNotRegular for anything else, and ErrTooLarge
// for a file of more bytes than limit. ReadFile does not read a file of either kind.
func ReadFile(name string, limit int64) ([]byte, error) {
	file, err := open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	data, err := readRegular(file, limit)
	return data, withName(name, err)
}

// ReadFileFS is ReadFile for a file system. For a folder of the operating system, fsys should be a Dir.
func ReadFileFS(fsys fs.FS, name string, limit int64) ([]byte, error) {
	about, err := fs.Stat(fsys, name) // before opening it, because opening some devices has an effect
	if err != nil {
		return nil, err
	}
	if !about.Mode().IsRegular() {
		return nil, withName(name, notRegular(about.Mode()))
	}
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	data, err := readRegular(file, limit)
	return data, withName(name, err)
}

// readRegular reads an open file. It checks the open file, and not the path once more, because the path may lead
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

func notRegular(mode fs.FileMode) error {
	return fmt.Errorf("%w, but %s", ErrNotRegular, fileKind(mode))
}

// fileKind names the kind of a file other than a regular one.
func fileKind(mode fs.FileMode) string {
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

// open opens a file without waiting for the other end of a pipe. It opens a regular file as usual.
func open(name string) (*os.File, error) {
	return os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) //nolint:gosec // the caller's user names it
}

// Dir returns the files of a folder. Unlike the files of os.DirFS, they open without waiting, whatever their kind.
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

// Stat implements fs.StatFS: it opens nothing.
func (d dir) Stat(name string) (fs.FileInfo, error) { return fs.Stat(d.FS, name) }
