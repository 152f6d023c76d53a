// Package boundedyaml parses untrusted YAML in a bounded time: the YAML library takes minutes for some texts of a few
// hundred kilobytes, and cannot be interrupted. Those texts are refused; no file written for people comes near the
// limits.
package boundedyaml

import (
	"bytes"
	"fmt"
	"unicode"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// The limits of a text. The first four are checked before the library sees it, and the others before it is parsed.
const (
	MaxSize       = 256 << 10 // bytes
	maxBlankInRow = 200       // lines; the lexer's time is quadratic in them
	maxBlank      = 20_000    // lines in all; the lexer takes a hundred steps for each of many rows
	maxTabs       = 1_000     // in a line; in a quoted text, the lexer rescans the rest of the line for each
	maxDepth      = 32
	maxKeys       = 5_000
	maxTokens     = 50_000 // the parser's time is quadratic in tokens without a value
	maxDocuments  = 10     // start and end marks both count
)

// Excess is the error for a text beyond one of the limits.
type Excess struct {
	Line, Column int // counted from 1
	Rule         string
	Hint         string
}

// Error returns line:column, the rule and the hint.
func (e *Excess) Error() string {
	return fmt.Sprintf("%d:%d: %s; %s", e.Line, e.Column, e.Rule, e.Hint)
}

// Parse parses a text, with or without a byte order mark. The error is an *Excess for a text beyond a limit, and
// otherwise the library's own.
func Parse(data []byte, options ...parser.Option) (*ast.File, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if excess := tooMuchText(data); excess != nil {
		return nil, excess
	}
	tokens := lexer.Tokenize(string(data))
	if excess := tooManyTokens(tokens); excess != nil {
		return nil, excess
	}
	return parser.Parse(tokens, 0, options...)
}

// tooMuchText returns the exceeded limit of the lexer; nil for none.
func tooMuchText(data []byte) *Excess {
	if len(data) > MaxSize {
		return &Excess{1, 1, fmt.Sprintf("a file has at most %d KiB", MaxSize>>10), "leave out what is not needed"}
	}
	inRow, blank := 0, 0
	for number := 1; len(data) > 0; number++ {
		var line []byte
		line, data = cutLine(data)
		if bytes.Count(line, []byte("\t")) > maxTabs {
			return &Excess{number, 1, fmt.Sprintf("has more than %d tabs in a line", maxTabs), "write spaces"}
		}
		if len(bytes.TrimFunc(line, isBlank)) > 0 {
			inRow = 0
			continue
		}
		inRow, blank = inRow+1, blank+1
		if inRow > maxBlankInRow {
			return &Excess{number, 1, fmt.Sprintf("has more than %d blank lines in a row", maxBlankInRow), "remove most of them"}
		}
		if blank > maxBlank {
			return &Excess{number, 1, fmt.Sprintf("has more than %d blank lines", maxBlank), "remove most of them"}
		}
	}
	return nil
}

// cutLine cuts the first line off a text. It knows all line ends of YAML.
func cutLine(text []byte) (line, rest []byte) {
	end := bytes.IndexAny(text, "\r\n")
	if end < 0 {
		return text, nil
	}
	line, rest = text[:end], text[end+1:]
	if text[end] == '\r' {
		rest = bytes.TrimPrefix(rest, []byte("\n"))
	}
	return line, rest
}

// isBlank reports whether a character is invisible.
func isBlank(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' }

// tooManyTokens returns the exceeded limit of the parser; nil for none.
func tooManyTokens(tokens token.Tokens) *Excess {
	flow, inFlow, keys, documents := 0, 0, 0, 0
	blocks := []int(nil) // the columns of the blocks around a token
	for i, t := range tokens {
		isKey := i+1 < len(tokens) && tokens[i+1].Type == token.MappingValueType
		switch {
		case t.Type == token.MappingStartType || t.Type == token.SequenceStartType:
			flow++
		case t.Type == token.MappingEndType || t.Type == token.SequenceEndType:
			if flow = max(flow-1, 0); flow == 0 {
				inFlow = 0
			}
		case t.Type == token.DocumentHeaderType || t.Type == token.DocumentEndType:
			documents++
		case isKey || t.Type == token.SequenceEntryType || t.Type == token.MappingKeyType:
			switch {
			case flow == 0:
				blocks = enclosingBlocks(blocks, t.Position.Column)
			case !isKey:
				inFlow++ // misplaced: the parser looks for its end each time
			}
		}
		if isKey {
			keys++
		}
		if rule := tooMany(flow+inFlow+len(blocks), keys, i+1, documents); rule != "" {
			return &Excess{t.Position.Line, t.Position.Column, rule, "check the indentation, the brackets and the quotation " +
				"marks"}
		}
	}
	return nil
}

// enclosingBlocks returns the columns of the blocks around a token at a column, including its own.
func enclosingBlocks(blocks []int, column int) []int {
	for len(blocks) > 0 && blocks[len(blocks)-1] >= column {
		blocks = blocks[:len(blocks)-1]
	}
	return append(blocks, column)
}

func tooMany(depth, keys, tokens, documents int) string {
	switch {
	case depth > maxDepth:
		return fmt.Sprintf("nests deeper than %d levels", maxDepth)
	case keys > maxKeys:
		return fmt.Sprintf("has more than %d keys", maxKeys)
	case documents > maxDocuments:
		return fmt.Sprintf("has more than %d beginnings and ends of documents", maxDocuments)
	case tokens > maxTokens:
		return fmt.Sprintf("has more than %d keys, values and marks", maxTokens)
	}
	return ""
}
