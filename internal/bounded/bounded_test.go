package bounded_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/internal/fifo"
)

// place is a folder with a file, a link to it, a large file, a pipe, a link to a device, and a folder.
func place(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	large, err := os.Create(filepath.Join(dir, "large"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(
		os.WriteFile(filepath.Join(dir, "file"), []byte("some text"), 0o600),
		os.Symlink("file", filepath.Join(dir, "link")),
		large.Truncate(2<<30), large.Close(),
		fifo.Make(filepath.Join(dir, "pipe")),
		os.Symlink("/dev/zero", filepath.Join(dir, "zero")),
		os.Mkdir(filepath.Join(dir, "folder"), 0o700),
	); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestOnlyARegularFileIsReadAndNoMoreThanItsLimit(t *testing.T) {
	t.Parallel()
	dir := place(t)
	for name, want := range map[string]struct {
		is   error
		says string
	}{
		"file":    {nil, ""},
		"link":    {nil, ""},
		"large":   {bounded.ErrTooLarge, "it is too large: at most 1 KiB can be read"},
		"pipe":    {bounded.ErrNotRegular, "it is not a regular file, but a pipe"},
		"zero":    {bounded.ErrNotRegular, "it is not a regular file, but a device"},
		"folder":  {bounded.ErrNotRegular, "it is not a regular file, but a folder"},
		"nothing": {fs.ErrNotExist, "no such file"},
	} {
		byName, err := bounded.ReadFile(filepath.Join(dir, name), 1<<10)
		inFolder, errFS := bounded.ReadFileFS(bounded.Dir(dir), name, 1<<10)
		if !errors.Is(err, want.is) || !errors.Is(errFS, want.is) {
			t.Errorf("%s: %v, %v, want %v", name, err, errFS, want.is)
		}
		if want.is == nil && (string(byName) != "some text" || string(inFolder) != "some text") {
			t.Errorf("%s: %q, %q", name, byName, inFolder)
		}
		if want.is != nil && (!strings.Contains(err.Error(), want.says) || !strings.Contains(errFS.Error(), want.says)) {
			t.Errorf("%s: %v, %v, want %q", name, err, errFS, want.says)
		}
	}
	if _, err := bounded.Dir(dir).Open("../file"); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("a path out of the folder: %v", err)
	}
}

func TestALimitIsTheNumberOfBytesThatAreRead(t *testing.T) {
	t.Parallel()
	for limit, want := range map[int64]error{9: nil, 8: bounded.ErrTooLarge, 0: bounded.ErrTooLarge} {
		if data, err := bounded.ReadAll(strings.NewReader("some text"), limit); !errors.Is(err, want) ||
			(err != nil) != (data == nil) {
			t.Errorf("limit %d: %q, %v", limit, data, err)
		}
	}
}

// A shell's <(…) is a pipe.
func TestAPipeIsReadToItsEndWhoeverComesFirst(t *testing.T) {
	t.Parallel()
	write := func(name, text string) error {
		writer, err := os.OpenFile(name, os.O_WRONLY, 0) // waits for a reader
		if err != nil {
			return err
		}
		_, err = writer.WriteString(text)
		return errors.Join(err, writer.Close())
	}
	for _, tc := range []struct {
		text  string
		limit int64
		want  error
	}{{"some text", 100, nil}, {"", 100, nil}, {strings.Repeat("long ", 100_000), 1 << 20, nil}, {"some text", 8,
		bounded.ErrTooLarge}} {
		pipe := filepath.Join(place(t), "pipe")
		written := make(chan error, 1)
		go func() { written <- write(pipe, tc.text) }()
		got, err := bounded.ReadStream(t.Context(), pipe, tc.limit)
		if !errors.Is(err, tc.want) || err == nil && string(got) != tc.text {
			t.Errorf("%.20q: %d bytes, %v", tc.text, len(got), err)
		}
		if err := <-written; err != nil {
			t.Error(err)
		}
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.WriteString("it has ended"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	got, err := bounded.ReadStream(t.Context(), "/dev/fd/"+fmt.Sprint(r.Fd()), 100)
	if err != nil || string(got) != "it has ended" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestWaitingForAPipeEndsWithTheContext(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(place(t), "pipe")
	nobody, end := context.WithCancel(t.Context())
	end()
	if _, err := bounded.ReadStream(nobody, pipe, 100); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody writes: %v", err)
	}
	silent, err := os.OpenFile(pipe, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	if _, err := silent.WriteString("and no end"); err != nil {
		t.Fatal(err)
	}
	waiting, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := bounded.ReadStream(waiting, pipe, 100)
		done <- err
	}()
	stop()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("a writer says nothing more: %v", err)
	}
}

func TestADeviceWithoutAnEndIsReadUpToTheLimit(t *testing.T) {
	t.Parallel()
	dir := place(t)
	if _, err := bounded.ReadStream(t.Context(), filepath.Join(dir, "zero"), 1<<20); !errors.Is(err, bounded.ErrTooLarge) {
		t.Error(err)
	}
	if _, err := bounded.ReadStream(t.Context(), filepath.Join(dir, "large"), 1<<20); !errors.Is(err,
		bounded.ErrTooLarge) {
		t.Error(err)
	}
	if _, err := bounded.ReadStream(t.Context(), filepath.Join(dir, "folder"), 1<<20); !errors.Is(err,
		bounded.ErrNotRegular) {
		t.Error(err)
	}
	if data, err := bounded.ReadStream(t.Context(), os.DevNull, 1<<20); err != nil || len(data) != 0 {
		t.Errorf("%q, %v", data, err)
	}
}
