package scenarios

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// textProblem returns the problem of a text in the wrong encoding, or with characters that look like others: YAML takes
// them as a part of a word. It is nil for none.
func (s source) textProblem() *Problem {
	if d := s.data; bytes.HasPrefix(d, []byte("\xff\xfe")) || bytes.HasPrefix(d, []byte("\xfe\xff")) ||
		len(d) > 1 && (d[0] == 0) != (d[1] == 0) {
		return &Problem{File: s.name, Line: 1, Column: 1, Rule: "the file is UTF-16",
			Hint: "save it as UTF-8; Windows PowerShell writes UTF-16 by > unless it is told -Encoding utf8"}
	}
	number, inTitle := 0, false
	for line := range strings.SplitSeq(string(s.data), "\n") {
		number++
		free := 0 // the place behind which a title may hold spaces and quotation marks of any kind
		switch {
		case strings.HasPrefix(line, "title:"):
			inTitle, free = true, len("title: ")
		case !strings.HasPrefix(line, " "):
			inTitle = false
		}
		if i, rule, hint := oddity(line, inTitle, free); rule != "" {
			p := &Problem{File: s.name, Line: number, Column: utf8.RuneCountInString(line[:i]) + 1, Rule: rule, Hint: hint}
			p.Excerpt = excerpt(s.data, p.Line, p.Column)
			return p
		}
	}
	return nil
}

// CheckTyped returns why a value that was typed at a shell or a terminal cannot be meant as it is: it has one of the
// characters for which a file is refused.
func CheckTyped(value string) error {
	if _, rule, hint := oddity(value, false, 0); rule != "" {
		return fmt.Errorf("%s; %s", rule, hint)
	}
	return nil
}

// The characters that look like quotation marks and dashes of YAML.
const (
	doubleQuotes = "“”„«»"
	singleQuotes = "‘’‚"
	bullets      = "–—•"
)

// oddity returns the place and the rule of the first character in a line that looks like another one; no rule for none.
// A comment has none. In a title, those behind the place free are left alone, unless they quote all of the line.
func oddity(line string, inTitle bool, free int) (at int, rule, hint string) {
	if isMergeMark(line) {
		return 0, "the marks of a merge stand in the file", "keep one of the two versions"
	}
	var quote, before rune // the quotation mark around the character, and the last one before it that is no space
	begins := true         // a value
	for i, r := range line {
		switch {
		case quote == 0 && r == '#' && (i == 0 || isBlank(line[i-1])):
			return 0, "", ""
		case quote == 0 && begins && (r == '"' || r == '\''):
			quote = r
		case r == quote:
			quote = 0
		}
		if rule, hint := oddRune(line[i:], r, inTitle && i >= free); rule != "" {
			return i, rule, hint
		}
		if quote == 0 && begins && (!inTitle || i == free) && isQuoted(line[i:], r, inTitle) {
			return i, fmt.Sprintf("typographic quotation marks (%c) are a part of the text for YAML", r), `write "…"`
		}
		if before == 0 && strings.ContainsRune(bullets, r) && strings.HasPrefix(line[i+utf8.RuneLen(r):], " ") {
			return i, fmt.Sprintf("a list item begins with -, and not with %c", r), "write - and a space"
		}
		if !unicode.IsSpace(r) {
			before = r
		}
		begins = strings.ContainsRune("[{,", before) || unicode.IsSpace(r) && strings.ContainsRune("\x00:-", before)
	}
	return 0, "", ""
}

func isBlank(b byte) bool { return b == ' ' || b == '\t' }

func isMergeMark(line string) bool {
	return strings.HasPrefix(line, "<<<<<<< ") || strings.HasPrefix(line, ">>>>>>> ") ||
		strings.TrimRight(line, "\r") == "======="
}

// oddRune names an invisible character, a space of another kind, or a byte outside UTF-8. With isFree, all spaces are
// allowed.
func oddRune(rest string, r rune, isFree bool) (rule, hint string) {
	if ' ' <= r && r <= '~' { // the common case, without the text of the code
		return "", ""
	}
	code := fmt.Sprintf("(U+%04X)", r)
	switch {
	case r == utf8.RuneError && !strings.HasPrefix(rest, "\ufffd"):
		return "the file is not UTF-8: here stands a character of Latin-1, Windows-1252 or another old encoding",
			"save it as UTF-8"
	case r == '\r' && len(rest) > 1:
		return "a line ends in CR alone, as on very old Macs", "save the file with the line ends LF or CRLF"
	case r < ' ' && r != '\t' && r != '\r' || r == '\x7f':
		return "a control character stands here " + code, "delete it"
	case isFree:
	case strings.ContainsRune("\u00a0\u202f\u2007", r):
		return "a no-break space stands here " + code, "write an ordinary space"
	case strings.ContainsRune("\u200b\u2060\ufeff", r):
		return "an invisible character stands here " + code, "delete it"
	case r != ' ' && unicode.Is(unicode.Zs, r):
		return "a space of another width stands here " + code, "write an ordinary space"
	}
	return "", ""
}

// isQuoted reports whether a value begins with a typographic quotation mark that is meant to quote it. A single one may
// be an apostrophe, and a title may quote its first words: the value has to end with one then.
func isQuoted(value string, first rune, inTitle bool) bool {
	double := strings.ContainsRune(doubleQuotes, first)
	if !double && !strings.ContainsRune(singleQuotes, first) {
		return false
	}
	if double && !inTitle {
		return true
	}
	if end := strings.IndexAny(value, ",]}"); end >= 0 && !inTitle {
		value = value[:end]
	}
	last, size := utf8.DecodeLastRuneInString(strings.TrimSpace(value))
	return size < len(strings.TrimSpace(value)) && strings.ContainsRune(doubleQuotes+singleQuotes, last)
}
