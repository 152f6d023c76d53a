package session

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/fifo"
)

// publish writes results without coverage into the files of a configuration.
func publish(ctx context.Context, c config.Config, run result.Run) error {
	all := openOutputs(c)
	return errors.Join(all.write(ctx, run, nil), all.close())
}

// The results go into a pipe once, at the end of the run. A file that can be replaced says until then that the run
// has not ended.
func TestResultsAreWrittenIntoAPipeAndThroughALinkWhichStay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pipe, link, target := filepath.Join(dir, "pipe"), filepath.Join(dir, "link"), filepath.Join(dir, "report.xml")
	if err := errors.Join(fifo.Make(pipe), os.Symlink("report.xml", link)); err != nil {
		t.Fatal(err)
	}
	config := config.Config{JSON: pipe, JUnit: link}
	err := publish(t.Context(), config, result.Run{})
	if !errors.Is(err, errWriting) || !strings.Contains(err.Error(), "--json: "+pipe+" is a pipe that nothing reads") {
		t.Errorf("without a reader: %v", err)
	}
	reader, err := os.OpenFile(pipe, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	out := openOutputs(config)
	if err := out.draft(t.Context(), result.Run{Broken: unended}, nil); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(target); err != nil || !strings.Contains(string(text), unended) {
		t.Errorf("%s, %v", text, err)
	}
	if err := errors.Join(out.write(t.Context(), result.Run{ID: "1a2b3c4d"}, nil), out.close()); err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	if run, err := report.Read(strings.NewReader(string(text))); err != nil || run.ID != "1a2b3c4d" || run.Broken != "" {
		t.Errorf("%s, %v", text, err)
	}
	if text, err := os.ReadFile(target); err != nil || strings.Contains(string(text), unended) {
		t.Errorf("%s, %v", text, err)
	}
	for name, want := range map[string]fs.FileMode{pipe: fs.ModeNamedPipe, link: fs.ModeSymlink} {
		if about, err := os.Lstat(name); err != nil || about.Mode().Type() != want {
			t.Errorf("%s is %v now, %v", name, about.Mode(), err)
		}
	}
}

func TestResultsThatCannotBeWrittenNameTheirFlag(t *testing.T) {
	t.Parallel()
	nowhere := filepath.Join(t.TempDir(), "nowhere", "file")
	for flag, config := range map[string]config.Config{
		"--json": {JSON: nowhere}, "--junit": {JUnit: nowhere}, "--html": {HTML: nowhere}, "--summary": {Summary: nowhere},
	} {
		if err := publish(t.Context(), config, result.Run{}); !errors.Is(err, fs.ErrNotExist) ||
			!strings.HasPrefix(err.Error(), "writing the results: "+flag+": ") {
			t.Errorf("%s: %v", flag, err)
		}
	}
}
