// Package outfile writes results to any output a user names: as a whole file replacing an older one, or into a pipe or
// a device, which stays.
package outfile

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// File is the destination of results. It must be closed.
type File struct {
	target string // the target of a link, or the name itself
	perm   fs.FileMode
	stream *os.File // nil for a regular file, existing or not
	shared bool     // the stream belongs to the process, and stays open
}

// Open finds out the kind of file behind a name, and whether it is writable, without changing anything. A link leads to
// its target, which need not exist yet. Anything but a regular file is opened now, so a pipe's reader waits for the
// results. perm is the mode of a new file, before the umask.
func Open(name string, perm fs.FileMode) (*File, error) {
	target, descriptor, err := resolveLinks(name)
	if err != nil {
		return nil, err
	}
	f := &File{target: target, perm: perm}
	about, err := os.Stat(target)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !descriptor:
		return f, f.checkWritable()
	case err != nil:
		return nil, err
	case about.IsDir():
		return nil, &fs.PathError{Op: "open", Path: name, Err: syscall.EISDIR}
	case about.Mode().IsRegular() && !descriptor:
		f.perm = about.Mode().Perm()
		return f, f.checkWritable()
	}
	return f, f.openStream(about)
}

// maxLinks is the maximum length of a chain of links, as on Linux.
const maxLinks = 40

// resolveLinks returns the final target of a link, which may not exist. descriptor reports a name of an open file, such
// as /dev/stdout: the results go into this open file, not into a replacement.
func resolveLinks(name string) (target string, descriptor bool, err error) {
	for range maxLinks {
		about, err := os.Lstat(name)
		if err != nil || about.Mode()&fs.ModeSymlink == 0 {
			return name, false, nil //nolint:nilerr // opening it will report the error
		}
		if isDescriptor(name) {
			return name, true, nil
		}
		next, err := os.Readlink(name)
		if err != nil {
			return "", false, err
		}
		if !filepath.IsAbs(next) {
			next = filepath.Join(filepath.Dir(name), next)
		}
		name = next
	}
	return "", false, &fs.PathError{Op: "open", Path: name, Err: syscall.ELOOP}
}

func isDescriptor(name string) bool {
	dir := filepath.Dir(filepath.Clean(name))
	inProc, _ := filepath.Match("/proc/*/fd", dir) // the pattern is well-formed
	return inProc || dir == "/dev/fd"
}

// openStream opens a file of any kind but a regular one.
func (f *File) openStream(about fs.FileInfo) error {
	for _, own := range []*os.File{os.Stdout, os.Stderr} {
		if is, err := own.Stat(); err == nil && os.SameFile(is, about) {
			f.stream, f.shared = own, true
			return nil
		}
	}
	var err error
	f.stream, err = os.OpenFile(f.target, os.O_WRONLY|os.O_APPEND|syscall.O_NONBLOCK, 0)
	if errors.Is(err, syscall.ENXIO) && about.Mode()&fs.ModeNamedPipe != 0 {
		return fmt.Errorf("%s is a pipe that nothing reads: start its reader first", f.target)
	}
	return err
}

// checkWritable finds out whether the folder of the results is writable.
func (f *File) checkWritable() error {
	file, err := f.createBeside()
	var failed *fs.PathError
	if errors.As(err, &failed) {
		failed.Path = f.target // which is the name that the user knows
	}
	if err != nil {
		return err
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}

// createBeside makes a file next to the target, ready to be renamed to it.
func (f *File) createBeside() (*os.File, error) {
	name := filepath.Join(filepath.Dir(f.target), "."+filepath.Base(f.target)+"-"+rand.Text()[:10])
	return os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, f.perm) //nolint:gosec // the user names it
}

// IsStream reports whether a second write cannot replace the first: true for a pipe, a device or an open file.
func (f *File) IsStream() bool { return f.stream != nil }

// Write replaces the existing results as a whole, so no reader sees half of them. Into a stream it writes behind the
// earlier results. The end of ctx interrupts waiting for a pipe's reader, unless ctx had ended before the call: the
// results known by then are still written.
func (f *File) Write(ctx context.Context, data []byte) error {
	if f.stream != nil {
		return f.writeStream(ctx, data)
	}
	file, err := f.createBeside()
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err == nil {
		err = file.Chmod(f.mode(file))
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), f.target)
	}
	if err != nil {
		_ = os.Remove(file.Name()) // only the failed write matters
	}
	return err
}

// mode returns the permissions of the replaced file, or the permissions of the new file when nothing is replaced.
func (f *File) mode(file *os.File) fs.FileMode {
	about, err := os.Stat(f.target)
	if err != nil {
		if about, err = file.Stat(); err != nil {
			return f.perm
		}
	}
	return about.Mode().Perm()
}

// Append writes behind the existing content.
func (f *File) Append(ctx context.Context, data []byte) error {
	if f.stream != nil {
		return f.writeStream(ctx, data)
	}
	file, err := os.OpenFile(f.target, os.O_APPEND|os.O_CREATE|os.O_WRONLY, f.perm)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Close())
}

func (f *File) writeStream(ctx context.Context, data []byte) error {
	if ctx.Err() == nil && !f.shared {
		stop := context.AfterFunc(ctx, func() { _ = f.stream.SetWriteDeadline(time.Unix(1, 0)) }) // this ends the wait
		defer stop()
	}
	_, err := f.stream.Write(data)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("%s was not read to its end: %w", f.target, context.Cause(ctx))
	}
	return err
}

// Remove removes the regular file. It does nothing without a file, and nothing to a stream.
func (f *File) Remove() error {
	if f.stream != nil {
		return nil
	}
	if err := os.Remove(f.target); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Close ends a stream.
func (f *File) Close() error {
	if f.stream == nil || f.shared {
		return nil
	}
	return f.stream.Close()
}
