package scenarios_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Input with minutes of work for the YAML library is refused before the library sees it.
func TestAFileOfNoStoryIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	var stairs, keys strings.Builder
	for i := range 100 {
		stairs.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	for i := range 20_000 {
		fmt.Fprintf(&keys, "k%d: a\n", i)
	}
	const deep = "nests deeper than 32 levels; check the indentation, the brackets and the quotation marks"
	for text, want := range map[string]string{
		"title: " + strings.Repeat("[", 100_000):                             "f.yaml:1:39: " + deep,
		"title: it's\nwhen: {first_name: " + strings.Repeat("['a', ", 9_000): deep,
		"title: " + strings.Repeat("{a: ", 10_000):                           deep,
		"title:\n " + strings.Repeat("- ", 10_000):                           "f.yaml:2:64: " + deep,
		strings.Repeat("? ", 10_000):                                         deep,
		stairs.String():                                                      "f.yaml:33:33: " + deep,
		"title: |\n" + strings.Repeat("\n", 60_000) + "when: {}\n": "f.yaml:202:1: has more than 200 blank " +
			"lines in a row; remove most of them",
		keys.String():                            "f.yaml:5001:1: has more than 5000 keys; ",
		"title: " + strings.Repeat("a", 300_000): "f.yaml:1:1: a file has at most 256 KiB; ",
	} {
		_, err := scenarios.Load("f.yaml", []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s…: %.200v", text, err)
		}
	}
	quoted := "title: \"" + strings.Repeat("[", 40) + "\"\nwhen: {nth: 1}\nanswers: [" +
		strings.Repeat("{text: Success}, ", 500) + "]\n"
	if _, err := scenarios.Load("f.yaml", []byte(quoted)); err != nil {
		t.Error(err)
	}
}

func TestAMarkOfTheByteOrderIsNoPartOfAFile(t *testing.T) {
	t.Parallel()
	s, err := scenarios.Load("f.yaml", []byte("\ufefftitle: T\nexpect: Success\n"))
	if err != nil || s.Title != "T" {
		t.Errorf("%v, %v", s, err)
	}
}

func TestAFolderIsReadByTheNamesOfItsFiles(t *testing.T) {
	t.Parallel()
	good := &fstest.MapFile{Data: []byte("title: T\nexpect: Success\n")}
	set, err := scenarios.LoadDir(fstest.MapFS{
		"a.yaml": good, ".#a.yaml": {Data: []byte("[")}, ".hidden.yaml": good, ".yaml": good, "more.yaml/a.yaml": good,
		"b.yaml~": good, ".git/a.yaml": good,
	})
	if err != nil || len(set) != 2 || set[0].ID != "a" || set[1].ID != "more.yaml/a" {
		t.Errorf("%v, %v", set, err)
	}
	long := strings.Repeat("é", 100)
	if _, err := scenarios.LoadDir(fstest.MapFS{long + ".yaml": good}); err != nil {
		t.Error(err)
	}
	for name, want := range map[string]string{
		"X.YAML":        "X.YAML: a scenario's file ends in .yaml; rename it",
		"x.yml":         "x.yml: a scenario's file ends in .yaml; rename it",
		"a\nb.yaml":     `"a\nb.yaml": a scenario's name has characters that cannot be printed; rename the file`,
		long + "é.yaml": "a scenario's name has at most 100 characters; ",
	} {
		if _, err := scenarios.LoadDir(fstest.MapFS{name: good}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := scenarios.LoadFiles(map[string][]byte{".yaml": good.Data}); err == nil {
		t.Error("a file without a name is taken")
	}
}
