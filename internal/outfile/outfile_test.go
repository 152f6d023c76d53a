package outfile_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/fifo"
	"github.com/vsee-mock/vsee-mock/internal/outfile"
)

// put writes to a name, like a command.
func put(t *testing.T, name, text string) error {
	t.Helper()
	file, err := outfile.Open(name, 0o640)
	if err != nil {
		return err
	}
	return errors.Join(file.Write(t.Context(), []byte(text)), file.Close())
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// names returns the names in a folder: no temporary file may be left there.
func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, entry := range entries {
		all = append(all, entry.Name())
	}
	return strings.Join(all, " ")
}

func TestAMissingFolderIsToldByTheNameThatWasGiven(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "none", "results.json")
	var failed *fs.PathError
	if err := put(t, name, "text"); !errors.As(err, &failed) || failed.Path != name || !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func TestARegularFileIsReplacedAsAWholeAndKeepsItsPermissions(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	old := filepath.Join(dir, "old")
	if err := errors.Join(os.WriteFile(old, []byte("something longer"), 0o600), os.Chmod(old, 0o604)); err != nil {
		t.Fatal(err)
	}
	open, err := os.Open(old)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = open.Close() }()
	if err := errors.Join(put(t, old, "text"), put(t, filepath.Join(dir, "new"), "text")); err != nil {
		t.Fatal(err)
	}
	if got := read(t, old) + read(t, filepath.Join(dir, "new")); got != "texttext" {
		t.Errorf("%q", got)
	}
	if before, _ := io.ReadAll(open); string(before) != "something longer" {
		t.Errorf("who had it open reads %q", before)
	}
	if about, err := os.Stat(old); err != nil || about.Mode().Perm() != 0o604 {
		t.Errorf("%v, %v", about.Mode(), err)
	}
	if got := names(t, dir); got != "new old" {
		t.Errorf("there are %s", got)
	}
}

func TestALinkStaysAndWhatItLeadsToIsReplaced(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	if err := errors.Join(
		os.Mkdir(in("below"), 0o700), os.WriteFile(in("below/file"), []byte("old"), 0o600), os.Symlink("below/file",
			in("link")),
		os.Symlink("link", in("chain")), os.Symlink(in("below/new"), in("dangling")), os.Symlink("loop", in("loop")),
	); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"link": "below/file", "chain": "below/file", "dangling": "below/new"} {
		if err := put(t, in(link), "by "+link); err != nil {
			t.Fatal(err)
		}
		if about, err := os.Lstat(in(link)); err != nil || about.Mode()&fs.ModeSymlink == 0 {
			t.Errorf("%s is no link any more: %v, %v", link, about, err)
		}
		if got := read(t, in(target)); got != "by "+link {
			t.Errorf("%s has %q", target, got)
		}
	}
	if err := put(t, in("loop"), "text"); !errors.Is(err, syscall.ELOOP) {
		t.Errorf("a link to itself: %v", err)
	}
	if got := names(t, dir) + ", " + names(t, in("below")); got != "below chain dangling link loop, file new" {
		t.Errorf("there are %s", got)
	}
}

func TestAPipeIsWrittenToAndStays(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := fifo.Make(pipe); err != nil {
		t.Fatal(err)
	}
	if err := put(t, pipe, "text"); err == nil || !strings.Contains(err.Error(),
		"is a pipe that nothing reads: start its reader first") {
		t.Errorf("without a reader: %v", err)
	}
	reader, err := os.OpenFile(pipe, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	file, err := outfile.Open(pipe, 0o600)
	if err != nil || !file.IsStream() {
		t.Fatalf("%v, %v", file, err)
	}
	long := strings.Repeat("more than a pipe holds ", 10_000)
	written := make(chan error, 1)
	go func() { written <- errors.Join(file.Write(t.Context(), []byte(long)), file.Close()) }()
	got, err := io.ReadAll(reader)
	if err := errors.Join(err, <-written); err != nil || string(got) != long {
		t.Errorf("%d of %d bytes, %v", len(got), len(long), err)
	}
	if about, err := os.Lstat(pipe); err != nil || about.Mode()&fs.ModeNamedPipe == 0 || names(t, dir) != "pipe" {
		t.Errorf("it is %v now, %v, beside %s", about.Mode(), err, names(t, dir))
	}
}

// A signal ends the wait, and the results known before the signal are still written.
func TestWaitingForThePipesReaderEndsWithTheContext(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := fifo.Make(pipe); err != nil {
		t.Fatal(err)
	}
	reader, err := os.OpenFile(pipe, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	file, err := outfile.Open(pipe, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	ended, end := context.WithCancel(t.Context())
	end()
	if err := file.Write(ended, []byte("text")); err != nil {
		t.Errorf("after a signal: %v", err)
	}
	running, stop := context.WithCancel(t.Context())
	written := make(chan error, 1)
	go func() { written <- file.Write(running, make([]byte, 1<<20)) }() // more than a pipe holds
	if _, err := io.ReadFull(reader, make([]byte, 100)); err != nil {   // it has begun
		t.Fatal(err)
	}
	stop()
	if err := <-written; !errors.Is(err, context.Canceled) {
		t.Errorf("during a signal: %v", err)
	}
}

// /dev/stdout is often a link to a file: the results go on in this file, behind the text printed before.
func TestAnOpenFileIsWrittenOnBehindWhatIsThere(t *testing.T) {
	t.Parallel()
	open, err := os.OpenFile(filepath.Join(t.TempDir(), "out"), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = open.Close() }()
	if _, err := open.WriteString("printed "); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"/dev/fd/", "/proc/self/fd/"} {
		if err := put(t, dir+fmt.Sprint(open.Fd()), "results "); err != nil {
			t.Error(err)
		}
	}
	if got := read(t, open.Name()); got != "printed results results " {
		t.Errorf("%q", got)
	}
}

func TestWhatCannotBeWrittenIsKnownBefore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, want := range map[string]error{dir: syscall.EISDIR, filepath.Join(dir, "nowhere", "file"): fs.ErrNotExist} {
		if _, err := outfile.Open(name, 0o600); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	if got := names(t, dir); got != "" {
		t.Errorf("there are %s", got)
	}
}

func TestAFileThatIsAddedToIsNotReplaced(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "summary")
	for range 2 {
		file, err := outfile.Open(name, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if err := file.Append(t.Context(), []byte("text ")); err != nil {
			t.Fatal(err)
		}
	}
	if got := read(t, name); got != "text text " {
		t.Errorf("%q", got)
	}
}
