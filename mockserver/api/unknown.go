package api

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// unknownFields returns the treatment of names an operation does not declare: the clinic's setting, or the server's
// for a request without a clinic.
func (a *API) unknownFields(c *call) clinic.UnknownFields {
	if c.settings == nil {
		return a.UnknownFields
	}
	return c.settings.UnknownFields
}

// splitUnknown splits unknown names into refused and ignored ones.
func splitUnknown(
	mode clinic.UnknownFields, unknown []*document.Unknown,
) (refused document.Violations, ignored []*document.Unknown) {
	for _, u := range unknown {
		if !u.Open && (mode == clinic.RefuseUnknown || mode == clinic.RefuseTypos && u.Typo) {
			refused = append(refused, u.Refused)
		} else {
			ignored = append(ignored, u)
		}
	}
	return refused, ignored
}

// ignoredWarning names the ignored fields and the reason. The names are percent-encoded and cut: in a badly encoded
// form, values stand where names belong. A possible credential is withheld. The text is ASCII, as a header must be.
func ignoredWarning(
	kind string, mode clinic.UnknownFields, ignored []*document.Unknown, withheld func(name string) bool,
) string {
	names, size := make([]string, 0, maxListed), 0
	for _, u := range ignored[:min(len(ignored), maxListed)] {
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
	return fmt.Sprintf("unknown %s were ignored (unknown_fields: %s): %s", kind, mode, list)
}

// maxList is the limit in bytes for the names of a warning: 20 names, but not with as many guesses. A reply has up to
// two such warnings in its header, and some proxies refuse a header of more than 4 KiB.
const maxList = 1400

// maxEncoded is the limit in characters for a percent-encoded name in a warning.
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
