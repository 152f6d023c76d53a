package api

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// unknownFields returns how names that an operation does not declare are treated: as the clinic says, or the server for a
// request that is about no clinic.
func (a *API) unknownFields(ctx context.Context, c *clinic.Clinic) (clinic.UnknownFields, error) {
	if c == nil {
		return a.UnknownFields, nil
	}
	settings, err := c.Settings(ctx)
	return settings.UnknownFields, err
}

// judge parts unknown names into those that are refused and those that are ignored.
func judge(mode clinic.UnknownFields, unknown []*document.Unknown) (refused document.Violations, ignored []*document.Unknown) {
	for _, u := range unknown {
		if !u.Open && (mode == clinic.RefuseUnknown || mode == clinic.RefuseTypos && u.Typo) {
			refused = append(refused, u.Refused)
		} else {
			ignored = append(ignored, u)
		}
	}
	return refused, ignored
}

// ignoredWarning says which names were ignored, and why. They are percent-encoded and cut: in a form that is encoded
// wrongly, values stand where names belong. One that may hold a credential is withheld. The text is ASCII, as a header
// must be.
func ignoredWarning(what string, mode clinic.UnknownFields, ignored []*document.Unknown, withheld func(name string) bool) string {
	names, size := make([]string, 0, maxTold), 0
	for _, u := range ignored[:min(len(ignored), maxTold)] {
		name := encodedName(u.Name)
		if withheld(u.Name) {
			name = "(a name that may hold a credential)"
		}
		if u.Near != "" {
			name += " (did you mean " + encodedName(u.Near) + "?)"
		}
		if size += len(name) + len(", "); size > maxList {
			break
		}
		names = append(names, name)
	}
	list := strings.Join(names, ", ")
	if more := len(ignored) - len(names); more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Sprintf("unknown %s were ignored (unknown_fields: %s): %s", what, mode, list)
}

// maxList is how many bytes the names of a warning have: 20 names, but not with as many guesses at what was meant. A reply
// has up to two such warnings in its header, and some proxies refuse a header of more than 4 KiB.
const maxList = 1400

// maxEncoded is how many characters of a name, percent-encoded, a warning has.
const maxEncoded = 64

// encodedName returns a name percent-encoded, all but letters, digits and -._~, and cut between two characters of the
// name. An empty one is two quotation marks.
func encodedName(name string) string {
	if name == "" {
		return `""`
	}
	var b strings.Builder
	for len(name) > 0 {
		_, size := utf8.DecodeRuneInString(name)
		part := strings.ReplaceAll(url.QueryEscape(name[:size]), "+", "%20")
		if b.Len()+len(part) > maxEncoded {
			break
		}
		b.WriteString(part)
		name = name[size:]
	}
	return b.String()
}
