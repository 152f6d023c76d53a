// Package printable shows text from elsewhere safely. Characters able to move a terminal's cursor, colour it, reorder
// the text or hide parts of it are shown as an escape, such as \u001b.
package printable

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line returns a text on one line: line ends and tabs are shown as \n, \r and \t, and the characters escaped by Lines
// are escaped too.
func Line(text string) string {
	return escape(text, func(rune) bool { return false })
}

// Lines keeps the line feeds and tabs of a text. It escapes control characters (C0, DEL and C1), marks for the
// direction of writing, other line ends (U+2028, U+2029), code points without a character, and invalid UTF-8. Valid
// JSON in UTF-8 stays the same JSON.
func Lines(text string) string {
	return escape(text, staysInLines)
}

func staysInLines(r rune) bool { return r == '\n' || r == '\t' }

func escape(text string, stays func(rune) bool) string {
	i := 0
	for i < len(text) && isPlain(rune(text[i]), stays) {
		i++
	}
	if i == len(text) { // the common case
		return text
	}
	var b strings.Builder
	b.WriteString(text[:i])
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case stays(r) || !hidden(r):
			b.WriteString(text[i : i+size])
		default:
			b.WriteString(escaped(r))
		}
		i += size
	}
	return b.String()
}

// isPlain reports whether a character of ASCII is shown as it is; others need a closer look.
func isPlain(r rune, stays func(rune) bool) bool {
	return ' ' <= r && r <= '~' || r < utf8.RuneSelf && stays(r)
}

// hidden reports whether a character is invisible, or changes the look of others.
func hidden(r rune) bool {
	return unicode.IsControl(r) || r > unicode.MaxLatin1 && (r == '\u2028' || r == '\u2029' ||
		unicode.In(r, unicode.Bidi_Control, unicode.Noncharacter_Code_Point))
}

// escaped returns the escape of a character, in the form of JSON.
func escaped(r rune) string {
	switch r {
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	}
	if r <= 0xffff {
		return fmt.Sprintf(`\u%04x`, r)
	}
	high, low := (r-0x10000)>>10, (r-0x10000)&0x3ff
	return fmt.Sprintf(`\u%04x\u%04x`, 0xd800+high, 0xdc00+low)
}
