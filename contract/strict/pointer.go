package strict

import (
	"regexp"
	"strings"
)

// pointer is a place in JSON.
type pointer []string

func (p pointer) and(name string) pointer { return append(p[:len(p):len(p)], name) }

// String returns the JSON pointer, "" for the whole.
func (p pointer) String() string {
	var b strings.Builder
	for _, part := range p {
		b.WriteByte('/')
		if !number.MatchString(part) {
			part = Name(part)
		}
		b.WriteString(Escape(part))
	}
	return b.String()
}

// Escape returns a name in the escaped form of a JSON pointer.
func Escape(name string) string { return escapes.Replace(name) }

var (
	escapes  = strings.NewReplacer("~", "~0", "/", "~1")
	number   = regexp.MustCompile(`^[0-9]{1,5}$`) // the place of an item in an array
	aName    = regexp.MustCompile(`^[a-z_][A-Za-z0-9_.-]{0,63}$`)
	noName   = regexp.MustCompile(`[0-9]{3}|([0-9].*){5}|^[0-9a-f-]{8,}$`)
	wildcard = "*"
)

// Name returns the name of a field, or * for a text that does not look like a field name: it may be a value.
func Name(name string) string {
	if aName.MatchString(name) && !noName.MatchString(name) {
		return name
	}
	return wildcard
}
