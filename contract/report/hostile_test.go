package report_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// planted are hostile texts. A test puts each of them into every text of a run.
var planted = []string{
	"<script>alert(1)</script>", `"><script>alert(1)</script><x y="`,
	"</title></style></textarea><script>alert(1)</script>",
	"]]>", "<![CDATA[ x", "<!-- x", "-->", "&amp;&lt;&#0;",
	"{{.Run}}", "`code` ```", "a | b \\| c", "*a* _b_ [c](javascript:alert(1)) ![d](http://example.com/e)",
	"\x00\x01\x07\x08\x0b\x1b[31m\x1b]0;title\x07\x7f\u0085\u009b",
	"a\r\nb\n::error::c\n##[error]d\n##vso[task.complete]e",
	"::set-output name=a::b", "\t \n ",
	"\xff\xfe\xc3(", "\u202eabc\u2066\u2028\ufffe\uffff\U0001ffff",
	strings.Repeat("long 界", 2_000), "# heading", "@everyone $x$ ~~y~~ #1",
}

// plant sets every text below a value.
func plant(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Pointer:
		plant(v.Elem(), text)
	case reflect.Slice:
		for i := range v.Len() {
			plant(v.Index(i), text)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			value := reflect.New(v.Type().Elem()).Elem()
			value.Set(v.MapIndex(key))
			plant(value, text)
			v.SetMapIndex(key, reflect.Value{})
			v.SetMapIndex(reflect.ValueOf(text), value)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				plant(v.Field(i), text)
			}
		}
	default: // holds no text
	}
}

// hostileRuns returns two runs for each planted text: with known states, and with the text as the state, too.
func hostileRuns() []result.Run {
	var runs []result.Run
	for _, text := range planted {
		for _, known := range []bool{true, false} {
			run, states := mixed(), mixed().Requirements
			run.Broken = "x"
			plant(reflect.ValueOf(&run).Elem(), text)
			for i := range run.Requirements {
				if known {
					run.Requirements[i].State = states[i].State
				}
			}
			for i := range run.Causes {
				if known {
					run.Causes[i].Class = mixed().Causes[i].Class
				}
			}
			runs = append(runs, run)
		}
	}
	return runs
}

// For any texts in a run, each report is valid in its format, has no script, and is of limited size.
func TestTextsOfARunAreNeverMarkup(t *testing.T) {
	t.Parallel()
	checks := map[string]func(t *testing.T, text string){
		"results.json": isJSON, "junit.xml": isXML, "report.html": isPage,
		"summary.md": isMarkdown, "console.txt": isPlain, "annotations.txt": isAnnotations,
	}
	for name, check := range checks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, run := range hostileRuns() {
				text := written(t, formats()[name], run)
				if !utf8.ValidString(text) {
					t.Error("the report is not UTF-8")
				}
				if name != "console.txt" && name != "annotations.txt" && strings.Contains(strings.ToLower(text), "<script") {
					t.Error("the report has a script")
				}
				if name != "results.json" && len(text) > 1<<20 {
					t.Errorf("the report has %d bytes", len(text))
				}
				check(t, text)
			}
		})
	}
}

func TestTextsOfACoverageAreNeverMarkup(t *testing.T) {
	t.Parallel()
	for _, text := range planted {
		c := coverage()
		plant(reflect.ValueOf(c).Elem(), text)
		isPage(t, written(t, func(w io.Writer, run result.Run) error { return report.HTML(w, run, c) }, mixed()))
		isJSON(t, written(t, func(w io.Writer, run result.Run) error { return report.JSON(w, run, c) }, mixed()))
		controls := func(c rune) bool { return unicode.IsControl(c) && c != '\n' }
		if text := report.CoverageText(c); strings.ContainsFunc(text, controls) {
			t.Errorf("the text controls a terminal: %.200q", text)
		}
	}
}

func isJSON(t *testing.T, text string) {
	t.Helper()
	if !json.Valid([]byte(text)) {
		t.Error("the report is not JSON")
	}
}

// isPage requires that the elements of a page are nested correctly, and that none loads or runs anything.
func isPage(t *testing.T, text string) {
	t.Helper()
	var open []string
	tokens := html.NewTokenizer(strings.NewReader(text))
	for {
		kind := tokens.Next()
		token := tokens.Token()
		switch kind {
		case html.ErrorToken:
			if !errors.Is(tokens.Err(), io.EOF) || len(open) > 0 {
				t.Errorf("%v, and %v are open", tokens.Err(), open)
			}
			return
		case html.CommentToken:
			t.Errorf("it has a comment")
		case html.StartTagToken:
			if slices.Contains([]string{"script", "link", "img", "iframe", "object", "form", "x"}, token.Data) {
				t.Errorf("it has a %s", token.Data)
			}
			for _, attribute := range token.Attr {
				if isLink(token.Data, attribute) {
					continue
				}
				if !slices.Contains([]string{"lang", "charset", "name", "content", "http-equiv", "class"}, attribute.Key) {
					t.Errorf("%s has a %s", token.Data, attribute.Key)
				}
			}
			if token.Data != "meta" && token.Data != "br" {
				open = append(open, token.Data)
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				t.Fatalf("%s is closed where %v are open", token.Data, open)
			}
			open = open[:len(open)-1]
		default:
		}
	}
}

// isLink reports whether an attribute is a link within the page, or the target of one.
func isLink(element string, a html.Attribute) bool {
	return element == "a" && a.Key == "href" && strings.HasPrefix(a.Val, "#") || element == "article" && a.Key == "id"
}

var escaped = regexp.MustCompile(`\\.|&#[0-9]+;`)

// folds matches the HTML tags that Summary itself writes, each on its own line.
var folds = regexp.MustCompile(
	`(?m)^(<details><summary>[0-9]+ requirements? could not be tested</summary>|</details>)$`)

// isMarkdown requires that every line is plain text or a row of a table, that rows have equally many columns, and that
// no text has markup.
func isMarkdown(t *testing.T, text string) {
	t.Helper()
	columns := 0
	for line := range strings.Lines(folds.ReplaceAllString(text, "")) {
		n := strings.Count(line, "|")
		if n == 0 || columns == 0 {
			columns = n
		}
		if n != columns {
			t.Errorf("%d columns among %d: %.200s", n, columns, line)
		}
		bare := strings.TrimLeft(escaped.ReplaceAllString(line, ""), "#")
		if strings.ContainsAny(bare, "`*_[]<>$~@#!\\\x1b") {
			t.Errorf("it has markup: %.200s", line)
		}
	}
}

// isPlain requires that a text has no control characters for a terminal and no commands for a CI server.
func isPlain(t *testing.T, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##") {
			t.Errorf("it has a command: %.200s", line)
		}
	}
	for _, c := range text {
		if ' ' <= c && c <= '~' {
			continue
		}
		if (unicode.IsControl(c) && c != '\n' && c != '\t') || unicode.Is(unicode.Bidi_Control, c) {
			t.Fatalf("it has %U", c)
		}
	}
}

// The summary of thousands of causes stays below the limit of GitHub, and the console is short.
func TestTheReportsOfAVeryBadRunAreNotTooLong(t *testing.T) {
	t.Parallel()
	run := mixed()
	for range 5 {
		run.Requirements = append(run.Requirements, run.Requirements...)
		run.Causes = append(run.Causes, run.Causes...)
	}
	plant(reflect.ValueOf(&run.Requirements).Elem(), strings.Repeat("&", 1_000))
	plant(reflect.ValueOf(&run.Causes).Elem(), strings.Repeat("&", 1_000))
	for i := range run.Requirements {
		run.Requirements[i].State = mixed().Requirements[i%8].State
	}
	for name, most := range map[string]int{"summary.md": 1 << 20, "console.txt": 20_000} {
		if text := written(t, formats()[name], run); len(text) > most {
			t.Errorf("%s has %d bytes", name, len(text))
		}
	}
}

// Reports for people show a limited number of causes and count the rest. The JSON has all of them.
func TestManyCausesAreClippedExceptInTheJSON(t *testing.T) {
	t.Parallel()
	run := having()
	for i := range 299 {
		run.Causes = append(
			run.Causes, cause(result.Breaking, result.Key{Kind: result.Value, Operation: fmt.Sprint("get", i)}),
		)
	}
	for name, want := range map[string]string{
		"console.txt": "and 284 more (284 breaking) in", "report.html": "99 more in results.json",
		"summary.md": "199 more in results.json",
	} {
		if got := written(t, formats()[name], run); !strings.Contains(got, want) {
			t.Errorf("%s does not count the rest:\n%s", name, got)
		}
	}
	if again, err := report.Read(
		strings.NewReader(written(t, formats()["results.json"], run)),
	); err != nil || len(again.Causes) != 299 {
		t.Errorf("%d causes, %v", len(again.Causes), err)
	}
}
