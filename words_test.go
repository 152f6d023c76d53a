package vseemock_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
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

// densities are those of the packages and pages, by their paths.
type densities map[string]*density

func (all densities) of(name string) *density {
	if all[name] == nil {
		all[name] = &density{}
	}
	return all[name]
}

// check fails for dense English: of 100 words, at most 0.3 are the pronouns of density, and 2 its relatives.
func (all densities) check(t *testing.T) {
	t.Helper()
	for name, d := range all {
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

var (
	englishWord = regexp.MustCompile(`[A-Za-z']+`)
	lineComment = regexp.MustCompile(`(?m)^\s*//(.*)$|[^:"']//\s(.*)$`)
	fence       = regexp.MustCompile("(?s)```.*?```")
	markup      = regexp.MustCompile(`<[^>]*>|\{\{[^}]*\}\}`)
)

// eachFile calls f with every file outside of testdata.
func eachFile(t *testing.T, f func(path string, text []byte)) {
	t.Helper()
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.Contains(path, "testdata") {
			return err
		}
		text, err := os.ReadFile(path)
		f(path, text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestCommentsAndPagesArePlainEnglish(t *testing.T) {
	t.Parallel()
	found := densities{}
	eachFile(t, func(path string, text []byte) {
		folder := filepath.Dir(path)
		switch {
		case strings.HasSuffix(path, ".md") && (folder == "." || path != "docs/evidence.md" && folder == "docs"):
			found.of(path).add(fence.ReplaceAllString(string(text), ""))
		case strings.HasSuffix(path, ".go"):
			for _, comment := range lineComment.FindAllStringSubmatch(string(text), -1) {
				found.of(folder).add(comment[1] + comment[2])
			}
		}
	})
	found.check(t)
}

// Messages are error texts, log lines, help texts, hints, titles, and the descriptions of the control API. In Go they
// are the texts of three words and more. The packages of few words count together.
func TestMessagesArePlainEnglish(t *testing.T) {
	t.Parallel()
	found, few := densities{}, &density{}
	eachFile(t, func(path string, text []byte) {
		folder := filepath.Dir(path)
		switch {
		case strings.HasSuffix(path, "_test.go"):
		case strings.HasSuffix(path, ".go"):
			for _, message := range messages(t, path, text) {
				found.of(folder).add(message)
			}
		case strings.HasSuffix(path, ".html"):
			found.of(folder).add(markup.ReplaceAllString(string(text), " "))
		case folder == "scenarios" && strings.HasSuffix(path, ".yaml"), path == "mockserver/control/openapi.yaml":
			var value any
			if err := yaml.Unmarshal(text, &value); err != nil {
				t.Fatal(err)
			}
			found.of(folder).addDescriptions(value)
		}
	})
	for name, d := range found {
		if d.words < 300 {
			delete(found, name)
			few.words, few.pronouns, few.relatives = few.words+d.words, few.pronouns+d.pronouns, few.relatives+d.relatives
		}
	}
	found["packages of few words"] = few
	found.check(t)
}

// addDescriptions adds the titles, summaries and descriptions in a YAML value.
func (d *density) addDescriptions(value any) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			d.addDescriptions(item)
		}
	case map[string]any:
		for key, item := range value {
			if text, ok := item.(string); ok && (key == "title" || key == "summary" || key == "description") {
				d.add(text)
			}
			d.addDescriptions(item)
		}
	}
}

// messages returns the texts of three words and more in a Go file, and the help texts in its tags.
func messages(t *testing.T, path string, source []byte) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, source, 0)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	ast.Inspect(file, func(n ast.Node) bool {
		if field, ok := n.(*ast.Field); ok && field.Tag != nil {
			tag, _ := strconv.Unquote(field.Tag.Value)
			texts = append(texts, reflect.StructTag(tag).Get("help"))
			return false
		}
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if text, _ := strconv.Unquote(literal.Value); len(strings.Fields(text)) > 2 {
				texts = append(texts, text)
			}
		}
		return true
	})
	return texts
}
