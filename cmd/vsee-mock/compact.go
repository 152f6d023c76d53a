package main

import (
	"bytes"
	"encoding/json"
	"strings"
)

// lineWidth is how wide the JSON of a story may get.
const lineWidth = 100

// compact lays JSON out for people: what fits into a line stays on it. The order of the keys is kept. Text that is no
// JSON comes back as it is.
func compact(text []byte, indent string, width int) string {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	out, err := layOut(d, indent, width)
	if err != nil {
		return string(text)
	}
	return out
}

func layOut(d *json.Decoder, indent string, width int) (string, error) {
	token, err := d.Token()
	if err != nil {
		return "", err
	}
	open, isDelim := token.(json.Delim)
	if !isDelim {
		text, err := json.Marshal(token)
		return string(text), err
	}
	var parts []string
	deeper := indent + "  "
	for d.More() {
		name := ""
		if open == '{' {
			key, err := d.Token()
			if err != nil {
				return "", err
			}
			text, _ := json.Marshal(key) // a text
			name = string(text) + ": "
		}
		value, err := layOut(d, deeper, width)
		if err != nil {
			return "", err
		}
		parts = append(parts, name+value)
	}
	end, err := d.Token()
	if err != nil {
		return "", err
	}
	left, right := open.String(), end.(json.Delim).String()
	line := left + strings.Join(parts, ", ") + right
	if len(indent)+len(line) <= width && !strings.Contains(line, "\n") {
		return line, nil
	}
	return left + "\n" + deeper + fill(parts, deeper, width) + "\n" + indent + right, nil
}

// fill puts as many parts on a line as fit; one of several lines, or an object, has its lines for itself.
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
