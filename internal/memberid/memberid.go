// Package memberid compares member, subscriber and group numbers as people type them.
package memberid

import (
	"strings"
	"unicode"
)

// Normal returns a number in the form in which two of them are compared: without spaces, hyphens and dashes, and in
// capitals. A text of nothing else stays as it is, so that it is never taken for a number that is missing. The result is
// for comparison alone: what was sent is stored and returned.
func Normal(number string) string {
	normal := strings.Map(func(r rune) rune {
		if separates(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, number)
	if normal == "" {
		return number
	}
	return normal
}

// minus is the mathematical sign, which some keyboards and programs write for a hyphen.
const minus = '\u2212'

// separates reports whether a character only separates others: a space, a hyphen or a dash, and what has no width at
// all, such as the zero-width space that comes along when a number is copied from a page.
func separates(r rune) bool {
	if r < unicode.MaxASCII { // nearly always, and a clinic may have ten thousand patterns to compare
		return r == '-' || unicode.IsSpace(r)
	}
	return unicode.IsSpace(r) || unicode.In(r, unicode.Zs, unicode.Pd, unicode.Cf) || r == minus
}
