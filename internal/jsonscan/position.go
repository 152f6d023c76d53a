package jsonscan

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// Position returns the place of a byte in a text, as editors count: line 1, column 17.
func Position(data []byte, offset int) string {
	before := data[:offset]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	return fmt.Sprintf("line %d, column %d", line, column)
}
