package command

import (
	"errors"
	"regexp"
	"time"

	"github.com/alecthomas/kong"

	"github.com/vsee-mock/vsee-mock/internal/suggest"
)

// plainWords are the words for errors of the parser that speak of Go's types.
var plainWords = []struct {
	of    *regexp.Regexp
	words string
}{
	{regexp.MustCompile(`expected a valid \d+ bit uint but got .*`), "must be a whole number that is not negative"},
	{regexp.MustCompile(`expected a valid \d+ bit int but got .*`), "must be a whole number"},
	{regexp.MustCompile(`expected duration but got .*`), "must be a time span, such as 5s or 1m"},
	{regexp.MustCompile(`expected \w+ value but got .*; perhaps try`), "has no value, because a flag follows; try"},
}

// unexpected matches the error for an unknown command.
var unexpected = regexp.MustCompile(`^unexpected argument (\S+)$`)

// inPlainWords returns the text of the parser's error, with the command that was probably meant.
func inPlainWords(err *kong.ParseError) string {
	text := err.Error()
	for _, p := range plainWords {
		text = p.of.ReplaceAllString(text, p.words)
	}
	if sent := unexpected.FindStringSubmatch(text); sent != nil && err.Context != nil {
		if meant := suggest.Name(sent[1], namesBeside(err.Context)); meant != "" {
			text += ", did you mean " + meant + "?"
		}
	}
	return text
}

// namesBeside returns the names of the commands beside the selected one, which may be the default.
func namesBeside(c *kong.Context) []string {
	node := c.Model.Node
	if selected := c.Selected(); selected != nil && selected.Parent != nil {
		node = selected.Parent
	}
	var names []string
	for _, child := range node.Children {
		names = append(names, child.Name)
	}
	return names
}

// Moment is a time in the value of a flag or an argument.
type Moment struct{ time.Time }

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *Moment) UnmarshalText(text []byte) error {
	t, err := time.Parse(time.RFC3339, string(text))
	if err != nil {
		return errors.New("must be a time as RFC 3339 writes it, such as 2026-01-31T09:00:00Z")
	}
	m.Time = t
	return nil
}
