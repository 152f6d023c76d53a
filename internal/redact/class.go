package redact

import (
	"regexp"
	"slices"
)

// classes are the known looks of a value, in order of precedence: the first match counts.
var classes = []struct {
	name string
	form *regexp.Regexp
}{
	{"digits", regexp.MustCompile(`^[0-9]+$`)},
	{"date", regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)},
	{"time", regexp.MustCompile(`^([0-9]{4}-[0-9]{2}-[0-9]{2}[T ` +
		`])?[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?$`)},
	{"uuid", regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)},
	{"hex", regexp.MustCompile(`^[0-9a-fA-F]{8,}$`)},
	{"email", regexp.MustCompile(`^[^\s@]+@[^\s@]+\.[^\s@]+$`)},
	{"letters", regexp.MustCompile(`^\p{L}+$`)},
	{"word", regexp.MustCompile(`^[\p{L}\p{N}_-]+$`)},
}

// maxClassed is the length of the longest value with a class of its own, in bytes. A longer one is no id, date or name,
// and matching it would take longer than sending it.
const maxClassed = 1024

// classOf returns the class of a value by its look.
func classOf(value string) string {
	if len(value) > maxClassed {
		return "text"
	}
	for _, c := range classes {
		if c.form.MatchString(value) {
			return c.name
		}
	}
	return "text"
}

// riskyNames match texts made of the characters of a field name, but too risky to keep: member and card numbers, and
// tokens.
var riskyNames = []*regexp.Regexp{
	regexp.MustCompile(`[0-9]{3}`),
	regexp.MustCompile(`^[0-9a-f-]{8,}$`),
	regexp.MustCompile(`([0-9].*){5}`),
}

// fieldName matches the usual form of a field name. A name beginning with a capital is excluded: it is as likely a
// person's.
var fieldName = regexp.MustCompile(`^[a-z_][A-Za-z0-9_.-]{0,63}$`)

func looksLikeName(name string) bool {
	return fieldName.MatchString(name) && !slices.ContainsFunc(riskyNames,
		func(r *regexp.Regexp) bool { return r.MatchString(name) })
}
