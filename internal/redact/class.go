package redact

import (
	"regexp"
	"slices"
)

// classes are what a value can look like; the first that fits counts.
var classes = []struct {
	name string
	form *regexp.Regexp
}{
	{"digits", regexp.MustCompile(`^[0-9]+$`)},
	{"date", regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)},
	{"time", regexp.MustCompile(`^([0-9]{4}-[0-9]{2}-[0-9]{2}[T ])?[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?$`)},
	{"uuid", regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)},
	{"hex", regexp.MustCompile(`^[0-9a-fA-F]{8,}$`)},
	{"email", regexp.MustCompile(`^[^\s@]+@[^\s@]+\.[^\s@]+$`)},
	{"letters", regexp.MustCompile(`^\p{L}+$`)},
	{"word", regexp.MustCompile(`^[\p{L}\p{N}_-]+$`)},
}

// class returns what a value looks like.
func class(value string) string {
	for _, c := range classes {
		if c.form.MatchString(value) {
			return c.name
		}
	}
	return "text"
}

// notNames are what names of fields do not look like, though their characters are those of names: numbers of members
// and cards, and tokens.
var notNames = []*regexp.Regexp{
	regexp.MustCompile(`[0-9]{3}`),
	regexp.MustCompile(`^[0-9a-f-]{8,}$`),
	regexp.MustCompile(`([0-9].*){5}`),
}

// aName is what the name of a field looks like. One that begins with a capital is as likely a person's.
var aName = regexp.MustCompile(`^[a-z_][A-Za-z0-9_.-]{0,63}$`)

func looksLikeAName(name string) bool {
	return aName.MatchString(name) && !slices.ContainsFunc(notNames, func(r *regexp.Regexp) bool { return r.MatchString(name) })
}
