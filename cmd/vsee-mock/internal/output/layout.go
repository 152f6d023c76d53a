// Package output lays out text and JSON for the people and programs that read the output of a command.
package output

import (
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/jsonscan"
)

// LineWidth is the maximum width of JSON in the output of a scenario.
const LineWidth = 100

// Compact lays JSON out for people: a value short enough for a line stays on one line. The order of the keys is kept.
// Text other than JSON is returned as it is.
func Compact(text []byte, indent string, width int) string {
	v, err := jsonscan.Parse(text, jsonscan.MaxDepth, jsonscan.Loose|jsonscan.Trailing)
	if err != nil {
		return string(text)
	}
	return LayOut(v, indent, width)
}

// LayOut lays out a value like Compact.
func LayOut(v jsonscan.Value, indent string, width int) string {
	brackets := map[jsonscan.Kind]string{jsonscan.Object: "{}", jsonscan.List: "[]"}[v.Kind]
	switch {
	case v.Kind == jsonscan.String:
		return jsonscan.Quote(v.Text)
	case brackets == "":
		return string(v.Raw)
	}
	var parts []string
	deeper := indent + "  "
	for _, item := range v.Items {
		parts = append(parts, LayOut(item, deeper, width))
	}
	for _, m := range v.Members {
		parts = append(parts, jsonscan.Quote(m.Name)+": "+LayOut(m.Value, deeper, width))
	}
	line := brackets[:1] + strings.Join(parts, ", ") + brackets[1:]
	if len(indent)+len(line) <= width && !strings.Contains(line, "\n") {
		return line
	}
	return brackets[:1] + "\n" + deeper + fill(parts, deeper, width) + "\n" + indent + brackets[1:]
}

// fill puts as many parts on a line as fit; an object, or a part of several lines, has its lines for itself.
func fill(parts []string, indent string, width int) string {
	var b strings.Builder
	room := width - len(indent)
	for i, part := range parts {
		alone := strings.ContainsAny(part, "\n{")
		switch {
		case i == 0:
		case alone || room < len(part)+2:
			b.WriteString(",\n" + indent)
			room = width - len(indent)
		default:
			b.WriteString(", ")
		}
		b.WriteString(part)
		room -= len(part) + 2
		if alone {
			room = 0
		}
	}
	return b.String()
}
