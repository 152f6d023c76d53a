package boundedyaml_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/boundedyaml"
)

var r = strings.Repeat

func TestWhatTheLibraryTakesTheSquareOfIsRefused(t *testing.T) {
	t.Parallel()
	var keys strings.Builder
	for i := range 6_000 {
		fmt.Fprintf(&keys, "k%d: a\n", i)
	}
	const inRow, tooDeep = "has more than 200 blank lines in a row", "nests deeper than 32 levels"
	for name, tc := range map[string]struct{ text, want string }{
		"blank lines before anything of a block scalar": {"a: |\n" + r("\n", 60_000) + "b: c\n", "202:1: " + inRow},
		"in a folded one":                  {"a:\n  b: >\n" + r("\n", 201), "203:1: " + inRow},
		"with spaces":                      {"a: |\n" + r("   \n", 201), inRow},
		"with tabs":                        {"a: |\n" + r(" \t\n", 201), inRow},
		"that end in a return":             {"a: |\n" + r("\r", 201), inRow},
		"that end in a return and a feed":  {"a: |\n" + r("\r\n", 201), "202:1: " + inRow},
		"with marks of the byte order":     {"a: |\n" + r("\ufeff\n", 201), inRow},
		"with spaces that do not break":    {"a: |\n" + r("\u00a0\n", 201), inRow},
		"with line ends that YAML has not": {"a: |\n" + r("\u0085\u2028\u2029\n", 201), inRow},
		"outside of a scalar":              {"a: b\n" + r("\n", 201) + "c: d\n", inRow},
		"of all kinds":                     {"a: |\n" + r("\n \n\t\n", 67), inRow},
		"rows of blank lines":              {r("- |\n"+r("\n", 200), 101), "has more than 20000 blank lines"},
		"brackets":                         {"a: " + r("[", 100_000), tooDeep},
		"braces":                           {r("{a: ", 10_000), tooDeep},
		"a list in a list":                 {r("- ", 33), "1:65: " + tooDeep},
		"blocks in brackets":               {"[" + r("- ", 100), "1:64: " + tooDeep},
		"keys that are maps":               {r("? ", 33), tooDeep},
		"keys":                             {keys.String(), "5001:1: has more than 5000 keys"},
		"documents":                        {r("---\na\n", 11), "21:1: has more than 10 beginnings and ends of documents"},
		"documents with a version": {r("%YAML 1.2\n---\na\n", 11), "has more than 10 beginnings and ends of " +
			"documents"},
		"ends of documents":                 {r("a\n...\n", 11), "has more than 10 beginnings and ends of documents"},
		"tabs in a quoted text":             {"a: \"" + r("\t", 1_001) + "x\"", "1:1: has more than 1000 tabs in a line"},
		"empty items":                       {r("-\n", 50_001), "has more than 50000 keys, values and marks"},
		"items":                             {"[" + r("a,", 50_000) + "]", "has more than 50000 keys, values and marks"},
		"more bytes than a file has for us": {"a: " + r("x", boundedyaml.MaxSize), "1:1: a file has at most 256 KiB"},
	} {
		_, err := boundedyaml.Parse([]byte(tc.text))
		var excess *boundedyaml.Excess
		if !errors.As(err, &excess) || !strings.Contains(err.Error(), tc.want) || excess.Hint == "" {
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		}
	}
}

func TestWhatPeopleWriteIsParsed(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing":                   "",
		"a mark of the byte order":  "\ufeffa: b\n",
		"200 blank lines":           "a: |\n" + r("\n", 200) + "  b\n" + r("\n", 200),
		"32 levels":                 r("- ", 31) + "a",
		"brackets in a text":        "a: \"" + r("[", 100) + "\"",
		"a list of 20,000":          "a: [" + r("b, ", 20_000) + "]",
		"a text of 250 KiB":         "a: " + r("x", 250<<10),
		"lines of returns and text": r("- a\r\n\r\n", 9_000),
	} {
		if _, err := boundedyaml.Parse([]byte(text)); err != nil {
			t.Errorf("%s: %.200s", name, err)
		}
	}
}
