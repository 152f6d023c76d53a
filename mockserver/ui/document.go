package ui

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// evidenceTable is the evidence of the document. To make it takes some tens of milliseconds.
var evidenceTable = sync.OnceValue(func() []apispec.Known { return embedded.Spec().EvidenceTable() })

// knownOf returns the evidence of an operation or an event.
func knownOf(name string) apispec.Known {
	table := evidenceTable()
	at := slices.IndexFunc(table, func(k apispec.Known) bool {
		return k.Name == name && (k.Kind == "operation" || k.Kind == "event")
	})
	return table[max(at, 0)]
}

// field is a parameter, or a field of a body, as a table shows it.
type field struct {
	apispec.Evidence        // without a grade when the fields below have several
	Above, Name      string // the place of the object around it, and its own name
	Type             string
	Required         bool
	About            string // the description, and the rule
	Values           []string
	Anchor           string // its place in the part, for links to it; empty for none
}

// parametersOf returns the parameters of an operation or an event.
func parametersOf(op *openapi3.Operation, known apispec.Known) []field {
	var fields []field
	for _, p := range op.Parameters {
		f := describe(p.Value.Schema.Value)
		f.Anchor = anchor(p.Value.In, p.Value.Name)
		f.Name, f.Required, f.Evidence = p.Value.Name, p.Value.Required, known.GradeOf(p.Value.In, p.Value.Name)
		f.About, f.Type = joined(p.Value.Description, f.About), p.Value.In+", "+f.Type
		fields = append(fields, f)
	}
	return fields
}

// fieldsOf returns the fields of a body, a part of a known operation or event.
func fieldsOf(schema *openapi3.Schema, known apispec.Known, part string) []field {
	var fields []field
	names := map[string]bool{}
	for _, f := range apispec.FieldsOf(schema) {
		if f.Path[len(f.Path)-1] == "0" {
			continue // the list itself has a row
		}
		described := describe(f.Schemas...)
		described.Required = f.Required
		place := strings.ReplaceAll(strings.Join(f.Path, "."), ".0", "[]")
		cut := strings.LastIndex(place, ".") + 1
		described.Above, described.Name, described.Evidence = place[:cut], place[cut:], known.GradeOf(part, place)
		described.Anchor = anchor(part, place)
		fields = append(fields, described)
		names[place] = true
	}
	for _, f := range known.Fields { // a file is no field of a JSON body
		if base := strings.TrimSuffix(f.Name, "[]"); f.Part == part && part == "request" && !names[base] &&
			!strings.Contains(f.Name, ".") {
			fields = append(fields, field{Evidence: f.Evidence, Name: f.Name, Type: "file"})
		}
	}
	return fields
}

// describe returns the type, the values and the description of a value with these schemas.
func describe(schemas ...*openapi3.Schema) field {
	var f field
	for _, s := range schemas {
		f.About = joined(f.About, s.Description)
		if len(s.Enum) == 0 {
			f.About = joined(f.About, apispec.Text(s.Extensions, "x-rule"))
		}
		for _, value := range s.Enum {
			f.Values = append(f.Values, fmt.Sprint(value))
		}
		if f.Type == "" {
			f.Type = typeOf(s)
		}
	}
	return f
}

func typeOf(s *openapi3.Schema) string {
	text := strings.Join(s.Type.Slice(), " or ")
	if s.Items != nil {
		text = "array of " + typeOf(s.Items.Value)
	}
	if s.Format != "" {
		text += ", " + s.Format
	}
	if s.Nullable {
		text += " or null"
	}
	return text
}

// joined joins two sentences of which either may be empty.
func joined(first, second string) string {
	first, second = strings.TrimSpace(first), strings.TrimSpace(second)
	if first != "" && second != "" {
		first = strings.TrimSuffix(first, ".") + ". "
		second = strings.ToUpper(second[:1]) + second[1:]
	}
	return first + second
}

// block is a paragraph or a table of a description.
type block struct {
	Pieces []piece
	Rows   [][][]piece
}

// piece is a piece of text of one kind.
type piece struct{ Kind, Text string }

// blocks returns the paragraphs and tables of a text in the little Markdown of the document.
func blocks(text string) []block {
	var all []block
	for part := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		if !strings.HasPrefix(part, "|") {
			all = append(all, block{Pieces: pieces(part)})
			continue
		}
		var table block
		for line := range strings.SplitSeq(part, "\n") {
			if strings.HasPrefix(line, "| ---") {
				continue
			}
			var row [][]piece
			for cell := range strings.SplitSeq(strings.Trim(line, "| "), "|") {
				row = append(row, pieces(strings.TrimSpace(cell)))
			}
			table.Rows = append(table.Rows, row)
		}
		all = append(all, table)
	}
	return all
}

var marked = regexp.MustCompile("`[^`]+`|\\*\\*[^*]+\\*\\*|\\*[^*]+\\*")

// pieces splits a text at its code and its emphasis.
func pieces(text string) []piece {
	var all []piece
	for {
		at := marked.FindStringIndex(text)
		if at == nil {
			return append(all, piece{Text: text})
		}
		kind := "em"
		if text[at[0]] == '`' {
			kind = "code"
		}
		all = append(all, piece{Text: text[:at[0]]}, piece{kind, strings.Trim(text[at[0]:at[1]], "`*")})
		text = text[at[1]:]
	}
}
