package api

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// The replies sent most often write their own JSON. It has the bytes that encoding/json writes, without its escapes for
// HTML: the types keep their tags, and a test compares the two.

// appender is a value that writes its own JSON.
type appender interface{ appendJSON(b []byte) []byte }

// appendName appends the name of a field, and the comma before it if it is not the first.
func appendName(b []byte, name string) []byte {
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	b = append(b, '"')
	b = append(b, name...)
	return append(b, '"', ':')
}

// appendField appends a field with a text.
func appendField(b []byte, name, value string) []byte { return appendText(appendName(b, name), value) }

// appendOptional appends a field with a text, unless it is empty.
func appendOptional(b []byte, name, value string) []byte {
	if value == "" {
		return b
	}
	return appendField(b, name, value)
}

func appendNumber(b []byte, name string, n int64) []byte {
	return strconv.AppendInt(appendName(b, name), n, 10)
}

func appendBool(b []byte, name string, value bool) []byte {
	return strconv.AppendBool(appendName(b, name), value)
}

// appendText appends a text. One with a character that JSON may write in another way is left to encoding/json.
func appendText(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			return appendValue(b, text)
		}
	}
	b = append(b, '"')
	b = append(b, text...)
	return append(b, '"')
}

// appendValue appends a value of JSON by encoding/json.
func appendValue(b []byte, value any) []byte {
	w := bytes.NewBuffer(b)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false) // the link to a file has an &
	_ = encoder.Encode(value)    // a text, or decoded JSON
	return bytes.TrimSuffix(w.Bytes(), []byte("\n"))
}
