package scenarios

import (
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// What a file may take. The YAML library needs minutes for what nests deep or has very many keys, and no story does.
const (
	maxFile  = 256 << 10
	maxDepth = 32
	maxKeys  = 5_000
	maxName  = 100
)

// badName returns what is wrong with a file's name, from which an id is taken; nil for nothing.
func badName(name string) *Problem {
	base := path.Base(name)
	id, isYAML := strings.CutSuffix(base, ".yaml")
	switch {
	case !isYAML:
		return &Problem{File: name, Rule: "a scenario's file ends in .yaml", Hint: "rename it"}
	case id == "":
		return &Problem{File: name, Rule: "a scenario's file has a name before .yaml", Hint: "it is the scenario's id"}
	case strings.ContainsFunc(base, unicode.IsControl) || !utf8.ValidString(base):
		return &Problem{File: fmt.Sprintf("%q", name), Rule: "a scenario's name has characters that cannot be printed", Hint: "rename the file"}
	case utf8.RuneCountInString(id) > maxName:
		return &Problem{File: name, Rule: fmt.Sprintf("a scenario's name has at most %d characters", maxName), Hint: "rename the file, and say more in title"}
	}
	return nil
}

// tokens returns what a file is made of, when that is no more than any story needs.
func (s source) tokens() (token.Tokens, *Problem) {
	if len(s.data) > maxFile {
		return nil, &Problem{
			File: s.name, Line: 1, Column: 1,
			Rule: fmt.Sprintf("a file has at most %d KiB", maxFile>>10), Hint: "a file holds one scenario; write one file for each story",
		}
	}
	tokens := lexer.Tokenize(string(s.data))
	flow, keys, blocks := 0, 0, []int(nil) // the columns of the blocks that a token is in
	for i, t := range tokens {
		isKey := i+1 < len(tokens) && tokens[i+1].Type == token.MappingValueType
		switch {
		case t.Type == token.MappingStartType || t.Type == token.SequenceStartType:
			flow++
		case t.Type == token.MappingEndType || t.Type == token.SequenceEndType:
			flow = max(flow-1, 0)
		case isKey || t.Type == token.SequenceEntryType || t.Type == token.MappingKeyType:
			if flow == 0 {
				blocks = within(blocks, t.Position.Column)
			}
		}
		if isKey {
			keys++
		}
		if rule := tooMuch(flow+len(blocks), keys); rule != "" {
			return nil, &Problem{
				File: s.name, Line: t.Position.Line, Column: t.Position.Column,
				Rule: rule, Hint: "check the indentation, the brackets and the quotation marks",
			}
		}
	}
	return tokens, nil
}

// within returns the blocks, by their columns, that one at a column is in, with itself.
func within(blocks []int, column int) []int {
	for len(blocks) > 0 && blocks[len(blocks)-1] >= column {
		blocks = blocks[:len(blocks)-1]
	}
	return append(blocks, column)
}

func tooMuch(depth, keys int) string {
	switch {
	case depth > maxDepth:
		return fmt.Sprintf("nests deeper than %d levels", maxDepth)
	case keys > maxKeys:
		return fmt.Sprintf("has more than %d keys", maxKeys)
	}
	return ""
}
