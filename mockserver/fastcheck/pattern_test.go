package fastcheck_test

import (
	"regexp"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/mockserver/fastcheck"
)

// A table and regexp agree about every text, whether the pattern is of the document or not.
func FuzzPattern(f *testing.F) {
	for _, pattern := range []string{
		`^[0-9]+$`, `^[^,/? \t]{1,128}$`, `^[^/\\\x00-\x1f\x7f]*$`, `^(start|created|id)\.(asc|desc)$`, `b`, `^a`, `^(a*)*$`,
		`^(?i)straße$`, `^.$`, `^\b$`, `^(|a$)+$`, `^$`, `(?m)^a$`, `^a$|^b$`, `^(a|ab)(c|bcd)$`, `^((a$)b?)$`,
		`^k[^k]*$`, `(`,
	} {
		for _, text := range []string{
			"", "a", "12", "start.asc", "abcd", "STRASSE", "ſtraße", "\n", "k\u212a", "\xff", "a\n",
		} {
			f.Add(pattern, text)
		}
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(pattern) > 64 {
			return // a repeated repetition is compiled for seconds
		}
		schema := openapi3.NewStringSchema()
		schema.Pattern = pattern
		expression, err := regexp.Compile(pattern)
		want := err == nil && expression.MatchString(text)
		if got := new(fastcheck.Compiler).Compile(schema).Text(text); got != want && pattern != "" {
			t.Errorf("%q matches %q: %t, want %t", pattern, text, got, want)
		}
	})
}
