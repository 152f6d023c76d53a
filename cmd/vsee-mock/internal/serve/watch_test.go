package serve

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/cmdtest"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/flags"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// folder is a watched folder of scenarios. Its functions are called inside of a synctest bubble.
type folder struct {
	t     *testing.T
	dir   string
	mu    sync.Mutex
	log   bytes.Buffer
	loads int
	set   scenarios.Set
	wrong []*scenarios.Problem
}

// watched starts to watch a folder with these files, until the test ends.
func watched(t *testing.T, dir string) *folder {
	f := &folder{t: t, dir: dir}
	source, err := flags.ScenarioFiles{Scenarios: dir}.Open()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	w := &watcher{source: source, log: slog.New(slog.NewTextHandler(f, nil))}
	f.set, f.wrong = w.load()
	go w.watch(ctx, func(set scenarios.Set, wrong []*scenarios.Problem) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.set, f.wrong = set, wrong
		f.loads++
	})
	return f
}

// Write implements io.Writer, for the log.
func (f *folder) Write(line []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.log.Write(line)
}

func (f *folder) do(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *folder) write(name, text string) {
	f.t.Helper()
	f.do(os.WriteFile(filepath.Join(f.dir, name), []byte(text), 0o600))
}

// is waits for three looks at the folder, and compares the ids and titles of the user's scenarios in force, and the
// problems.
func (f *folder) is(titles string, problems ...string) {
	f.t.Helper()
	time.Sleep(3 * lookEvery)
	synctest.Wait()
	f.mu.Lock()
	defer f.mu.Unlock()
	var own []string
	for _, s := range f.set {
		if strings.HasPrefix(s.Title, "own") {
			own = append(own, s.ID+" "+s.Title)
		}
	}
	if got := strings.Join(own, ", "); got != titles || len(f.set) < 100 {
		f.t.Errorf("%d scenarios are in force, of them %s; want %s", len(f.set), got, titles)
	}
	var wrong []string
	for _, p := range f.wrong {
		wrong = append(wrong, p.Sentence())
	}
	if !slices.EqualFunc(wrong, problems, strings.Contains) {
		f.t.Errorf("the problems are %q, want %q", wrong, problems)
	}
}

// loaded returns how often the folder was loaded again.
func (f *folder) loaded() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.loads
}

// logged returns the lines of the log about problems since the last call.
func (f *folder) logged() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	lines := ""
	for line := range strings.Lines(f.log.String()) {
		if strings.Contains(line, "WARN") {
			_, line, _ = strings.Cut(line, "error=")
			lines += line
		}
	}
	f.log.Reset()
	return lines
}

func story(title string) string {
	return "title: " + title + "\nwhen: {subscriber_num: \"" + strings.Map(func(r rune) rune {
		if r == ' ' {
			return '-'
		}
		return r
	}, title) + "\"}\nanswer: Success\n"
}

// An empty folder starts with the catalogue. Changed, added and removed files take effect a moment later, and so does
// the removal of the last one.
func TestAFolderStartsEmptyAndEndsEmpty(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		f := watched(t, dir)
		f.is("")
		f.write("mine.yaml", story("own first"))
		f.is("mine own first")
		f.write("mine.yaml", story("own second"))
		f.write("added.yaml", story("own other"))
		f.is("added own other, mine own second")
		f.do(os.Remove(filepath.Join(dir, "added.yaml")))
		f.do(os.Remove(filepath.Join(dir, "mine.yaml")))
		f.is("")
		if lines := f.logged(); lines != "" {
			t.Errorf("logged: %s", lines)
		}
	})
}

// Good files load beside broken ones, at the start as well. The log has one line for each problem, and does not repeat
// it. A file that was good before keeps that version.
func TestGoodFilesLoadBesideBrokenOnes(t *testing.T) {
	t.Parallel()
	dir := cmdtest.Folder(t, map[string]string{
		"good.yaml": story("own good"), "bad.yaml": "title: own\nanwser: Success\n",
	})
	synctest.Test(t, func(t *testing.T) {
		f := watched(t, dir)
		unknown := `bad.yaml:2:1: unknown key "anwser"; did you mean "answer"?`
		f.is("good own good", unknown)
		f.write("later.yaml", story("own later"))
		f.is("good own good, later own later", unknown)
		if lines := f.logged(); strings.Count(lines, "\n") != 1 || !strings.Contains(lines, `bad.yaml:2:1: unknown key`) {
			t.Errorf("logged: %s", lines)
		}
		f.write("later.yaml", "title: own later\nwhen: {subscriber_num: \"1\"}\nanswer: Succes\n")
		f.write("good.yaml", story("own better"))
		f.is("good own better, later own later", unknown, `later.yaml:3:9: "Succes" is neither a text`)
		if lines := f.logged(); strings.Count(lines, "\n") != 1 || !strings.Contains(lines, "later.yaml:3:9: ") {
			t.Errorf("logged: %s", lines)
		}
		f.do(os.Remove(filepath.Join(dir, "later.yaml")))
		f.write("bad.yaml", story("own mended"))
		f.is("bad own mended, good own better")
		cmdtest.Irregular(t, dir)
		f.do(os.Truncate(filepath.Join(dir, "bad.yaml"), 2<<30))
		f.is("bad own mended, good own better", "bad.yaml:1:1: a file has at most 256 KiB",
			"pipe.yaml: it is not a regular file, but a pipe; ", "zero.yaml: it is not a regular file, but a device")
	})
}

// Neither the size nor the time of a file shows these changes.
func TestAChmodARenameAndSwappedLinksAreNoticed(t *testing.T) {
	t.Parallel()
	dir, day := t.TempDir(), time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)
	synctest.Test(t, func(t *testing.T) {
		f := watched(t, dir)
		write := func(name, text string) {
			t.Helper()
			f.write(name, text)
			f.do(os.Chtimes(filepath.Join(dir, name), day, day))
		}
		for _, version := range []string{"1", "2"} { // as Kubernetes mounts a ConfigMap
			f.do(os.Mkdir(filepath.Join(dir, "..v"+version), 0o700))
			write("..v"+version+"/mine.yaml", story("own version "+version))
		}
		swap := func(to string) {
			f.do(os.Symlink(to, filepath.Join(dir, "..tmp")))
			f.do(os.Rename(filepath.Join(dir, "..tmp"), filepath.Join(dir, "..data")))
		}
		swap("..v1")
		f.do(os.Symlink("..data/mine.yaml", filepath.Join(dir, "mine.yaml")))
		f.is("mine own version 1")
		swap("..v2")
		f.is("mine own version 2")
		write("b.yaml", story("own b1"))
		f.is("b own b1, mine own version 2")
		write(".b.swp", story("own b2"))
		f.do(os.Rename(filepath.Join(dir, ".b.swp"), filepath.Join(dir, "b.yaml")))
		f.is("b own b2, mine own version 2")
		loads := f.loaded()
		f.do(os.Chmod(filepath.Join(dir, "b.yaml"), 0))
		if os.Geteuid() == 0 { // root reads it all the same
			f.is("b own b2, mine own version 2")
		} else {
			f.is("b own b2, mine own version 2", "b.yaml: it cannot be read: permission denied")
		}
		if n := f.loaded() - loads; n != 1 {
			t.Errorf("a chmod leads to %d loads", n)
		}
	})
}

// The id of a scenario is its path below the folder. Folders with a dot in front are an editor's or Git's, and a link
// back is named.
func TestSubfoldersAreRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		f := watched(t, dir)
		for _, below := range []string{"claims/late", ".git"} {
			f.do(os.MkdirAll(filepath.Join(dir, below), 0o700))
			f.write(below+"/eligible.yaml", story("own "+filepath.Base(below)))
		}
		f.write("eligible.yaml", story("own top"))
		f.is("claims/late/eligible own late, eligible own top")
		f.do(os.Symlink("..", filepath.Join(dir, "claims", "up")))
		f.is("claims/late/eligible own late, eligible own top", "claims/up: the folder is not read: it was already, by "+
			"another name; ")
		f.write("claims/late/eligible.yaml", story("own later"))
		f.is("claims/late/eligible own later, eligible own top", "claims/up: ")
		f.do(os.RemoveAll(filepath.Join(dir, "claims")))
		f.is("eligible own top")
		f.do(os.RemoveAll(dir))
		f.is("eligible own top", ": the folder cannot be read: no such file or directory; make it readable")
	})
}
