package ledger

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/vsee-mock/vsee-mock/internal/boundedyaml"
)

// Problem is what is wrong with a ledger, and where.
type Problem struct {
	File   string
	Line   int // counted from 1
	Column int // likewise
	Rule   string
	Hint   string // what to do
}

// Error returns file:line:column, the rule and the hint.
func (p *Problem) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s; %s", p.File, p.Line, p.Column, p.Rule, p.Hint)
}

// problems collects what is wrong with a file.
type problems struct {
	file  string
	found []error
}

// at adds the problem that a rule is broken at a place.
func (p *problems) at(place ast.Node, rule, hint string) {
	found := &Problem{File: p.file, Line: 1, Column: 1, Rule: rule, Hint: hint}
	if token := place.GetToken(); token != nil {
		found.Line, found.Column = token.Position.Line, token.Position.Column
	}
	p.found = append(p.found, found)
}

// syntax returns the problem that a file is no YAML.
func syntax(name string, err error) *Problem {
	var excess *boundedyaml.Excess
	if errors.As(err, &excess) {
		return &Problem{File: name, Line: excess.Line, Column: excess.Column, Rule: excess.Rule, Hint: excess.Hint}
	}
	p := &Problem{File: name, Line: 1, Column: 1, Rule: "this is no YAML", Hint: "check the indentation, the brackets and the quotation marks"}
	var known yaml.Error
	if !errors.As(err, &known) {
		return p
	}
	p.Rule = known.GetMessage()
	if token := known.GetToken(); token != nil {
		p.Line, p.Column = token.Position.Line, token.Position.Column
	}
	if strings.Contains(p.Rule, "already defined") {
		p.Rule, p.Hint = "the key stands here twice", "remove one of the two"
	}
	return p
}
