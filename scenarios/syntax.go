package scenarios

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/vsee-mock/vsee-mock/internal/jsonscan"
)

var (
	// keyAndValue is a line with a key and its value, which may be an item of a list.
	keyAndValue = regexp.MustCompile(`^\s*(?:- +)*([A-Za-z_]+):\s+(.*)$`)
	// indicator is a value that begins with a character of YAML's own, behind a key, in a list or in braces.
	indicator = regexp.MustCompile(`(?:[\[{,]\s*|[:-]\s+)([*&!@%` + "`" + `][^,\]}]*|[|>]\s+\S.*)`)
	// keyInValue is a value that begins as keys and values do.
	keyInValue = regexp.MustCompile(`^[a-z_]+: `)
)

// brokenYAML words an error of the YAML library at a token. The library's own words are for people who know how YAML is
// parsed; the line at the token mostly shows the cause.
func (s source) brokenYAML(t *token.Token, message string) *Problem {
	line, next := "", ""
	if t != nil {
		line, next = s.lineAt(t.Position.Line), s.lineAt(t.Position.Line+1)
	}
	rule, hint := syntaxRule(message, line, next)
	return s.problemAtToken(t, rule, hint)
}

// lineAt returns a line, counted from 1; "" behind the last one.
func (s source) lineAt(number int) string {
	for line := range strings.SplitSeq(string(s.data), "\n") {
		if number--; number == 0 {
			return line
		}
	}
	return ""
}

func syntaxRule(message, line, next string) (rule, hint string) {
	var key, value string
	if found := keyAndValue.FindStringSubmatch(line); found != nil {
		key, value = found[1], strings.TrimSpace(found[2])
	}
	says := func(part string) bool { return strings.Contains(message, part) }
	switch first := indicator.FindStringSubmatch(line); {
	case says("'\t'"):
		return "a tab stands where YAML wants spaces", "YAML is indented with spaces"
	case says("already defined"):
		return "the key stands twice", "remove one of the two"
	case first != nil:
		return quotesNeeded(first[1])
	case says("mapping value") && keyInValue.MatchString(value):
		return "keys and values on one line need braces", fmt.Sprintf("write %s: {%s}", key, value)
	case says("mapping value") && strings.Contains(value+" ", ": "):
		return `a text with ": " in it needs quotation marks`, fmt.Sprintf("write %s: %s", key, jsonscan.Quote(value))
	case says("mapping value") && indentOf(next) > indentOf(line):
		return "the line below this one begins too far to the right", "begin both in the same column"
	case says("value is not allowed"):
		return "more text follows behind the end of a value", "put all of the text in quotation marks, or close an earlier " +
			"quotation mark, [ or {"
	case says("must be specified"):
		return "a { or a [ is not closed before this", "write the missing } or ]"
	case says("quoted text"):
		return "a quotation mark is not closed", "close the quotation marks"
	case says("non-map value"), says("unexpected key name"):
		return "this line has no key", "write key: value, with a space behind the colon"
	case says("block sequence entries"):
		return "a list begins on a line of its own", "write [a, b], or quotation marks around a text that begins with -"
	}
	return "YAML cannot be read from here on", "check the indentation, the brackets and the quotation marks"
}

func quotesNeeded(text string) (rule, hint string) {
	text = strings.TrimSpace(text)
	return "a text that begins with " + text[:1] + " needs quotation marks", "write " + jsonscan.Quote(text)
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// noValue is the problem of a node that is not a value: a key without one, or YAML's own machinery.
func (s source) noValue(odd ast.Node) *Problem {
	t := odd.GetToken()
	line := s.lineAt(t.Position.Line)
	hint, key := "write one, or remove the key", lastKey(odd.GetPath())
	switch {
	case odd.Type() == ast.MergeKeyType:
		return s.problemAtToken(t, "<< has no place in a scenario", "write the values themselves")
	case odd.Type() != ast.NullType:
		text := t.Value
		if first := indicator.FindStringSubmatch(line); first != nil {
			text = first[1]
		}
		rule, hint := quotesNeeded(text)
		return s.problemAtToken(t, rule, hint+"; tags, anchors and aliases have no place in a scenario")
	case strings.Contains(line, ": #"):
		hint = "write one; a text that begins with # needs quotation marks"
	case strings.ContainsAny(line, "{[") && strings.Contains(line, ","):
		hint = "write one; a text with a comma needs quotation marks in braces and brackets"
		before, behind := line[:min(t.Position.Column, len(line))], line[min(t.Position.Column, len(line)):]
		behind, _, _ = strings.Cut(behind+"}", "}")
		behind, _, _ = strings.Cut(behind, ",")
		key = strings.TrimSpace(before[strings.LastIndexAny(before, ",[{")+1:] + behind)
	}
	return s.problemAtToken(t, key+" has no value", hint)
}
