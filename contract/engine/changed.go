package engine

import (
	"encoding/json"
	"html"
	"reflect"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/strict"
)

// changed returns how a value differs from the wanted one, without the value: one of the words of package result, or
// the JSON type of a value of another type.
func changed(want, got any) string {
	was, isText := want.(string)
	text, stillText := got.(string)
	switch {
	case got == nil:
		return result.Absent
	case want != nil && strict.TypeOf(want) != strict.TypeOf(got):
		return strict.TypeOf(got)
	case !isText || !stillText:
		return result.ChangedOther
	case strings.EqualFold(was, text):
		return result.ChangedCase
	case strings.TrimSpace(was) == strings.TrimSpace(text):
		return result.ChangedTrim
	case html.UnescapeString(text) == was, text == strings.ReplaceAll(was, "'", `\'`):
		return result.ChangedEscape
	case latin1(text) == was, onlyASCII(text) == onlyASCII(was) && onlyASCII(was) != was:
		return result.ChangedCharset
	}
	return result.ChangedOther
}

// latin1 undoes the reading of UTF-8 as Latin-1. It returns "" for a text with other characters.
func latin1(text string) string {
	var b []byte
	for _, r := range text {
		if r > 0xff {
			return ""
		}
		b = append(b, byte(r)) //nolint:gosec // it is at most 0xff
	}
	return string(b)
}

// onlyASCII returns the ASCII characters of a text, without the question marks in place of others.
func onlyASCII(text string) string {
	return strings.Map(func(r rune) rune {
		if r > 0x7f || r == '?' {
			return -1
		}
		return r
	}, text)
}

// plain returns a value as encoding/json decodes it, so that 1 and 1.0 are equal.
func plain(value any) any {
	text, err := json.Marshal(value)
	var decoded any
	if err != nil || json.Unmarshal(text, &decoded) != nil {
		return value
	}
	return decoded
}

// equal reports whether two values are the same JSON; null is the same as no value.
func equal(want, got any) bool { return reflect.DeepEqual(plain(want), plain(got)) }

// same reports whether a value equals one of the wanted ones.
func among(wanted []any, got any) bool {
	for _, want := range wanted {
		if equal(want, got) {
			return true
		}
	}
	return false
}
