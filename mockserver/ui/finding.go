package ui

import (
	"strings"

	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// findings are the tones of the kinds of findings, and their names in words.
var findings = map[string]struct{ tone, words string }{
	"refusal":   {bad, "The request was refused"},
	"warning":   {warning, "A probable mistake in the request"},
	"violation": {bad, "The mock’s own reply was wrong"},
}

// placed is a place in the document with the address of its description.
type placed struct {
	controlapi.DocumentPlace
	Address string
}

// place returns a place in the document with its address, below that of the clinic's views.
func place(base string, p controlapi.DocumentPlace) placed {
	return placed{p, base + "/reference/" + p.Name + "#" + anchor(p.Part, p.Field)}
}

// anchor returns the name of a part of the document, or of a field in it, within the page of its operation or event.
func anchor(part, field string) string {
	return strings.TrimSuffix(strings.ReplaceAll(part, " ", "-")+"."+field, ".")
}
