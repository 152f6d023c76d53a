package scenarios

import (
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/vsee-mock/vsee-mock/internal/boundedyaml"
)

// The limits on a file and a set.
const (
	maxFile = boundedyaml.MaxSize
	maxName = 100 // characters

	maxFiles = 10_000 // of a set
	maxWant  = 500    // characters of a text in when: VSee's longest field has fewer
)

// nameProblem returns the problem with a file's name; nil for none. The path below the folder is the source of the
// scenario's id.
func nameProblem(name, below string) *Problem {
	id, isYAML := strings.CutSuffix(below, ".yaml")
	switch {
	case !isYAML:
		return &Problem{File: name, Rule: "a scenario's file ends in .yaml", Hint: "rename it"}
	case path.Base(below) == ".yaml":
		return &Problem{File: name, Rule: "a scenario's file has a name before .yaml", Hint: "it is the scenario's id"}
	case strings.ContainsFunc(below, unicode.IsControl) || !utf8.ValidString(below):
		return &Problem{File: fmt.Sprintf("%q", name), Rule: "a scenario's name has characters that cannot be printed",
			Hint: "rename the file"}
	case utf8.RuneCountInString(id) > maxName:
		return &Problem{File: name, Rule: fmt.Sprintf("a scenario's name has at most %d characters", maxName),
			Hint: "rename the file, and say more in title"}
	}
	return nil
}

// parse reads a file's YAML, unless it is larger or more complex than any scenario needs to be. It returns the problems
// of the text; the file is nil when nothing more can be known.
func (s source) parse() (*ast.File, []error) {
	if len(s.data) > maxFile {
		return nil, []error{tooLargeProblem(s.name)}
	}
	mended, wrong := s.mend()
	if mended == nil {
		return nil, wrong
	}
	file, err := boundedyaml.Parse(mended, parser.AllowDuplicateMapKey()) // dropRepeated reports them
	var excess *boundedyaml.Excess
	if errors.As(err, &excess) {
		return nil, append(wrong, &Problem{File: s.name, Line: excess.Line, Column: excess.Column, Rule: excess.Rule,
			Hint: excess.Hint})
	}
	if err != nil {
		return nil, append(wrong, s.syntaxProblem(err))
	}
	return file, wrong
}

func tooLargeProblem(name string) *Problem {
	return &Problem{
		File: name, Line: 1, Column: 1,
		Rule: fmt.Sprintf("a file has at most %d KiB", maxFile>>10), Hint: "a file holds one scenario: write one file for " +
			"each",
	}
}
