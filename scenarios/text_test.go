package scenarios_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// in3 returns a file with a text as its third line.
func in3(line string) string {
	return "title: T\nwhen: {subscriber_num: \"1\"}\n" + line + "\nanswer: Success\n"
}

// inUTF16 returns a text as Windows writes it, with the byte order mark first unless it is left out.
func inUTF16(text string, big bool) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		pair := []byte{byte(unit), byte(unit >> 8)}
		if big {
			pair[0], pair[1] = pair[1], pair[0]
		}
		b.Write(pair)
	}
	return b.String()
}

// The characters of editors and shells look right to people: the error names them.
func TestWhatEditorsAndShellsWriteIsNamedAsWhatItIs(t *testing.T) {
	t.Parallel()
	const noBreak, quotes = "a no-break space stands here (U+00A0); ", "typographic quotation marks (%) are a part"
	for text, want := range map[string]string{
		inUTF16("\ufeff"+in3("labels: [a]"), false):  "f.yaml:1:1: the file is UTF-16; save it as UTF-8; ",
		inUTF16("\ufeff"+in3("labels: [a]"), true):   "f.yaml:1:1: the file is UTF-16; ",
		inUTF16(in3("labels: [a]"), false):           "f.yaml:1:1: the file is UTF-16; ",
		in3("labels: [caf\xe9]"):                     "f.yaml:3:13: the file is not UTF-8: here stands a character of",
		"title: Caf\xe9":                             "f.yaml:1:11: the file is not UTF-8: ",
		in3("labels:\u00a0[a]"):                      "f.yaml:3:8: " + noBreak + "write an ordinary space",
		in3("patient:\n\u00a0 gender: 1"):            "f.yaml:4:1: " + noBreak,
		in3("patient: {last_name: \"Mc\u00a0Gee\"}"): "f.yaml:3:25: " + noBreak,
		in3("labels: [a]\u200b"):                     "f.yaml:3:12: an invisible character stands here (U+200B); ",
		in3("labels: [a\u3000b]"):                    "f.yaml:3:11: a space of another width stands here (U+3000); ",
		in3("labels: [“a”]"):                         "f.yaml:3:10: " + strings.Replace(quotes, "%", "“", 1),
		in3("patient: {last_name: ‘Gee’}"):           "f.yaml:3:22: " + strings.Replace(quotes, "%", "‘", 1),
		"title: “T”\n":                               "f.yaml:1:8: " + strings.Replace(quotes, "%", "“", 1),
		in3("answers:\n – Success"):                  "f.yaml:4:2: a list item begins with -, and not with –",
		"title: a\rexpect: Success\r":                "f.yaml:1:9: a line ends in CR alone, as on very old",
		in3("labels: [a]\x1a"):                       "f.yaml:3:12: a control character stands here (U+001A); delete it",
		in3("<<<<<<< HEAD"):                          "f.yaml:3:1: the marks of a merge stand in the file; keep one",
	} {
		_, err := scenarios.Load("f.yaml", []byte(text))
		if err == nil || !strings.Contains("\n"+err.Error(), "\n"+want) { // among others that are known
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// Such characters are fine where they change nothing: in a title, in a comment, inside of a word, and as an escape.
func TestTypographyIsFineWhereItChangesNothing(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"# a “comment”\u00a0– with all of it", "labels: [it’s]", "patient: {last_name: O’Brien, first_name: ’t}",
		`patient: {last_name: "Mc\u00a0Gee"}`, "labels: [a] # “a”\u00a0b", "patient: {last_name: \"“Gee”\"}",
	} {
		if _, err := scenarios.Load("f.yaml", []byte(in3(line))); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
	for _, title := range []string{"\"Assureur\u00a0: “non”\"", "“Soon” is no answer", "|\n  “a”\n  b"} {
		if _, err := scenarios.Load("f.yaml", []byte("title: "+title+"\nexpect: Success\n")); err != nil {
			t.Errorf("%s: %v", title, err)
		}
	}
}

// A file that is written has such characters as escapes, so that it can be read again.
func TestWhatIsWrittenWithAnOddCharacterCanBeRead(t *testing.T) {
	t.Parallel()
	want := scenarios.Match{"Mc\u00a0Gee", "\u200b“x”"}
	text, err := scenarios.Write(scenarios.Scenario{
		ID: "f", Title: "T", When: scenarios.When{LastName: want}, Answers: both(scenarios.Answer{Text: scenarios.Success}),
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := scenarios.Load("f.yaml", text)
	if diff := cmp.Diff(want, got.When.LastName); err != nil || diff != "" {
		t.Errorf("%v (-written +read):\n%s%s", err, diff, text)
	}
}

func TestLineEndsOfWindowsChangeNothing(t *testing.T) {
	t.Parallel()
	text := "title: |\n  two\n  lines\nwhen:\n  subscriber_num: \"1\"\nanswers:\n  - Success\n  - silent\n"
	want, err := scenarios.Load("f.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	got, err := scenarios.Load("f.yaml", []byte("\ufeff"+strings.ReplaceAll(text, "\n", "\r\n")))
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-LF +CRLF):\n%s", err, diff)
	}
}

// A mistake in YAML is named in a sentence with its remedy, without the words of the parser.
func TestAMistakeInYAMLIsNamedInASentence(t *testing.T) {
	t.Parallel()
	const (
		colon = `a text with ": " in it needs quotation marks; `
		star  = "a text that begins with * needs quotation marks; "
	)
	for text, want := range map[string]string{
		"title: Insurer: down":                 "1:8: " + colon + `write title: "Insurer: down"`,
		in3("patient:\n  last_name: Mc: Gee"):  "4:14: " + colon,
		in3("answers:\n- No response: at all"): `4:3: unknown key "No response"; ` + colon,
		in3("patient: {last_name: *}"):         "3:23: " + star + `write "*"`,
		in3("patient: {last_name: *70}"):       "3:22: " + star + `write "*70"; tags, anchors`,
		in3("patient:\n  last_name: *"):        "4:14: " + star,
		in3("patient: {without: [*]}"):         "3:22: " + star,
		"title: &x":                            "1:8: a text that begins with & needs quotation marks",
		"title: !now\nexpect: Success\n": "1:8: a text that begins with ! needs quotation marks; " +
			`write "!now"`,
		"title: @home":                  "1:8: a text that begins with @ needs quotation marks",
		"title: `x`":                    "1:8: a text that begins with ` needs quotation marks",
		"title: %x":                     "1:8: a text that begins with % needs quotation marks",
		"title: | x\nexpect: Success\n": "1:8: a text that begins with | needs quotation marks",
		"title: - x":                    "1:8: a list begins on a line of its own",
		"title: [x] y":                  "1:12: more text follows behind the end of a value",
		"title: 'it's'":                 "1:12: more text follows behind the end of a value",
		"title: \"x":                    "1:8: a quotation mark is not closed",
		"title: #1\n":                   "1:8: title has no value; write one; a text that begins with # needs",
		"title: x\nwhen: {nth: 1\nanswer: Success\n": "3:1: a { or a [ is not closed before this",
		in3("patient: {last_name: Gee, Pat}"):        "3:28: Pat has no value; write one; a text with a comma needs",
		"title: x\nwhen: nth: 1\n":                   "2:7: keys and values on one line need braces; write when: {nth: 1}",
		"title: x\n  when: {nth: 1}\n":               "1:8: the line below this one begins too far to the right",
		"title:x\nwhen: {nth: 1}\n":                  "1:1: this line has no key; write key: value",
		"title: x\n\twhen: {nth: 1}\n":               "2:1: a tab stands where YAML wants spaces",
		"title: x\ntitle: y\n":                       "2:1: the key stands twice; remove one of the two",
	} {
		_, err := scenarios.Load("f.yaml", []byte(text))
		if err == nil || !strings.Contains("\n"+err.Error(), "\nf.yaml:"+want) { // among others that are known
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// A fault in the text or in YAML hides no other one that can be known.
func TestEachProblemOfAFileIsFound(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"title: A\ntitle: B\nwhen: {subscriber_num: “7”, nht: 2}\nanswer: Succes\nwenn:\n": {
			"2:1: the key stands twice", "3:24: typographic", "3:29: unknown key \"nht\"", "4:9: \"Succes\"",
			"5:7: wenn has no value",
		},
		"title: A\nwhen: {nth: 1, nth: 2, card: !x first}\nanswer: ‘75’\nlabels: [“a”,\u00a0‘b’]\nvisit: dne\n": {
			"2:16: the key stands twice", "2:30: a text that begins with !", "3:9: typographic", "4:10: typographic",
			"4:14: a no-break space", "4:15: typographic", "5:8: outcome must be",
		},
		"title: A\nwhen: {name: x, payer: y, carrier: z}\nsubscriber_num: 7\nmember_id: 7\nanswer: Success\n": {
			"2:8: unknown key \"name\"; did you mean first_name, last_name or guarantor_name?",
			"2:17: unknown key \"payer\"; did you mean carrier_code?",
			"2:27: unknown key \"carrier\"; did you mean carrier_code?",
			"3:1: unknown key \"subscriber_num\"; did you mean when: {subscriber_num: …}?",
			"4:1: unknown key \"member_id\"; did you mean when: {subscriber_num: …}?",
		},
	} {
		_, err := scenarios.Load("f.yaml", []byte(text))
		var got []string
		for line := range strings.SplitSeq(fmt.Sprint(err), "\n") {
			if rest, ok := strings.CutPrefix(line, "f.yaml:"); ok {
				got = append(got, rest)
			}
		}
		if !slices.EqualFunc(want, got, func(want, got string) bool { return strings.HasPrefix(got, want) }) {
			t.Errorf("%s (-want +got):\n%s", text, cmp.Diff(want, got))
		}
	}
}

// Nothing is near in meaning to these words, only in letters.
func TestAnUnknownWordGetsTheKeysAndNoGuess(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"height", "state", "plan", "city", "day"} {
		for _, text := range []string{
			"title: T\nwhen: {" + word + ": 5}\nanswer: Success\n", in3("patient: {" + word + ": 5}"), in3(word + ": 5"),
		} {
			_, err := scenarios.Load("f.yaml", []byte(text))
			if err != nil && (strings.Contains(err.Error(), "did you mean") ||
				!strings.Contains(err.Error(), "the keys here are ")) {
				t.Errorf("%q: %v", text, err)
			}
		}
	}
}
