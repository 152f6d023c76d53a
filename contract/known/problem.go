package known

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/vsee-mock/vsee-mock/internal/boundedyaml"
)

// Problem is one mistake in a file of known differences.
type Problem struct {
	File   string
	Line   int // counted from 1
	Column int // counted from 1
	Rule   string
	Hint   string // how to correct it
}

// Error returns file:line:column, the rule and the hint.
func (p *Problem) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s; %s", p.File, p.Line, p.Column, p.Rule, p.Hint)
}

// problems collects the mistakes in a file.
type problems struct {
	file  string
	found []error
}

// add records a broken rule at the position of a node.
func (p *problems) add(place ast.Node, rule, hint string) {
	found := &Problem{File: p.file, Line: 1, Column: 1, Rule: rule, Hint: hint}
	if token := place.GetToken(); token != nil {
		found.Line, found.Column = token.Position.Line, token.Position.Column
	}
	p.found = append(p.found, found)
}

// syntaxProblem converts an error of the YAML parser. The position is 1:1 if the parser gives none.
func syntaxProblem(name string, err error) *Problem {
	var excess *boundedyaml.Excess
	if errors.As(err, &excess) {
		return &Problem{File: name, Line: excess.Line, Column: excess.Column, Rule: excess.Rule, Hint: excess.Hint}
	}
	p := &Problem{
		File: name, Line: 1, Column: 1, Rule: "the file is not YAML",
		Hint: "check the indentation, the brackets and the quotation marks",
	}
	var parsing yaml.Error
	if !errors.As(err, &parsing) {
		return p
	}
	p.Rule = parsing.GetMessage()
	if token := parsing.GetToken(); token != nil {
		p.Line, p.Column = token.Position.Line, token.Position.Column
	}
	if strings.Contains(p.Rule, "already defined") {
		p.Rule, p.Hint = "the entry has the same key twice", "remove one of the two"
	}
	return p
}
