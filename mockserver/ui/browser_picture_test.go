package ui_test

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// pictures is the folder of the pictures in the documentation; hashFile has the hash of the page that they show.
const (
	pictures = "../../docs/images"
	hashFile = pictures + "/views.sha256"
)

var update = flag.Bool("update", false, "take the pictures of the documentation anew, with UI_BROWSER=1")

// viewHash returns the hash of all templates, the style and the script.
func viewHash(t *testing.T) string {
	t.Helper()
	sum := sha256.New()
	err := fs.WalkDir(os.DirFS("view"), ".", func(path string, _ fs.DirEntry, err error) error {
		if text, broken := os.ReadFile(filepath.Join("view", path)); broken == nil {
			_, _ = fmt.Fprintln(sum, path, len(text))
			sum.Write(text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(sum.Sum(nil)) + "\n"
}

func TestThePicturesShowThePageAsItIs(t *testing.T) {
	t.Parallel()
	recorded, err := os.ReadFile(hashFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(recorded) != viewHash(t) && !*update {
		t.Errorf("the templates or the style have changed since the pictures in docs/images were taken: " +
			"UI_BROWSER=1 go test ./mockserver/ui -run InTheBrowser -update takes them anew")
	}
}

func picturesAreTaken(t *testing.T, w window, _ *mocktest.Mock) {
	if !*update {
		return
	}
	view(w, t, 1200, "light")
	for name, path := range map[string]string{"timeline": "", "exchange": "/exchanges/3",
		"scenarios": "/scenarios?q=two+checks"} {
		w.do(open(w.base+path), see("h1"))
		w.picture(filepath.Join(pictures, name+".png"))
	}
	if err := os.WriteFile(hashFile, []byte(viewHash(t)), 0o644); err != nil {
		t.Fatal(err)
	}
	view(w, t, 1440, "light")
}
