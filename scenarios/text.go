package scenarios

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mend returns the text with the characters in the place of those that only look like them, which YAML takes as a part
// of a word, and a problem for each. The places of all others stay. The text is nil for one in the wrong encoding, and
// for one that cannot be mended.
func (s source) mend() ([]byte, []error) {
	if d := s.data; bytes.HasPrefix(d, []byte("\xff\xfe")) || bytes.HasPrefix(d, []byte("\xfe\xff")) ||
		len(d) > 1 && (d[0] == 0) != (d[1] == 0) {
		return nil, []error{&Problem{File: s.name, Line: 1, Column: 1, Rule: "the file is UTF-16",
			Hint: "save it as UTF-8; Windows PowerShell writes UTF-16 by > unless it is told -Encoding utf8"}}
	}
	var wrong []error
	lines, inTitle := strings.Split(string(s.data), "\n"), false
	for number, line := range lines {
		free := 0 // the place behind which a title may hold spaces and quotation marks of any kind
		switch {
		case strings.HasPrefix(line, "title:"):
			inTitle, free = true, len("title: ")
		case !strings.HasPrefix(line, " "):
			inTitle = false
		}
		for i, rule, hint := oddity(line, inTitle, free); rule != ""; i, rule, hint = oddity(line, inTitle, free) {
			p := &Problem{File: s.name, Line: number + 1, Column: utf8.RuneCountInString(line[:i]) + 1, Rule: rule, Hint: hint}
			p.Excerpt = excerpt(s.data, p.Line, p.Column)
			wrong = append(wrong, p)
			mended, ok := mendAt(line, i)
			if !ok || len(wrong) == maxDropped {
				return nil, wrong
			}
			lines[number], line = mended, mended
		}
	}
	return []byte(strings.Join(lines, "\n")), wrong
}

// mendAt puts the meant character in the place of one that looks like it, rune for rune. A quotation mark that opens a
// text is mended with the one that closes it. False means that nothing stands for it.
func mendAt(line string, i int) (string, bool) {
	odd, size := utf8.DecodeRuneInString(line[i:])
	before, behind := line[:i], line[i+size:]
	switch {
	case strings.ContainsRune(bullets, odd):
		return before + "-" + behind, true
	case unicode.Is(unicode.Zs, odd):
		return before + " " + behind, true
	case strings.ContainsRune(doubleQuotes+singleQuotes, odd):
		if end := strings.IndexAny(behind, doubleQuotes+singleQuotes); end >= 0 {
			_, size := utf8.DecodeRuneInString(behind[end:])
			behind = behind[:end] + `"` + behind[end+size:]
		}
		return before + `"` + behind, true
	}
	return "", false
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
