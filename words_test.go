package vseemock_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// density counts words, and those of them that make English hard to read in numbers.
type density struct{ words, pronouns, relatives int }

func (d *density) add(text string) {
	for _, word := range englishWord.FindAllString(text, -1) {
		d.words++
		switch strings.ToLower(word) {
		case "what", "who", "whom", "whose":
			d.pronouns++
		case "that", "which":
			d.relatives++
		}
	}
}

var (
	englishWord = regexp.MustCompile(`[A-Za-z']+`)
	lineComment = regexp.MustCompile(`(?m)^\s*//(.*)$|[^:"']//\s(.*)$`)
	fence       = regexp.MustCompile("(?s)```.*?```")
)

// Comments and pages are plain English: of 100 words, at most 0.3 are the pronouns of density, and 2 its relatives.
func TestCommentsAndPagesArePlainEnglish(t *testing.T) {
	t.Parallel()
	found := map[string]*density{}
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, entry fs.DirEntry, err error) error {
		name := filepath.Dir(path)
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			return nil
		case strings.HasSuffix(path, ".md") && (name == "." || path != "docs/evidence.md" && name == "docs"):
			name = path
		case !strings.HasSuffix(path, ".go") || strings.Contains(path, "testdata"):
			return nil
		}
		text, err := os.ReadFile(path)
		if found[name] == nil {
			found[name] = &density{}
		}
		if name == path {
			found[name].add(fence.ReplaceAllString(string(text), ""))
			return err
		}
		for _, comment := range lineComment.FindAllStringSubmatch(string(text), -1) {
			found[name].add(comment[1] + comment[2])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, d := range found {
		if d.words < 300 {
			continue // too few to count
		}
		if of := 100 * float64(d.pronouns) / float64(d.words); of > 0.3 {
			t.Errorf("%s: %.2f of 100 words are what, who, whom or whose", name, of)
		}
		if of := 100 * float64(d.relatives) / float64(d.words); of > 2 {
			t.Errorf("%s: %.2f of 100 words are that or which", name, of)
		}
	}
}
