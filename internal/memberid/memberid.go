// Package memberid compares member, subscriber and group numbers in the various ways people type them.
package memberid

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Normal returns a number in the form used for comparison: without spaces, hyphens and dashes, and in capitals. A text
// of nothing but separators stays as it is, so that it never counts as a missing number. The result is for comparison
// alone: the number is stored and returned as sent.
func Normal(number string) string {
	if isNormal(number) {
		return number
	}
	normal := strings.Map(func(r rune) rune {
		switch {
		case r > ' ' && r < utf8.RuneSelf && r != '-': // the common case
			if 'a' <= r && r <= 'z' {
				r -= 'a' - 'A'
			}
			return r
		case separates(r):
			return -1
		}
		return unicode.ToUpper(r)
	}, number)
	if normal == "" {
		return number
	}
	return normal
}

// isNormal reports whether every character of a number is one that Normal leaves as it is. False may be wrong. It is
// the common case, and a clinic may compare ten thousand numbers.
func isNormal(number string) bool {
	for i := range len(number) {
		if c := number[i]; c <= ' ' || c == '-' || c >= 'a' {
			return false
		}
	}
	return true
}

// minus is the mathematical sign: some keyboards and programs write it for a hyphen.
const minus = '\u2212'

// separates reports whether a character only separates others: a space, a hyphen or a dash, or a character without
// width, such as the zero-width space often copied from a page along with a number.
func separates(r rune) bool {
	return r == '-' || unicode.IsSpace(r) || unicode.In(r, unicode.Zs, unicode.Pd, unicode.Cf) || r == minus
}
